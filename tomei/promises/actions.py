"""The only writers of promises. Each ends or makes rows, schedules the clock and emits, in one transaction.

Incident rows are locked before promise rows, in id order (`hooks.lock`); ending is a conditional UPDATE, so that
nothing ends twice. `make`, `keep` and their like are called by other features' actions, which have asked for the
rights of the act itself; `withdraw` and `take` are doors for people and ask for their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from tomei.kernel import bulk
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import hooks, queries, rows, rules
from tomei.promises.facts import New
from tomei.promises.models import Promise, Reach
from tomei.promises.rules.ending import Ending

_LONGEST_REASON = 2000


@transaction.atomic
def make(
    kind: str,
    *,
    incident_id: int | None = None,
    case_id: int | None = None,
    customer_id: int | None = None,
    signal_group_id: int | None = None,
    maintenance_id: int | None = None,
    owed_by: int,
    owed_to: int | None = None,
    audience: str = "",
    about: str = "",
    text: Text | None = None,
    owner_id: int | None = None,
    role: str = "",
    team_id: int | None = None,
    rank: int,
    due_at: datetime,
    told: bool = False,
    drill: bool = False,
    restricted: bool = False,
    by: Actor,
    now: datetime,
) -> int:
    """One open promise, its first step scheduled; returns its id. Refuses an unknown kind."""
    new = New(
        kind=kind, incident_id=incident_id, case_id=case_id, customer_id=customer_id, signal_group_id=signal_group_id,
        maintenance_id=maintenance_id, owed_by=owed_by, owed_to=owed_to, audience=audience, about=about, text=text,
        owner_id=owner_id, role=role,
        team_id=team_id, rank=rank, due_at=due_at, told=told, drill=drill, restricted=restricted,
    )  # fmt: skip
    return make_many([new], by=by, now=now)[0]


def make_many(news: Sequence[New], *, by: Actor, now: datetime) -> list[int]:
    """All of them or none, in the order given; incident rows are brought up to date once."""
    made = [rows.build(new, now) for new in news]
    with transaction.atomic(savepoint=False):
        bulk.create(connection, made)
        rows.schedule(made, now)
        rows.tell(made, "promise.made", now, by)
        rows.touched(made, now)
    return [row.pk for row in made]


def _matching(
    kind: str | None,
    *,
    incident_id: int | None = None,
    case_id: int | None = None,
    customer_id: int | None = None,
    signal_group_id: int | None = None,
    maintenance_id: int | None = None,
    audience: str | None = None,
    about: str | None = None,
    owed_to: int | None = None,
) -> QuerySet[Promise]:
    """Open promises that match every filter given. At least one of the roots must be given."""
    roots = {
        "incident_id": incident_id, "case_id": case_id, "customer_id": customer_id, "signal_group_id": signal_group_id,
        "maintenance_id": maintenance_id,
    }  # fmt: skip
    wanted: dict[str, Any] = {name: value for name, value in roots.items() if value is not None}
    if not wanted:
        raise Refused("promise.hangs_on_one")
    within = {"kind": kind, "audience": audience, "about": about, "owed_to_id": owed_to}
    wanted |= {name: value for name, value in within.items() if value is not None}
    return Promise.objects.filter(state="open", **wanted)


def _locked(found: QuerySet[Promise]) -> list[Promise]:
    """The rows of `found`, locked in id order, their incidents before them."""
    hooks.lock(sorted({pk for pk in found.values_list("incident_id", flat=True) if pk is not None}))
    return list(found.select_for_update().order_by("pk"))


@transaction.atomic
def keep(
    kind: str,
    *,
    now: datetime,
    by: Actor,
    incident_id: int | None = None,
    case_id: int | None = None,
    customer_id: int | None = None,
    signal_group_id: int | None = None,
    maintenance_id: int | None = None,
    audience: str | None = None,
    about: str | None = None,
    owed_to: int | None = None,
    act: str = "",
) -> list[int]:
    """The act was done at `now`: matching open promises end kept, or late by so many seconds. Returns their ids.

    `act` names what kept them (`update:5`), so that its delivery can be written down as their reaching.
    """
    found = _locked(
        _matching(
            kind, incident_id=incident_id, case_id=case_id, customer_id=customer_id, signal_group_id=signal_group_id,
            maintenance_id=maintenance_id, audience=audience, about=about, owed_to=owed_to,
        )
    )  # fmt: skip
    return rows.end([(row, rules.kept(row.due_at, now)) for row in found], by=by, now=now, act=act)


@transaction.atomic
def supersede(
    kind: str,
    *,
    now: datetime,
    by: Actor,
    incident_id: int | None = None,
    case_id: int | None = None,
    customer_id: int | None = None,
    signal_group_id: int | None = None,
    maintenance_id: int | None = None,
    audience: str | None = None,
    about: str | None = None,
    owed_to: int | None = None,
    reason: str = "superseded",
) -> list[int]:
    """A successor takes their place without the act: overdue ones end missed, untold ones are withdrawn.

    Refuses `promise.told` when a told time has not come yet: withdraw it with notice first. Nothing changes then.
    """
    found = _locked(
        _matching(
            kind, incident_id=incident_id, case_id=case_id, customer_id=customer_id, signal_group_id=signal_group_id,
            maintenance_id=maintenance_id, audience=audience, about=about, owed_to=owed_to,
        )
    )  # fmt: skip
    endings = [(row, rules.superseded(row.due_at, told=row.told, at=now)) for row in found]
    return rows.end(endings, by=by, now=now, reason=reason)


@transaction.atomic
def settle_for_close(
    incident_id: int | None = None,
    *,
    case_id: int | None = None,
    by: Actor,
    now: datetime,
    notice: str = "",
    everything: bool = False,
    reason: str = "closed",
) -> list[int]:
    """Nothing more is owed here: overdue promises end missed, the others are withdrawn. Returns the ids that ended.

    Kinds that outlive the closing (report, vendor, answer) stay open unless `everything` (a declaration in error);
    guarded ones (duties by law, answers to claims) stay open whatever happens here.
    Refuses `promise.told` for a told time still to come, unless `notice` says what those it was told to were told.
    """
    found = _locked(_matching(None, incident_id=incident_id, case_id=case_id))
    endings: list[tuple[Promise, Ending]] = [
        (row, rules.closed(row.due_at, told=row.told, noticed=bool(notice.strip()), at=now))
        for row in found
        if not rules.kind(row.kind).guarded and (everything or not rules.kind(row.kind).outlives)
    ]
    return rows.end(endings, by=by, now=now, reason=notice.strip() or reason)


@transaction.atomic
def withdraw(promise_id: int, *, reason: str, by: Actor, now: datetime) -> str:
    """Take a promise back with notice; returns how it ended: withdrawn, or missed when it was already broken.

    A told time needs `promise.withdraw`, any other `promise.work`; refused without a reason or when it has ended.
    Whoever wants a later time withdraws and makes a new promise: a told time never moves.
    """
    row = _one(promise_id, by)
    if by.kind != "clock":
        by.require("promise.withdraw" if row.told else "promise.work")
    if rules.kind(row.kind).guarded:
        raise Refused("promise.guarded", kind=rules.kind(row.kind).words.en)
    if len(reason) > _LONGEST_REASON:
        raise Refused("promise.reason_too_long", limit=_LONGEST_REASON)
    ending = rules.withdrawn(row.due_at, reason=reason, at=now)
    if not rows.end([(row, ending)], by=by, now=now, reason=reason.strip()):
        raise Refused("promise.ended", state=row.state)
    return str(ending.state)


@transaction.atomic
def keep_one(promise_id: int, *, act: str, by: Actor, now: datetime) -> list[int]:
    """What made this promise says that it was done at `now`; one that has ended already stands as it ended."""
    found = _locked(Promise.objects.filter(pk=promise_id, state="open"))
    return rows.end([(row, rules.kept(row.due_at, now)) for row in found], by=by, now=now, act=act)


@transaction.atomic
def drop_one(promise_id: int, *, reason: str, by: Actor, now: datetime) -> list[int]:
    """What made this promise takes it back, having told whom it concerns: withdrawn, or missed when already broken."""
    found = _locked(Promise.objects.filter(pk=promise_id, state="open"))
    endings = [(row, rules.withdrawn(row.due_at, reason=reason, at=now)) for row in found]
    return rows.end(endings, by=by, now=now, reason=reason)


def _one(promise_id: int, by: Actor) -> Promise:
    """The open promise, locked after its incident; `Missing` when hidden from `by`, refused when it has ended."""
    found = Promise.objects.filter(pk=promise_id)
    found = found if by.kind == "clock" else queries.visible(found, by)
    row = next(iter(_locked(found)), None)
    if row is None:
        raise Missing(f"promise {promise_id}")
    if row.state != rules.State.OPEN:
        raise Refused("promise.ended", state=row.state)
    return row


@transaction.atomic
def fulfil(promise_id: int, *, line: str = "", by: Actor, now: datetime) -> str:
    """A person saw that it was done: a vendor answered, an answer was used. Returns kept, or late.

    Only kinds that no verb of ours keeps; refuses `promise.kept_by_act` for the others, and one that has ended.
    """
    by.require("promise.work")
    row = _one(promise_id, by)
    if not rules.kind(row.kind).by_hand:
        raise Refused("promise.kept_by_act", kind=rules.kind(row.kind).words.en)
    ending = rules.kept(row.due_at, now)
    rows.end([(row, ending)], by=by, now=now, reason=line.strip()[:_LONGEST_REASON], act="by hand")
    return str(ending.state)


@transaction.atomic
def reown(promise_id: int, *, owner_id: int | None, by: Actor, now: datetime) -> None:
    """Somebody else (or, with None, the role alone) owns it from now on. Refuses one that has ended."""
    if by.kind != "clock":
        by.require("promise.work")
    _hand_over([_one(promise_id, by)], owner_id, by, now)


def take(promise_id: int, *, by: Actor, now: datetime) -> None:
    """It is mine from now on. Refuses an actor behind whom no person stands, and a promise that has ended."""
    if by.user_id is None:
        raise Refused("promise.nobody")
    reown(promise_id, owner_id=by.user_id, by=by, now=now)


@transaction.atomic
def reown_role(incident_id: int, *, role: str, owner_id: int | None, by: Actor, now: datetime) -> list[int]:
    """Whoever took or left `role` owns, or no longer owns, what that role owes in this incident."""
    found = _locked(Promise.objects.filter(state="open", incident_id=incident_id, role=role))
    return _hand_over(found, owner_id, by, now)


@transaction.atomic
def pass_on(incident_id: int, *, from_id: int, to_id: int, by: Actor, now: datetime) -> list[int]:
    """What this person owes in this incident goes to who relieved them."""
    found = _locked(Promise.objects.filter(state="open", incident_id=incident_id, owner_id=from_id))
    return _hand_over(found, to_id, by, now)


@transaction.atomic
def inherit(user_id: int, *, to_user_id: int | None, by: Actor, now: datetime) -> list[int]:
    """Everything open that this person owns goes to the deputy (or to the roles alone): a person left us."""
    return _hand_over(_locked(Promise.objects.filter(state="open", owner_id=user_id)), to_user_id, by, now)


def _hand_over(found: Sequence[Promise], owner_id: int | None, by: Actor, now: datetime) -> list[int]:
    moved = [row for row in found if row.owner_id != owner_id]
    Promise.objects.filter(pk__in=[row.pk for row in moved], state="open").update(owner_id=owner_id)
    for row in moved:
        old_id, row.owner_id = row.owner_id, owner_id
        rows.tell([row], "promise.reowned", now, by, old_owner_id=old_id)
    rows.touched(moved, now)
    return [row.pk for row in moved]


@transaction.atomic
def shorten(
    incident_id: int, *, rank: int, due: Mapping[str, datetime] | None = None, by: Actor, now: datetime
) -> list[int]:
    """Severity rose to `rank`: `due` maps kinds to their new due times. Returns the ids whose time moved.

    Untold promises fall due sooner and are warned about anew; told times, later times and what is overdue stand.
    All open promises of the incident climb with the new rank from now on.
    """
    found = _locked(Promise.objects.filter(state="open", incident_id=incident_id))
    shortened = [row.pk for row in found if _hurry(row, rank, (due or {}).get(row.kind), by, now)]
    fields = ["rank", "due_at", "since_at", "steps_done", "climbed_at", "next_step_at"]
    Promise.objects.bulk_update(found, fields)
    rows.schedule(found, now, rows.hurry_key_of)
    rows.touched(found, now)
    return shortened


def _hurry(row: Promise, rank: int, wanted_at: datetime | None, by: Actor, now: datetime) -> bool:
    """Raise the rank of `row` and, where it may, bring its due time forward; True when the time moved."""
    row.rank = min(row.rank, rules.rank_for(row.kind, rank))
    sooner = rules.shortened(row.due_at, wanted_at, told=row.told, now=now) if wanted_at else None
    if sooner is None:
        row.climbed_at = rules.hurried(row.climbed_at, row.rank, now)
        row.next_step_at = now if row.climbed_at else row.next_step_at  # the clock finds the next rung's moment
        return False
    old_at, row.due_at, row.since_at, row.steps_done = row.due_at, sooner, now, []
    row.next_step_at = rules.first_step_at(row.kind, now, sooner)
    rows.tell([row], "promise.shortened", now, by, old_due_at=old_at.isoformat())
    return True


@transaction.atomic
def forget_words(promise_id: int) -> None:
    """Its own words were erased where they were written down: it says its kind from now on."""
    Promise.objects.filter(pk=promise_id).update(text=Text().as_json())


@transaction.atomic
def tell(promise_ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """Their times were named to whom they are owed: from now on they are never moved in silence."""
    return Promise.objects.filter(pk__in=list(promise_ids), state="open", told=False).update(told=True)


@transaction.atomic
def mark(
    incident_id: int, *, drill: bool | None = None, restricted: bool | None = None, by: Actor, now: datetime
) -> int:
    """The incident became a drill or restricted, or no longer is; so are its promises, ended ones too."""
    wanted = {"drill": drill, "restricted": restricted}
    changes = {name: value for name, value in wanted.items() if value is not None}
    return Promise.objects.filter(incident_id=incident_id).update(**changes) if changes else 0


@transaction.atomic
def reached(
    promise_id: int | None = None,
    *,
    act: str = "",
    incident_id: int | None = None,
    organisation_id: int | None = None,
    now: datetime,
) -> list[int]:
    """A channel accepted what kept these promises: the first acceptance counts, and the first per organisation.

    Found by id, or by what kept them (`act`, within `incident_id` when given). Returns the ids reached for the
    first time. A promise owed to one organisation is reached only by a message to that one.
    """
    found = Promise.objects.filter(state__in=["kept", "late"])
    if promise_id is not None:
        found = found.filter(pk=promise_id)
    elif act:
        found = found.filter(act=act) if incident_id is None else found.filter(act=act, incident_id=incident_id)
    else:
        return []
    known = [
        row
        for row in found.values_list("pk", "owed_to_id", "reached_at")
        if row[1] is None or organisation_id is None or row[1] == organisation_id
    ]
    Reach.objects.bulk_create(
        [Reach(promise_id=row[0], organisation_id=organisation_id, at=now) for row in known], ignore_conflicts=True
    )
    fresh = [row[0] for row in known if row[2] is None]
    Promise.objects.filter(pk__in=fresh, reached_at=None).update(reached_at=now)
    return fresh
