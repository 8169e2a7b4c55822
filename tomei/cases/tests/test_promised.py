"""Promises by word of mouth: a vendor's to us, a customer's to us, ours to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW
from tomei.cases import actions, history, queries, timeline
from tomei.cases.tests.factories import MINUTE, declared, organisation
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promises

DUE = NOW + 60 * MINUTE
WHAT = Text("切断の理由を回答", "Why the line broke")


@pytest.fixture
def burning(house: Any, by_lead: Actor, towa: Any) -> Any:
    return declared(by_lead, organisation_ids=[towa.pk])


@pytest.fixture
def towa(house: Any) -> Any:
    return organisation("東和精機")


@pytest.fixture
def vendor(house: Any) -> Any:
    return organisation("共立ネット", kind="vendor")


def promised(burning: Any, other: Any, by: Actor, **given: Any) -> int:
    values = {"whose": "theirs", "what": WHAT, "due_at": DUE, "incident_id": burning.id, **given}
    return actions.promise(organisation_id=other.pk, by=by, now=NOW, **values)


@pytest.mark.parametrize(
    ("other", "whose", "kind"),
    [
        ("vendor", "theirs", "vendor"), ("towa", "theirs", "reply"), ("towa", "ours", "answer"),
        ("vendor", "ours", "answer"),
    ],
)  # fmt: skip
def test_who_owes_whom_decides_the_kind(
    burning: Any, towa: Any, vendor: Any, house: Any, by_colleague: Actor, other: str, whose: str, kind: str
) -> None:
    them = {"vendor": vendor, "towa": towa}[other]
    made = promises.by_ids([promised(burning, them, by_colleague, whose=whose)])
    [one] = made.values()
    sides = (house.pk, them.pk) if whose == "ours" else (them.pk, house.pk)
    assert (one.kind, one.owed_by_id, one.owed_to_id) == (kind, *sides)
    assert (one.incident_id, one.case_id, one.rank, one.told) == (burning.id, None, burning.rank, True)
    assert (one.text, one.due_at, one.owner_id) == (WHAT, DUE, by_colleague.user_id)
    assert one.next_step_at is not None  # the clock looks after it


def test_the_timeline_says_it_and_the_words_are_a_body(burning: Any, vendor: Any, by_colleague: Actor) -> None:
    promised(burning, vendor, by_colleague)
    [line] = history.page(burning.id, language="ja", zone="Asia/Tokyo", limit=1).items
    assert line.sentence == "共立ネットが透明株式会社に約束(期限 15:00 JST)"
    assert line.entry.body == "切断の理由を回答\nWhy the line broke"
    assert timeline.verify(burning.id).holds


def test_at_a_case_it_hangs_on_the_incident_and_both_chains_say_it(
    burning: Any, towa: Any, by_colleague: Actor
) -> None:
    [case] = queries.cases_of(burning.id)
    made = actions.promise(
        case_id=case.id, whose="ours", organisation_id=towa.pk, what=WHAT, due_at=DUE, told=False,
        by=by_colleague, now=NOW,
    )  # fmt: skip
    one = promises.by_ids([made])[made]
    assert (one.incident_id, one.case_id, one.told) == (burning.id, None, False)
    assert [history.everything(**on)[-1].code for on in ({"incident_id": burning.id}, {"case_id": case.id})] == [
        "promised", "promised",
    ]  # fmt: skip


def test_at_a_case_that_stands_alone_it_hangs_on_the_case(house: Any, towa: Any, by_colleague: Actor) -> None:
    case = actions.add_case(None, towa.pk, severity="SEV3", by=by_colleague, now=NOW)
    made = actions.promise(
        case_id=case.id, whose="ours", organisation_id=towa.pk, what=WHAT, due_at=DUE, by=by_colleague, now=NOW
    )
    one = promises.by_ids([made])[made]
    assert (one.incident_id, one.case_id, one.rank) == (None, case.id, case.severity.rank)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"what": Text()}, "promise.no_words"),
        ({"what": Text("あ" * 301)}, "field.too_long"),
        ({"due_at": NOW}, "promise.due_past"),
        ({"due_at": NOW + timedelta(days=401)}, "promise.due_far"),
        ({"whose": "nobody"}, "promise.not_between_us"),
    ],
)
def test_what_is_refused_changes_nothing(
    burning: Any, vendor: Any, by_colleague: Actor, given: dict[str, Any], code: str
) -> None:
    before = (len(promises.of_incident(burning.id)), len(history.everything(burning.id)))
    with pytest.raises(Refused) as caught:
        promised(burning, vendor, by_colleague, **given)
    assert caught.value.code == code
    assert (len(promises.of_incident(burning.id)), len(history.everything(burning.id))) == before


def test_strangers_to_the_incident_are_refused(
    burning: Any, house: Any, by_colleague: Actor, by_watcher: Actor
) -> None:
    away = organisation("青葉食品")
    for other, by, code in (
        (away, by_colleague, "promise.not_affected"),
        (house, by_colleague, "promise.not_between_us"),
        (away, by_watcher, "rights.missing"),
    ):
        with pytest.raises(Refused) as caught:
            promised(burning, other, by)
        assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        actions.promise(incident_id=burning.id, whose="ours", organisation_id=10**6, what=WHAT, due_at=DUE,
                        by=by_colleague, now=NOW)  # fmt: skip
    assert caught.value.code == "incident.unknown_organisation"


def test_a_restricted_incident_is_not_there_for_others(
    burning: Any, vendor: Any, by_lead: Actor, by_colleague: Actor
) -> None:
    actions.set_restricted(burning.id, True, by=by_lead, now=NOW)
    with pytest.raises(Missing):
        promised(burning, vendor, by_colleague)
    made = promised(burning, vendor, by_lead)
    assert promises.by_ids([made])[made].restricted is True


def form(vendor: Any, **given: str) -> dict[str, str]:
    return {"whose": "theirs", "organisation": str(vendor.pk), "what.ja": "理由の回答", "what.en": "", "told": "yes",
            "due": "2099-01-01T10:00", **given}  # fmt: skip


def test_the_pages_form_makes_it_in_the_readers_zone(
    burning: Any, vendor: Any, client_of: Any, colleague: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tomei.cases.rules.promised.FARTHEST", timedelta(days=365 * 200))
    client: Client = client_of(colleague)  # lives in Berlin
    answer = client.post(f"{burning.url}promise/", form(vendor))
    assert (answer.status_code, answer["Location"]) == (303, burning.url)
    [one] = [one for one in promises.open_of(burning.id) if one.kind == "vendor"]
    assert one.due_at.isoformat() == "2099-01-01T09:00:00+00:00"
    assert "理由の回答" in client.get(f"/promises/{one.id}/").content.decode()


def test_a_time_that_the_clock_skips_is_refused_and_the_words_are_kept(
    burning: Any, vendor: Any, client_of: Any, colleague: Any
) -> None:
    answer = client_of(colleague).post(f"{burning.url}promise/", form(vendor, due="2027-03-28T02:30"))
    assert answer.status_code == 409
    assert "理由の回答" in answer.content.decode()
    assert [one for one in promises.open_of(burning.id) if one.kind == "vendor"] == []


def test_the_api_makes_it_too(burning: Any, towa: Any, client_of: Any, colleague: Any) -> None:
    client: Client = client_of(colleague)
    [case] = queries.cases_of(burning.id)
    due = (time.now() + timedelta(hours=1)).isoformat()
    body = {"whose": "ours", "organisation_id": towa.pk, "what": {"en": "Say what we found"}, "due_at": due}
    for where in (f"incidents/{burning.key}", f"cases/{case.key}"):
        answer = client.post(f"/api/v1/{where}/promises", body, content_type="application/json")
        assert answer.status_code == 201
        made = client.get(f"/api/v1/promises/{answer.json()['id']}").json()
        assert (made["kind"], made["incident_id"], made["text"]["en"]) == ("answer", burning.id, "Say what we found")
    late = client.post(f"/api/v1/incidents/{burning.key}/promises", body | {"due_at": "2020-01-01T00:00:00Z"},
                       content_type="application/json")  # fmt: skip
    assert (late.status_code, late.json()["code"]) == (409, "promise.due_past")
