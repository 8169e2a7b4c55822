"""Templates: filled from the incident, refused with an unknown place, in versions, offered where they fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.people import NOW
from tomei.comms import actions, guards, offering, queries, rules
from tomei.comms.models import Template
from tomei.comms.tests.factories import World, update, world
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text

OURS = rules.Template(
    "shipping", Text("出荷", "Shipping"),
    {"effect": Text("{product}の出荷が遅れています。", "{product}: shipments are late.")},
    ("investigating",), ("affected",),
)  # fmt: skip


@pytest.fixture
def here(house: Any, by_lead: Actor, lead: Any) -> World:
    return world(by_lead, owner=lead)


@pytest.mark.parametrize("one", rules.SHIPPED, ids=lambda one: one.key)
def test_every_shipped_template_is_whole_and_passes_the_guards(one: rules.Template) -> None:
    assert rules.check_template(one) == one
    facts = {place: Text("受注クラウド", "Order Cloud") for place in rules.PLACES}
    known = guards.Facts(names=("受注クラウド", "Order Cloud"), first=True)
    parts = {name: text for name, text in rules.filled(one.parts, facts).items() if name in rules.TOLD}
    assert guards.check_parts(parts, {"ja": known, "en": known}) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"key": "No Spaces"}, "template.bad_key"),
        ({"name": Text("出荷", "")}, "template.no_name"),
        ({"parts": {}}, "template.no_words"),
        ({"parts": {"internal": Text("a", "b")}}, "template.no_words"),
        ({"parts": {"effect": Text("出荷", "")}}, "template.half"),
        ({"parts": {"effect": Text("{customer}", "{customer}")}}, "template.unknown_place"),
        ({"parts": {"effect": Text("{product", "x")}}, "template.unknown_place"),
        ({"parts": {"nonsense": Text("a", "b")}}, "update.unknown_part"),
        ({"parts": {"effect": Text("a" * 5001, "b")}}, "update.too_long"),
        ({"states": ("broken",)}, "template.unknown_fit"),
    ],
)
def test_what_cannot_be_filled_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_template(replace(OURS, **given))
    assert refused.value.code == code


def test_it_is_offered_for_its_state_and_audience() -> None:
    assert rules.fits(OURS, "investigating", ("affected", "internal"))
    assert rules.fits(OURS, "investigating", ("customer:7",))
    assert not rules.fits(OURS, "restored", ("affected",))
    assert not rules.fits(OURS, "investigating", ("internal",))
    assert not rules.fits(replace(OURS, is_archived=True), "investigating", ("affected",))


@pytest.mark.django_db
def test_the_incident_fills_it_and_the_next_time_comes_when_it_is_sent(here: World, by_lead: Actor) -> None:
    first = offering.one("first")
    words = offering.begun(first, here.incident, NOW)
    assert words["effect"].en == "Order Cloud is failing. We are sorry. This is a failure of our service."
    assert words["known"].ja.startswith("影響が出ている部分: 出荷（14:00 JST (05:00 UTC)から）")
    assert "{next}" in words["doing"].en
    told = actions.publish(
        here.incident.id, update(parts=words, template=first.ref), by=by_lead, now=NOW, confirmed=True
    )
    assert told.parts["doing"].en.endswith("We write again by 14:15 JST (05:15 UTC).")
    assert (told.template, told.overruled) == ("first v0", ())


@pytest.mark.django_db
def test_a_text_that_waits_for_a_time_needs_one(here: World, by_lead: Actor) -> None:
    words = offering.begun(offering.one("first"), here.incident, NOW)
    with pytest.raises(Refused, match=r"template\.no_next"):
        actions.publish(here.incident.id, update(parts=words, next_at=None), by=by_lead, now=NOW, confirmed=True)
    assert queries.of_incident(here.incident.id) == []


@pytest.mark.django_db
def test_versions_and_two_who_change_at_once(house: Any, by_lead: Actor, by_admin: Actor) -> None:
    assert actions.save_template(OURS, seen=0, by=by_lead, now=NOW).version == 1
    other = replace(OURS, parts={"effect": Text("遅れ", "late")})
    assert actions.save_template(other, seen=1, by=by_admin, now=NOW).version == 2
    with pytest.raises(Stale, match=r"template\.stale"):
        actions.save_template(OURS, seen=1, by=by_lead, now=NOW)
    assert [row.version for row in offering.versions("shipping")] == [2, 1]
    assert offering.one("shipping").parts["effect"].en == "late"


@pytest.mark.django_db
def test_the_house_changes_a_shipped_one_and_takes_it_away(house: Any, by_lead: Actor) -> None:
    mine = replace(offering.one("first"), parts=OURS.parts)
    actions.save_template(mine, seen=0, by=by_lead, now=NOW)
    assert offering.one("first").ref == "first v1"
    actions.archive_template("first", seen=1, by=by_lead, now=NOW)
    assert "first" not in {one.key for one in offering.offered("investigating", ("affected",))}
    actions.archive_template("first", archived=False, seen=2, by=by_lead, now=NOW)
    assert "first" in {one.key for one in offering.offered("investigating", ("affected",))}


@pytest.mark.django_db
def test_who_may_not_edit_changes_nothing(house: Any, by_colleague: Actor) -> None:
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.save_template(OURS, seen=0, by=by_colleague, now=NOW)
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.save_words("WMS", by=by_colleague, now=NOW)
    assert (Template.objects.count(), queries.house_words()) == (0, frozenset())


@pytest.mark.django_db
def test_the_words_of_the_house(here: World, by_admin: Actor, by_lead: Actor) -> None:
    parts = {"effect": Text("GSLBが止まっています。", "The GSLB is down.")}
    assert {one.guard for one in actions.findings(here.incident.id, parts, by=by_lead)} == {"jargon"}
    assert actions.save_words("GSLB, WMS、GSLB", by=by_admin, now=NOW) == ["GSLB", "WMS"]
    assert actions.findings(here.incident.id, parts, by=by_lead) == []
    with pytest.raises(Refused, match=r"words\.too_many"):
        actions.save_words("\n".join(f"W{n}" for n in range(501)), by=by_admin, now=NOW)
    assert queries.house_words() == {"GSLB", "WMS"}


@pytest.mark.django_db
def test_a_template_sent_unchanged_three_times_is_no_news(here: World, by_lead: Actor) -> None:
    said = Text("担当者が調べています。次の報告は{next}までに出します。", "Our people look. We write by {next}.")
    words = {"doing": said}
    for minute in (0, 1):
        reasons = {
            one.key: "the customer wants a sign of life"
            for one in actions.findings(here.incident.id, words, by=by_lead, audiences=("affected", "internal"))
        }
        parts = offering.with_next(words, update(NOW).next_at, NOW)
        reasons |= {
            one.key: "the customer wants a sign of life"
            for one in actions.findings(here.incident.id, parts, by=by_lead, audiences=("affected", "internal"))
        }
        actions.publish(
            here.incident.id, update(NOW, parts=words, overrules=reasons), by=by_lead, now=NOW, confirmed=True
        )
        assert minute < 2
    with pytest.raises(Refused, match=r"update\.guard"):
        actions.publish(here.incident.id, update(NOW, parts=words), by=by_lead, now=NOW, confirmed=True)
