"""Products, their components, and who uses which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.customers.actions.writing import known_people, replace, row_of
from tomei.customers.models import Component, Organisation, Product, Use
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text


def _product(name: Text, people: dict[str, int | None], team_id: int | None, position: int) -> dict[str, object]:
    known_people(**people)
    if team_id is not None:
        try:
            accounts.team(team_id)
        except Missing as error:
            raise Refused("field.not_a_choice", field="team_id", value=team_id) from error
    return {
        "name": words.said(name, "name").as_json(),
        "team_id": team_id,
        "position": _position(position),
        **people,
    }


def _position(position: int) -> int:
    if not 0 <= position <= 9999:
        raise Refused("field.not_a_number", field="position", value=position, least=0, most=9999)
    return position


@transaction.atomic
def add_product(
    name: Text,
    *,
    owner_id: int | None = None,
    team_id: int | None = None,
    top_tier_id: int | None = None,
    sponsor_id: int | None = None,
    position: int = 0,
    by: Actor,
    now: datetime,
) -> int:
    """A product; `owner_id` is accountable for its incidents until someone takes them."""
    by.require("customer.edit")
    people = {"owner_id": owner_id, "top_tier_id": top_tier_id, "sponsor_id": sponsor_id}
    row = Product.objects.create(changed_by=by.name, changed_at=now, **_product(name, people, team_id, position))
    audit.record("product.added", by=by, now=now, product_id=row.pk, name=row.name)
    events.emit("catalogue.changed", now=now, product_id=row.pk)
    return row.pk


@transaction.atomic
def edit_product(
    product_id: int,
    *,
    name: Text,
    owner_id: int | None,
    team_id: int | None,
    top_tier_id: int | None,
    sponsor_id: int | None,
    position: int = 0,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace what the form shows; `Stale` when somebody changed it since version `seen`."""
    by.require("customer.edit")
    people = {"owner_id": owner_id, "top_tier_id": top_tier_id, "sponsor_id": sponsor_id}
    values = _product(name, people, team_id, position)
    replace(Product, product_id, seen=seen, by=by, now=now, **values)
    audit.record("product.edited", by=by, now=now, product_id=product_id, **values)
    events.emit("catalogue.changed", now=now, product_id=product_id)


@transaction.atomic
def archive_product(product_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    """Its components leave every list of new work with it."""
    by.require("customer.edit")
    replace(Product, product_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("product.archived", by=by, now=now, product_id=product_id)
    events.emit("catalogue.changed", now=now, product_id=product_id)


@transaction.atomic
def return_product(product_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    by.require("customer.edit")
    replace(Product, product_id, seen=seen, by=by, now=now, archived_at=None)
    audit.record("product.returned", by=by, now=now, product_id=product_id)
    events.emit("catalogue.changed", now=now, product_id=product_id)


def _component(name: Text, group: Text, slug: str, declares_as: str, position: int) -> dict[str, object]:
    clean = words.said(name, "name")
    try:
        severity = Severity(declares_as)
    except ValueError as error:
        raise Refused("field.not_a_choice", field="declares_as", value=declares_as[:20]) from error
    return {
        "name": clean.as_json(),
        "group": words.said(group, "group", required=False).as_json(),
        "slug": words.slug(slug or words.slug_of(clean)),
        "declares_as": severity.value,
        "position": _position(position),
    }


@transaction.atomic
def add_component(
    product_id: int,
    *,
    name: Text,
    group: Text | None = None,
    slug: str = "",
    is_public: bool = True,
    declares: bool = False,
    declares_as: str = Severity.SEV1B.value,
    position: int = 0,
    by: Actor,
    now: datetime,
) -> int:
    """A part that can fail by itself. Without a slug one is made from the English name; a taken slug is refused."""
    by.require("customer.edit")
    row_of(Product, product_id)
    values = _component(name, group or Text(), slug, declares_as, position)
    try:
        with transaction.atomic():
            row = Component.objects.create(
                product_id=product_id,
                is_public=is_public,
                declares=declares,
                created_at=now,
                changed_by=by.name,
                changed_at=now,
                **values,
            )
    except IntegrityError as error:
        raise Refused("component.slug_taken", field="slug", slug=values["slug"]) from error
    audit.record("component.added", by=by, now=now, component_id=row.pk, slug=row.slug, declares=declares)
    events.emit("catalogue.changed", now=now, product_id=product_id)
    return row.pk


@transaction.atomic
def edit_component(
    component_id: int,
    *,
    name: Text,
    group: Text | None = None,
    slug: str,
    is_public: bool,
    declares: bool,
    declares_as: str = Severity.SEV1B.value,
    position: int = 0,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace what the form shows; turning `declares` on lets a critical alert declare by itself, and is audited."""
    by.require("customer.edit")
    values = _component(name, group or Text(), slug, declares_as, position)
    try:
        with transaction.atomic():
            row = replace(
                Component, component_id, seen=seen, by=by, now=now, is_public=is_public, declares=declares, **values
            )
    except IntegrityError as error:
        raise Refused("component.slug_taken", field="slug", slug=values["slug"]) from error
    audit.record(
        "component.edited", by=by, now=now, component_id=component_id, is_public=is_public, declares=declares, **values
    )
    events.emit("catalogue.changed", now=now, product_id=row.product_id)


@transaction.atomic
def archive_component(component_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    """Off the status page and out of every choice; old incidents still name it."""
    by.require("customer.edit")
    row = replace(Component, component_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("component.archived", by=by, now=now, component_id=component_id)
    events.emit("catalogue.changed", now=now, product_id=row.product_id)


@transaction.atomic
def return_component(component_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    by.require("customer.edit")
    row = replace(Component, component_id, seen=seen, by=by, now=now, archived_at=None)
    audit.record("component.returned", by=by, now=now, component_id=component_id)
    events.emit("catalogue.changed", now=now, product_id=row.product_id)


@transaction.atomic
def set_uses(organisation_id: int, component_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """The organisation uses exactly these components; an unknown one is refused and nothing changes."""
    by.require("customer.edit")
    row_of(Organisation, organisation_id)
    wanted = set(component_ids)
    possible = [pk for pk in wanted if 0 < pk < 2**63]  # no database can even look for any other number
    if Component.objects.filter(pk__in=possible).count() != len(wanted):
        raise Refused("field.not_a_choice", field="components", value=", ".join(map(str, sorted(wanted)))[:60])
    held = set(Use.objects.filter(organisation=organisation_id).values_list("component_id", flat=True))
    Use.objects.filter(organisation=organisation_id, component__in=held - wanted).delete()
    Use.objects.bulk_create(
        [Use(organisation_id=organisation_id, component_id=pk) for pk in sorted(wanted - held)], ignore_conflicts=True
    )
    if wanted != held:
        audit.record(
            "uses.changed",
            by=by,
            now=now,
            organisation_id=organisation_id,
            added=sorted(wanted - held),
            removed=sorted(held - wanted),
        )
        events.emit("organisation.changed", now=now, organisation_id=organisation_id)
