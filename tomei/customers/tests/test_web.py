"""The pages: who sees and changes what, what comes back when a rule says no, and that lists stay flat in queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import NOW, signed_in
from tomei.customers import actions, hooks, queries, rules
from tomei.customers.models import Calendar, Component, Contact, Contract, Organisation, PolicyVersion, Product
from tomei.customers.rules import editing
from tomei.customers.tests.factories import MASTER, component, customer, default_policy_id
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def front(lead: Any, house: Any) -> Client:
    return signed_in(lead)


@pytest.fixture
def office(admin: Any, house: Any) -> Client:
    return signed_in(admin)


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    assert len(response.content) < 60_000
    return response.content.decode()


def addresses() -> list[str]:
    one, part = customer(), component()
    contact = actions.add_contact(one, name="山田", mail="y@example.com", by=MASTER, now=NOW)
    contract = actions.add_contract(one, policy_id=default_policy_id(), by=MASTER, now=NOW)
    product = queries.component(part).product_id
    policy, calendar = default_policy_id(), Calendar.objects.get().pk
    return [
        "/customers/",
        "/customers/?sort=renewal&kind=customer&q=%E6%9D%B1",
        "/customers/new/",
        "/customers/paste/",
        f"/customers/{one}/",
        f"/customers/{one}/edit/",
        f"/customers/{one}/contacts/new/",
        f"/customers/{one}/contacts/{contact}/",
        f"/customers/{one}/contracts/new/",
        f"/customers/{one}/contracts/{contract}/",
        "/settings/catalogue/",
        "/settings/catalogue/products/new/",
        f"/settings/catalogue/products/{product}/",
        f"/settings/catalogue/products/{product}/components/new/",
        f"/settings/catalogue/components/{part}/",
        "/settings/policies/",
        f"/settings/policies/{policy}/",
        "/settings/calendars/",
        "/settings/policies/new/",
        f"/settings/policies/{policy}/edit/",
        "/settings/calendars/new/",
        f"/settings/calendars/{calendar}/",
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_stands_in_both_languages(office: Client, language: str) -> None:
    for url in addresses():
        text = page(office, f"{url}{'&' if '?' in url else '?'}lang={language}")
        assert f'<html lang="{language}">' in text


def test_who_only_reads_sees_the_facts_and_no_form(watcher: Any, house: Any) -> None:
    client = signed_in(watcher)
    for url in addresses():
        is_form = any(
            part in url
            for part in ("/new/", "/edit/", "paste", "/contacts/", "/contracts/", "products/", "components/")
        )
        is_form = is_form or (url.startswith("/settings/calendars/") and url != "/settings/calendars/")
        text = page(client, url, 403 if is_form else 200)
        if not is_form:
            assert 'method="post" action="/customers' not in text
            assert 'method="post" action="/settings' not in text


def test_nobody_sees_anything_unless_signed_in(house: Any) -> None:
    for url in addresses():
        assert Client().get(url).status_code == 302


def test_a_customer_is_added_with_contact_contract_and_uses(front: Client, lead: Any) -> None:
    part = component()
    form = {
        "kind": "customer",
        "name.ja": "東和精機",
        "zone": "Asia/Tokyo",
        "language": "ja",
        "account_owner_id": lead.pk,
    }
    response = front.post("/customers/new/", form)
    row = Organisation.objects.get(kind="customer")
    assert (response.status_code, response["Location"]) == (303, f"/customers/{row.pk}/")
    assert (row.name, row.account_owner_id) == ({"ja": "東和精機", "en": ""}, lead.pk)
    person = {"name": "山田 花子", "mail": "y@example.com", "language": "ja", "gets_updates": "1"}
    assert front.post(f"/customers/{row.pk}/contacts/new/", person).status_code == 303
    contract = {"policy_id": default_policy_id(), "renews_on": "2027-04-01", "number": "K-1"}
    assert front.post(f"/customers/{row.pk}/contracts/new/", contract).status_code == 303
    assert front.post(f"/customers/{row.pk}/uses/", {"components": [part]}).status_code == 303
    assert queries.users_of([part]) == [row.pk]
    assert Contact.objects.get().is_executive is False
    assert str(Contract.objects.get().renews_on) == "2027-04-01"
    text = page(front, f"/customers/{row.pk}/")
    assert all(said in text for said in ("山田 花子", "K-1", "y@example.com", lead.name))


def test_what_was_typed_comes_back_with_the_reason(front: Client) -> None:
    form = {"kind": "customer", "name.ja": SCRIPT, "zone": "Asia/Edo", "language": "ja", "notes": SCRIPT}
    response = front.post("/customers/new/?lang=en", form)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Asia/Edo" in text
    assert SCRIPT not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    assert not Organisation.objects.filter(kind="customer").exists()


def test_script_in_every_name_is_only_text(front: Client) -> None:
    one = customer(SCRIPT)
    product = actions.add_product(Text(SCRIPT, SCRIPT), by=MASTER, now=NOW)
    actions.add_component(product, name=Text(SCRIPT), group=Text(SCRIPT), slug="x", by=MASTER, now=NOW)
    actions.add_contact(one, name=SCRIPT, title=SCRIPT, phone=SCRIPT[:40], by=MASTER, now=NOW)
    actions.add_contract(one, policy_id=default_policy_id(), number=SCRIPT, terms=SCRIPT, by=MASTER, now=NOW)
    for url in ("/customers/", f"/customers/{one}/", f"/customers/{one}/edit/", "/settings/catalogue/"):
        assert "<script>alert" not in page(front, url)


def test_the_second_writer_is_told_what_changed_and_loses_nothing(front: Client) -> None:
    one = customer()
    mine = {"name.ja": "私の名前", "zone": "Asia/Tokyo", "language": "ja", "notes": "私のメモ", "seen": "1"}
    assert front.post(f"/customers/{one}/edit/", {**mine, "name.ja": "先の名前"}).status_code == 303
    response = front.post(f"/customers/{one}/edit/", mine)
    text = response.content.decode()
    assert response.status_code == 422
    assert "先の名前" in text
    assert "私の名前" in text
    assert 'name="seen" value="2"' in text
    assert front.post(f"/customers/{one}/edit/", {**mine, "seen": "2"}).status_code == 303
    assert queries.organisation(one).name == Text("私の名前", "")


def test_another_organisations_contact_is_not_there(front: Client) -> None:
    mine, other = customer("東和"), customer("北浜")
    contact = actions.add_contact(mine, name="山田", by=MASTER, now=NOW)
    contract = actions.add_contract(mine, policy_id=default_policy_id(), by=MASTER, now=NOW)
    page(front, f"/customers/{other}/contacts/{contact}/", 404)
    page(front, f"/customers/{other}/contracts/{contract}/", 404)
    assert front.post(f"/customers/{other}/contacts/{contact}/archive/", {"seen": 1}).status_code == 409
    page(front, f"/customers/{queries.ours().id}/", 404)


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "１", "1;drop"])
def test_ids_that_are_no_ids_are_refused_in_words(front: Client, value: str) -> None:
    one = customer()
    form = {"name.ja": "東和", "zone": "Asia/Tokyo", "language": "ja", "account_owner_id": value, "seen": "1"}
    assert front.post(f"/customers/{one}/edit/", form).status_code == 422
    assert front.post(f"/customers/{one}/uses/", {"components": [value]}).status_code == 409


def test_the_list_is_paged_filtered_and_downloaded(front: Client) -> None:
    for number in range(55):
        customer(f"客{number:03}")
    customer("=1+1")
    first = page(front, "/customers/")
    assert first.count("data-row") == 50
    assert page(front, "/customers/?after=~broken").count("data-row") == 50
    last = Organisation.objects.order_by("pk")[50].pk
    assert page(front, f"/customers/?after=~{last}").count("data-row") == 6
    assert page(front, "/customers/?q=客00").count("data-row") == 10
    assert page(front, "/customers/?kind=vendor").count("data-row") == 0
    csv = front.get("/customers/?format=csv").content.decode()
    assert csv.count("\r\n") == 57
    assert ",'=1+1," in csv
    assert len(front.get("/customers/?format=json").json()["items"]) == 56


def test_the_list_by_renewal_pages_without_gap(front: Client) -> None:
    policy = default_policy_id()
    for number in range(60):
        pk = customer(f"客{number:03}")
        if number % 3:
            day = f"2027-{number % 12 + 1:02}-01"
            Contract.objects.create(organisation_id=pk, policy_id=policy, renews_on=day)
    seen: list[str] = []
    url = "/customers/?sort=renewal"
    while url:
        text = page(front, url)
        seen += [part.split('"')[0] for part in text.split('scope="row"><a href="')[1:]]
        url = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in text else ""
    assert len(seen) == len(set(seen)) == 60


def test_lists_ask_the_same_number_of_questions_for_one_and_for_many(front: Client) -> None:
    parts = [component(f"part-{number}") for number in range(5)]

    def grow(count: int) -> int:
        for _number in range(count):
            pk = customer("客")
            actions.set_uses(pk, parts, by=MASTER, now=NOW)
            actions.add_contract(pk, policy_id=default_policy_id(), by=MASTER, now=NOW)
        return pk

    def asked(pk: int) -> list[int]:
        counts = []
        for url in ("/customers/", f"/customers/{pk}/", "/settings/catalogue/", "/settings/policies/"):
            with CaptureQueriesContext(connection) as questions:
                page(front, url)
            counts.append(len(questions))
        return counts

    asked(grow(2))  # the first reading fills caches
    few = asked(grow(1))
    component("one-more")
    assert asked(grow(40)) == few
    assert max(few) <= 20


def test_the_catalogue_is_filled_and_archived(front: Client, lead: Any) -> None:
    form = {"name.ja": "受注", "name.en": "Orders", "owner_id": lead.pk, "position": "1"}
    assert front.post("/settings/catalogue/products/new/", form).status_code == 303
    product = Product.objects.get()
    part = {"name.ja": "受注API", "name.en": "Order API", "declares": "1", "declares_as": "SEV2", "is_public": "1"}
    assert front.post(f"/settings/catalogue/products/{product.pk}/components/new/", part).status_code == 303
    made = Component.objects.get()
    assert (made.slug, made.declares, made.declares_as, made.is_public) == ("order-api", True, "SEV2", True)
    change = {**part, "slug": "orders", "seen": "1"}
    change.pop("declares")
    assert front.post(f"/settings/catalogue/components/{made.pk}/", change).status_code == 303
    assert queries.component(made.pk).declares is False
    assert front.post(f"/settings/catalogue/component/{made.pk}/archive/", {"seen": "2"}).status_code == 303
    assert queries.public_components() == []
    assert front.post(f"/settings/catalogue/component/{made.pk}/return/", {"seen": "3"}).status_code == 303
    assert front.post(f"/settings/catalogue/component/{made.pk}/burn/", {"seen": "4"}).status_code == 404


def times(**changes: str) -> dict[str, Any]:
    fields = editing.as_fields(rules.default_terms())
    posted = {name: value for name, value in fields.items() if value is not False}
    calendar = PolicyVersion.objects.order_by("pk")[0].calendar_id
    return {**posted, "seen": "1", "calendar_id": calendar or "", **changes}


def test_a_policy_shows_what_changes_before_it_is_saved(office: Client) -> None:
    url = f"/settings/policies/{default_policy_id()}/edit/?lang=en"
    change = times(**{"SEV1a.update_s": "20m"})
    unshown = office.post(url, {**change, "step": "save", "reason": "x", "shown": "guess"})
    assert unshown.status_code == 200
    assert PolicyVersion.objects.count() == 1
    text = unshown.content.decode()
    assert "20 min" in text
    assert "more than 15 minutes apart" in text
    mark = text.split('name="shown" value="')[1].split('"')[0]
    other = {**change, "SEV1a.update_s": "30m", "step": "save", "reason": "x", "shown": mark}
    assert office.post(url, other).status_code == 200
    assert PolicyVersion.objects.count() == 1
    without = office.post(url, {**change, "step": "save", "shown": mark, "reason": " "})
    assert without.status_code == 422
    assert PolicyVersion.objects.count() == 1
    saved = office.post(url, {**change, "step": "save", "shown": mark, "reason": "契約更新"})
    assert saved.status_code == 303
    assert queries.default_policy().terms.of("SEV1a").update_s == 1200
    assert "契約更新" in page(office, f"/settings/policies/{default_policy_id()}/")


def test_a_time_that_cannot_be_read_is_named_at_its_field(office: Client) -> None:
    response = office.post(f"/settings/policies/{default_policy_id()}/edit/", times(**{"SEV2.update_s": "soon"}))
    text = response.content.decode()
    assert response.status_code == 422
    assert 'id="e-SEV2-update_s"' in text
    assert 'value="soon"' in text


def test_a_policy_page_lists_what_runs_and_applies_one(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[int, int, str]] = []
    running = hooks.RunningFacts(12, "INC-12", Text("受注停止"), 1, [hooks.PromiseChange("next_update", NOW, NOW)])
    monkeypatch.setattr(hooks, "running", lambda policy_id: [running])
    monkeypatch.setattr(hooks, "apply", lambda incident, version, by, now: done.append((incident, version, by.kind)))
    pk = default_policy_id()
    assert "INC-12" in page(office, f"/settings/policies/{pk}/")
    assert office.post(f"/settings/policies/{pk}/apply/12/").status_code == 303
    assert office.post(f"/settings/policies/{pk}/apply/13/").status_code == 404
    assert done == [(12, queries.default_policy().version_id, "user")]


def test_a_calendar_is_typed_as_people_write_it(office: Client) -> None:
    form = {
        "name": "二交代",
        "zone": "Asia/Tokyo",
        "country": "de-by",
        "hours.0": "０９：００〜１２：００、13:00-18:00",
        "closed_on": "12-29\n2027-01-04",
    }
    assert office.post("/settings/calendars/new/", form).status_code == 303
    row = Calendar.objects.get(name="二交代")
    assert row.hours == {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}
    assert (row.country, row.closed_on) == ("DE-BY", ["12-29", "2027-01-04"])
    bad = office.post(f"/settings/calendars/{row.pk}/", {**form, "hours.0": "nine to five", "seen": "1"})
    assert bad.status_code == 422
    assert "nine to five" in bad.content.decode()


def test_many_are_pasted_or_none(front: Client) -> None:
    good = "東和精機, Asia/Tokyo, it@towa.example\n北浜食品\n\nHalden\tEurope/Oslo\tops@halden.example"
    assert front.post("/customers/paste/", {"lines": good}).status_code == 303
    assert [org.zone for org in queries.all_organisations("customer")] == ["Asia/Tokyo", "Asia/Tokyo", "Europe/Oslo"]
    bad = front.post("/customers/paste/", {"lines": "良い\n悪い, Asia/Edo"})
    assert bad.status_code == 422
    assert "悪い" in bad.content.decode()
    assert len(queries.all_organisations("customer")) == 3
