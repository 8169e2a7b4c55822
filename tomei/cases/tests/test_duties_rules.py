"""When duties fall due, across summer time, and which follow from an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tomei.cases.duties.rules import applying, laws
from tomei.kernel.errors import Refused
from tomei.promises.rules import KINDS

BY_CODE = {law.code: law for law in laws.LAWS}
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


def answer(**given):
    values = {"answer": "yes", "aware_at": NOW, "jurisdictions": ("jp", "eu")}
    return applying.Answer(**{**values, **given})


def codes(found):
    return [one.law.code for one in found]


# -- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aware",
    [
        datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN),  # the clock goes forward on the 29th
        datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN),  # and back on the 25th
        datetime(2026, 3, 27, 12, 0, tzinfo=TOKYO),
    ],
)
def test_72_hours_are_72_hours_on_every_clock(aware):
    assert applying.due_at(BY_CODE["eu.art33"], aware) - aware.astimezone(UTC) == timedelta(hours=72)


def test_days_end_at_the_same_wall_time_also_where_the_clock_was_changed():
    law = replace(BY_CODE["jp.ppc.preliminary"], zone="Europe/Berlin")
    aware = datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN)
    due = applying.due_at(law, aware)
    assert due == datetime(2026, 4, 1, 12, 0, tzinfo=BERLIN)
    assert due - aware.astimezone(UTC) == timedelta(days=5) - timedelta(hours=1)
    tokyo = applying.due_at(BY_CODE["jp.ppc.preliminary"], datetime(2026, 3, 27, 12, 0, tzinfo=TOKYO))
    assert tokyo == datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO)


def test_calendar_days_count_the_day_of_becoming_aware_as_the_first():
    aware = datetime(2026, 11, 1, 23, 59, tzinfo=TOKYO)  # still the 1st there, 14:59 UTC
    assert applying.due_at(BY_CODE["jp.ppc.final"], aware) == datetime(2026, 12, 1, 0, 0, tzinfo=TOKYO)
    assert applying.due_at(BY_CODE["jp.ppc.final_wrongful"], aware) == datetime(2026, 12, 31, 0, 0, tzinfo=TOKYO)
    later = datetime(2026, 11, 2, 0, 0, tzinfo=TOKYO)  # a minute later, and a day more
    assert applying.due_at(BY_CODE["jp.ppc.final"], later) == datetime(2026, 12, 2, 0, 0, tzinfo=TOKYO)
    berlin = replace(BY_CODE["jp.ppc.final"], zone="Europe/Berlin")
    assert applying.due_at(berlin, datetime(2026, 10, 20, 8, tzinfo=BERLIN)) == datetime(2026, 11, 19, tzinfo=BERLIN)


# -- which ----------------------------------------------------------------------------------------------------------


def test_no_owes_nothing():
    assert applying.owed(answer(answer="no"), [], [7]) == []


def test_perhaps_owes_as_much_as_yes():
    both = [applying.owed(answer(answer=one, high_risk=True), [], []) for one in ("perhaps", "yes")]
    assert both[0] == both[1]
    assert codes(both[0]) == ["jp.ppc.preliminary", "jp.ppc.final", "jp.persons", "eu.art33", "eu.art34"]


def test_a_wrongful_purpose_gives_sixty_days_instead_of_thirty():
    found = applying.owed(answer(jurisdictions=("jp",), wrongful=True), [], [])
    assert codes(found) == ["jp.ppc.preliminary", "jp.ppc.final_wrongful", "jp.persons"]


def test_a_processor_tells_each_controller_and_no_authority():
    found = applying.owed(answer(capacity="processor"), [], [7, 8])
    assert [one.key for one in found] == [
        ("jp.controller", 7), ("jp.controller", 8), ("eu.art33_2", 7), ("eu.art33_2", 8),
    ]  # fmt: skip
    assert [one.key for one in applying.owed(answer(capacity="processor", jurisdictions=("eu",)), [], [])] == [
        ("eu.art33_2", None)
    ]


def test_a_rule_of_a_contract_applies_where_its_customer_is_affected():
    contract = replace(BY_CODE["eu.art33_2"], code="own:towa", jurisdiction="own:towa", organisation_id=7, amount=12)
    assert codes(applying.owed(answer(jurisdictions=()), [contract], [8])) == []
    [found] = applying.owed(answer(jurisdictions=()), [contract], [7, 8])
    assert (found.key, found.due_at) == (("own:towa", 7), NOW + timedelta(hours=12))


def test_an_own_rule_applies_where_it_is_ticked():
    own = replace(BY_CODE["eu.art33"], code="own:sector", jurisdiction="own:sector")
    assert codes(applying.owed(answer(jurisdictions=("own:sector",), capacity="processor"), [own], [])) == [
        "own:sector"
    ]
    assert codes(applying.owed(answer(jurisdictions=()), [own], [])) == []


# -- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"answer": "maybe"}, "duty.unknown_answer"),
        ({"capacity": "owner"}, "duty.unknown_answer"),
        ({"jurisdictions": ("mars",)}, "duty.unknown_jurisdiction"),
        ({"aware_at": None}, "duty.no_start"),
        ({"aware_at": NOW + timedelta(minutes=1)}, "time.in_future"),
        ({"aware_at": NOW - timedelta(days=401)}, "duty.start_far"),
    ],
)
def test_answers_that_cannot_be_are_refused(wrong, code):
    with pytest.raises(Refused) as refused:
        applying.check(answer(**wrong), known=(), declared_at=NOW, now=NOW)
    assert refused.value.code == code


def test_a_late_notice_wants_its_reasons():
    given = {"aware_at": NOW, "due_at": NOW + timedelta(hours=72), "now": NOW + timedelta(hours=80)}
    applying.check_fulfilled(at=NOW + timedelta(hours=72), late_reason="", **given)
    with pytest.raises(Refused) as refused:
        applying.check_fulfilled(at=NOW + timedelta(hours=73), late_reason="", **given)
    assert refused.value.code == "duty.late_without_reason"
    applying.check_fulfilled(at=NOW + timedelta(hours=73), late_reason="the logs were encrypted", **given)


def test_every_row_of_the_table_is_whole():
    assert len(BY_CODE) == len(laws.LAWS)
    for law in laws.LAWS:
        assert (law.kind in KINDS, law.unit in laws.UNITS, law.jurisdiction in laws.JURISDICTIONS) == (True, True, True)
        assert all((law.name.ja, law.name.en, law.source.ja, law.source.en, law.amount)), law.code
        assert law.is_exact or law.note, law.code
