"""What marks an incident: its title, its stamps, its flags, its policy, the incident it repeats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import affected, owing, rows, states
from tomei.cases.facts import STAMPS, IncidentFacts
from tomei.cases.models import WORKING, Case, Incident, IncidentComponent, RoleHolding
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import Move
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import actions as promises

# Stamps that a verb of their own sets; by hand they are corrected, never set first.
_BY_VERB = {"restored": Move.RESTORE, "closed": Move.CLOSE}


@transaction.atomic
def stamp(
    incident_id: int, name: str, *, at: datetime, seen: int | None = None, reason: str = "", by: Actor, now: datetime
) -> IncidentFacts:
    """One of the moments of 2.5, set or corrected; the entry names the old time.

    Refuses `stamp.unknown`, a time in the future, a beginning after the detection, and restored or closed before the
    verb of that name was used.
    """
    by.require("incident.work") if by.kind != "clock" else None
    row = rows.subject(incident_id, by)
    if name not in STAMPS:
        raise Refused("stamp.unknown", name=name[:40])
    if at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    old = getattr(row, f"{name}_at")
    if name in _BY_VERB and old is None:
        raise Refused("stamp.by_verb", name=name)
    began, detected = (at if name == part else getattr(row, f"{part}_at") for part in ("began", "detected"))
    if began and detected and began > detected:
        raise Refused("incident.began_after_detected")
    if old == at:
        return incident_queries.facts_of(row)
    rows.replace(row, "facts", seen=seen, now=now, **{f"{name}_at": at})
    _move_harm(row, name, old, at)
    was: dict[str, Any] = {"was": {"stamps": {name: old}}} if old is not None else {}
    rows.write(row, "stamped", by=by, now=now, at=at, body=word_rules.line(reason, field="reason"),
               stamps={name: at}, **was)  # fmt: skip
    if name == "report_sent":
        promises.keep("report", incident_id=row.pk, act="stamp:report_sent", now=now, by=by)
    return incident_queries.facts_of(row)


def _move_harm(row: Incident, name: str, old: datetime | None, at: datetime) -> None:
    """The harm to components began when the failure did and ended when it was restored."""
    hurt = IncidentComponent.objects.filter(incident=row)
    if name == "began":
        hurt.filter(since_at__in=[old or row.detected_at or row.declared_at]).update(since_at=at)
    elif name == "restored" and old is not None:
        hurt.filter(until_at=old).update(until_at=at)


@transaction.atomic
def retitle(incident_id: int, title: Text, *, seen: int | None = None, by: Actor, now: datetime) -> IncidentFacts:
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    new, old = word_rules.title(title).as_json(), row.title
    if new == old:
        return incident_queries.facts_of(row)
    rows.replace(row, "facts", seen=seen, now=now, title=new)
    rows.write(row, "retitled", by=by, now=now, title=new, was={"title": old})
    events.emit("incident.retitled", now=now, incident_id=row.pk)
    return incident_queries.facts_of(row)


@transaction.atomic
def set_restricted(incident_id: int, restricted: bool, *, by: Actor, now: datetime) -> IncidentFacts:
    """From now on only role holders and administrators find it, or everybody again. Who restricts it stays in."""
    by.require("incident.restrict")
    row = rows.subject(incident_id, by)
    if row.restricted == restricted:
        return incident_queries.facts_of(row)
    rows.replace(row, "facts", seen=None, now=now, restricted=restricted)
    joined: list[list[Any]] = []
    inside = RoleHolding.objects.filter(incident=row, user=by.user_id, left_at=None).exists()
    if restricted and by.user_id is not None and not inside:
        RoleHolding.objects.create(incident=row, role="expert", user_id=by.user_id, joined_at=now)
        joined = [["expert", by.user_id]]
    rows.write(
        row, "restricted" if restricted else "unrestricted", by=by, now=now, restricted=restricted, joined=joined
    )
    promises.mark(row.pk, restricted=restricted, by=by, now=now)
    events.emit("incident.restricted", now=now, incident_id=row.pk, restricted=restricted)
    return incident_queries.facts_of(row)


@transaction.atomic
def set_drill(incident_id: int, drill: bool, *, by: Actor, now: datetime) -> IncidentFacts:
    """A rehearsal, or not. Refused once anybody outside was told (`incident.told_already`)."""
    by.require("incident.restrict")
    row = rows.subject(incident_id, by)
    if row.drill == drill:
        return incident_queries.facts_of(row)
    if row.first_notice_at is not None:
        raise Refused("incident.told_already")
    rows.replace(row, "facts", seen=None, now=now, drill=drill)
    rows.write(row, "drill" if drill else "no_drill", by=by, now=now, drill=drill)
    promises.mark(row.pk, drill=drill, by=by, now=now)
    return incident_queries.facts_of(row)


@transaction.atomic
def apply_policy(incident_id: int, version_id: int, *, by: Actor, now: datetime) -> IncidentFacts:
    """A person applies another version of the policy: what is owed from now on follows it, told times stand.

    Sooner times shorten what is open; later times hold only for promises made from now on.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    if row.policy_version_id == version_id:
        return incident_queries.facts_of(row)
    old, policy = row.policy_version_id, customers.policy_version(version_id)
    rows.replace(row, "facts", seen=None, now=now, policy_version_id=version_id)
    rows.write(row, "policy.applied", by=by, now=now, policy_version_id=version_id, policy=policy.name,
               number=policy.number, was={"policy_version_id": old})  # fmt: skip
    if row.state in WORKING:
        owing.raised(row, policy, by=by, now=now)
    row.refresh_from_db(fields=["next_due_at", "overdue"])
    return incident_queries.facts_of(row)


