"""Subscribing by mail: asked, confirmed, told, changed, left; and how little a stranger learns."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW, signed_in
from tomei.clock.handlers import JobFacts
from tomei.comms import actions as updates
from tomei.comms.subscribers import actions, queries, rules, sending
from tomei.comms.tests.factories import MINUTE, contact, rows, update, world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(time, "now", lambda: NOW)
    return world(by_lead, owner=lead)


def mails(purpose: str) -> list[Any]:
    return list(rows("delivery", "Message").filter(purpose=purpose).order_by("pk"))


def ask(address: str = "reader@example.com", *, components: Any = (), language: str = "en", network: str = "192.0.2.7",
        now: Any = NOW) -> str:  # fmt: skip
    """Ask, and return the secret of the confirmation; empty when no mail was written."""
    before = len(mails("confirm"))
    actions.ask(address, components=components, language=language, network=network, now=now)
    sent = mails("confirm")[before:]
    return re.search(r"/status/subscribe/([^/]+)/", sent[0].text)[1] if sent else ""  # type: ignore[index]


def subscribe(address: str = "reader@example.com", **given: Any) -> Any:
    network = f"10.{rows('comms', 'Subscriber').count()}.0.1"
    return actions.confirm(ask(address, network=network, **given), now=given.get("now", NOW))


def publish(here: Any, by: Actor, *, now: Any = NOW + MINUTE, **given: Any) -> Any:
    told = updates.publish(
        here.incident.id, update(now, **{"audiences": ("public",), **given}), by=by, now=now, confirmed=True
    )
    run(now)
    return told


def run(now: Any) -> int:
    """Do what the clock would, slice after slice; returns how many."""
    jobs, count = rows("clock", "Job").filter(kind=sending.NOTIFY), 0
    while row := jobs.first():
        job = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
        row.delete()
        sending.settle(job, sending.do(job), now)
        count += 1
    return count


# -- asking ------------------------------------------------------------------------------------------------------------


def test_asking_sends_one_question_and_subscribes_nobody(here: Any) -> None:
    assert ask("Reader@Example.com") != ""
    mail = mails("confirm")[0]
    assert mail.address == "Reader@example.com" and mail.subject.startswith("Confirm that you want updates from ")
    assert queries.counts().all == 0


def test_the_question_speaks_the_chosen_language(here: Any) -> None:
    ask(language="ja")
    assert mails("confirm")[0].subject.endswith("の障害情報の購読を確認してください")
    assert "24時間以内" in mails("confirm")[0].text and "lang=ja" in mails("confirm")[0].text


def test_one_question_per_address_and_hour(here: Any) -> None:
    assert ask(network="192.0.2.1")
    assert ask("READER@example.com", network="198.51.100.1", now=NOW + HOUR - timedelta(seconds=1)) == ""
    assert ask(network="198.51.100.1", now=NOW + HOUR) != ""


def test_few_questions_per_network_and_hour(here: Any) -> None:
    for place in range(rules.PER_NETWORK):
        assert ask(f"r{place}@example.com", network=f"192.0.2.{place}")
    with pytest.raises(Refused, match=r"subscription\.network_busy"):
        ask("other@example.com", network="192.0.2.250")
    assert len(mails("confirm")) == rules.PER_NETWORK
    assert ask("other@example.com", network="192.0.3.1")
    assert ask("late@example.com", network="192.0.2.250", now=NOW + HOUR)


def test_a_known_address_costs_its_network_as_much_as_an_unknown_one(here: Any) -> None:
    for _time in range(rules.PER_NETWORK):
        ask(network="192.0.2.1")
    with pytest.raises(Refused, match=r"subscription\.network_busy"):
        ask(network="192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.255", True), ("192.0.2.1", "192.0.3.1", False), ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True), ("", "not an address", True),
    ],
)  # fmt: skip
def test_networks(one: str, other: str, same: bool) -> None:
    assert (rules.network(one) == rules.network(other)) is same


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@example.com", "x@example.com\nBcc: y@example.com"])
def test_what_is_no_address_is_refused_and_nothing_kept(here: Any, address: str) -> None:
    with pytest.raises(Refused, match=r"delivery\.bad_address"):
        ask(address)
    assert mails("confirm") == [] and not rows("comms", "Gate").exists()


def test_a_service_that_is_not_public_cannot_be_chosen(here: Any) -> None:
    rows("customers", "Component").filter(pk=here.component.pk).update(is_public=False)
    with pytest.raises(Refused, match=r"subscription\.unknown_choice"):
        ask(components=[here.component.pk])
    assert mails("confirm") == []


# -- confirming --------------------------------------------------------------------------------------------------------


def test_confirming_twice_is_once(here: Any) -> None:
    secret = ask(components=[here.component.pk])
    first = actions.confirm(secret, now=NOW + MINUTE)
    assert (first.address, first.language, first.components) == ("reader@example.com", "en", (here.component.pk,))
    assert actions.confirm(secret, now=NOW + 2 * MINUTE) == first
    assert queries.counts().all == 1


def test_a_day_later_the_link_opens_nothing_and_the_wish_is_forgotten(here: Any) -> None:
    secret = ask()
    with pytest.raises(Missing):
        actions.confirm(secret, now=NOW + rules.LIFETIME)
    actions.prune([], NOW + rules.LIFETIME)
    assert not rows("comms", "SubscriptionWish").exists() and mails("confirm") == []
    assert not rows("comms", "Gate").exists() and queries.counts().all == 0


def test_asking_again_changes_nothing_before_it_is_confirmed(here: Any) -> None:
    before = subscribe()
    secret = ask(components=[here.component.pk], language="ja", now=NOW + HOUR, network="198.51.100.1")
    assert queries.by_link(before.link) == before
    after = actions.confirm(secret, now=NOW + HOUR)
    assert (after.id, after.components, after.language) == (before.id, (here.component.pk,), "ja")


# -- being told --------------------------------------------------------------------------------------------------------


def test_a_public_update_comes_in_the_readers_language_with_the_way_out(here: Any, by_lead: Actor) -> None:
    english, japanese = subscribe("en@example.com"), subscribe("ja@example.com", language="ja")
    told = publish(here, by_lead)
    got = {one.address: one for one in mails("notice")}
    assert set(got) == {"en@example.com", "ja@example.com"}
    one, other = got["en@example.com"], got["ja@example.com"]
    assert one.subject.startswith(f"[{here.incident.key}] Shipping fails: Update 1")
    assert other.subject.startswith(f"[{here.incident.key}] 出荷できない: 第1報")
    assert one.headers["List-Unsubscribe"] == f"<{english.url}unsubscribe/>"
    assert one.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one.headers["List-Id"].startswith("<status.")
    assert english.url in one.text and english.url in one.html and japanese.url not in one.text + one.html
    assert "購読の解除" in other.text and "60 % of shipments fail." in one.text
    assert (one.key, one.about, one.rank) == (
        f"notice:{told.id}:{english.id}",
        f"subscriber:{english.id}",
        sending.RANK,
    )


def test_what_is_not_public_is_not_told(here: Any, by_lead: Actor) -> None:
    subscribe()
    publish(here, by_lead, audiences=("affected", "internal"))
    assert mails("notice") == []
    assert all("List-Unsubscribe" not in one.headers for one in mails("update")) and mails("update")


def test_a_drill_tells_nobody(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead, drill=True)
    subscribe()
    publish(here, by_lead)
    assert mails("notice") == []


def test_who_chose_a_service_hears_of_it_alone(here: Any, by_lead: Actor) -> None:
    other = rows("customers", "Component").create(
        product=here.product, name={"ja": "請求", "en": "Billing"}, slug="billing", created_at=NOW
    )
    subscribe("this@example.com", components=[here.component.pk])
    subscribe("other@example.com", components=[other.pk])
    subscribe("all@example.com")
    publish(here, by_lead)
    assert [one.address for one in mails("notice")] == ["this@example.com", "all@example.com"]


def test_a_customer_who_got_it_under_the_contract_gets_no_second_mail(here: Any, by_lead: Actor) -> None:
    contact(here.towa, "both@towa.test")
    subscribe("Both@towa.test")
    publish(here, by_lead, audiences=("affected", "public"))
    assert mails("notice") == [] and "both@towa.test" in {one.address for one in mails("update")}


def test_a_suppressed_address_gets_nothing_and_is_counted(here: Any, by_lead: Actor) -> None:
    subscribe()
    rows("delivery", "Suppression").create(address="reader@example.com", reason="bounced", at=NOW)
    publish(here, by_lead)
    assert mails("notice") == [] and queries.counts().suppressed == 1


def test_slices_reach_everybody_once(here: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SLICE", 2)
    for place in range(5):
        subscribe(f"r{place}@example.com")
    updates.publish(here.incident.id, update(audiences=("public",)), by=by_lead, now=NOW + MINUTE, confirmed=True)
    first = rows("clock", "Job").get(kind=sending.NOTIFY)
    again = JobFacts(first.pk, first.kind, first.key, first.rank, first.due_at, first.payload, 0, 0)
    assert run(NOW + MINUTE) == 3
    sending.settle(again, sending.do(again), NOW + MINUTE)  # the clock may do a slice twice
    assert [one.address for one in mails("notice")] == [f"r{place}@example.com" for place in range(5)]


def test_who_leaves_while_a_slice_is_made_gets_nothing(here: Any, by_lead: Actor) -> None:
    reader = subscribe()
    updates.publish(here.incident.id, update(audiences=("public",)), by=by_lead, now=NOW + MINUTE, confirmed=True)
    row = rows("clock", "Job").get(kind=sending.NOTIFY)
    job = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
    found = sending.do(job)
    actions.leave(reader.link)
    sending.settle(job, found, NOW + MINUTE)
    assert len(found.mails) == 1 and mails("notice") == []


def test_a_translation_goes_to_its_readers_only(here: Any, by_lead: Actor) -> None:
    subscribe("en@example.com")
    subscribe("ja@example.com", language="ja")
    told = publish(here, by_lead, parts={"effect": Text(ja="出荷の6割が失敗しています。")})
    now = NOW + 2 * MINUTE
    updates.translate(told.id, "en", {"effect": "60 % of shipments fail."}, by=by_lead, now=now)
    run(now)
    assert [one.address for one in mails("notice")] == ["en@example.com", "ja@example.com", "en@example.com"]


def test_a_week_later_the_mails_are_erased(here: Any, by_lead: Actor) -> None:
    for place in range(3):
        subscribe(f"r{place}@example.com")
    publish(here, by_lead)
    rows("delivery", "Message").filter(purpose="notice", address="r0@example.com").update(state="sent")
    row = rows("clock", "Job").get(kind=sending.FORGET)
    assert row.due_at == NOW + MINUTE + rules.KEPT
    sending.forget([JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)], row.due_at)
    assert [one.address for one in mails("notice")] == ["r1@example.com", "r2@example.com"]  # these still wait


# -- changing and leaving ----------------------------------------------------------------------------------------------


def test_leaving_erases_the_person_and_their_mails(here: Any, by_lead: Actor) -> None:
    reader, other = subscribe(), subscribe("other@example.com")
    publish(here, by_lead)
    actions.leave(reader.link)
    actions.leave(reader.link)
    assert queries.by_link(reader.link) is None and queries.by_link(other.link) == other
    assert {one.address for one in rows("delivery", "Message").all()} == {"other@example.com"}
    assert {one.lower for one in rows("comms", "SubscriptionWish").all()} == {"other@example.com"}


def test_a_link_opens_its_own_subscription_only(here: Any) -> None:
    reader, other = subscribe(), subscribe("other@example.com")
    forged = f"{other.id}-{reader.link.partition('-')[2]}"
    for link in (forged, "", "1", f"{reader.id}-", f"{'9' * 40}-x", "１-x", f"{reader.id}-ä"):
        assert queries.by_link(link) is None
        actions.leave(link)
        with pytest.raises(Missing):
            actions.change(link, components=[], language="ja")
    assert queries.counts().all == 2


# -- the public pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_whole_way_by_the_pages(here: Any, by_lead: Actor, language: str) -> None:
    page = Client(enforce_csrf_checks=True)
    shown = page.get(f"/status/subscribe/?lang={language}").content.decode()
    assert f'<html lang="{language}">' in shown and "<script" not in shown
    posted = {"address": "reader@example.com", "component": [here.component.pk], "language": language}
    assert page.post("/status/subscribe/", posted).status_code == 200
    secret = re.search(r"/status/subscribe/([^/]+)/", mails("confirm")[0].text)[1]  # type: ignore[index]
    assert page.get(f"/status/subscribe/{secret}/").status_code == 200 and queries.counts().all == 0
    assert page.post(f"/status/subscribe/{secret}/").status_code == 200
    assert queries.counts().components == {here.component.pk: 1}
    publish(here, by_lead)
    link = mails("notice")[0].headers["List-Unsubscribe"].strip("<>").partition("/status/")[2]
    manage = f"/status/{link}".removesuffix("unsubscribe/")
    assert page.post(manage, {"language": "ja"}).status_code == 200
    assert (queries.counts().everything, queries.counts().languages) == (1, {"ja": 1})
    assert page.get(f"/status/{link}").status_code == 200 and queries.counts().all == 1
    for _time in range(2):
        assert page.post(f"/status/{link}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.counts().all == 0 and page.get(manage).status_code == 404


def test_a_known_address_gets_the_same_answer(here: Any) -> None:
    subscribe("known@example.com")
    said = [
        Client(REMOTE_ADDR=f"192.0.{place}.1")
        .post("/status/subscribe/?lang=en", {"address": address, "language": "en"})
        .content.decode()
        .replace(address, "…")
        for place, address in enumerate(("known@example.com", "known@example.com", "unknown@example.com"))
    ]
    assert said[0] == said[1] == said[2]


def test_too_many_from_one_network_are_told_to_come_back(here: Any) -> None:
    page = Client(REMOTE_ADDR="192.0.2.1")
    answers = [
        page.post("/status/subscribe/?lang=en", {"address": f"r{place}@example.com", "language": "en"})
        for place in range(rules.PER_NETWORK + 1)
    ]
    assert [one.status_code for one in answers] == [200] * rules.PER_NETWORK + [429]
    assert answers[-1]["Retry-After"] == "3600" and "r5@example.com" in answers[-1].content.decode()


def test_what_cannot_be_read_is_refused_with_what_was_typed(here: Any) -> None:
    page = Client()
    answer = page.post("/status/subscribe/?lang=ja", {"address": "nobody", "language": "ja", "component": ["x", "-1"]})
    assert answer.status_code == 409 and 'value="nobody"' in answer.content.decode()
    assert not rows("comms", "SubscriptionWish").exists()


# -- the staff's page and the API --------------------------------------------------------------------------------------


def test_counts_search_and_removal_are_the_administrators(here: Any, admin: Any, lead: Any, by_lead: Actor) -> None:
    reader, as_admin = subscribe(), signed_in(admin)
    assert signed_in(lead).get("/settings/subscribers/").status_code == 403
    shown = as_admin.get("/settings/subscribers/").content.decode()
    assert "reader@example.com" not in shown
    assert as_admin.post("/settings/subscribers/", {"address": " "}).status_code == 409
    assert "reader@example.com" in as_admin.post("/settings/subscribers/", {"address": "READER"}).content.decode()
    assert as_admin.post(f"/settings/subscribers/{reader.id}/remove/").status_code == 303
    assert queries.counts().all == 0
    noted = [(one.code, one.data) for one in rows("accounts", "AuditEntry").filter(code__startswith="subscriber.")]
    assert noted == [("subscriber.searched", {"found": [reader.id]}), ("subscriber.removed", {"subscriber": reader.id})]
    with pytest.raises(Refused):
        actions.remove(reader.id, by=by_lead, now=NOW)


def test_the_api_says_the_same(here: Any, admin: Any) -> None:
    reader, as_admin = subscribe(), signed_in(admin)
    counts = as_admin.get("/api/v1/subscribers").json()
    assert counts == {
        "all": 1, "everything": 1, "components": {}, "languages": {"en": 1}, "suppressed": 0, "channels": {"mail": 1},
        "stopped": 0,
    }  # fmt: skip
    found = as_admin.post("/api/v1/subscribers/search", {"address": "reader"}, content_type="application/json")
    assert [one["id"] for one in found.json()] == [reader.id]
    assert as_admin.delete(f"/api/v1/subscribers/{reader.id}").status_code == 204
    assert as_admin.delete(f"/api/v1/subscribers/{reader.id}").status_code == 404
