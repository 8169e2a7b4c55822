"""Declaring makes everything at once: number, cases, owner, promises, entry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.cases import actions, queries, timeline
from tomei.cases.models import Case, Entry, Incident
from tomei.cases.tests.factories import component, declared, organisation, product
from tomei.kernel import events
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db


def test_a_declaration_is_complete_at_once(house, by_lead, lead):
    towa, kitahama = organisation("東和精機"), organisation("北浜フーズ")
    sold = product(owner=lead, top_tier=lead)
    part = component(sold, used_by=[towa, kitahama])
    made = declared(by_lead, severity="SEV1a", component_ids=[part.pk])
    assert (made.key, made.number, made.state, made.severity) == ("INC-1", 1, "investigating", Severity.SEV1A)
    assert (made.product_id, made.owner_id, made.overdue) == (sold.pk, lead.pk, 0)
    assert made.next_due_at == NOW + timedelta(minutes=5)
    assert [case.organisation_id for case in queries.cases_of(made.id)] == [towa.pk, kitahama.pk]
    owed = [(one.kind, one.about, one.owed_to_id, one.due_at - NOW) for one in promises.open_of(made.id)]
    minute = timedelta(minutes=1)
    assert sorted(owed, key=str) == sorted(
        [
            ("first_notice", "", None, 5 * minute),
            ("silence", "", towa.pk, 15 * minute),
            ("silence", "", kitahama.pk, 15 * minute),
            ("role_filled", "role:commander", None, 5 * minute),
            ("role_filled", "role:communications", None, 10 * minute),
            ("role_filled", "role:scribe", None, 15 * minute),
            ("role_filled", "role:sponsor", None, 30 * minute),
            ("top_tier", "", None, 120 * minute),
        ],
        key=str,
    )
    assert timeline.verify(made.id).holds
    assert [entry.code for entry in Entry.objects.filter(incident=made.id)] == ["declared"]
    assert [entry.code for entry in Entry.objects.exclude(case=None)] == ["case.opened", "case.opened"]
    assert made.anchor.startswith("1·") and len(made.anchor) == 8


def test_only_title_and_severity_are_needed(house, by_colleague, colleague):
    made = actions.declare(title=Text(en="Slow"), severity="sev4", by=by_colleague, now=NOW)
    assert (made.owner_id, made.product_id, made.detected_at, made.severity) == (colleague.pk, None, NOW, "SEV4")
    assert queries.cases_of(made.id) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"severity": "SEV9"}, "incident.unknown_severity"),
        ({"title": Text("", "  ")}, "field.missing"),
        ({"title": Text("あ" * 301)}, "field.too_long"),
        ({"title": Text("a\ud800")}, "field.control_characters"),
        ({"product_id": 999}, "incident.unknown_product"),
        ({"component_ids": [999]}, "incident.unknown_component"),
        ({"organisation_ids": [999]}, "incident.unknown_organisation"),
        ({"began_at": NOW + timedelta(seconds=1)}, "time.in_future"),
        ({"began_at": NOW, "detected_at": NOW - timedelta(1)}, "incident.began_after_detected"),
        ({"detected_by": "luck"}, "incident.unknown_detector"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(house, by_lead, given, code):
    with pytest.raises(Refused) as refused:
        declared(by_lead, **given)
    assert refused.value.code == code
    assert (Incident.objects.count(), Case.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_an_observer_may_not_declare(house, by_watcher):
    with pytest.raises(Refused, match=r"rights\.missing"):
        declared(by_watcher)
    assert Incident.objects.count() == 0


def test_a_customer_who_reported_is_owed_an_acknowledgement(house, by_lead):
    towa = organisation()
    made = declared(by_lead, organisation_ids=[towa.pk], detected_by="customer", words="出荷が止まった")
    [owed] = [one for one in promises.open_of(made.id) if one.kind == "acknowledgement"]
    assert (owed.owed_to_id, owed.due_at) == (towa.pk, NOW + timedelta(minutes=15))
    [case] = queries.cases_of(made.id)
    assert case.words == "出荷が止まった"
    after = actions.acknowledge_case(case.id, by=by_lead, now=NOW + timedelta(minutes=3))
    assert after.acknowledged_at == NOW + timedelta(minutes=3)
    assert "acknowledgement" not in [one.kind for one in promises.open_of(made.id)]
    assert queries.incident(made.id).acknowledged_at == NOW + timedelta(minutes=3)


def test_a_declaration_takes_few_queries(house, by_lead, lead, django_assert_max_num_queries, monkeypatch):
    """Of this feature and of promises; what listeners add is counted where they are written."""
    monkeypatch.setattr(events, "_with", {})
    customers = [organisation(f"c{n}") for n in range(8)]
    part = component(product(owner=lead), used_by=customers)
    declared(by_lead)
    with django_assert_max_num_queries(24):
        declared(by_lead, severity="SEV1a", component_ids=[part.pk])
