"""`/status/api/v2/summary.json` in the shape of Atlassian Statuspage v2, with `next_update_at` on incidents.

Fields follow the public read API: page, status, components, incidents with updates newest first, and
scheduled_maintenances. Readers written for that API find every field they ask for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from tomei.comms import words
from tomei.comms.maintenance import words as work_words
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.comms.statuspage.page import ComponentView, IncidentView, PageView
from tomei.comms.views import CustomerView
from tomei.kernel.ids import digest

STATES = {
    "investigating": "investigating",
    "identified": "identified",
    "mitigating": "identified",
    "monitoring": "monitoring",
    "restored": "resolved",
    "closed": "resolved",
    "dismissed": "resolved",
}
IMPACTS = {"SEV1a": "critical", "SEV1b": "critical", "SEV2": "major", "SEV3": "minor", "SEV4": "none"}
COMPONENTS = {
    "": "operational",
    "degraded": "degraded_performance",
    "partial": "partial_outage",
    "major": "major_outage",
    "maintenance": "under_maintenance",
}
_RANK = ("critical", "major", "minor", "none")
_SAID = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
    "maintenance": "Service Under Maintenance",
}
_COMPONENT_RANK = {"major": "critical", "partial": "major", "degraded": "minor", "maintenance": "maintenance"}


def _id(kind: str, number: int) -> str:
    """Twelve characters as there, the same for ever; not the numbers of our rows."""
    return digest(f"{kind}:{number}")[:12]


PAGE_ID = _id("page", 1)
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # of a page on which nothing has ever stood
WORK_STATES = {"cancelled": "completed"}  # that API deletes what was called off


def as_json(page: PageView) -> bytes:
    """The whole summary; unresolved incidents only, as the API does it."""
    return packed(
        {
            "page": about(page),
            "components": components(page),
            "incidents": incidents(page, page.current),
            "scheduled_maintenances": maintenances(page, page.planned),
            "status": status(page),
        }
    )


def packed(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def about(page: PageView) -> dict[str, Any]:
    """The page itself; it stands in every answer."""
    return {
        "id": PAGE_ID, "name": page.house.said_in("en"), "url": f"{settings.TOMEI_URL}{page.place}",
        "time_zone": page.zone, "updated_at": _moment(_updated(page)),
    }  # fmt: skip


def components(page: PageView) -> list[dict[str, Any]]:
    """Groups first, each with the ids of its components, then the components."""
    return [*_groups(page, PAGE_ID), *(_component(one, PAGE_ID, page) for one in page.components)]


def incidents(page: PageView, wanted: Sequence[IncidentView]) -> list[dict[str, Any]]:
    """Each with its updates and the components that it hurt."""
    parts = {one.id: _component(one, PAGE_ID, page) for one in page.components}
    return [_incident(one, PAGE_ID, parts, page.place) for one in wanted]


def component_id(number: int) -> str:
    """By which readers of the API know a component."""
    return _id("component", number)


def status(page: PageView) -> dict[str, str]:
    """The blended indicator: the worst of open incidents and hurt components."""
    found = [IMPACTS[one.severity] for one in page.current]
    found += [_COMPONENT_RANK[one.impact] for one in page.components if one.impact and one.impact != "maintenance"]
    indicator = min(found, key=_RANK.index, default="none")
    if indicator == "none" and any(one.impact == "maintenance" for one in page.components):
        indicator = "maintenance"
    return {"indicator": indicator, "description": _SAID[indicator]}


def _updated(page: PageView) -> datetime:
    """When anything on the page last changed: a word told, harm begun or ended, a component made. Never "now"."""
    told = [one.updated_at for one in (*page.current, *page.past)]
    told += [one.updated_at for one in page.maintenances]
    told += [at for one in page.components for at in (one.changed_at, one.created_at) if at is not None]
    return max(told, default=NEVER)


def _group_id(one: ComponentView) -> str | None:
    return digest(f"group:{one.group.ja}|{one.group.en}")[:12] if one.group else None


def _groups(page: PageView, page_id: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in page.components:
        group_id = _group_id(one)
        if group_id is None:
            continue
        row = found.setdefault(
            group_id, _shape(group_id, one.group.said_in("en"), one, page_id, page, group=True) | {"components": []}
        )
        row["components"].append(_id("component", one.id))
        if COMPONENTS[one.impact] != "operational" and row["status"] == "operational":
            row["status"] = COMPONENTS[one.impact]
    return list(found.values())


def _component(one: ComponentView, page_id: str, page: PageView) -> dict[str, Any]:
    shape = _shape(_id("component", one.id), one.name.said_in("en"), one, page_id, page)
    return {**shape, "status": COMPONENTS[one.impact], "group_id": _group_id(one)}


def _shape(
    own_id: str, name: str, one: ComponentView, page_id: str, page: PageView, *, group: bool = False
) -> dict[str, Any]:
    created = one.created_at or NEVER
    return {
        "id": own_id, "name": name, "status": "operational", "created_at": _moment(created),
        "updated_at": _moment(one.changed_at or created), "position": one.position, "description": None,
        "showcase": not group, "start_date": created.date().isoformat(), "group_id": None, "page_id": page_id,
        "group": group, "only_show_if_degraded": False,
    }  # fmt: skip


def _incident(one: IncidentView, page_id: str, components: dict[int, dict[str, Any]], place: str) -> dict[str, Any]:
    own_id = _id("incident", one.id)
    url = f"{settings.TOMEI_URL}{place}incidents/{one.key}/"
    hurt = [components[pk] for pk in one.component_ids if pk in components]
    return {
        "id": own_id, "name": one.title.said_in("en"), "status": STATES[one.state],
        "created_at": _moment(one.declared_at), "updated_at": _moment(one.updated_at),
        "monitoring_at": _moment(_since(one, "monitoring")),
        "resolved_at": _moment(one.restored_at) if not one.is_open else None, "impact": IMPACTS[one.severity],
        "shortlink": url, "started_at": _moment(one.began_at), "page_id": page_id,
        "next_update_at": _moment(one.next_at),
        "incident_updates": [_update(view, own_id, hurt) for view in one.updates],
        "components": hurt, "reminder_intervals": None,
    }  # fmt: skip


def maintenances(page: PageView, wanted: Sequence[MaintenanceView]) -> list[dict[str, Any]]:
    """Each with what was told about it and the components that it concerns."""
    parts = {one.id: _component(one, PAGE_ID, page) for one in page.components}
    return [_work(one, parts, page.place) for one in wanted]


def _work(one: MaintenanceView, components: dict[int, dict[str, Any]], place: str) -> dict[str, Any]:
    own_id = _id("maintenance", one.id)
    parts = [components[pk] for pk in one.component_ids if pk in components]
    return {
        "id": own_id, "name": one.title.said_in("en"), "status": WORK_STATES.get(one.state, one.state),
        "created_at": _moment(one.told_at), "updated_at": _moment(one.updated_at), "monitoring_at": None,
        "resolved_at": _moment(one.ended_at), "impact": "maintenance",
        "shortlink": f"{settings.TOMEI_URL}{place}maintenances/{one.key}/",
        "started_at": _moment(one.started_at or one.starts_at), "page_id": PAGE_ID,
        "scheduled_for": _moment(one.starts_at), "scheduled_until": _moment(one.ends_at),
        "next_update_at": _moment(one.next_at),
        "incident_updates": [_notice(view, own_id, parts) for view in one.notices],
        "components": parts, "reminder_intervals": None,
    }  # fmt: skip


def _notice(view: NoticeView, own_id: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    at, language = _moment(view.published_at), work_words.spoken(view, "en")
    body = [work_words.title(view, "en"), getattr(view.text, language), *work_words.lines(view, "UTC", "en")]
    return {
        "id": digest(f"notice:{view.id}")[:12], "status": WORK_STATES.get(view.state, view.state),
        "body": "\n\n".join(body), "incident_id": own_id, "created_at": at, "updated_at": at, "display_at": at,
        "affected_components": [
            {"code": one["id"], "name": one["name"], "old_status": one["status"], "new_status": one["status"]}
            for one in parts
        ],
        "deliver_notifications": True, "custom_tweet": None, "tweet_id": None, "next_update_at": _moment(view.next_at),
    }  # fmt: skip


def _since(one: IncidentView, state: str) -> datetime | None:
    return next((view.published_at for view in reversed(one.updates) if view.state == state), None)


def _update(view: CustomerView, incident_id: str, hurt: list[dict[str, Any]]) -> dict[str, Any]:
    at = _moment(view.published_at)
    return {
        "id": digest(f"update:{incident_id}:{view.number}")[:12], "status": STATES[view.state], "body": _body(view),
        "incident_id": incident_id, "created_at": at, "updated_at": at, "display_at": at,
        "affected_components": [
            {"code": one["id"], "name": one["name"], "old_status": one["status"], "new_status": one["status"]}
            for one in hurt
        ],
        "deliver_notifications": True, "custom_tweet": None, "tweet_id": None,
        "next_update_at": _moment(view.next_at), **_files(view),
    }  # fmt: skip


def _files(view: CustomerView) -> dict[str, Any]:
    """What the public may fetch; nothing at all where there is none, and of a version that was replaced."""
    if not view.files or view.corrected_by:
        return {}
    return {
        "files": [
            {"name": one.name, "url": f"{settings.TOMEI_URL}{one.public_url}", "content_type": one.content_type,
             "size": one.size, "sha256": one.digest}
            for one in view.files
        ]
    }  # fmt: skip


def _body(view: CustomerView) -> str:
    """English where it stands, else Japanese; with the next time, which other readers do not know as a field."""
    language = "en" if "en" in view.languages else "ja"
    lines = [
        words.lead_line(view, language),
        *(text for _, text in words.body(view, language)),
        words.next_line(view, language),
    ]
    return "\n\n".join(filter(None, lines))


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
