"""`who`: who owns a product, whom its clock calls, and who leads what is open on it now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tomei.accounts import queries as accounts
from tomei.cases import queries as incidents
from tomei.customers import queries as customers
from tomei.customers.queries import ProductFacts
from tomei.integrations.slack import blocks
from tomei.integrations.slack.blocks import Reply
from tomei.integrations.slack.speech import Asked, named, page
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

LISTED = 10


def who(rest: str, asked: Asked) -> Reply:
    """Of the products whose name, or whose component's name, holds these words; without words of all."""
    asked.by.require("read")
    found = _found(rest)
    if not found:
        raise Refused("slack.unknown_product", name=rest[:60])
    names = _names(found)
    open_now = incidents.open_incidents(asked.by)
    sections = []
    for product in found[:LISTED]:
        lines = [product.name.said_in(asked.language), *_lines(product, names)]
        for one in open_now:
            if one.product_id == product.id:
                lines.append(f"{named(one, asked.language)} · {_owner(one.owner_id)}")
        sections.append(blocks.section("\n".join(lines)))
    whole = "\n".join(str(one["text"]["text"]) for one in sections)
    return Reply(whole, (*sections, blocks.actions(blocks.link(_("Open"), page("/settings/catalogue/")))))


def _found(rest: str) -> list[ProductFacts]:
    wanted = rest.strip().casefold()
    products = [one for one in customers.all_products() if not one.is_archived]
    if not wanted:
        return products
    by_part = {
        part.product_id
        for part in customers.components_of()
        if wanted == part.slug.casefold() or _holds(part.name, wanted)
    }
    return [one for one in products if one.id in by_part or _holds(one.name, wanted)]


def _holds(name: Text, wanted: str) -> bool:
    return wanted in name.ja.casefold() or wanted in name.en.casefold()


def _names(products: Iterable[ProductFacts]) -> dict[int, str]:
    """Everybody who may be named, once for all products; who has left is not there to be asked."""
    wanted = set()
    for one in products:
        lead = accounts.lead_of(one.team_id)
        wanted |= {pk for pk in (one.owner_id, one.top_tier_id, one.sponsor_id, lead) if pk is not None}
    return {pk: one.name for pk, one in accounts.people(wanted).items() if one.is_active}


def _lines(product: ProductFacts, names: dict[int, str]) -> list[str]:
    nobody = _("nobody")
    lead = accounts.lead_of(product.team_id)
    lines = [_("Owner: %(name)s") % {"name": names.get(product.owner_id or 0, nobody)}]
    if product.team_id is not None:
        team = accounts.team(product.team_id)
        lines.append(_("Team: %(team)s, led by %(name)s") % {"team": team.name, "name": names.get(lead or 0, nobody)})
    lines.append(_("Top tier: %(name)s") % {"name": names.get(product.top_tier_id or 0, nobody)})
    lines.append(_("Sponsor: %(name)s") % {"name": names.get(product.sponsor_id or 0, nobody)})
    return lines


def _owner(user_id: int | None) -> str:
    found = accounts.people([user_id]) if user_id is not None else {}
    return _("answers for it: %(name)s") % {"name": found[user_id].name if user_id in found else _("nobody")}
