"""Ninety days of a believable public history, as rows: for tests and `bench/statuspage.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from tomei.kernel.severity import Severity

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NAMES = (
    ("受注・出荷", "Orders and shipping"), ("在庫", "Stock"), ("会計", "Accounting"), ("請求書", "Invoices"),
    ("送受信", "Transmission"), ("変換", "Conversion"), ("サインイン", "Sign-in"), ("API", "API"),
    ("帳票", "Reports"), ("検索", "Search"),
)  # fmt: skip
GROUPS = (("基幹クラウド", "ERP Cloud"), ("EDI", "EDI"), ("共通", "Shared"))
FAILURES = (
    ("出荷確定に失敗する", "Shipment confirmation fails"), ("在庫照会が古い値を返す", "Stock shows old values"),
    ("サインインできない", "Sign-in fails"), ("受注の登録が遅い", "Orders are slow to save"),
)  # fmt: skip
SEVERITIES = (Severity.SEV2, Severity.SEV3, Severity.SEV1B, Severity.SEV4)
IMPACTS = ("partial", "degraded", "major", "maintenance")
PARTS = {
    "effect": ("受注の画面を開くまでに30秒ほどかかります。保存した受注は失われていません。",
               "Opening an order takes about 30 seconds. Saved orders are not lost."),
    "doing": ("14時02分に接続を予備系へ切り替え、応答時間を測っています。",
              "At 14:02 we moved connections to the standby system and are measuring response times."),
}  # fmt: skip


def rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


def text(pair: tuple[str, str]) -> dict[str, str]:
    return {"ja": pair[0], "en": pair[1]}


def components(now: datetime, count: int = 10) -> list[Any]:
    """`count` public components of one product in three groups, older than the window."""
    product = rows("customers", "Product").create(name={"ja": "朝霧クラウド", "en": "Asagiri Cloud"})
    return [
        rows("customers", "Component").create(
            product=product, name=text(NAMES[place % len(NAMES)]), group=text(GROUPS[min(place // 4, 2)]),
            slug=f"part-{place}", position=place, created_at=now - 400 * DAY,
        )
        for place in range(count)
    ]  # fmt: skip


def past(parts: Sequence[Any], now: datetime, count: int = 50, *, over: timedelta = 90 * DAY) -> list[Any]:
    """`count` closed incidents evenly over the time before now, each with three public updates, one of them late."""
    return [_past(parts, now - over * (place + 1) / (count + 1), place) for place in range(count)]


def _past(parts: Sequence[Any], began: datetime, place: int) -> Any:
    incident = _incident(place, began, SEVERITIES[place % 4], state="closed", restored_at=began + (20 + place) * MINUTE,
                         closed_at=began + DAY)  # fmt: skip
    rows("cases", "IncidentComponent").create(
        incident=incident, component=parts[place % len(parts)], impact=IMPACTS[place % 4],
        since_at=began, until_at=incident.restored_at,
    )  # fmt: skip
    _updates(incident, began, ("investigating", "mitigating", "restored"), late=place % 3 == 0)
    return incident


def running(parts: Sequence[Any], now: datetime, *, number: int = 900) -> Any:
    """One that burns since 46 minutes, its next update 5 minutes ahead."""
    began = now - 46 * MINUTE
    incident = _incident(number, began, Severity.SEV1A, state="mitigating")
    for part, impact in zip(parts[:2], ("major", "degraded"), strict=False):
        rows("cases", "IncidentComponent").create(incident=incident, component=part, impact=impact, since_at=began)
    _updates(incident, began + 6 * MINUTE, ("investigating", "identified", "mitigating"), next_at=now + 5 * MINUTE)
    return incident


def _incident(place: int, began: datetime, severity: Severity, **columns: Any) -> Any:
    version = rows("customers", "PolicyVersion").order_by("id").first()
    return rows("cases", "Incident").create(
        number=place + 1, title=text(FAILURES[place % len(FAILURES)]), severity=str(severity), rank=severity.rank,
        policy_version=version, declared_at=began + 3 * MINUTE, declared_by_kind="user", began_at=began,
        detected_at=began + MINUTE, detected_by="us", **columns,
    )  # fmt: skip


def _updates(
    incident: Any, first: datetime, states: Sequence[str], *, late: bool = False, next_at: datetime | None = None
) -> None:
    for place, state in enumerate(states):
        at = first + place * 14 * MINUTE + (3 * MINUTE if late and place == 1 else 0 * MINUTE)
        last = place == len(states) - 1
        rows("comms", "Update").create(
            incident=incident, number=place + 1, kind="recovery" if state == "restored" else "update", state=state,
            severity=incident.severity, parts={name: text(pair) for name, pair in PARTS.items()},
            languages=["ja", "en"], audiences=["public", "affected", "internal"],
            next_at=next_at if last else first + (place + 1) * 14 * MINUTE + MINUTE,
            report_due_at=at + 6 * DAY if state == "restored" else None, published_at=at,
        )  # fmt: skip
