"""What every verb leaves behind, and that a refusal leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.people import NOW
from tomei.customers import actions, queries, rules
from tomei.customers.models import (
    Calendar,
    Component,
    Contact,
    Contract,
    Organisation,
    Policy,
    PolicyVersion,
    Product,
    Use,
)
from tomei.customers.tests.factories import MASTER, component, customer, default_policy_id
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[dict[str, Any]]]:
    kinds: tuple[Any, ...] = (Organisation, Contact, Contract, Product, Component, Use, Calendar, Policy, PolicyVersion)
    return {kind.__name__: list(kind._default_manager.order_by("pk").values()) for kind in kinds}


def refused(code: str, act: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert everything() == before


def test_the_house_is_founded_once() -> None:
    first = actions.found(Text("透明株式会社", "Tomei K.K."), "Asia/Tokyo", "ja", now=NOW)
    standing = everything()
    second = actions.found(Text("別の名前", "Other"), "Europe/Berlin", "en", now=NOW)
    assert first == second == queries.ours()
    assert everything() == standing
    policy = queries.default_policy()
    assert (policy.number, policy.terms, policy.calendar) == (1, rules.default_terms(), rules.default_calendar())


def test_a_house_elsewhere_has_no_japanese_holidays() -> None:
    actions.found(Text("", "Tomei GmbH"), "Europe/Berlin", "en", now=NOW)
    calendar = queries.default_policy().calendar
    assert calendar is not None
    assert (calendar.zone, calendar.country) == ("Europe/Berlin", "")


def test_before_the_house_there_is_nothing() -> None:
    assert queries.has_house() is False
    for ask in (queries.ours, queries.default_policy, lambda: queries.policy_for(None, None)):
        with pytest.raises(Missing):
            ask()


def test_an_organisation_is_added_edited_archived_and_returned(lead: Any, by_lead: Actor) -> None:
    made = actions.add_organisation(
        "customer", name=Text("東和精機", "Towa"), account_owner_id=lead.pk, by=by_lead, now=NOW
    )
    assert (made.kind, made.name, made.account_owner_id) == ("customer", Text("東和精機", "Towa"), lead.pk)
    actions.edit_organisation(
        made.id,
        name=Text("東和", ""),
        zone="Europe/Berlin",
        language="en",
        account_owner_id=None,
        seen=1,
        by=by_lead,
        now=NOW,
    )
    edited = queries.organisation(made.id)
    assert (edited.name, edited.zone, edited.language, edited.account_owner_id) == (
        Text("東和"),
        "Europe/Berlin",
        "en",
        None,
    )
    actions.archive_organisation(made.id, seen=2, by=by_lead, now=NOW)
    assert queries.organisation(made.id).is_archived
    assert queries.all_organisations("customer") == []
    actions.return_organisation(made.id, seen=3, by=by_lead, now=NOW)
    assert [found.id for found in queries.all_organisations("customer")] == [made.id]


def test_a_stale_write_says_who_was_first_and_changes_nothing(by_lead: Actor) -> None:
    made = customer(by=by_lead)
    edit = {"zone": "Asia/Tokyo", "language": "ja", "account_owner_id": None, "now": NOW}
    actions.edit_organisation(made, name=Text("一"), seen=1, by=by_lead, **edit)  # type: ignore[arg-type]
    before = everything()
    with pytest.raises(Stale) as stale:
        actions.edit_organisation(made, name=Text("二"), seen=1, by=MASTER, **edit)  # type: ignore[arg-type]
    assert (stale.value.code, stale.value.facts["who"]) == ("customers.stale", by_lead.name)
    assert everything() == before


def test_who_may_not_edit_customers_changes_nothing(by_colleague: Actor, by_watcher: Actor) -> None:
    made = customer()
    for by in (by_colleague, by_watcher):
        refused("rights.missing", partial(customer, by=by))
        refused("rights.missing", partial(actions.add_product, Text("x"), by=by, now=NOW))
        refused("rights.missing", partial(actions.set_uses, made, [], by=by, now=NOW))
        refused("rights.missing", partial(actions.add_policy, "x", by=by, now=NOW))
        refused("rights.missing", partial(actions.archive_organisation, made, seen=1, by=by, now=NOW))


def test_what_cannot_be_an_organisation_is_refused(outsider: Any) -> None:
    for code, change in (
        ("field.missing", {"name": Text()}),
        ("field.too_long", {"name": Text("あ" * 121)}),
        ("time.unknown_zone", {"zone": "Asia/Edo"}),
        ("field.not_a_choice", {"language": "fr"}),
        ("field.person_unknown", {"account_owner_id": outsider.pk}),
        ("field.person_unknown", {"account_owner_id": 10**9}),
        ("field.too_long", {"notes": "x" * 5001}),
    ):
        given: dict[str, Any] = {"name": Text("東和"), **change}
        refused(code, partial(actions.add_organisation, "customer", by=MASTER, now=NOW, **given))
    refused("field.not_a_choice", lambda: actions.add_organisation("ours", name=Text("x"), by=MASTER, now=NOW))


def test_ours_is_never_archived(house: Any) -> None:
    refused("organisation.ours_stays", lambda: actions.archive_organisation(house.pk, seen=1, by=MASTER, now=NOW))


def test_contacts_belong_to_one_organisation() -> None:
    mine, other = customer("東和"), customer("北浜")
    contact_id = actions.add_contact(
        mine, name="山田", mail="Yamada@Example.com", is_executive=True, by=MASTER, now=NOW
    )
    actions.add_contact(other, name="山田", mail="yamada@example.com", by=MASTER, now=NOW)
    refused(
        "contact.twice", lambda: actions.add_contact(mine, name="別", mail="yamada@example.com", by=MASTER, now=NOW)
    )
    theirs: dict[str, Any] = {"organisation_id": other, "seen": 1, "by": MASTER, "now": NOW}
    refused("organisation.not_theirs", lambda: actions.edit_contact(contact_id, name="x", mail="", **theirs))
    refused("organisation.not_theirs", lambda: actions.archive_contact(contact_id, **theirs))
    assert [(c.mail, c.is_executive) for c in queries.contacts(mine)] == [("yamada@example.com", True)]
    actions.archive_contact(contact_id, organisation_id=mine, seen=1, by=MASTER, now=NOW)
    assert queries.contacts(mine) == []
    actions.add_contact(mine, name="後任", mail="yamada@example.com", by=MASTER, now=NOW)


def test_updates_go_to_who_wants_them() -> None:
    mine = customer()
    for name, mail, gets in (("山田", "a@example.com", True), ("鈴木", "b@example.com", False), ("佐藤", "", True)):
        actions.add_contact(mine, name=name, mail=mail, gets_updates=gets, by=MASTER, now=NOW)
    assert [contact.mail for contact in queries.update_contacts([mine])] == ["a@example.com"]
    actions.archive_organisation(mine, seen=1, by=MASTER, now=NOW)
    assert queries.update_contacts([mine]) == []


def test_the_contract_for_a_product_decides_the_policy(house: Any) -> None:
    mine, other = customer("東和"), customer("北浜")
    product_id = actions.add_product(Text("受注"), by=MASTER, now=NOW)
    slow = actions.add_policy("緩やか", by=MASTER, now=NOW)
    assert queries.policy_for(mine, product_id) == queries.default_policy()
    actions.add_contract(mine, policy_id=default_policy_id(), by=MASTER, now=NOW)
    contract_id = actions.add_contract(
        mine, product_id=product_id, policy_id=slow.policy_id, renews_on=date(2027, 4, 1), by=MASTER, now=NOW
    )
    assert queries.policy_for(mine, product_id) == slow
    assert queries.policy_for(mine, None).policy_id == default_policy_id()
    assert {pk: facts.policy_id for pk, facts in queries.policies_for([mine, other], product_id).items()} == {
        mine: slow.policy_id,
        other: default_policy_id(),
    }
    held = queries.contract_of(mine, product_id)
    assert held is not None
    assert (held.id, held.renews_on) == (contract_id, date(2027, 4, 1))
    actions.archive_contract(contract_id, organisation_id=mine, seen=1, by=MASTER, now=NOW)
    assert queries.policy_for(mine, product_id).policy_id == default_policy_id()
    assert queries.contract_of(other, product_id) is None


def test_contracts_that_make_no_sense_are_refused(house: Any) -> None:
    mine, other = customer("東和"), customer("北浜")
    policy_id = default_policy_id()
    contract_id = actions.add_contract(mine, policy_id=policy_id, by=MASTER, now=NOW)

    def add(**given: Any) -> Callable[[], object]:
        return lambda: actions.add_contract(mine, **{"policy_id": policy_id, "by": MASTER, "now": NOW, **given})

    refused("field.not_a_choice", add(product_id=10**9))
    refused("field.not_a_choice", add(policy_id=10**9))
    refused("contract.ends_first", add(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)))
    refused(
        "organisation.not_theirs",
        lambda: actions.edit_contract(
            contract_id, organisation_id=other, product_id=None, policy_id=policy_id, seen=1, by=MASTER, now=NOW
        ),
    )
    with pytest.raises(Missing):
        actions.add_contract(10**9, policy_id=policy_id, by=MASTER, now=NOW)


def test_the_catalogue_names_parts_and_who_uses_them(lead: Any) -> None:
    product_id = actions.add_product(Text("受注", "Orders"), owner_id=lead.pk, top_tier_id=lead.pk, by=MASTER, now=NOW)
    api = actions.add_component(product_id, name=Text("受注API", "Order API"), declares=True, by=MASTER, now=NOW)
    hidden = actions.add_component(product_id, name=Text("台帳"), slug="ledger", is_public=False, by=MASTER, now=NOW)
    assert (queries.product(product_id).owner_id, queries.component(api).slug) == (lead.pk, "order-api")
    assert [part.id for part in queries.public_components()] == [api]
    assert set(queries.components_by_slug(["order-api", "ledger", "none"])) == {"order-api", "ledger"}
    refused(
        "component.slug_taken",
        lambda: actions.add_component(product_id, name=Text("二"), slug="ledger", by=MASTER, now=NOW),
    )
    mine, partner = customer("東和"), customer("協力", kind="partner")
    actions.set_uses(mine, [api, hidden], by=MASTER, now=NOW)
    actions.set_uses(partner, [api], by=MASTER, now=NOW)
    assert queries.users_of([hidden]) == [mine]
    assert queries.users_of([api, hidden]) == [mine, partner]
    refused("field.not_a_choice", lambda: actions.set_uses(mine, [api, 10**9], by=MASTER, now=NOW))
    actions.set_uses(mine, [hidden], by=MASTER, now=NOW)
    assert [part.id for part in queries.used_by(mine)] == [hidden]
    actions.archive_component(hidden, seen=1, by=MASTER, now=NOW)
    assert queries.used_by(mine) == []
    assert queries.component(hidden).is_archived


def test_a_product_with_people_who_left_or_no_team_is_refused(outsider: Any) -> None:
    refused("field.person_unknown", lambda: actions.add_product(Text("x"), owner_id=outsider.pk, by=MASTER, now=NOW))
    refused("field.not_a_choice", lambda: actions.add_product(Text("x"), team_id=10**9, by=MASTER, now=NOW))
    refused("field.not_a_number", lambda: actions.add_product(Text("x"), position=-1, by=MASTER, now=NOW))


def test_a_policy_grows_by_versions_that_never_change(house: Any) -> None:
    first = queries.default_policy()
    worst = replace(first.terms.of(Severity.SEV1A), update_s=600)
    faster = replace(first.terms, severities=(worst, *first.terms.severities[1:]))
    calendar_id = PolicyVersion.objects.get(pk=first.version_id).calendar_id

    def save(terms: rules.Terms, seen: int, reason: str = "契約更新") -> Any:
        return actions.add_version(
            first.policy_id, terms=terms, calendar_id=calendar_id, reason=reason, seen=seen, by=MASTER, now=NOW
        )

    second = save(faster, seen=1)
    assert (second.number, second.terms) == (2, faster)
    assert queries.default_policy() == second
    assert queries.policy_version(first.version_id) == first
    refused("policy.nothing_changed", lambda: save(faster, seen=2))
    refused("policy.no_reason", lambda: save(first.terms, seen=2, reason=" "))
    refused("policy.stale", lambda: save(first.terms, seen=1))
    assert queries.strictest([first, second]) == second


def test_a_policy_is_renamed_made_default_and_archived(house: Any) -> None:
    other = actions.add_policy("金融", by=MASTER, now=NOW)
    refused("policy.name_taken", lambda: actions.add_policy("金融", by=MASTER, now=NOW))
    actions.rename_policy(other.policy_id, "金融機関", by=MASTER, now=NOW)
    old = default_policy_id()
    refused("policy.default_stays", lambda: actions.archive_policy(old, by=MASTER, now=NOW))
    actions.make_default(other.policy_id, by=MASTER, now=NOW)
    assert queries.default_policy().name == "金融機関"
    mine = customer()
    actions.add_contract(mine, policy_id=old, by=MASTER, now=NOW)
    refused("policy.in_use", lambda: actions.archive_policy(old, by=MASTER, now=NOW))


def test_a_calendar_in_force_stays(house: Any) -> None:
    hours = {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}
    made = actions.add_calendar("月曜", zone="Asia/Tokyo", country="DE-BY", hours=hours, by=MASTER, now=NOW)
    refused(
        "calendar.name_taken",
        lambda: actions.add_calendar("月曜", zone="Asia/Tokyo", hours=hours, by=MASTER, now=NOW),
    )
    policy = actions.add_policy("月", calendar_id=made, by=MASTER, now=NOW)
    assert policy.calendar == rules.CalendarFacts.of("Asia/Tokyo", "DE-BY", hours)
    refused("calendar.in_use", lambda: actions.archive_calendar(made, seen=1, by=MASTER, now=NOW))
    actions.edit_calendar(
        made, name="火曜", zone="Asia/Tokyo", country="", hours={"1": [["09:00", "18:00"]]}, seen=1, by=MASTER, now=NOW
    )
    changed = queries.policy_version(policy.version_id).calendar
    assert changed == rules.CalendarFacts.of("Asia/Tokyo", "", {"1": [["09:00", "18:00"]]})
    idle = actions.add_calendar("空", zone="Asia/Tokyo", hours=hours, by=MASTER, now=NOW)
    actions.archive_calendar(idle, seen=1, by=MASTER, now=NOW)


def test_an_earlier_word_never_takes_back_a_later_one() -> None:
    mine, other = customer("東和"), customer("北浜")
    actions.record_word([mine, other], at=NOW)
    actions.record_word([mine], at=NOW - timedelta(minutes=5))
    actions.record_word([other], at=NOW + timedelta(minutes=5))
    assert [queries.organisation(pk).last_word_at for pk in (mine, other)] == [NOW, NOW + timedelta(minutes=5)]


def test_what_several_need_is_asked_once(house: Any, django_assert_num_queries: Any) -> None:
    ids = [customer(f"客{number}") for number in range(12)]
    part = component()
    for pk in ids:
        actions.add_contact(pk, name="担当", mail=f"c{pk}@example.com", by=MASTER, now=NOW)
        actions.add_contract(pk, policy_id=default_policy_id(), by=MASTER, now=NOW)
        actions.set_uses(pk, [part], by=MASTER, now=NOW)
    with django_assert_num_queries(1):
        assert queries.users_of([part]) == ids
    with django_assert_num_queries(1):
        assert len(queries.organisations(ids)) == 12
    with django_assert_num_queries(1):
        assert len(queries.update_contacts(ids)) == 12
    with django_assert_num_queries(1):
        assert len(queries.components([part])) == 1
    with django_assert_num_queries(2):
        assert len(queries.policies_for(ids, None)) == 12
