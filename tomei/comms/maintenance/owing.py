"""The promises of a maintenance: told ahead, start, end, the next time while it runs, the other language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tomei.comms.maintenance import rules
from tomei.comms.maintenance.facts import NoticeFacts
from tomei.comms.models import Maintenance
from tomei.comms.rules import missing_language
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries
from tomei.promises import rules as kinds
from tomei.promises.facts import New

RANK = 3  # they climb as a SEV3 does
WINDOW = ("maintenance_start", "maintenance_end")


def make(row: Maintenance, kind: str, due_at: datetime, *, by: Actor, now: datetime, audience: str = "") -> None:
    make_many(row, [(kind, due_at, audience)], by=by, now=now)


def make_many(row: Maintenance, wanted: Iterable[tuple[str, datetime, str]], *, by: Actor, now: datetime) -> None:
    title, ours, team_id = Text.of(row.title), customers.ours().id, _team(row)
    news = []
    for kind, due_at, audience in wanted:
        words = kinds.kind(kind).words
        news.append(
            New(
                kind=kind, owed_by=ours, due_at=due_at, rank=RANK, maintenance_id=row.pk, audience=audience,
                about=f"maintenance:{row.pk}", owner_id=row.owner_id, team_id=team_id, told=kinds.kind(kind).told,
                text=Text(f"{words.ja}：{title.said_in('ja')}", f"{words.en}: {title.said_in('en')}"),
            )
        )  # fmt: skip
    promises.make_many(news, by=by, now=now)


def _team(row: Maintenance) -> int | None:
    found = customers.components(pk for pk, _impact in row.components)
    product_id = next((one.product_id for one in found.values()), None)
    return customers.product(product_id).team_id if product_id is not None else None


def window(row: Maintenance, *, by: Actor, now: datetime) -> None:
    """The start and the end that were just told."""
    due = ((WINDOW[0], rules.start_due(row.starts_at), ""), (WINDOW[1], row.ends_at, ""))
    make_many(row, due, by=by, now=now)


def keep(row: Maintenance, kind: str, notice: NoticeFacts, *, by: Actor, now: datetime) -> None:
    promises.keep(kind, maintenance_id=row.pk, act=f"notice:{notice.id}", by=by, now=now)


def take_back(row: Maintenance, kind_names: Iterable[str], reason: str, *, by: Actor, now: datetime) -> None:
    """Told times end with notice: withdrawn, or missed where they had passed."""
    wanted = set(kind_names)
    for one in promise_queries.of_maintenance(row.pk):
        if one.state == "open" and one.kind in wanted:
            promises.withdraw(one.id, reason=reason[:2000], by=by, now=now)


def spoke(row: Maintenance, notice: NoticeFacts, *, by: Actor, now: datetime) -> None:
    """A notice keeps the next time that was named before, names another, and owes the language that it lacks."""
    act = f"notice:{notice.id}"
    for audience in row.audiences:
        kept = promises.keep("next_update", maintenance_id=row.pk, audience=audience, act=act, by=by, now=now)
        for promise_id in kept if audience == "public" else ():  # the page is the channel, and takes it at once
            promises.reached(promise_id, now=now)
    wanted = [("next_update", notice.next_at, audience) for audience in row.audiences if notice.next_at]
    make_many(row, wanted, by=by, now=now)
    if notice.translation_due_at is not None:
        make(row, "translation", notice.translation_due_at, audience=missing_language(notice.languages), by=by, now=now)
