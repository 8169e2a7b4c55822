"""The read endpoints of Statuspage v2 under `/status/api/v2/`, each from what memory holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tomei.comms.statuspage import summary
from tomei.comms.statuspage.addresses import API
from tomei.comms.statuspage.page import PageView

MOST = 50  # incidents in a list, as there


def _status(page: PageView) -> dict[str, Any]:
    return {"status": summary.status(page)}


def _components(page: PageView) -> dict[str, Any]:
    return {"components": summary.components(page)}


def _incidents(page: PageView) -> dict[str, Any]:
    """Open and past ones, the newest first."""
    found = sorted((*page.current, *page.past), key=lambda one: one.declared_at, reverse=True)
    return {"incidents": summary.incidents(page, found[:MOST])}


def _unresolved(page: PageView) -> dict[str, Any]:
    return {"incidents": summary.incidents(page, page.current)}


def _works(page: PageView) -> dict[str, Any]:
    """Planned, running and past ones, the newest start first."""
    return {"scheduled_maintenances": summary.maintenances(page, page.maintenances[:MOST])}


def _upcoming(page: PageView) -> dict[str, Any]:
    found = [one for one in page.planned if not one.is_running]
    return {"scheduled_maintenances": summary.maintenances(page, found)}


def _active(page: PageView) -> dict[str, Any]:
    found = [one for one in page.planned if one.is_running]
    return {"scheduled_maintenances": summary.maintenances(page, found)}


def _with_page(part: Callable[[PageView], dict[str, Any]]) -> Callable[[PageView], bytes]:
    return lambda page: summary.packed({"page": summary.about(page), **part(page)})


BY_ADDRESS: dict[str, Callable[[PageView], bytes]] = {
    f"{API}summary.json": summary.as_json,
    f"{API}status.json": _with_page(_status),
    f"{API}components.json": _with_page(_components),
    f"{API}incidents.json": _with_page(_incidents),
    f"{API}incidents/unresolved.json": _with_page(_unresolved),
    f"{API}scheduled-maintenances.json": _with_page(_works),
    f"{API}scheduled-maintenances/upcoming.json": _with_page(_upcoming),
    f"{API}scheduled-maintenances/active.json": _with_page(_active),
}
