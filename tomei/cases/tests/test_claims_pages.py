"""Pages and API of claims, credit terms and statements of credit."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.people import NOW, signed_in
from tomei.accounts.doors import actor
from tomei.cases.claims import actions, statement
from tomei.cases.claims.models import Claim
from tomei.cases.models import IncidentComponent
from tomei.cases.tests.factories import component, declared, organisation, product, rows
from tomei.customers.credit import actions as credit_actions
from tomei.customers.credit.models import CreditExclusion, CreditVersion
from tomei.customers.rules import credit
from tomei.kernel import time
from tomei.kernel.errors import Refused

HOUR = timedelta(hours=1)
TERMS = {
    "monthly_fee": "1000000", "currency": "JPY", "target": "99.9", "tiers": "99.9 10\n99 25", "cap": "50",
    "zone": "Asia/Tokyo", "impacts": ["major", "partial"], "excludes_maintenance": "1", "starts_on": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def world(house, lead, colleague, watcher, admin, monkeypatch):
    """A customer with a contract, whose component stood still for an hour by two incidents that overlap."""
    monkeypatch.setattr(time, "now", lambda: NOW + HOUR)
    customer, thing = organisation(), product()
    part = component(thing, used_by=[customer])
    policy = rows("customers", "Policy").get(is_default=True)
    contract = rows("customers", "Contract").create(organisation=customer, product=thing, policy=policy, number="K-1")
    by = actor(lead)
    one = declared(by, organisation_ids=[customer.pk], component_ids=[part.pk], product_id=thing.pk)
    IncidentComponent.objects.filter(incident=one.id).update(
        impact="major", since_at=NOW - 2 * HOUR, until_at=NOW - HOUR
    )
    other = declared(by, organisation_ids=[customer.pk], component_ids=[part.pk], product_id=thing.pk)
    IncidentComponent.objects.filter(incident=other.id).update(
        impact="partial", since_at=NOW - 2 * HOUR + HOUR / 2, until_at=NOW - HOUR / 2
    )
    return {"customer": customer, "contract": contract, "incident": one, "other": other, "by": by}


def terms(world, **given):
    values = TERMS | {"starts_on": date(2026, 11, 1)} | given
    kept = credit.checked(
        tiers=credit.tiers_of(values["tiers"]), impacts=values["impacts"],
        **{name: values[name] for name in ("monthly_fee", "currency", "target", "cap", "zone")},
    )  # fmt: skip
    return credit_actions.add_credit_terms(
        world["contract"].pk, kept, organisation_id=world["customer"].pk, starts_on=values["starts_on"],
        seen=CreditVersion.objects.count(), by=world["by"], now=NOW,
    )  # fmt: skip


def url(world, tail="credit/"):
    return f"/customers/{world['customer'].pk}/contracts/{world['contract'].pk}/{tail}"


def november(world):
    return statement.of_month(
        world["customer"].pk, world["contract"].pk, date(2026, 11, 1), by=world["by"], now=NOW + HOUR
    )


# -- the statement --------------------------------------------------------------------------------------------------


def test_the_statement_counts_the_union_for_what_they_use(world):
    terms(world)
    found = november(world).reckoned
    assert (found.summed, found.overlap, found.downtime, found.is_preliminary) == (
        2 * HOUR, HOUR / 2, 3 * HOUR / 2, True,
    )  # fmt: skip
    assert (found.percent, found.amount) == (10, 100000)  # 90 minutes of 43 200: 99.79 %


def test_what_did_not_touch_them_does_not_count(world):
    terms(world)
    from tomei.cases import actions as cases  # verbs that move incidents

    case = rows("cases", "Case").get(incident=world["other"].id)
    rows("cases", "Case").filter(pk=case.pk).update(state="withdrawn")
    assert november(world).reckoned.downtime == HOUR
    cases.set_drill(world["incident"].id, True, by=world["by"], now=NOW)
    assert november(world).reckoned.downtime == timedelta(0)


def test_a_restricted_incident_counts_and_is_not_named(world, admin):
    from dataclasses import replace  # a reader without a role in it

    terms(world)
    rows("cases", "Incident").filter(pk=world["incident"].id).update(restricted=True, owner=admin)
    reader = replace(world["by"], user_id=999, id=999)
    found = statement.of_month(world["customer"].pk, world["contract"].pk, date(2026, 11, 1), by=reader, now=NOW)
    assert (found.reckoned.downtime, list(found.incidents)) == (3 * HOUR / 2, [world["other"].id])


def test_minutes_excluded_by_hand_and_taken_back(world):
    terms(world)
    given = {"organisation_id": world["customer"].pk, "by": world["by"], "now": NOW}
    made = credit_actions.exclude_minutes(
        world["contract"].pk, month=date(2026, 11, 9), minutes=20, reason="合意", **given
    )
    assert november(world).reckoned.downtime == timedelta(minutes=70)
    credit_actions.end_exclusion(made, contract_id=world["contract"].pk, reason="誤り", **given)
    assert november(world).reckoned.downtime == timedelta(minutes=90)
    with pytest.raises(Refused) as refused:
        credit_actions.end_exclusion(made, contract_id=world["contract"].pk, reason="誤り", **given)
    assert refused.value.code == "credit.exclusion_ended"


def test_terms_count_from_their_month_and_the_later_written_wins(world):
    terms(world)
    terms(world, starts_on=date(2026, 12, 1), monthly_fee="2000000")
    terms(world, monthly_fee="500000")
    assert (november(world).version.number, november(world).reckoned.amount) == (3, 50000)
    december = statement.of_month(
        world["customer"].pk, world["contract"].pk, date(2026, 12, 1), by=world["by"], now=NOW
    )
    assert december.version.number == 2
    october = statement.of_month(world["customer"].pk, world["contract"].pk, date(2026, 10, 1), by=world["by"], now=NOW)
    assert (october.version, october.reckoned) == (None, None)


def test_terms_of_a_faster_writer_and_of_another_customer_are_refused(world):
    terms(world)
    kept = credit.of_json(CreditVersion.objects.get().terms)
    given = {"starts_on": date(2026, 11, 1), "by": world["by"], "now": NOW}
    for more, code in (
        ({"organisation_id": world["customer"].pk, "seen": 0}, "credit.changed"),
        ({"organisation_id": organisation("他社").pk, "seen": 1}, "organisation.not_theirs"),
        ({"organisation_id": world["customer"].pk, "seen": 1, "starts_on": date(2026, 11, 2)}, "credit.first_of_month"),
    ):
        with pytest.raises(Refused) as refused:
            credit_actions.add_credit_terms(world["contract"].pk, kept, **{**given, **more})
        assert (refused.value.code, CreditVersion.objects.count()) == (code, 1)


# -- pages ----------------------------------------------------------------------------------------------------------


def test_terms_are_edited_on_a_page(world, lead):
    client = signed_in(lead)
    assert client.get(url(world, "credit-terms/")).status_code == 200
    assert client.post(url(world, "credit-terms/"), {**TERMS, "seen": "0"}).status_code == 303
    assert CreditVersion.objects.get().terms["tiers"] == [["99.9", "10"], ["99", "25"]]
    wrong = client.post(url(world, "credit-terms/"), {**TERMS, "seen": "1", "tiers": "below 99"})
    assert (wrong.status_code, "below 99" in wrong.content.decode(), CreditVersion.objects.count()) == (422, True, 1)
    client.post(url(world, "credit-terms/exclude/"), {"month": "2026-11", "minutes": "20", "reason": "合意"})
    [row] = CreditExclusion.objects.all()
    assert (row.month, row.minutes) == (date(2026, 11, 1), 20)
    client.post(url(world, f"credit-terms/exclude/{row.pk}/end/"), {"reason": "誤り"})
    assert CreditExclusion.objects.get().ended_reason == "誤り"


def test_the_statement_page_shows_how_it_was_counted(world, lead, colleague):
    terms(world)
    page = signed_in(lead).get(url(world) + "?month=2026-11").content.decode()
    for part in ("100000 JPY", world["incident"].key, world["other"].key, "1時間30分"):
        assert part in page, part
    assert signed_in(colleague).get(url(world)).status_code == 403
    assert signed_in(lead).get(url(world) + "?month=nope").status_code == 409
    table = signed_in(lead).get(url(world, "credit/export.csv")).content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("month,preliminary,agreed_s")
    assert table[1].startswith("2026-11,True,2592000.0,7200.0,1800.0,0.0,0.0,5400.0,99.7916,99.9,10,False,100000,JPY")
    [first, *_] = json.loads(signed_in(lead).get(url(world, "credit/export.json")).content)
    assert (first["amount"], len(first["intervals"]), len(first["downtime"])) == ("100000", 2, 1)
    assert "no admission" in first["says"]


def test_a_claim_goes_its_whole_way_on_pages(world, lead, colleague):
    case = rows("cases", "Case").get(incident=world["incident"].id)
    client = signed_in(colleague)
    assert client.get("/claims/new/").status_code == 200
    assert client.get(f"/claims/new/?case=CASE-{case.number}").status_code == 200
    posted = {"case": f"CASE-{case.number}", "kind": "credit", "words": "返金を", "due": "2026-11-20T12:00",
              "contract": str(world["contract"].pk), "amount": "5000", "currency": "JPY"}  # fmt: skip
    wrong = client.post("/claims/new/", posted | {"amount": "five"})
    assert (wrong.status_code, "返金を" in wrong.content.decode(), Claim.objects.count()) == (422, True, 0)
    made = client.post("/claims/new/", posted)
    assert made.status_code == 303
    here = made["Location"]
    assert "5000" not in client.get(here).content.decode()
    assert "5000 JPY" in signed_in(lead).get(here).content.decode()
    client.post(f"{here}propose/", {"outcome": "part", "words.ja": "一部を", "amount": "1000", "currency": "JPY"})
    assert client.post(f"{here}approve/", {"number": "1"}).status_code == 403
    assert signed_in(lead).post(f"{here}approve/", {"number": "1"}).status_code == 303
    assert client.post(f"{here}tell/", {"told_to": "田村様"}).status_code == 303
    assert client.post(f"{here}settle/", {"closing": "請求書"}).status_code == 303
    assert Claim.objects.get().state == "settled"
    for page in ("/claims/?state=all", f"/cases/CASE-{case.number}/"):
        assert here in signed_in(lead).get(page).content.decode(), page


def test_the_register_leaves_as_csv_and_json(world, lead, colleague):
    actions.write_down(
        world["customer"].pk, kind="other", words="=cmd()", heard_at=NOW, due_at=NOW + 9 * HOUR, amount="7",
        currency="EUR", by=world["by"], now=NOW,
    )  # fmt: skip
    text = signed_in(lead).get("/claims/export.csv").content.decode("utf-8-sig")
    assert "'=cmd()" in text and "7.00,EUR" in text
    assert "7.00" not in signed_in(colleague).get("/claims/export.csv").content.decode()
    [row] = json.loads(signed_in(colleague).get("/claims/export.json").content)
    assert (row["amount"], row["state"]) == ("", "open")


@pytest.mark.parametrize("query", ["state=nope", "after=%00", "due=later", "organisation=x", "after=9~9"])
def test_a_list_that_cannot_be_asked_for_is_refused(world, lead, query):
    assert signed_in(lead).get(f"/claims/?{query}").status_code == 409


def test_the_case_and_the_register_ask_a_fixed_number_of_questions(world, lead, django_assert_max_num_queries):
    for _ in range(6):
        actions.write_down(world["customer"].pk, kind="other", words="x", heard_at=NOW, due_at=NOW + 9 * HOUR,
                           by=world["by"], now=NOW)  # fmt: skip
    client = signed_in(lead)
    client.get("/claims/")
    with django_assert_max_num_queries(14):
        client.get("/claims/")


# -- API ------------------------------------------------------------------------------------------------------------


def send(client, url, body):
    return client.post(f"/api/v1{url}", body, content_type="application/json")


def test_the_same_by_the_api(world, lead, colleague, client_of):
    client, boss = client_of(colleague), client_of(lead)
    made = send(client, "/claims", {
        "organisation_id": world["customer"].pk, "kind": "credit", "words": "返金を", "heard_at": NOW.isoformat(),
        "due_at": (NOW + 9 * HOUR).isoformat(), "amount": "12.50", "currency": "EUR",
    })  # fmt: skip
    assert (made.status_code, made.json()["amount"], made.json()["amount_hidden"]) == (201, "", True)
    one = f"/claims/{made.json()['key']}"
    send(client, f"{one}/answers", {"outcome": "refused", "words": {"en": "no"}})
    assert send(client, f"{one}/decide", {"number": 1, "verb": "approve"}).status_code == 403
    assert send(boss, f"{one}/decide", {"number": 1, "verb": "approve"}).json()["answers"][0]["state"] == "approved"
    assert send(client, one, {"verb": "tell", "line": "田村様"}).json()["state"] == "answered"
    assert boss.get(f"/api/v1{one}").json()["amount"] == "12.50"
    assert [row["key"] for row in boss.get("/api/v1/claims?state=all").json()["items"]] == [made.json()["key"]]
    assert send(client, "/claims", {"organisation_id": "x"}).status_code == 422


def test_terms_and_statements_by_the_api(world, lead, colleague, client_of):
    client = client_of(lead)
    here = f"/organisations/{world['customer'].pk}/contracts/{world['contract'].pk}"
    body = {"monthly_fee": "1000000", "currency": "JPY", "target": "99.9",
            "tiers": [{"below": "99.9", "percent": "10"}],
            "zone": "Asia/Tokyo", "starts_on": "2026-11-01", "seen": 0}  # fmt: skip
    assert send(client, f"{here}/credit-terms", body).status_code == 201
    assert send(client, f"{here}/credit-terms", body).status_code == 409
    made = send(client, f"{here}/credit-terms/exclusions", {"month": "2026-11-01", "minutes": 30, "reason": "合意"})
    assert made.status_code == 201
    found = client.get(f"/api/v1{here}/credit?month=2026-11").json()
    assert (found["amount"], found["excluded_s"], found["downtime_s"]) == ("100000", 1800.0, 3600.0)
    end = f"{here}/credit-terms/exclusions/{made.json()[0]['id']}/end"
    assert send(client, end, {"reason": "誤り"}).json()[0]["ended_reason"] == "誤り"
    assert client_of(colleague).get(f"/api/v1{here}/credit?month=2026-11").status_code == 403
    assert client.get(f"/api/v1{here}/credit?month=2026").status_code == 409
