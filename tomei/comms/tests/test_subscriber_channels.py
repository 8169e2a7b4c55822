"""Webhooks and chats as subscribers: asked at the address itself, told, stopped in the open, left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW
from tomei.comms.subscribers import actions, channels, queries
from tomei.comms.tests.factories import MINUTE, rows, world
from tomei.comms.tests.test_subscribers import mails, publish, subscribe
from tomei.delivery.endpoints import health
from tomei.kernel import events, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

pytestmark = pytest.mark.django_db
URLS = {
    "webhook": "https://reader.example.com/in",
    "slack": "https://hooks.slack.com/services/T0/B0/x",
    "teams": "https://x.webhook.office.com/webhookb2/1",
    "mattermost": "https://chat.example.com/hooks/abc",
}


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(time, "now", lambda: NOW)
    return world(by_lead, owner=lead)


def ask(channel: str, url: str = "", *, network: str = "192.0.2.7", now: Any = NOW, **given: Any) -> str:
    """Ask, and return the secret of the link that was posted; empty when nothing was."""
    before = len(mails("confirm"))
    wanted = {"components": (), "language": "en", **given}
    actions.ask(url or URLS[channel], channel=channel, network=network, now=now, **wanted)
    sent = mails("confirm")[before:]
    return re.search(r"/status/subscribe/([^/]+)/", str(sent[0].data))[1] if sent else ""  # type: ignore[index]


@pytest.mark.parametrize("channel", list(URLS))
def test_the_question_is_posted_to_the_address_and_subscribes_nobody(here: Any, channel: str) -> None:
    assert ask(channel) != ""
    sent = mails("confirm")[0]
    assert (sent.channel, sent.template) == ("webhook", "event" if channel == "webhook" else channel)
    assert "hooks.slack.com/services" not in sent.address  # sealed
    assert queries.counts().all == 0 and rows("delivery", "Endpoint").count() == 0


@pytest.mark.parametrize("channel", list(URLS))
def test_confirmed_it_is_told_with_a_way_out(here: Any, by_lead: Actor, channel: str) -> None:
    found = actions.confirm(ask(channel), now=NOW)
    assert found.channel == channel and found.secret.startswith("whsec_") is (channel == "webhook")
    publish(here, by_lead)
    sent = mails("notice")[0]
    assert (sent.endpoint_id, sent.about) == (found.endpoint_id, f"subscriber:{found.id}")
    assert found.url in str(sent.data)
    if channel == "webhook":
        assert sent.data["type"] == "update.published"
        assert sent.data["data"]["subscription"]["unsubscribe_url"] == f"{found.url}unsubscribe/"
        assert sent.data["data"]["update"]["parts"]["effect"]["ja"]
    else:
        assert "60 % of shipments fail." in sent.data["text"]
        assert re.search(r"Next update by \d\d:\d\d JST \(\d\d:\d\d UTC\)", sent.data["text"])
        assert sent.data["facts"] == [["State", "Investigating"]] and sent.data["url"].startswith("http")


def test_the_same_link_twice_makes_one_and_shows_its_secret_once(here: Any) -> None:
    token = ask("webhook")
    assert actions.confirm(token, now=NOW).secret and not actions.confirm(token, now=NOW).secret
    assert rows("delivery", "Endpoint").count() == 1


@pytest.mark.parametrize(
    ("channel", "url"),
    [("webhook", "http://reader.example.com/in"), ("webhook", "https://127.0.0.1/x"), ("webhook", "https://[::1]/x"),
     ("webhook", "https://localhost/x"), ("webhook", "https://reader.example.com:8443/"), ("webhook", "javascript:x"),
     ("slack", "https://evil.example.com/services/x"), ("teams", "https://office.com.evil.example/x"),
     ("mattermost", "https://chat.example.com/other"), ("webhook", "https://u:p@reader.example.com/"),
     ("webhook", "https://reader.example.com/\x00"), ("webhook", "https://r.example.com/" + "x" * 3000),
     ("fax", "https://reader.example.com/")],
)  # fmt: skip
def test_what_is_no_public_address_is_refused_and_nothing_is_kept(here: Any, channel: str, url: str) -> None:
    with pytest.raises(Refused):
        ask(channel, url)
    assert rows("comms", "SubscriptionWish").count() == 0 == len(mails("confirm"))


def test_one_question_per_address_and_hour_and_few_per_network(here: Any) -> None:
    assert ask("slack", network="192.0.2.1")
    assert ask("slack", network="198.51.100.1") == ""
    for place in range(4):
        assert ask("webhook", f"https://r{place}.example.com/", network="192.0.2.1")
    with pytest.raises(Refused, match=r"subscription\.network_busy"):
        ask("webhook", "https://r9.example.com/", network="192.0.2.1")


def test_a_dead_address_is_stopped_and_its_owner_hears_it_and_resumes(
    here: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_with", {"endpoint.stopped": [channels.stopped]})
    found = actions.confirm(ask("webhook", notice_mail="ops@example.com"), now=NOW)
    health.failed(found.endpoint_id, "410 gone", gone=True, now=NOW)  # type: ignore[arg-type]
    told = [one for one in mails("notice") if one.channel == "mail"]
    assert [one.address for one in told] == ["ops@example.com"] and found.url in told[0].text
    assert queries.counts().stopped == 1
    publish(here, by_lead)
    assert [one for one in mails("notice") if one.channel == "webhook"] == []
    page = Client().get(f"/status/subscription/{found.link}/?lang=en").content.decode()
    assert "Stopped: nothing is posted there." in page
    Client().post(f"/status/subscription/{found.link}/", {"resume": "1"})
    assert queries.counts().stopped == 0


def test_leaving_erases_address_and_messages(here: Any, by_lead: Actor) -> None:
    found = actions.confirm(ask("slack"), now=NOW)
    publish(here, by_lead)
    actions.leave(found.link)
    assert rows("delivery", "Endpoint").count() == rows("comms", "Subscriber").count() == len(mails("notice")) == 0


def test_mail_and_chat_side_by_side(here: Any, by_lead: Actor) -> None:
    subscribe("reader@example.com")
    actions.confirm(ask("teams", network="10.9.0.1"), now=NOW)
    publish(here, by_lead)
    assert sorted(one.channel for one in mails("notice")) == ["mail", "webhook"]
    assert queries.counts().channels == {"mail": 1, "teams": 1}


def test_the_form_by_hand(here: Any) -> None:
    client = Client()
    page = client.get("/status/subscribe/?channel=slack&lang=en").content.decode()
    assert 'name="channel" value="slack"' in page
    given = {"channel": "slack", "address": URLS["slack"], "language": "en"}
    assert "Look where it was posted" in client.post("/status/subscribe/?lang=en", given).content.decode()
    bad = client.post("/status/subscribe/?lang=en", given | {"address": "https://evil.example.com/"})
    assert bad.status_code == 409 and "evil.example.com" in bad.content.decode()


def test_a_program_confirms_by_itself(here: Any) -> None:
    token = ask("webhook")
    answer = Client().post(f"/status/subscribe/{token}/", headers={"Accept": "application/json"}).json()
    assert answer["secret"].startswith("whsec_") and answer["unsubscribe_url"].endswith("/unsubscribe/")
    page = Client().post(answer["unsubscribe_url"].replace("http://127.0.0.1:8000", ""))
    assert page.status_code in (200, 404)


def test_an_old_question_opens_nothing(here: Any) -> None:
    token = ask("webhook")
    with pytest.raises(Missing):
        actions.confirm(token, now=NOW + timedelta(days=1) + MINUTE)
