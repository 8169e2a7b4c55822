"""Who looks at it: proposed under a promise, taken, dismissed, declared by a person or by the component itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import queries as incidents
from tomei.clock.handlers import JobFacts
from tomei.clock.models import Job
from tomei.customers import actions as customers
from tomei.customers import queries as catalogue
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.events import Event
from tomei.promises import queries as promises
from tomei.promises.models import Promise
from tomei.signals import actions, queries
from tomei.signals.models import Group, Received, Signal, Source, Watch
from tomei.signals.tests.bodies import alert, alertmanager, generic
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)
AGAIN = "2026-11-18T06:00:00Z"


def only() -> Group:
    return Group.objects.exclude(key__startswith="watch:").get()


def declares_by_itself(world: World, severity: str) -> None:
    part = catalogue.component(world.component_id)
    customers.edit_component(
        part.id, name=part.name, slug=part.slug, is_public=True, declares=True, declares_as=severity, seen=1, by=MASTER,
        now=NOW,
    )  # fmt: skip


def ends() -> list[str]:
    return list(Promise.objects.filter(kind="triage").order_by("pk").values_list("state", flat=True))


def test_critical_is_proposed_under_a_promise_of_triage(world: World, lead: Any) -> None:
    world.send(alertmanager())
    row = only()
    [promise] = promises.open_of_group(row.pk)
    assert (promise.kind, promise.due_at, promise.owner_id) == ("triage", NOW + timedelta(seconds=300), lead.pk)
    assert (promise.owed_by_id, promise.role) == (catalogue.ours().id, "commander")
    assert (row.triage, row.triage_due_at) == ("proposed", promise.due_at)
    [facts] = queries.waiting()
    assert (facts.id, facts.source, facts.component_id) == (row.pk, "本番", world.component_id)
    assert not facts.nothing_told(NOW + timedelta(seconds=300))
    assert facts.nothing_told(NOW + timedelta(seconds=301))


def test_what_is_not_critical_asks_for_nobody(world: World) -> None:
    world.send(alertmanager(alert(labels={"severity": "warning"})))
    assert (only().state, only().triage, Promise.objects.count()) == ("firing", "none", 0)
    worse = alert("B", labels={"severity": "critical"})
    world.send(alertmanager(alert(labels={"severity": "warning"}), worse), LATER)
    assert (only().triage, only().severity) == ("proposed", "critical")


def test_the_component_comes_from_the_labels_or_from_the_source(world: World) -> None:
    world.send(alertmanager(alert(labels={"component": "", "service": "Orders"}), key="a"))
    world.send(alertmanager(alert(labels={"component": "unknown"}), key="b"))
    world.send(generic(component="", key="c"), kind="generic")
    assert dict(Group.objects.values_list("key", "component_id")) == {
        "a": world.component_id,
        "b": None,
        "c": world.component_id,
    }


def test_taking_and_dismissing_keep_the_triage_once(world: World, by_colleague: Actor, by_lead: Actor) -> None:
    world.send(alertmanager())
    pk = only().pk
    actions.take(pk, by=by_colleague, now=LATER)
    assert (only().triage, only().triaged_by, ends()) == ("taken", by_colleague.name, ["kept"])
    with pytest.raises(Stale) as stale:
        actions.take(pk, by=by_lead, now=LATER)
    assert stale.value.facts["who"] == by_colleague.name
    with pytest.raises(Refused) as refused:
        actions.dismiss(pk, " \n", by=by_lead, now=LATER)
    assert refused.value.code == "signal.no_reason"
    actions.dismiss(pk, "計画停止", by=by_lead, now=LATER)
    assert (only().triage, only().reason, ends()) == ("dismissed", "計画停止", ["kept"])
    with pytest.raises(Stale):
        actions.dismiss(pk, "二度目", by=by_lead, now=LATER)


def test_who_looks_too_late_is_late(world: World, by_lead: Actor) -> None:
    world.send(alertmanager())
    actions.take(only().pk, by=by_lead, now=NOW + timedelta(seconds=310))
    assert ends() == ["late"]


def test_who_only_reads_decides_nothing(world: World, by_watcher: Actor) -> None:
    world.send(alertmanager())
    pk = only().pk
    for act in (
        lambda: actions.take(pk, by=by_watcher, now=LATER),
        lambda: actions.dismiss(pk, "x", by=by_watcher, now=LATER),
        lambda: actions.declare_from(pk, "SEV2", by=by_watcher, now=LATER),
        lambda: actions.add_source("generic", "x", by=by_watcher, now=LATER),
        lambda: actions.bind_watch(pk, 300, by=by_watcher, now=LATER),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "rights.missing"
    assert (only().triage, ends(), Source.objects.count(), Watch.objects.count()) == ("proposed", ["open"], 2, 0)


def test_what_resolves_before_anybody_acted_has_passed(world: World, by_lead: Actor) -> None:
    world.send(alertmanager())
    world.send(alertmanager(alert(status="resolved")), LATER)
    assert (only().state, only().triage, ends()) == ("resolved", "passed", ["withdrawn"])
    actions.dismiss(only().pk, "一時的", by=by_lead, now=LATER)
    world.send(alertmanager(alert(startsAt=AGAIN)), LATER)
    assert (only().triage, only().reason, only().fired_at, ends()) == ("proposed", "", LATER, ["withdrawn", "open"])


def test_a_person_declares_from_a_signal(world: World, by_lead: Actor) -> None:
    world.send(alertmanager())
    facts = actions.declare_from(only().pk, "SEV1b", by=by_lead, now=LATER)
    assert (only().triage, only().incident_id, only().triaged_by, ends()) == (
        "declared",
        facts.id,
        by_lead.name,
        ["kept"],
    )
    assert (facts.signal_group_id, facts.severity) == (only().pk, "SEV1b")
    assert sorted(case.organisation_id for case in incidents.cases_of(facts.id)) == sorted(world.customer_ids)
    with pytest.raises(Stale):
        actions.declare_from(only().pk, "SEV2", by=by_lead, now=LATER)
    assert [group.id for group in queries.of_incident(facts.id)] == [only().pk]


def test_a_component_that_declares_needs_nobody(world: World, lead: Any) -> None:
    declares_by_itself(world, "SEV1a")
    started = "2026-11-18T04:58:00Z"
    world.send(
        alertmanager(alert(startsAt=started, annotations={"summary": "Orders fail", "summary_ja": "受注できない"}))
    )
    facts = incidents.incident(only().incident_id or 0)
    assert (facts.severity, facts.title.ja, facts.title.en) == ("SEV1a", "受注できない", "Orders fail")
    assert (facts.detected_at, facts.began_at) == (NOW, NOW - timedelta(minutes=2))
    assert (facts.owner_id, only().triage, Promise.objects.filter(kind="triage").count()) == (lead.pk, "declared", 0)
    assert sorted(case.organisation_id for case in incidents.cases_of(facts.id)) == sorted(world.customer_ids)
    for _turn in range(2):
        world.send(alertmanager(), LATER)
    world.send(alertmanager(alert("Other")), LATER)
    assert only().incident_id == facts.id
    world.send(alertmanager(alert(status="resolved"), alert("Other", "resolved")), LATER)
    assert (only().state, only().triage, incidents.incident(facts.id).state) == (
        "resolved",
        "declared",
        "investigating",
    )
    world.send(alertmanager(alert(startsAt=AGAIN)), LATER)
    assert (only().state, only().incident_id) == ("firing", facts.id)


def test_a_beginning_that_nobody_believes_is_left_out(world: World) -> None:
    declares_by_itself(world, "SEV1b")
    world.send(alertmanager(alert(startsAt="2020-02-06T00:17:58Z")))
    assert incidents.incident(only().incident_id or 0).began_at is None


def test_a_declaration_that_is_refused_is_proposed_instead(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    declares_by_itself(world, "SEV1b")

    def never(**_named: Any) -> Any:
        raise Refused("incident.unknown_product")

    monkeypatch.setattr("tomei.signals.actions.triage.cases.declare", never)
    assert world.send(alertmanager()).status == 200
    assert (only().triage, ends()) == ("proposed", ["open"])


def test_a_declaration_by_another_door_settles_the_group(world: World, by_lead: Actor) -> None:
    world.send(alertmanager())
    event = Event("incident.declared", LATER, {"incident_id": 77, "signal_group_id": only().pk})
    for _turn in range(2):
        actions.declared(event)
    assert (only().triage, only().incident_id, ends()) == ("declared", 77, ["kept"])
    actions.declared(Event("incident.declared", LATER, {"incident_id": 78, "signal_group_id": None}))
    actions.mark_declared(only().pk, 77, by=by_lead, now=LATER)
    assert only().triaged_by == by_lead.name


def test_before_the_house_is_founded_nothing_is_lost(db: Any) -> None:
    made, key = actions.add_source("alertmanager", "早い", by=MASTER, now=NOW)
    world = World(0, 0, [], made.id, key, 0, "")
    assert world.send(alertmanager()).status == 200
    assert (only().triage, only().triage_due_at) == ("proposed", None)


def job(watch_id: int) -> JobFacts:
    return JobFacts(1, "signals.watch", f"watch:{watch_id}", 1, NOW, {"watch_id": watch_id}, 0, 1)


def dog(**changes: Any) -> bytes:
    return alertmanager(alert("Watchdog", labels={"severity": "none", "component": ""}, **changes), key="dog")


def test_a_watchdog_that_falls_silent_is_a_critical_signal(world: World) -> None:
    world.send(dog())
    pk = actions.bind_watch(only().pk, 300, by=MASTER, now=NOW)
    due = Job.objects.get(key=f"watch:{pk}")
    assert (due.kind, due.due_at) == ("signals.watch", NOW + timedelta(seconds=300))
    world.send(dog(), NOW + timedelta(seconds=200))
    assert Job.objects.get(key=f"watch:{pk}").due_at == NOW + timedelta(seconds=500)
    actions.run_watches([job(pk)], NOW + timedelta(seconds=300))
    assert Group.objects.count() == 1
    silent_at = NOW + timedelta(seconds=500)
    for _turn in range(2):
        actions.run_watches([job(pk)], silent_at)
    silence = Group.objects.get(key=f"watch:{pk}")
    assert (silence.state, silence.triage, silence.severity, silence.events) == ("firing", "proposed", "critical", 1)
    assert [group.id for group in queries.waiting()] == [silence.pk]
    world.send(dog(), silent_at + timedelta(minutes=1))
    silence.refresh_from_db()
    assert (silence.state, silence.triage, ends()) == ("resolved", "passed", ["withdrawn"])
    assert queries.watches()[0].is_late is False
    actions.run_watches([job(pk)], silent_at + timedelta(minutes=6))
    silence.refresh_from_db()
    assert (silence.state, silence.triage, silence.events) == ("firing", "proposed", 3)


def test_what_is_watched_is_proposed_to_nobody(world: World) -> None:
    world.send(alertmanager(alert(labels={"severity": "warning"})))
    actions.bind_watch(only().pk, 300, by=MASTER, now=NOW)
    world.send(alertmanager(alert(startsAt=AGAIN)), LATER)
    assert only().triage == "none"
    with pytest.raises(Refused) as refused:
        actions.bind_watch(only().pk, 300, by=MASTER, now=NOW)
    assert refused.value.code == "watch.twice"
    actions.loosen_watch(Watch.objects.get().pk, by=MASTER, now=NOW)
    assert Job.objects.filter(key__startswith="watch:").count() == 0
    actions.run_watches([job(1)], NOW + timedelta(days=1))
    assert Group.objects.count() == 1


@pytest.mark.parametrize("every", [0, 29, 7 * 86400 + 1])
def test_an_interval_beyond_reason_is_refused(world: World, every: int) -> None:
    world.send(dog())
    with pytest.raises(Refused) as refused:
        actions.bind_watch(only().pk, every, by=MASTER, now=NOW)
    assert (refused.value.code, Watch.objects.count()) == ("watch.interval", 0)


def test_a_key_is_renewed_and_the_old_one_opens_nothing(world: World) -> None:
    key = actions.renew_key(world.alertmanager, by=MASTER, now=NOW)
    assert world.send(alertmanager()).status == 404
    assert queries.shown(world.alertmanager, by=MASTER).address.endswith(f"/in/alertmanager/{key}")
    assert queries.shown(world.alertmanager).address == ""
    assert key not in Source.objects.get(pk=world.alertmanager).key_secret


def test_requests_are_forgotten_after_thirty_days_and_signals_stay(world: World) -> None:
    world.send(alertmanager())
    world.send(b"{", NOW + timedelta(days=20))
    assert actions.prune(NOW + timedelta(days=29)) == 0
    assert actions.prune(NOW + timedelta(days=31)) == 1
    assert list(Received.objects.values_list("verdict", flat=True)) == ["not_understood"]
    assert Signal.objects.get().received_id is None
