"""Search follows what was told and noted: found at once by who may, gone at once when corrected or erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases import timeline
from tomei.cases.models import Entry
from tomei.clock.engine import JobFacts
from tomei.comms import actions as comms
from tomei.comms import queries as told
from tomei.comms import statuspage
from tomei.comms.tests.factories import MINUTE, World, update, words, world
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.search import queries
from tomei.search.models import Document
from tomei.wiring import finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def burning(house: None, by_lead: Actor) -> World:
    return world(by_lead)


def found(asked: str, by: Actor, language: str = "ja") -> list[tuple[str, str]]:
    return [(hit.kind, hit.excerpt.text) for hit in queries.find(asked, by=by, language=language).hits]


def told_and_noted() -> list[Any]:
    rows = Document.objects.filter(kind__in=("note", "update")).order_by("ref")
    return list(rows.values_list("ref", "tokens", "at", "url"))


def stored(asked: str) -> list[str]:
    """What the index itself holds, whoever asks."""
    return list(Document.objects.filter(tokens__contains=asked).values_list("kind", flat=True))


def publish(burning: World, by: Actor, **given: Any) -> int:
    draft = update(**given)
    return comms.publish(burning.incident.id, draft, by=by, now=NOW + MINUTE, confirmed=True).id


def test_an_update_is_found_by_its_words_with_its_line(burning: World, by_lead: Actor, by_watcher: Actor) -> None:
    parts = words("出荷の6割が失敗。", "Six in ten shipments bounce.", doing=Text("配線を確認中"))
    publish(burning, by_lead, parts=parts)
    assert found("配線", by_watcher) == [("update", "配線を確認中")]
    assert found("bounces", by_watcher) == [("update", "Six in ten shipments bounce.")]
    [hit] = queries.find("配線", by=by_watcher).hits
    assert hit.title == Text("INC-1 出荷できない", "INC-1 Shipping fails")
    assert hit.url == "/incidents/INC-1/updates/?after=12#update-1"


def test_a_word_to_one_customer_is_for_the_house_only(burning: World, by_lead: Actor, by_outsider: Actor) -> None:
    parts = words("極秘の手順です。", "A secret step.")
    publish(burning, by_lead, parts=parts, audiences=(f"customer:{burning.towa.pk}",))
    assert found("極秘", by_lead) == [("update", "極秘の手順です。")]
    with pytest.raises(Refused) as caught:
        queries.find("極秘", by=by_outsider)
    assert caught.value.code == "rights.missing"


def test_a_correction_takes_the_place_of_the_old_words(burning: World, by_lead: Actor) -> None:
    old = publish(burning, by_lead, parts=words("東京拠点で失敗。", "Tokyo fails."))
    comms.correct(old, words("大阪拠点で失敗。", "Osaka fails."), reason="拠点の誤り", by=by_lead, now=NOW + 2 * MINUTE)
    assert (found("東京", by_lead), found("tokyo", by_lead)) == ([], [])
    assert found("大阪", by_lead) == [("update", "大阪拠点で失敗。")]
    assert stored("東京") == []


def test_a_note_is_found_and_erased_for_ever(burning: World, by_lead: Actor, by_admin: Actor) -> None:
    entry = cases.note(burning.incident.id, "電話番号は 090-1234\n山田様が再起動", by=by_lead, now=NOW + MINUTE)
    assert found("山田", by_lead) == [("note", "山田様が再起動")]
    [hit] = queries.find("山田", by=by_lead).hits
    assert hit.url == f"/incidents/INC-1/timeline/?before={entry.seq + 11}#e{entry.seq}"
    timeline.erase(burning.incident.id, entry.seq, reason="本人の請求", by=by_admin, now=NOW + 2 * MINUTE)
    assert found("山田", by_admin) == []
    assert stored("山田") == []


def test_the_erased_words_of_an_update_are_not_found(burning: World, by_lead: Actor, by_admin: Actor) -> None:
    publish(burning, by_lead, parts=words("山田様の端末。", "Yamada's terminal."), audiences=("affected", "public"))
    rows = Entry.objects.filter(incident=burning.incident.id, code="update.published")
    seq = rows.values_list("seq", flat=True).get()
    timeline.erase(burning.incident.id, seq, reason="本人の請求", by=by_admin, now=NOW + 2 * MINUTE)
    finding.fill([_job()], NOW + 3 * MINUTE)
    assert found("山田", by_admin) == []
    kept = told.latest(burning.incident.id)
    assert kept is not None and "山田" not in str(kept.parts) and "消去" in kept.parts["effect"].ja
    statuspage.refresh(NOW + 3 * MINUTE)
    shown = statuspage.cached("/status/", "lang=ja", "")
    assert shown is not None
    page = shown[2].decode()
    assert "山田" not in page and "消去しました" in page


def test_all_of_a_restricted_incident_is_hidden_at_once(
    burning: World, by_lead: Actor, by_colleague: Actor, by_admin: Actor
) -> None:
    incident_id = burning.incident.id
    publish(burning, by_lead, parts=words("漏えいの疑い。", "A leak is suspected."))
    cases.note(incident_id, "漏えいの範囲を調査", by=by_lead, now=NOW + MINUTE)
    assert len(found("漏えい", by_colleague)) == 2
    cases.set_restricted(incident_id, True, by=by_lead, now=NOW + 2 * MINUTE)
    cases.note(incident_id, "漏えいは3件", by=by_lead, now=NOW + 3 * MINUTE)
    for asked in ("漏えい", "shipping"):
        assert found(asked, by_colleague) == []
    assert len(found("漏えい", by_admin)) == 3
    cases.set_restricted(incident_id, False, by=by_lead, now=NOW + 4 * MINUTE)
    assert len(found("漏えい", by_colleague)) == 3


def test_titles_and_customers_words_follow_their_change(burning: World, by_lead: Actor) -> None:
    cases.retitle(burning.incident.id, Text("受注が止まる", "Orders stop"), by=by_lead, now=NOW + MINUTE)
    assert found("出荷できない", by_lead) == []
    assert [hit.title.ja for hit in queries.find("受注", by=by_lead).hits] == ["INC-1 受注が止まる"]
    towa = next(one for one in case_queries.cases_of(burning.incident.id) if one.organisation_id == burning.towa.pk)
    for text in ("伝票が出ない", "倉庫が動かない"):
        cases.describe_case(towa.id, words=text, by=by_lead, now=NOW + 2 * MINUTE)
    assert (found("伝票", by_lead), found("倉庫", by_lead)) == ([], [("case", "倉庫が動かない")])


def test_the_clock_fills_the_index_anew(burning: World, by_lead: Actor) -> None:
    publish(burning, by_lead, parts=words("出荷の6割が失敗。", "Six in ten fail.", doing=Text("配線を確認中")))
    cases.note(burning.incident.id, "配線図を入手", by=by_lead, now=NOW + 2 * MINUTE)
    before = found("配線", by_lead)
    kept = told_and_noted()
    Document.objects.exclude(kind="customer").delete()
    finding.fill([_job()], NOW + timedelta(days=1))
    assert found("配線", by_lead) == before
    assert told_and_noted() == kept


def _job() -> JobFacts:
    return JobFacts(1, "search.fill", None, 9, NOW, {"after": 0}, 0, 1)
