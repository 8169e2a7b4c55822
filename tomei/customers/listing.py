"""Rows for our own pages: lists by keyset, and one organisation with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tomei.customers import hooks
from tomei.customers.facts import PolicyFacts
from tomei.customers.models import (
    Calendar,
    Component,
    Contact,
    Contract,
    Organisation,
    Policy,
    PolicyVersion,
    Product,
)
from tomei.customers.queries import policy_facts
from tomei.kernel.errors import Missing

LIMIT = 50
NEVER = date(9999, 12, 31)
KINDS = ("customer", "vendor", "partner")
SORTS = ("entry", "renewal")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; everything unknown in it counts as not asked."""

    q: str = ""
    kind: str = ""
    archived: bool = False
    sort: str = "entry"
    after: str = ""

    @classmethod
    def of(cls, asked: Any) -> Filter:
        kind, sort = asked.get("kind", ""), asked.get("sort", "")
        return cls(
            q=asked.get("q", "").replace("\x00", "").strip()[:100],
            kind=kind if kind in KINDS else "",
            archived=asked.get("archived", "") == "1",
            sort=sort if sort in SORTS else "entry",
            after=asked.get("after", "")[:40],
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of the list."""

    row: Organisation
    renews_on: date | None
    open: hooks.OpenFacts


def organisations(sought: Filter, limit: int = LIMIT) -> tuple[list[Line], str]:
    """At most `limit` lines and the cursor of the next page, in two queries and what the hook needs."""
    rows = list(_after(_sought(sought), sought)[: limit + 1])
    shown = rows[:limit]
    opened = hooks.open_of([row.pk for row in shown])
    lines = [Line(row, _renewal(row), opened.get(row.pk, hooks.OpenFacts())) for row in shown]
    return lines, cursor(shown[-1], sought) if len(rows) > limit else ""


def _renewal(row: Organisation) -> date | None:
    day: date | None = row.renewal  # type: ignore[attr-defined]  # annotated in `_sought`
    return None if day == NEVER else day


def every(sought: Filter) -> Iterator[Line]:
    """All that is sought, page by page, for a download."""
    while True:
        lines, after = organisations(sought, 500)
        yield from lines
        if not after:
            return
        sought = Filter(sought.q, sought.kind, sought.archived, sought.sort, after)


def _sought(sought: Filter) -> QuerySet[Organisation]:
    rows = Organisation.objects.exclude(kind="ours").filter(archived_at__isnull=not sought.archived)
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    if sought.q:
        rows = rows.filter(Q(name__ja__icontains=sought.q) | Q(name__en__icontains=sought.q))
    first = Contract.objects.filter(organisation=OuterRef("pk"), archived_at=None).exclude(renews_on=None)
    renewal = Subquery(first.order_by("renews_on").values("renews_on")[:1])
    rows = rows.select_related("account_owner").annotate(renewal=Coalesce(renewal, NEVER))
    return rows.order_by("renewal", "id") if sought.sort == "renewal" else rows.order_by("id")


def _after(rows: QuerySet[Organisation], sought: Filter) -> QuerySet[Organisation]:
    day, _, pk = sought.after.rpartition("~")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return rows
    if sought.sort != "renewal":
        return rows.filter(pk__gt=int(pk))
    try:
        reached = date.fromisoformat(day)
    except ValueError:
        return rows
    return rows.filter(Q(renewal__gt=reached) | Q(renewal=reached, pk__gt=int(pk)))


def cursor(row: Organisation, sought: Filter) -> str:
    day = getattr(row, "renewal", NEVER)
    return f"{day.isoformat()}~{row.pk}" if sought.sort == "renewal" else f"~{row.pk}"


def organisation(pk: int) -> Organisation:
    """The row with account owner, contacts, contracts and uses at hand; ours is not among customers."""
    row = (
        Organisation.objects.exclude(kind="ours")
        .select_related("account_owner")
        .prefetch_related(
            Prefetch("contacts", Contact.objects.order_by(F("archived_at").asc(nulls_first=True), "id")),
            Prefetch("contracts", Contract.objects.select_related("product", "policy").order_by("-id")),
            Prefetch("uses__component", Component.objects.select_related("product")),
        )
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Missing(f"organisation {pk}")
    return row


def contact(pk: int, organisation_id: int) -> Contact:
    """Somebody else's contact is not there."""
    row = Contact.objects.filter(pk=pk, organisation=organisation_id).first()
    if row is None:
        raise Missing(f"contact {pk}")
    return row


def contract(pk: int, organisation_id: int) -> Contract:
    row = Contract.objects.filter(pk=pk, organisation=organisation_id).first()
    if row is None:
        raise Missing(f"contract {pk}")
    return row


def catalogue() -> list[Product]:
    """Every product with its people and components, archived ones last, in two queries."""
    parts = Component.objects.order_by(F("archived_at").asc(nulls_first=True), "position", "id")
    rows = Product.objects.select_related("owner", "team", "top_tier", "sponsor").prefetch_related(
        Prefetch("components", parts)
    )
    return list(rows.order_by(F("archived_at").asc(nulls_first=True), "position", "id"))


def product(pk: int) -> Product:
    row = Product.objects.filter(pk=pk).first()
    if row is None:
        raise Missing(f"product {pk}")
    return row


def component(pk: int) -> Component:
    row = Component.objects.select_related("product").filter(pk=pk).first()
    if row is None:
        raise Missing(f"component {pk}")
    return row


def policies() -> list[Policy]:
    """Every policy with its versions, newest first; the default leads."""
    versions = PolicyVersion.objects.select_related("calendar").order_by("-number")
    rows = Policy.objects.prefetch_related(Prefetch("versions", versions))
    return list(rows.order_by(F("archived_at").asc(nulls_first=True), "-is_default", "id"))


def policy(pk: int) -> Policy:
    versions = PolicyVersion.objects.select_related("calendar").order_by("-number")
    row = Policy.objects.prefetch_related(Prefetch("versions", versions)).filter(pk=pk).first()
    if row is None:
        raise Missing(f"policy {pk}")
    return row


def versions_of(policy_id: int) -> list[PolicyFacts]:
    """Every version of a policy, newest first, for who compares what runs under an older one."""
    rows = PolicyVersion.objects.select_related("policy", "calendar").filter(policy=policy_id).order_by("-number")
    return [policy_facts(row) for row in rows]


def offered_policies() -> list[Policy]:
    return list(Policy.objects.filter(archived_at=None).order_by("-is_default", "id"))


def calendars(*, archived: bool = True) -> list[Calendar]:
    rows = Calendar.objects.order_by(F("archived_at").asc(nulls_first=True), "-is_default", "id")
    return list(rows if archived else rows.filter(archived_at=None))


def calendar(pk: int) -> Calendar:
    row = Calendar.objects.filter(pk=pk).first()
    if row is None:
        raise Missing(f"calendar {pk}")
    return row


def organisations_of_contacts(contact_ids: Iterable[int]) -> dict[int, int]:
    """Contact -> their organisation; archived ones are not there."""
    return dict(Contact.objects.filter(pk__in=set(contact_ids), archived_at=None).values_list("pk", "organisation_id"))


def contact_names(contact_ids: Iterable[int]) -> dict[int, str]:
    """By id, also of those who have left; unknown ids are left out."""
    return dict(Contact.objects.filter(pk__in=set(contact_ids)).values_list("pk", "name"))
