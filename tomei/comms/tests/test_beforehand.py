"""First notices that go out by themselves: written, approved, chosen; off by default."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.comms.beforehand import actions as firsts
from tomei.comms.beforehand import queries as waiting
from tomei.comms.beforehand import rules
from tomei.comms.beforehand.rules import FirstText
from tomei.comms.models import FirstText as Row
from tomei.comms.tests.beforehand import TEXT, approved, switch_on
from tomei.comms.tests.factories import World, world
from tomei.customers.rules import default_terms
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import Text


@pytest.fixture
def by_second(db: None) -> Actor:
    """Another commander."""
    return doors.actor(person("伊藤 遥", "second@tomei.test", "commander"))


@pytest.fixture
def text(house: Any, by_lead: Actor, by_second: Actor) -> FirstText:
    """Written by one commander, approved by another."""
    return approved(by=by_lead, of=by_second)


@pytest.fixture
def here(text: FirstText, by_lead: Actor, lead: Any) -> World:
    switch_on()
    return world(by_lead, owner=lead)


def state(here: World) -> str:
    found = waiting.of_incident(here.incident.id)
    return found.state if found else ""


# Texts


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"key": "No Spaces"}, "template.bad_key"),
        ({"name": Text("", "x")}, "template.no_name"),
        ({"parts": {}}, "template.no_words"),
        ({"parts": {**TEXT.parts, "scope": Text("全員 {next}", "All {next}")}}, "first.part"),
        ({"parts": {**TEXT.parts, "internal": Text("a", "b")}}, "first.part"),
        ({"parts": {"effect": Text("障害です。", "It fails.")}}, "first.no_next"),
        ({"parts": {"effect": Text("障害です。{next}", "")}}, "template.half"),
        ({"parts": {"effect": Text("{next}{who}", "{next}{who}")}}, "template.unknown_place"),
        ({"parts": {"ask": Text("{next}", "{next}")}}, "update.no_effect"),
        ({"severities": ("SEV9",)}, "first.unknown_severity"),
        ({"products": (99,)}, "first.unknown_product"),
        ({"components": (99,)}, "first.unknown_component"),
        ({"parts": {"effect": Text("{next}、賠償いたします。", "{next}. We will compensate you.")}}, "first.liability"),
        ({"parts": {"effect": Text("{next}、AWSのせいです。", "It is the fault of AWS. {next}")}}, "update.guard"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_cannot_go_by_itself_is_refused(house: Any, by_second: Actor, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        firsts.save_text(replace(TEXT, **given), seen=0, by=by_second, now=NOW)
    assert refused.value.code == code
    assert Row.objects.count() == 0


@pytest.mark.django_db
def test_its_author_does_not_approve_it_and_an_edit_voids_the_approval(
    house: Any, by_lead: Actor, by_second: Actor, by_colleague: Actor
) -> None:
    firsts.save_text(TEXT, seen=0, by=by_second, now=NOW)
    with pytest.raises(Refused, match=r"review\.own_words"):
        firsts.approve_text("first", seen=1, by=by_second, now=NOW)
    with pytest.raises(Refused, match=r"rights\.missing"):
        firsts.approve_text("first", seen=1, by=by_colleague, now=NOW)
    assert not waiting.one("first").may_go
    done = firsts.approve_text("first", seen=1, by=by_lead, now=NOW)
    assert (done.may_go, done.approved_by_name) == (True, by_lead.name)
    with pytest.raises(Refused, match=r"first\.approved"):
        firsts.approve_text("first", seen=1, by=by_lead, now=NOW)
    edited = firsts.save_text(replace(TEXT, name=Text("初報", "First")), seen=1, by=by_lead, now=NOW)
    assert (edited.version, edited.may_go) == (2, False)
    with pytest.raises(Stale):
        firsts.approve_text("first", seen=1, by=by_second, now=NOW)
    assert not waiting.one("first").may_go
    with pytest.raises(Missing):
        firsts.approve_text("nothing", seen=1, by=by_second, now=NOW)


@pytest.mark.django_db
def test_archived_it_goes_no_more_and_brought_back_it_needs_approval_anew(text: FirstText, by_lead: Actor) -> None:
    firsts.archive_text("first", seen=1, by=by_lead, now=NOW)
    back = firsts.archive_text("first", archived=False, seen=2, by=by_lead, now=NOW)
    assert (back.version, back.is_archived, back.may_go) == (3, False, False)


def test_the_closest_text_is_chosen() -> None:
    ready = replace(TEXT, approved_at=NOW)
    general, severe = replace(ready, key="a"), replace(ready, key="b", severities=("SEV1a",))
    product, component = replace(ready, key="c", products=(1,)), replace(ready, key="d", components=(7,))
    every = [general, severe, product, component, replace(TEXT, key="0", components=(7,))]

    def chosen(severity: str, product_id: int | None, components: tuple[int, ...]) -> str:
        found = rules.choose(every, severity=severity, product_id=product_id, components=components)
        return found.key if found else ""

    assert chosen("SEV1a", 1, (7, 8)) == "d"
    assert chosen("SEV1a", 1, (8,)) == "c"
    assert chosen("SEV1a", None, ()) == "b"
    assert chosen("SEV2", 2, ()) == "a"
    assert rules.choose([replace(ready, is_archived=True)], severity="SEV2", product_id=1, components=()) is None


def test_off_by_default_and_refused_when_later_than_the_notice() -> None:
    terms = default_terms()
    assert {own.first_alone_after_s for _, own in terms.items()} == {None}
    values = terms.as_json()
    values["severities"]["SEV1a"] |= {"first_alone": True}
    assert type(terms).of_json(values).of("SEV1a").first_alone_after_s == 240
    values["severities"]["SEV1a"] |= {"first_alone_s": 301}
    with pytest.raises(Refused, match=r"policy\.first_alone_late"):
        type(terms).of_json(values)
