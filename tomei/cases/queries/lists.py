"""The page of incidents: filters by address, keyset paging, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Incident
from tomei.cases.queries.about_incidents import all_facts, opened, visible
from tomei.cases.rules import severity as severity_rules
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

STATES = ("open", "restored", "closed", "dismissed", "all")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` is open (worst first), or restored, closed, dismissed, all (newest first)."""

    state: str = "open"
    severity: str = ""
    product_id: int | None = None
    drill: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`next` continues after the last item; empty at the end."""

    items: list[IncidentFacts]
    next: str = ""


def page(filters: Filters, by: Actor, *, after: str = "", limit: int = PAGE) -> Page:
    """One page; refuses `list.unknown_filter` and `list.unreadable_cursor`."""
    rows = _filtered(visible(by), filters)
    by_rank = filters.state == "open"
    if after:
        rows = _after(rows, after, by_rank=by_rank)
    found = all_facts((rows.order_by("rank", "-id") if by_rank else rows.order_by("-id"))[: limit + 1])
    items = found[:limit]
    if len(found) <= limit:
        return Page(items)
    return Page(items, f"{items[-1].rank}.{items[-1].id}" if by_rank else str(items[-1].id))


def _filtered(rows: QuerySet[Incident], filters: Filters) -> QuerySet[Incident]:
    if filters.state not in STATES:
        raise Refused("list.unknown_filter", name="state", value=filters.state[:40])
    if filters.state == "open":
        rows = opened(rows)
    elif filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.severity:
        rows = rows.filter(severity=str(severity_rules.read(filters.severity)))
    if filters.product_id is not None:
        rows = rows.filter(product=filters.product_id)
    return rows if filters.drill is None else rows.filter(drill=filters.drill)


def _after(rows: QuerySet[Incident], after: str, *, by_rank: bool) -> QuerySet[Incident]:
    try:
        parts = [int(part) for part in after.split(".")]
        if len(parts) != (2 if by_rank else 1) or any(not -1 < part < 2**62 for part in parts):
            raise ValueError(after)
    except ValueError as error:
        raise Refused("list.unreadable_cursor", cursor=after[:40]) from error
    if not by_rank:
        return rows.filter(pk__lt=parts[0])
    return rows.filter(Q(rank=parts[0], pk__lt=parts[1]) | Q(rank__gt=parts[0]), rank__gte=parts[0])
