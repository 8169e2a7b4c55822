"""The read endpoints of Statuspage v2, through a typed reader written from the published fields and values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, HttpUrl

from tests.people import NOW
from tomei.comms import actions, statuspage
from tomei.comms.statuspage import addresses, cache
from tomei.comms.tests import history
from tomei.comms.tests.factories import MINUTE, update, words, world
from tomei.kernel import time
from tomei.kernel.actor import Actor

pytestmark = pytest.mark.django_db
Incidents = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
Impact = Literal["none", "minor", "major", "critical", "maintenance"]
Parts = Literal["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]


class Read(BaseModel):
    """A field that is missing, of another type or with another value fails; `next_update_at` is ours alone."""

    model_config = ConfigDict(extra="forbid")


class Page(Read):
    id: str
    name: str
    url: HttpUrl
    time_zone: str
    updated_at: datetime


class Status(Read):
    indicator: Impact
    description: str


class Component(Read):
    id: str
    name: str
    status: Parts
    created_at: datetime
    updated_at: datetime
    position: int
    description: str | None
    showcase: bool
    start_date: date | None
    group_id: str | None
    page_id: str
    group: bool
    only_show_if_degraded: bool
    components: list[str] | None = None


class Hurt(Read):
    code: str
    name: str
    old_status: Parts
    new_status: Parts


class Update(Read):
    id: str
    status: Incidents
    body: str
    incident_id: str
    created_at: datetime
    updated_at: datetime
    display_at: datetime
    affected_components: list[Hurt] | None
    deliver_notifications: bool
    custom_tweet: str | None
    tweet_id: int | None
    next_update_at: datetime | None


class Incident(Read):
    id: str
    name: str
    status: Incidents
    created_at: datetime
    updated_at: datetime
    monitoring_at: datetime | None
    resolved_at: datetime | None
    impact: Impact
    shortlink: HttpUrl
    started_at: datetime
    page_id: str
    incident_updates: list[Update]
    components: list[Component]
    reminder_intervals: str | None
    next_update_at: datetime | None


class Answer(Read):
    """What every endpoint may hold; which parts it does hold is asked of each."""

    page: Page
    status: Status | None = None
    components: list[Component] | None = None
    incidents: list[Incident] | None = None
    scheduled_maintenances: list[Incident] | None = None


HOLDS = {
    "summary.json": {"status", "components", "incidents", "scheduled_maintenances"},
    "status.json": {"status"},
    "components.json": {"components"},
    "incidents.json": {"incidents"},
    "incidents/unresolved.json": {"incidents"},
    "scheduled-maintenances.json": {"scheduled_maintenances"},
    "scheduled-maintenances/upcoming.json": {"scheduled_maintenances"},
    "scheduled-maintenances/active.json": {"scheduled_maintenances"},
}


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


def read(name: str) -> Answer:
    found = statuspage.cached(addresses.API + name, "lang=ja", "ja")
    assert found is not None
    assert (found[0], found[1]["Access-Control-Allow-Origin"]) == (200, "*")
    return Answer.model_validate_json(found[2], strict=False)


def test_every_endpoint_reads_as_published(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead)
    told = update(NOW, audiences=("public",))
    actions.publish(here.incident.id, told, by=by_lead, now=NOW, confirmed=True)
    statuspage.refresh(NOW)
    assert set(HOLDS) == {one.removeprefix(addresses.API) for one in addresses.ENDPOINTS}
    answers = {name: read(name) for name in HOLDS}
    assert {name: one.model_fields_set - {"page"} for name, one in answers.items()} == HOLDS
    summary = answers["summary.json"]
    assert len({one.page.model_dump_json() for one in answers.values()}) == 1
    assert answers["status.json"].status == summary.status == Status(
        indicator="critical", description="Major Service Outage"
    )  # fmt: skip
    assert answers["components.json"].components == summary.components
    assert answers["incidents/unresolved.json"].incidents == answers["incidents.json"].incidents == summary.incidents
    assert [answers[name].scheduled_maintenances for name in HOLDS if name.startswith("scheduled")] == [[]] * 3


def test_what_is_over_is_in_the_list_but_not_unresolved(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead)
    for state, at, more in (
        ("investigating", NOW, {}),
        ("restored", NOW + 10 * MINUTE, {"proof": "測定", "next_at": None, "parts": words("復旧。", "Back at 14:10.")}),
    ):
        told = update(at, audiences=("public",), **{"state": state, **more})
        actions.publish(here.incident.id, told, by=by_lead, now=at, confirmed=True)
    statuspage.refresh(NOW + 20 * MINUTE)
    assert read("incidents/unresolved.json").incidents == []
    [one] = read("incidents.json").incidents or []
    assert (one.status, one.resolved_at, one.next_update_at) == ("resolved", NOW + 10 * MINUTE, None)
    assert [part.status for part in one.incident_updates] == ["resolved", "investigating"]


def test_the_list_is_the_newest_fifty(house: Any) -> None:
    parts = history.components(NOW)
    history.past(parts, NOW, 60)
    running = history.running(parts, NOW)
    statuspage.refresh(NOW)
    found = read("incidents.json").incidents or []
    assert len(found) == 50
    assert [one.created_at for one in found] == sorted((one.created_at for one in found), reverse=True)
    assert found[0].shortlink.path == f"/status/incidents/INC-{running.number}/"


def test_through_django_for_other_origins(house: Any, client: Any) -> None:
    for path in addresses.ENDPOINTS:
        answer = client.get(path, headers={"Origin": "https://dashboard.test"})
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
        assert client.post(path).status_code == 405
    assert client.get(f"{addresses.API}nothing.json").status_code == 404
