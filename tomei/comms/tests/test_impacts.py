"""Impact set with an update: in its transaction, from the form and the API, and what the status page makes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases.rules.impacts import Change
from tomei.comms import actions, forms, queries, statuspage
from tomei.comms.statuspage import cache
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
LATER = NOW + 30 * MINUTE


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


@pytest.fixture
def open_now(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead, now=time.now() - 30 * MINUTE)


def spans(incident_id: int) -> list[tuple[Any, ...]]:
    return [(one.impact, one.since_at, one.until_at) for one in case_queries.components_of(incident_id)]


def said(here: Any, by: Actor, now: Any, *changes: Change, **given: Any) -> None:
    given = {"audiences": ("public", "affected"), "impacts": changes, **given}
    actions.publish(here.incident.id, update(now, **given), by=by, now=now, confirmed=True)


def test_an_update_that_is_refused_leaves_no_interval(here: Any, by_lead: Actor) -> None:
    before = spans(here.incident.id)
    change = Change(here.component.pk, "degraded", LATER + MINUTE)
    with pytest.raises(Refused) as error:
        said(here, by_lead, LATER, change)
    assert error.value.code == "time.in_future"
    assert (spans(here.incident.id), queries.latest(here.incident.id)) == (before, None)


def test_the_status_page_and_its_programs_follow(here: Any, by_lead: Actor) -> None:
    part = here.component.pk
    said(here, by_lead, LATER, Change(part, "degraded", NOW + 10 * MINUTE))
    assert spans(here.incident.id) == [("major", NOW, NOW + 10 * MINUTE), ("degraded", NOW + 10 * MINUTE, None)]
    assert statuspage.refresh(LATER)
    assert program() == "degraded_performance"
    [old, _running] = case_queries.components_of(here.incident.id)
    cases.correct_impact(
        here.incident.id, old.id, impact="partial", until_at=old.until_at, reason="Only 60 %.", by=by_lead, now=LATER
    )
    assert statuspage.refresh(LATER)
    # 10 minutes at 0.3 of 90 days less the evening: 99.99 %, rounded down
    page = statuspage.cached("/status/", "lang=en", "")
    assert page is not None
    assert "99.99 %" in page[2].decode()


def program() -> str:
    found = statuspage.cached(cache.SUMMARY, "", "")
    assert found is not None
    [shipping] = [one for one in json.loads(found[2])["components"] if one["name"] == "Shipping"]
    return str(shipping["status"])


def test_service_is_back_with_the_time_that_was_named(here: Any, by_lead: Actor) -> None:
    said(here, by_lead, LATER, Change(here.component.pk, "none", NOW + 20 * MINUTE), state="restored", next_at=None,
         proof="200 for ten minutes")  # fmt: skip
    assert spans(here.incident.id) == [("major", NOW, NOW + 20 * MINUTE)]
    assert statuspage.refresh(LATER)
    assert program() == "operational"


def test_harm_without_an_end_does_not_go_with_the_recovery(here: Any, by_lead: Actor) -> None:
    before = spans(here.incident.id)
    with pytest.raises(Refused, match=r"impact\.incident_over"):
        said(here, by_lead, LATER, Change(here.component.pk, "degraded"), state="restored", next_at=None, proof="200")
    assert spans(here.incident.id) == before


def test_a_drill_never_reaches_the_page(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead, drill=True)
    said(here, by_lead, LATER, Change(here.component.pk, "partial", NOW + MINUTE))
    assert statuspage.refresh(LATER)
    assert program() == "operational"


def test_overlapping_incidents_count_once_at_their_worst(here: Any, by_lead: Actor) -> None:
    """An hour of a major outage within two hours of a partial one: 60 + 0.3 * 60 minutes."""
    end = NOW + timedelta(hours=2)
    other = cases.declare(title=Text("別件", "Another"), severity="SEV2", component_ids=[here.component.pk], by=by_lead,
                          now=NOW)  # fmt: skip
    found = [
        (here.incident.id, Change(here.component.pk, "", None, NOW + timedelta(hours=1))),
        (other.id, Change(here.component.pk, "", None, end)),
    ]
    for incident_id, change in found:
        actions.publish(
            incident_id, update(end, audiences=("public",), impacts=(change,)), by=by_lead, now=end, confirmed=True
        )
    intervals = [
        statuspage.uptime.Interval(one.impact, one.since_at, one.until_at)
        for one in case_queries.impacts(component_ids=[here.component.pk])
    ]
    assert statuspage.uptime.down_seconds(intervals, NOW, end) == 60 * 60 + 0.3 * 60 * 60


def test_a_heartbeat_may_say_it_too(here: Any, by_lead: Actor) -> None:
    actions.heartbeat(
        here.incident.id, Text("再起動", "We restarted both gateways."), next_at=LATER + 10 * MINUTE,
        impacts=(Change(here.component.pk, "partial"),), by=by_lead, now=LATER,
    )  # fmt: skip
    assert spans(here.incident.id)[-1] == ("partial", LATER, None)


def test_blank_rows_say_nothing_and_are_kept_in_no_draft() -> None:
    fields = {"impact.7": "", "impact_from.7": " ", "impact.8": "major", "impact_until.8": "2026-11-18T14:10",
              "impact.x": "major", "impact.99999999999999999999": "major"}  # fmt: skip
    one = forms.Typed(fields)
    assert forms.impacts(one, "Asia/Tokyo") == (Change(8, "major", None, NOW + 10 * MINUTE),)
    assert "impact.7" not in forms.as_data(one)
    assert forms.as_data(one)["impact.8"] == "major"


def test_the_composer_shows_what_runs_and_leaves_it_alone(open_now: Any, lead: Any, client_of: Any) -> None:
    client, url, pk = client_of(lead), f"{open_now.incident.url}update/", open_now.component.pk
    page = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert f'name="impact.{pk}"' in page
    assert len(page) < 60_000
    before = spans(open_now.incident.id)
    blank = {f"{name}.{pk}": "" for name in forms.IMPACT_FIELDS}
    assert client.post(url, posted(**blank)).status_code == 303
    assert spans(open_now.incident.id) == before


def posted(**given: Any) -> dict[str, Any]:
    soon = time.now() + 14 * MINUTE
    return {
        "state": "investigating", "effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail.",
        "to": ["affected", "internal"], "next": soon.replace(microsecond=0).isoformat(), "do": "send", "confirmed": "1",
        **given,
    }  # fmt: skip


def test_the_form_sets_it_and_a_refusal_keeps_it(open_now: Any, lead: Any, client_of: Any) -> None:
    client, url, pk = client_of(lead), f"{open_now.incident.url}update/", open_now.component.pk
    refused = client.post(url, posted(**{f"impact.{pk}": "partial", f"impact_from.{pk}": "2020-01-01T00:00"}))
    assert refused.status_code == 422
    assert 'value="2020-01-01T00:00"' in refused.content.decode()
    assert [one[0] for one in spans(open_now.incident.id)] == ["major"]
    assert client.post(url, posted(**{f"impact.{pk}": "partial"})).status_code == 303
    assert [one[0] for one in spans(open_now.incident.id)] == ["major", "partial"]


@pytest.mark.parametrize("value", ["down", "x" * 5000, "major\x00", "<b>"])
def test_a_hostile_impact_is_refused_in_words(value: str, open_now: Any, lead: Any, client_of: Any) -> None:
    url, pk = f"{open_now.incident.url}update/", open_now.component.pk
    assert client_of(lead).post(url, posted(**{f"impact.{pk}": value})).status_code == 422
    assert [one[0] for one in spans(open_now.incident.id)] == ["major"]


def test_staff_see_and_correct_the_intervals(open_now: Any, lead: Any, by_lead: Actor, client_of: Any) -> None:
    client, url = client_of(lead), f"{open_now.incident.url}impacts/"
    [old] = case_queries.components_of(open_now.incident.id)
    assert url in client.get(open_now.incident.url).content.decode()
    assert f'name="of" value="{old.id}"' in client.get(f"{url}?correct={old.id}").content.decode()
    wrong = client.post(url, {"of": old.id, "impact": "degraded", "reason": ""})
    assert (wrong.status_code, len(case_queries.impact_versions(open_now.incident.id))) == (422, 1)
    done = client.post(url, {"of": old.id, "impact": "degraded", "reason": "Slow, <b>not</b> down"})
    assert done.status_code == 303
    html = client.get(url).content.decode()
    assert "Slow, &lt;b&gt;not&lt;/b&gt; down" in html
    assert "<s>" in html
    assert [one[0] for one in spans(open_now.incident.id)] == ["degraded"]
    for hostile in ("x", "0", "9" * 30, "-1"):
        assert client.get(f"{url}?correct={hostile}").status_code == 200
        assert client.post(url, {"of": hostile, "impact": "none", "reason": "r"}).status_code in (404, 422)


def test_who_may_only_read_corrects_nothing(open_now: Any, watcher: Any, client_of: Any) -> None:
    client, url = client_of(watcher), f"{open_now.incident.url}impacts/"
    [old] = case_queries.components_of(open_now.incident.id)
    assert "?correct=" not in client.get(url).content.decode()
    assert client.post(url, {"of": old.id, "impact": "none", "reason": "r"}).status_code == 403
    assert case_queries.components_of(open_now.incident.id) == [old]


def test_the_api_sets_lists_and_corrects(open_now: Any, lead: Any, client_of: Any) -> None:
    client, base, pk = client_of(lead), f"/api/v1/incidents/{open_now.incident.key}", open_now.component.pk
    soon = (time.now() + 10 * MINUTE).isoformat()
    body = {
        "parts": {"effect": {"ja": "出荷の6割が失敗しています。", "en": "60 % of shipments fail."}}, "next_at": soon,
        "audiences": ["affected"], "confirmed": True, "impacts": [{"component_id": pk, "impact": "partial"}],
    }  # fmt: skip
    assert client.post(f"{base}/updates", body, "application/json").status_code == 201
    major, partial = client.get(f"{base}/impacts").json()
    assert (major["impact"], partial["impact"], partial["until_at"]) == ("major", "partial", None)
    url = f"{base}/impacts/{partial['id']}/correct"
    found = client.post(url, {"impact": "none", "reason": "It was not."}, "application/json").json()
    assert [(one["impact"], one["void_at"] is None, one["replaced_by"]) for one in found] == [
        ("major", True, None), ("partial", False, None),
    ]  # fmt: skip
    again = client.post(url, {"impact": "none", "reason": "It was not."}, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "impact.corrected_already")
    for hostile in ({"impact": "none", "reason": "a\x00b"}, {"impact": "down", "reason": "r"}, {"impact": "none"}):
        assert client.post(url, hostile, "application/json").status_code == 422
    assert rows("cases", "IncidentComponent").filter(incident=open_now.incident.id).count() == 1
