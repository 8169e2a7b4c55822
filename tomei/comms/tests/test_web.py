"""The pages: what was typed is never lost, the next time is never left out, who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from tomei.cases import queries as cases
from tomei.comms import actions, queries
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead, now=time.now())


def url(here: Any, rest: str = "") -> str:
    return f"{here.incident.url}{rest}"


def posted(here: Any, **given: Any) -> dict[str, Any]:
    later = time.now() + 14 * MINUTE
    values = {
        "state": "investigating", "effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail.",
        "to": ["affected", "internal"], "next": later.replace(microsecond=0).isoformat(), "seen": "", "draft_id": "",
        "do": "send", "confirmed": "1",
    }  # fmt: skip
    return {**values, **given}


def test_the_composer_opens_with_the_ready_first_notice(here: Any, lead: Any, client_of: Any) -> None:
    page = client_of(lead).get(url(here, "update/"))
    assert page.status_code == 200
    html = page.content.decode()
    assert "受注クラウドで障害が起きています" in html
    assert "Order Cloud is failing." in html
    assert len(page.content) < 50_000
    assert "style=" not in html
    assert "onclick" not in html


def test_sending_leads_to_the_list(here: Any, lead: Any, client_of: Any) -> None:
    client = client_of(lead)
    answer = client.post(url(here, "update/"), posted(here))
    assert (answer.status_code, answer["Location"]) == (303, url(here, "updates/?sent=1"))
    page = client.get(url(here, "updates/")).content.decode()
    assert "出荷の6割が失敗しています。" in page
    assert "60 % of shipments fail." in page
    assert "東和物流" in page


def test_the_first_send_asks_and_keeps_everything(here: Any, lead: Any, client_of: Any) -> None:
    answer = client_of(lead).post(url(here, "update/"), posted(here, confirmed=""))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="confirmed" value="1"' in html
    assert "60 % of shipments fail." in html
    assert "青葉食品" in html
    assert not rows("comms", "Update").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"next": ""}, "次の報告の時刻がありません"),
        ({"next": "other", "next_at": "2020-01-01T10:00"}, "は過ぎています"),
        ({"next": "other", "next_at": "2099-01-01T10:00"}, "より先です"),
        ({"next": "other", "next_at": "yesterday"}, ""),
        ({"next": "nonsense"}, ""),
        ({"effect.en": "We will be back soon."}, "送信前チェックの指摘が 1 件"),
        ({"to": []}, "誰に送るか"),
        ({"state": "restored"}, "根拠がありません"),
        ({"est_from": "2099-01-01T10:00"}, ""),
        ({"cadence": "often"}, ""),
        ({"effect.ja": "あ" * 5001}, "5001"),
    ],
)
def test_what_is_refused_comes_back_with_everything_typed(
    here: Any, lead: Any, client_of: Any, given: dict[str, Any], said: str
) -> None:
    answer = client_of(lead).post(url(here, "update/"), posted(here, **{"doing.en": "Ken counts <b>& waits", **given}))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert "Ken counts &lt;b&gt;&amp; waits" in html
    assert not rows("comms", "Update").exists()


def test_a_finding_is_shown_beside_the_text_and_overruled_there(here: Any, lead: Any, client_of: Any) -> None:
    client = client_of(lead)
    html = client.post(url(here, "update/"), posted(here, **{"effect.en": "Back soon."})).content.decode()
    assert "<mark>soon</mark>" in html
    key = html.split('name="reason.')[1].split('"')[0]
    answer = client.post(
        url(here, "update/"), posted(here, **{"effect.en": "Back soon.", f"reason.{key}": "先方の希望"})
    )
    assert answer.status_code == 303
    assert "先方の希望" in client.get(url(here, "updates/")).content.decode()


def test_guards_while_typing_come_as_a_part(here: Any, lead: Any, client_of: Any) -> None:
    answer = client_of(lead).post(url(here, "update/look/"), posted(here, **{"effect.ja": "まもなく復旧します。"}))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<mark>まもなく</mark>" in html
    assert "<html" not in html


def test_the_draft_is_saved_while_typing_and_two_tabs_do_not_fight(here: Any, lead: Any, client_of: Any) -> None:
    client = client_of(lead)
    first = client.post(url(here, "update/draft/"), posted(here, **{"effect.en": "one"}))
    assert first.json()["seen"] == 1
    assert client.post(url(here, "update/draft/"), posted(here, seen="1", **{"effect.en": "two"})).json()["seen"] == 2
    stale = client.post(url(here, "update/draft/"), posted(here, seen="1", **{"effect.en": "three"}))
    assert (stale.status_code, stale.json()["who"]) == (409, lead.name)
    assert "two" in client.get(url(here, "update/")).content.decode()


def test_a_review_is_asked_for_and_the_commander_opens_the_draft(
    here: Any, lead: Any, colleague: Any, client_of: Any
) -> None:
    writer, boss = client_of(colleague), client_of(lead)
    answer = writer.post(url(here, "update/"), posted(here, do="review", **{"doing.en": "Ken counts."}))
    assert answer.status_code == 303
    [kept] = queries.drafts(here.incident.id)
    assert kept.asked_review_at is not None
    page = boss.get(f"{url(here, 'update/')}?draft={kept.id}").content.decode()
    assert "Ken counts." in page
    boss.post(url(here, "update/"), posted(here, draft_id=str(kept.id), **{"doing.en": "Ken counts."}))
    assert queries.drafts(here.incident.id) == []
    assert queries.latest(here.incident.id) is not None


def test_the_ready_first_notice_by_one_tap(here: Any, lead: Any, client_of: Any) -> None:
    client = client_of(lead)
    asked = client.post(url(here, "first/"))
    assert asked.status_code == 422
    assert 'name="confirmed" value="1"' in asked.content.decode()
    assert client.post(url(here, "first/"), {"confirmed": "1"}).status_code == 303
    assert cases.incident(here.incident.id).first_notice_at is not None


def test_a_heartbeat_on_a_phone(here: Any, lead: Any, colleague: Any, by_lead: Actor, client_of: Any) -> None:
    now = time.now()
    actions.publish(here.incident.id, update(now), by=by_lead, now=now, confirmed=True)
    client = client_of(colleague)
    assert client.get(url(here, "heartbeat/")).status_code == 200
    later = posted(here)["next"]
    empty = client.post(url(here, "heartbeat/"), {"next": later})
    assert empty.status_code == 422
    sent = client.post(url(here, "heartbeat/"), {"tried.en": "We restarted both gateways.", "next": later})
    assert sent.status_code == 303


def test_correct_and_translate(here: Any, lead: Any, by_lead: Actor, client_of: Any) -> None:
    now = time.now()
    one_language = update(now, parts={"effect": Text(ja="止まっています。")})
    told = actions.publish(here.incident.id, one_language, by=by_lead, now=now, confirmed=True)
    client = client_of(lead)
    assert client.get(url(here, f"updates/{told.number}/translate/")).status_code == 200
    bad = client.post(url(here, f"updates/{told.number}/translate/"), {"effect.en": "Back soon."})
    assert (bad.status_code, "<mark>soon</mark>" in bad.content.decode()) == (422, True)
    done = client.post(url(here, f"updates/{told.number}/translate/"), {"effect.en": "Shipping stopped."})
    assert done.status_code == 303
    assert client.get(url(here, "updates/2/correct/")).status_code == 200
    wrong = client.post(url(here, "updates/2/correct/"), {"effect.ja": "別", "effect.en": "other"})
    assert wrong.status_code == 422
    good = client.post(url(here, "updates/2/correct/"), {"effect.ja": "別です。", "effect.en": "Other.", "why": "数字"})
    assert good.status_code == 303
    assert [one.number for one in queries.of_incident(here.incident.id)] == [3, 2, 1]
    assert client.get(url(here, "updates/")).status_code == 200


def test_who_may_not(here: Any, watcher: Any, colleague: Any, outsider: Any, client_of: Any) -> None:
    for rest in ("update/", "heartbeat/"):
        assert client_of(watcher).get(url(here, rest)).status_code == 403
        assert client_of(None).get(url(here, rest)).status_code == 302
    assert client_of(watcher).get(url(here, "updates/")).status_code == 200
    assert client_of(colleague).get(url(here, "updates/9/correct/")).status_code == 403
    assert client_of(colleague).get(url(here, "updates/9/translate/")).status_code == 404
    assert client_of(colleague).get("/incidents/INC-99/update/").status_code == 404


def test_english_reader(here: Any, colleague: Any, client_of: Any) -> None:
    html = client_of(colleague).get(url(here, "update/")).content.decode()
    assert "Write update 1" in html
    assert 'lang="en"' in html
