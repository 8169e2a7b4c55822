"""What happens on our side: the times of the default policy per severity, public, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.people import NOW
from tomei.comms import mail, statuspage
from tomei.comms.statuspage import addresses, cache, work
from tomei.comms.tests.factories import rows, world
from tomei.comms.views import CustomerView
from tomei.customers.rules import default_terms
from tomei.kernel import time
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


def text(language: str) -> str:
    found = statuspage.cached(addresses.WORK, f"lang={language}", "")
    assert found is not None and found[0] == 200
    return found[2].decode()


def test_every_time_of_the_matrix_is_said() -> None:
    found = {
        one.severity: [when for when, _said in one.steps] for one in work.parts(default_terms(), "en", calendar=True)
    }
    assert found == {
        "SEV1a": ["within 5 min", "within 5 min", "within 10 min", "every 15 min", "within 5 min", "within 10 min",
                  "after 30 min", "after 2 h", "every 2 min", "within 5 working days"],
        "SEV1b": ["within 5 min", "within 5 min", "within 10 min", "every 20 min", "within 5 min", "within 10 min",
                  "after 1 h", "after 2 h", "every 2 min", "within 5 working days"],
        "SEV2": ["within 15 min", "within 15 min", "within 10 min", "every 30 min", "within 15 min", "within 30 min",
                 "after 2 h", "every 5 min", "within 5 working days"],
        "SEV3": ["within 1 h", "within 1 h", "within 2 h", "every 2 h", "within 1 h", "within 2 h", "every 15 min",
                 "within 5 working days"],
        "SEV4": ["within 9 h", "within 9 h", "within 7 d", "every 7 d", "within 9 h", "every 1 h",
                 "within 5 working days"],
    }  # fmt: skip


def test_business_hours_are_said_only_where_a_calendar_counts() -> None:
    def counted(*, calendar: bool) -> list[str]:
        return [one.counted for one in work.parts(default_terms(), "ja", calendar=calendar)]

    assert counted(calendar=True) == [work.WALL.ja] * 4 + [work.BUSINESS.ja]
    assert counted(calendar=False) == [work.WALL.ja] * 5


@pytest.mark.parametrize("severity", list(Severity))
def test_what_is_set_to_nothing_is_not_promised(severity: Severity) -> None:
    bare = tuple(replace(one, executive_s=None, top_tier_s=None, roles_s={}) for one in default_terms().severities)
    terms = replace(default_terms(), severities=bare)
    [part] = [one for one in work.parts(terms, "ja", calendar=False) if one.severity == severity]
    assert len(part.steps) == 6
    assert all(when and said for when, said in part.steps)


@pytest.mark.django_db
def test_the_page_follows_the_default_policy_and_names_nobody(house: Any, lead: Any, by_lead: Any, client: Any) -> None:
    world(by_lead, owner=lead)
    assert statuspage.refresh(NOW)
    for language, title in (("ja", "インシデントのとき、当社で起きること"), ("en", "What happens on our side")):
        page = text(language)
        assert f'<h1 id="h-work">{title}</h1>' in page
        assert re.findall(r'<h2 id="(SEV\w+)"', page) == [one.value for one in Severity]
        assert not any(name in page for name in (lead.name, "Towa", "東和", "Shipping"))
        status = statuspage.cached("/status/", f"lang={language}", "")
        assert status is not None and f'href="{addresses.WORK}?lang={language}"'.encode() in status[2]
    version = rows("customers", "PolicyVersion").get(policy__is_default=True)
    terms = {**version.terms, "severities": {**version.terms["severities"]}}
    terms["severities"]["SEV1a"] = {**terms["severities"]["SEV1a"], "update_s": 660}
    rows("customers", "PolicyVersion").create(
        policy=version.policy, number=version.number + 1, terms=terms, calendar=version.calendar, made_at=NOW
    )
    assert client.get(addresses.WORK, {"lang": "en"}).content.decode().count("every 11 min") == 1


@pytest.mark.django_db
def test_before_the_house_is_founded_there_is_no_such_page(client: Any) -> None:
    assert client.get(addresses.WORK).status_code == 404


def view(**given: Any) -> CustomerView:
    values: dict[str, Any] = {
        "key": "INC-1", "title": Text("出荷", "Shipping"), "number": 1, "kind": "update", "state": "investigating",
        "severity": "SEV2", "parts": (("effect", Text("失敗", "Fails")),), "languages": ("ja", "en"), "language": "en",
        "zone": "UTC", "published_at": NOW, "next_at": None, "report_due_at": None, "estimate": None, "anchor": "1·a",
        "url": "", "organisation": Text("東和", "Towa"),
    }  # fmt: skip
    return CustomerView(**{**values, **given})


def test_a_customers_mail_leads_to_its_severity(settings: Any) -> None:
    settings.TOMEI_URL = "https://status.house.test"
    url = "https://status.house.test/status/how-we-work/?lang=en#SEV2"
    sent = mail.render(view(), house="House")
    assert sent.text.endswith(f"\nWhat happens on our side, and by when: {url}\n")
    assert f'What happens on our side, and by when: <a href="{url}">{url}</a></p>' in sent.html
    for other in (view(organisation=Text()), view(drill=True)):
        assert "how-we-work" not in mail.render(other, house="House").text
