"""Intervals of harm: which one a change closes and opens, and how a wrong one gives way to a new version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import actions, history, queries, timeline
from tomei.cases.models import IncidentComponent
from tomei.cases.rules import impacts as rules
from tomei.cases.rules import replay
from tomei.cases.rules.impacts import Change, Ground, Interval
from tomei.cases.tests.factories import MINUTE, component, declared, product
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR
GROUND = Ground(began_at=NOW, now=LATER)
OVER = Ground(began_at=NOW, now=LATER, over=True)
MAJOR = Interval(1, 7, "major", NOW)
PAST = Interval(2, 7, "partial", NOW - HOUR, NOW)


def step(change: Change, *standing: Interval, ground: Ground = GROUND) -> tuple[Any, ...] | None:
    done = rules.decide(change, standing, ground)
    if done is None:
        return None
    opens = done.opens and (done.opens.impact, done.opens.since_at, done.opens.until_at)
    return done.closes, done.closes_at, done.replaces, opens


@pytest.mark.parametrize(
    ("change", "standing", "wanted"),
    [
        (Change(7), [MAJOR], None),
        (Change(7, "major"), [MAJOR], None),
        (Change(7, "none"), [], None),
        (Change(7, "none"), [PAST], None),
        # the first harm began with the incident, a later one begins now
        (Change(7, "major"), [], (None, None, None, ("major", NOW, None))),
        (Change(7, "major"), [PAST], (None, None, None, ("major", LATER, None))),
        (Change(7, "partial"), [MAJOR], (1, LATER, None, ("partial", LATER, None))),
        (Change(7, "partial", NOW + HOUR), [MAJOR], (1, NOW + HOUR, None, ("partial", NOW + HOUR, None))),
        (Change(7, "none"), [MAJOR], (1, LATER, None, None)),
        (Change(7, "none", NOW + HOUR), [MAJOR], (1, NOW + HOUR, None, None)),
        (Change(7, "", None, NOW + HOUR), [MAJOR], (1, NOW + HOUR, None, None)),
        (Change(7, "major", None, NOW + HOUR), [MAJOR], (1, NOW + HOUR, None, None)),
        # from the very moment at which the wrong one began: it gives way
        (Change(7, "partial", NOW + timedelta(seconds=40)), [MAJOR], (None, None, 1, ("partial", NOW, None))),
        (Change(7, "partial", NOW - HOUR, NOW), [], (None, None, None, ("partial", NOW - HOUR, NOW))),
    ],
)  # fmt: skip
def test_a_change_closes_what_runs_and_opens_the_next(change: Change, standing: Any, wanted: Any) -> None:
    assert step(change, *standing) == wanted


@pytest.mark.parametrize(
    ("change", "standing", "ground", "code"),
    [
        (Change(7, "down"), [], GROUND, "incident.unknown_impact"),
        (Change(7, "", NOW), [MAJOR], GROUND, "impact.times_alone"),
        (Change(7, "", None, NOW), [], GROUND, "impact.times_alone"),
        (Change(7, "none", NOW, LATER), [MAJOR], GROUND, "impact.works_until"),
        (Change(7, "major", LATER + MINUTE), [], GROUND, "time.in_future"),
        (Change(7, "major", NOW, LATER + MINUTE), [], GROUND, "time.in_future"),
        (Change(7, "none", LATER + MINUTE), [MAJOR], GROUND, "time.in_future"),
        (Change(7, "major", NOW + HOUR, NOW), [], GROUND, "impact.ends_before"),
        (Change(7, "major", NOW, NOW), [], GROUND, "impact.ends_before"),
        (Change(7, "none", NOW - MINUTE), [MAJOR], GROUND, "impact.ends_before"),
        (Change(7, "partial", NOW - HOUR), [MAJOR], GROUND, "impact.before_running"),
        (Change(7, "major", NOW + HOUR), [MAJOR], GROUND, "impact.runs_already"),
        (Change(7, "major", NOW - timedelta(days=30, seconds=1)), [], GROUND, "impact.too_early"),
        (Change(7, "major", NOW - MINUTE), [PAST], GROUND, "impact.overlaps"),
        (Change(7, "major"), [], OVER, "impact.incident_over"),
        (Change(7, "partial", NOW + HOUR), [MAJOR], OVER, "impact.incident_over"),
    ],
)  # fmt: skip
def test_what_no_interval_may_be(change: Change, standing: Any, ground: Ground, code: str) -> None:
    with pytest.raises(Refused) as error:
        rules.decide(change, standing, ground)
    assert error.value.code == code


def test_thirty_days_before_the_incident_is_not_too_early() -> None:
    since = NOW - timedelta(days=30)
    assert step(Change(7, "major", since)) == (None, None, None, ("major", since, None))


@pytest.mark.parametrize(
    ("impact", "since", "until", "code"),
    [
        ("major", None, None, "impact.nothing_changed"),
        ("major", NOW + timedelta(seconds=5), None, "impact.nothing_changed"),  # a form knows minutes
        ("", None, None, "incident.unknown_impact"),
        ("partial", NOW - MINUTE, None, "impact.overlaps"),
        ("partial", None, LATER + MINUTE, "time.in_future"),
        ("partial", NOW + HOUR, NOW + MINUTE, "impact.ends_before"),
    ],
)
def test_a_correction_obeys_the_same_rules(impact: str, since: Any, until: Any, code: str) -> None:
    with pytest.raises(Refused) as error:
        rules.corrected(MAJOR, impact, since, until, [PAST], GROUND)
    assert error.value.code == code


def test_a_correction_of_an_incident_that_is_over_needs_an_end() -> None:
    with pytest.raises(Refused, match=r"impact\.incident_over"):
        rules.corrected(PAST, "partial", None, None, [], OVER)
    assert rules.corrected(PAST, "none", None, None, [], OVER) is None


@pytest.fixture
def parts(house: Any) -> list[Any]:
    made = product()
    return [component(made, slug) for slug in ("orders", "shipping")]


@pytest.fixture
def burning(parts: Any, by_lead: Actor) -> Any:
    return declared(by_lead, component_ids=[parts[0].pk], product_id=parts[0].product_id)


def intervals(incident: Any) -> list[tuple[Any, ...]]:
    found = queries.components_of(incident.id)
    return [(one.component_id, one.impact, one.since_at, one.until_at) for one in found]


def fold(incident: Any) -> dict[int, str]:
    return replay(history.everything(incident.id)).components


def test_several_changes_are_one_entry_and_the_fold_knows_what_runs(burning: Any, parts: Any, by_lead: Actor) -> None:
    orders, shipping = (one.pk for one in parts)
    wanted = [Change(orders, "degraded", NOW + HOUR), Change(shipping, "partial", NOW + MINUTE, NOW + HOUR)]
    actions.set_impacts(burning.id, wanted, by=by_lead, now=LATER)
    first = burning.began_at or burning.detected_at or burning.declared_at
    assert intervals(burning) == [
        (orders, "partial", first, NOW + HOUR),
        (shipping, "partial", NOW + MINUTE, NOW + HOUR),
        (orders, "degraded", NOW + HOUR, None),
    ]
    [entry] = [
        one for one in history.page(burning.id, language="en", zone="UTC").items if one.entry.code == "impact.set"
    ]
    assert entry.sentence == (
        "Impact set: orders: degraded from Wed 18 Nov 2026, 06:00 UTC, "
        "shipping: partial outage from Wed 18 Nov 2026, 05:01 UTC to Wed 18 Nov 2026, 06:00 UTC"
    )
    assert fold(burning) == {orders: "degraded"}


def test_what_says_what_stands_writes_nothing(burning: Any, parts: Any, by_lead: Actor) -> None:
    before = timeline.verify(burning.id)
    actions.set_impacts(burning.id, [Change(parts[0].pk), Change(parts[1].pk, "none")], by=by_lead, now=LATER)
    assert timeline.verify(burning.id) == before


@pytest.mark.parametrize("case", ["twice", "unknown", "other", "many"])
def test_a_refused_change_leaves_everything(case: str, burning: Any, parts: Any, by_lead: Actor) -> None:
    stranger = component(product(), "stranger")
    orders = parts[0].pk
    wanted, code = {
        "twice": ([Change(orders, "degraded"), Change(orders, "none")], "impact.twice"),
        "unknown": ([Change(orders, "degraded"), Change(987654, "major")], "incident.unknown_component"),
        "other": ([Change(orders, "degraded"), Change(stranger.pk, "major")], "impact.not_of_product"),
        "many": ([Change(orders)] * 201, "field.too_many"),
    }[case]
    before = intervals(burning), timeline.verify(burning.id)
    with pytest.raises(Refused) as error:
        actions.set_impacts(burning.id, wanted, by=by_lead, now=LATER)
    assert error.value.code == code
    assert (intervals(burning), timeline.verify(burning.id)) == before


def test_a_component_of_another_product_counts_once_it_is_part_of_the_incident(
    burning: Any, parts: Any, by_lead: Actor
) -> None:
    stranger = component(product(), "stranger")
    actions.edit_affected(burning.id, components={stranger.pk: "major"}, by=by_lead, now=NOW + MINUTE)
    actions.set_impacts(burning.id, [Change(stranger.pk, "degraded")], by=by_lead, now=LATER)
    assert intervals(burning)[-1] == (stranger.pk, "degraded", LATER, None)


def test_a_correction_keeps_the_old_version_marked(burning: Any, parts: Any, by_lead: Actor) -> None:
    [old] = queries.components_of(burning.id)
    values: Any = {"impact": "major", "since_at": NOW - HOUR, "until_at": NOW + HOUR, "reason": "The log says so."}
    actions.correct_impact(burning.id, old.id, **values, by=by_lead, now=LATER)
    [new] = queries.components_of(burning.id)
    assert (new.impact, new.since_at, new.until_at, new.void_at) == ("major", NOW - HOUR, NOW + HOUR, None)
    versions = {one.id: one for one in queries.impact_versions(burning.id)}
    kept = versions[old.id]
    assert (kept.impact, kept.since_at, kept.until_at) == (old.impact, old.since_at, old.until_at)
    assert (kept.void_at, kept.replaced_by_id, len(versions)) == (LATER, new.id, 2)
    [line] = [one for one in history.page(burning.id, language="en", zone="UTC").items if "corrected" in one.entry.code]
    assert line.entry.body == "The log says so."
    assert line.sentence.startswith("Impact corrected: orders: major outage from Wed 18 Nov 2026, 04:00 UTC to ")
    assert fold(burning) == {}
    with pytest.raises(Refused, match=r"impact\.corrected_already"):
        actions.correct_impact(burning.id, old.id, impact="none", reason="x", by=by_lead, now=LATER)


def test_what_was_no_harm_is_void_without_a_successor(burning: Any, by_lead: Actor) -> None:
    [old] = queries.components_of(burning.id)
    actions.correct_impact(burning.id, old.id, impact="none", reason="Another service.", by=by_lead, now=LATER)
    assert queries.components_of(burning.id) == []
    assert [(one.void_at, one.replaced_by_id) for one in queries.impact_versions(burning.id)] == [(LATER, None)]


def test_a_correction_without_reason_or_of_another_incident_changes_nothing(burning: Any, by_lead: Actor) -> None:
    [old] = queries.components_of(burning.id)
    other = declared(by_lead)
    before = timeline.verify(burning.id), timeline.verify(other.id)
    with pytest.raises(Refused, match=r"field\.missing"):
        actions.correct_impact(burning.id, old.id, impact="none", reason=" ", by=by_lead, now=LATER)
    with pytest.raises(Missing):
        actions.correct_impact(other.id, old.id, impact="none", reason="x", by=by_lead, now=LATER)
    assert (timeline.verify(burning.id), timeline.verify(other.id)) == before
    assert queries.impact_versions(burning.id) == [old]


def test_service_is_back_closes_what_is_open_and_never_what_was_corrected(burning: Any, by_lead: Actor) -> None:
    [old] = queries.components_of(burning.id)
    actions.correct_impact(burning.id, old.id, impact="major", reason="Worse.", by=by_lead, now=NOW + HOUR)
    actions.move(burning.id, "monitor", by=by_lead, now=NOW + HOUR)
    actions.restore(burning.id, proof="200", by=by_lead, now=LATER)
    ends = IncidentComponent.versions.filter(incident=burning.id).order_by("id").values_list("until_at", flat=True)
    assert list(ends) == [None, LATER]


def test_over_only_a_closed_interval_may_be_added(burning: Any, parts: Any, by_lead: Actor) -> None:
    actions.move(burning.id, "monitor", by=by_lead, now=NOW + HOUR)
    actions.restore(burning.id, proof="200", by=by_lead, now=LATER)
    shipping = parts[1].pk
    before = intervals(burning)
    with pytest.raises(Refused, match=r"impact\.incident_over"):
        actions.set_impacts(burning.id, [Change(shipping, "major", NOW)], by=by_lead, now=LATER)
    assert intervals(burning) == before
    actions.set_impacts(burning.id, [Change(shipping, "major", NOW, NOW + HOUR)], by=by_lead, now=LATER)
    assert (shipping, "major", NOW, NOW + HOUR) in intervals(burning)


def test_reopening_hurts_what_ran_before_the_end_was_told(burning: Any, parts: Any, by_lead: Actor) -> None:
    orders = parts[0].pk
    actions.set_impacts(burning.id, [Change(orders, "degraded", NOW + HOUR)], by=by_lead, now=NOW + HOUR)
    actions.set_impacts(burning.id, [Change(orders, "none")], ending=True, by=by_lead, now=LATER)
    actions.move(burning.id, "monitor", by=by_lead, now=LATER)
    actions.restore(burning.id, proof="200", by=by_lead, now=LATER)
    again = LATER + HOUR
    actions.reopen(burning.id, reason="It fails again.", by=by_lead, now=again)
    assert intervals(burning)[-1] == (orders, "degraded", again, None)


def test_declared_in_error_hurts_nothing(burning: Any, parts: Any, by_lead: Actor) -> None:
    actions.dismiss(burning.id, reason="Wrong graph.", by=by_lead, now=LATER)
    before = intervals(burning)
    with pytest.raises(Refused, match=r"impact\.dismissed"):
        actions.set_impacts(burning.id, [Change(parts[1].pk, "major")], by=by_lead, now=LATER)
    assert intervals(burning) == before


def test_only_who_works_on_incidents_sets_impact(burning: Any, parts: Any, by_outsider: Actor) -> None:
    before = intervals(burning)
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.set_impacts(burning.id, [Change(parts[0].pk, "none")], by=by_outsider, now=LATER)
    assert intervals(burning) == before


def test_a_drill_practises_and_no_uptime_hears_of_it(parts: Any, by_lead: Actor) -> None:
    orders = parts[0].pk
    drill = declared(by_lead, component_ids=[orders], drill=True)
    actions.set_impacts(drill.id, [Change(orders, "major")], by=by_lead, now=LATER)
    assert [one.impact for one in queries.components_of(drill.id)] == ["partial", "major"]
    assert queries.impacts(component_ids=[orders]) == []
