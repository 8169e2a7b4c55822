"""A notice as a chat takes it (a note in one language) and as a program does (a payload in both)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from tomei.comms.maintenance import words
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.delivery.endpoints import queueing
from tomei.kernel.text import Text

_SERVICES = Text("対象", "Services")
TOLD = "maintenance.told"


def title(one: MaintenanceView, notice: NoticeView, language: str) -> str:
    return f"[{one.key}] {words.title(notice, language)}: {one.title.said_in(language)}"


def note(
    one: MaintenanceView, notice: NoticeView, *, names: Mapping[int, Text], language: str, zone: str, public: bool,
    links: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """The words, the window with its zone, what is concerned; in the reader's language where it stands."""
    spoken = words.spoken(notice, language)
    lines = [words.pending(notice, zone, language), getattr(notice.text, spoken), *words.lines(notice, zone, spoken)]
    services = words.services(one, dict(names), spoken)
    facts = [(_SERVICES.said_in(spoken), services)] if services else []
    return queueing.note(
        title(one, notice, spoken), "\n".join(filter(None, lines)), url=url(one, language) if public else "",
        facts=facts, links=links,
    )  # fmt: skip


def url(one: MaintenanceView, language: str) -> str:
    return f"{settings.TOMEI_URL}{one.path}?lang={language}"


def payload(one: MaintenanceView, notice: NoticeView, *, public: bool) -> dict[str, Any]:
    """What a program is told: the maintenance as it stands and this notice. Times are ISO 8601 with their offset."""
    return {
        "maintenance": {
            "key": one.key, "title": one.title.as_json(), "state": notice.state,
            "components": [{"component_id": pk, "impact": impact} for pk, impact in one.components],
            "starts_at": notice.starts_at.isoformat(), "ends_at": notice.ends_at.isoformat(),
            "url": f"{settings.TOMEI_URL}{one.path}" if public else "",
        },
        "notice": {
            "number": notice.number, "kind": notice.kind, "text": notice.text.as_json(),
            "languages": list(notice.languages), "in_time": notice.in_time,
            "was": [at.isoformat() for at in notice.was] if notice.was else None,
            "next_at": notice.next_at.isoformat() if notice.next_at else None,
            "published_at": notice.published_at.isoformat(),
        },
    }  # fmt: skip