@transaction.atomic
def announce_cadence(
    incident_id: int, seconds: int | None, *, agreed: bool = False, by: Actor, now: datetime
) -> IncidentFacts:
    """A slower interval of updates was announced (None: the policy's again); silence may last as long.

    For SEV1 it must be agreed by the customer (`cadence.not_agreed`). Refuses more than 31 days.
    """
    by.require("update.publish")
    row = rows.subject(incident_id, by)
    if seconds is not None and not 60 <= seconds <= 31 * 86400:
        raise Refused("cadence.out_of_range")
    if seconds is not None and Severity(row.severity).stops_business and not agreed:
        raise Refused("cadence.not_agreed", severity=row.severity)
    rows.replace(row, "facts", seen=None, now=now, slow_cadence_s=seconds)
    rows.write(row, "cadence.announced", by=by, now=now, slow_cadence_s=seconds, agreed=agreed)
    return incident_queries.facts_of(row)


@transaction.atomic
def duplicate(incident_id: int, of: int, *, by: Actor, now: datetime) -> IncidentFacts:
    """This incident repeats `of`: its cases hang there from now on, every chain says so, and this one is dismissed.

    Refuses itself, a circle, and an original that is over.
    """
    by.require("incident.work")
    rows.lock([incident_id, of])
    row, original = rows.subject(incident_id, by), rows.subject(of, by)
    if row.pk == original.pk or original.duplicate_of_id is not None:
        raise Refused("incident.duplicate_circle", key=f"INC-{original.number}")
    if original.state not in (*WORKING, "restored"):
        raise Refused("case.incident_over", key=f"INC-{original.number}", state=original.state)
    rows.replace(row, "facts", seen=None, now=now, duplicate_of_id=original.pk)
    cases = list(Case.objects.filter(incident=row, state__in=case_queries.OPEN).order_by("id"))
    rows.write(row, "duplicate", by=by, now=now, duplicate_of=original.pk, original=original.number)
    rows.write(original, "duplicate.found", by=by, now=now, duplicate_id=row.pk, duplicate=row.number)
    came = affected.relink(cases, row, original, by=by, now=now)
    owing.word_owed(original, came, by=by, now=now)
    if row.state in WORKING:
        states.dismiss(row.pk, reason=f"INC-{original.number}", by=by, now=now)
    else:
        promises.settle_for_close(row.pk, by=CLOCK, now=now, notice="duplicate", everything=True)
    row.refresh_from_db()
    return incident_queries.facts_of(row)
