"""The pages as HTML: from a `PageView` alone, without a request, in the page's zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template import engines
from django.utils import timezone, translation

from tomei.comms import labels, words
from tomei.comms.maintenance import labels as work_labels
from tomei.comms.maintenance import words as work_words
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.comms.statuspage import addresses, uptime
from tomei.comms.statuspage.page import ComponentView, IncidentView, PageView
from tomei.comms.views import CustomerView
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.ui import moments

AS_OF = "<!--as-of-->"
FEED_FORMS = [
    (form, name, addresses.FEED_KINDS[form].partition(";")[0])
    for form, name in (("atom", "Atom"), ("rss", "RSS"), ("json", "JSON Feed"))
]
MONTHS = 120  # of history that are listed
STEPS = ("investigating", "identified", "mitigating", "monitoring", "restored")
IMPACT_WORDS = {
    "": Text("稼働", "Operational"),
    "degraded": Text("遅延・品質低下", "Degraded"),
    "partial": Text("一部停止", "Partial outage"),
    "major": Text("停止", "Outage"),
    "maintenance": Text("計画メンテナンス", "Maintenance"),
    "none": Text("記録なし", "No record"),
}
HEADLINES = {
    "": Text("すべてのサービスが動いています", "All services work"),
    "degraded": Text("一部のサービスの品質が低下しています", "Some services are degraded"),
    "partial": Text("一部のサービスが部分的に止まっています", "Some services are partly down"),
    "major": Text("一部のサービスが止まっています", "Some services are down"),
    "maintenance": Text("計画メンテナンス中のサービスがあります", "Some services are under maintenance"),
    "open": Text("障害が起きています", "An incident is going on"),
}
MARKS = {"": ("good", "v-cleared"), "maintenance": ("good", "v-cleared"), "degraded": ("warn", "v-suspect"),
         "partial": ("warn", "v-suspect"), "major": ("bad", "v-faulty")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bars:
    """One component's row: the good days as one path, each other day as a bar with words."""

    path: str
    bars: tuple[tuple[str, float, float, float, float, str], ...]  # class, x, y, width, height, words


def render(
    page: PageView, language: str, *, key: str = "", work: str = "", history: bool = False, month: date | None = None
) -> bytes | None:
    """The page, one incident's page (`key`), one maintenance's (`work`), or the history; None when it is not public."""
    one, planned = page.incident(key) if key else None, page.maintenance(work) if work else None
    if (key and one is None) or (work and planned is None):
        return None
    with translation.override(language), timezone.override(time.zone(page.zone)):
        template = engines["jinja2"].env.get_template("comms/status.html")  # type: ignore[attr-defined]
        return str(template.render(context(page, language, one, history, month, planned))).encode()


def context(
    page: PageView,
    language: str,
    one: IncidentView | None,
    history: bool,
    month: date | None,
    work: MaintenanceView | None = None,
) -> dict[str, Any]:
    path = f"/status/incidents/{one.key}/" if one else "/status/history/" if history else "/status/"
    path = work.path if work else path
    other, kept = "en" if language == "ja" else "ja", f"month={month:%Y-%m}&" if month else ""
    state = page.worst or ("open" if page.current else "")
    return {
        "page": page, "LANGUAGE": language, "now": page.now, "one": one, "history": history, "as_of": AS_OF,
        "house": page.house.said_in(language), "other": other, "other_url": f"{path}?{kept}lang={other}",
        "lang_query": f"?lang={language}", "headline": HEADLINES[state].said_in(language), "headline_state": state,
        "banner": "up" if not state else "down" if state in ("major", "partial", "open") else "",
        "mark": MARKS.get(state, ("warn", "v-suspect"))[1],
        "groups": groups(page.components), "say": Say(page, language), "labels": labels, "steps": STEPS,
        "work": work, "work_labels": work_labels,
        "bars": {one.id: bars(one, language) for one in page.components}, "impact_words": IMPACT_WORDS, "marks": MARKS,
        "weights": uptime.WEIGHTS, "bad_days": _bad_days(page, language),
        "feed_forms": FEED_FORMS, "month": month and _month(month, language),
        "months": months(page, language) if history else [],
    }  # fmt: skip


def _month(first: date, language: str) -> str:
    return f"{first.year}年{first.month}月" if language == "ja" else f"{moments.MONTHS[first.month - 1]} {first.year}"


def months(page: PageView, language: str) -> list[tuple[str, str]]:
    """Every month of the history, newest first: (`2026-07`, its name)."""
    today = page.now.astimezone(time.zone(page.zone)).date()
    last, first = today.year * 12 + today.month - 1, (page.since or today).year * 12 + (page.since or today).month - 1
    months = [date(at // 12, at % 12 + 1, 1) for at in range(last, max(first, last - MONTHS) - 1, -1)]
    return [(f"{one:%Y-%m}", _month(one, language)) for one in months]


def groups(components: Sequence[ComponentView]) -> list[tuple[Text, list[ComponentView]]]:
    """By group in the order of the catalogue; those without a group stand together at the end."""
    found: dict[tuple[str, str], list[ComponentView]] = {}
    for one in components:
        found.setdefault((one.group.ja, one.group.en), []).append(one)
    ordered = sorted(found.items(), key=lambda pair: pair[0] == ("", ""))
    return [(Text(*names), rows) for names, rows in ordered]


def bars(one: ComponentView, language: str) -> Bars:
    """Ninety bars of 4 units; height and colour by the worst of the day, the words say it as well."""
    good: list[str] = []
    rows: list[tuple[str, float, float, float, float, str]] = []
    for place, day in enumerate(one.days):
        x = place * 4
        if not day.worst:
            good.append(f"M{x} 10h2v22h-2z")
        elif day.worst == "none":
            rows.append(("n", x, 14, 2, 18, ""))
        else:
            css, top = {"major": ("d", 0), "partial": ("p", 4), "degraded": ("p", 6), "maintenance": ("m", 10)}[
                day.worst
            ]
            said = f"{moments.day(day.on, 'UTC', language)} {IMPACT_WORDS[day.worst].said_in(language)} "
            said += _span(day.seconds, language, day.running)
            rows.append((css, x - 0.5, top, 3.5, 32 - top, said))
    return Bars("".join(good), tuple(rows))


def _span(seconds: float, language: str, running: bool) -> str:
    said = moments.span(seconds, language)
    if not running:
        return said
    return f"{said}、継続中" if language == "ja" else f"{said}, going on"


def _bad_days(page: PageView, language: str) -> list[tuple[Text, str, str]]:
    """The same as a table, newest first: what the bars show, for who does not see them."""
    rows = [
        (day.on, one.name, moments.day(day.on, "UTC", language),
         f"{IMPACT_WORDS[day.worst].said_in(language)} {_span(day.seconds, language, day.running)}")
        for one in page.components for day in one.days if day.worst not in ("", "none")
    ]  # fmt: skip
    return [(name, on, said) for _, name, on, said in sorted(rows, key=lambda row: row[0], reverse=True)]


class Say:
    """Times and sentences of this page, in its zone and language."""

    def __init__(self, page: PageView, language: str) -> None:
        self._page, self._language = page, language

    def at(self, moment: datetime) -> str:
        """In the page's zone and in UTC, with the day when that is not today."""
        return words.when(moment, self._page.zone, self._language, self._page.now)

    def utc(self, moment: datetime) -> str:
        """In brackets, for who reads from elsewhere; empty where the page itself stands in UTC."""
        return "" if self.zone(moment) == "UTC" else f"({moments.near(moment, 'UTC', self._language, self._page.now)})"

    def clock(self, moment: datetime) -> str:
        return moments.clock(moment, self._page.zone)

    def zone(self, moment: datetime) -> str:
        return moments.zone_name(moment, self._page.zone)

    def day(self, moment: datetime) -> str:
        return moments.day(moment, self._page.zone, self._language, year=moment.year != self._page.now.year)

    def span(self, one: IncidentView) -> str:
        end = one.restored_at or self._page.now
        return moments.span((end - one.began_at).total_seconds(), self._language)

    def blocks(self, view: CustomerView) -> list[tuple[str, list[tuple[str, str]], list[str]]]:
        """Per language: parts and closing lines; the page's language first."""
        order = ("ja", "en") if self._language == "ja" else ("en", "ja")
        return [
            (one, words.body(view, one), [line for line in self._tail(view, one) if line])
            for one in order
            if one in view.languages
        ]

    def _tail(self, view: CustomerView, language: str) -> tuple[str, ...]:
        estimate, next_line = words.estimate_line(view, language), words.next_line(view, language)
        return (estimate, next_line, words.report_line(view, language))

    def lead(self, view: CustomerView) -> str:
        return words.lead_line(view, self._language)

    def pending(self, view: CustomerView) -> str:
        return words.pending_line(view, self._language)

    def window(self, one: MaintenanceView) -> str:
        return work_words.window(one.starts_at, one.ends_at, self._page.zone, self._language)

    def services(self, one: MaintenanceView) -> str:
        names = {part.id: part.name for part in self._page.components}
        return work_words.services(one, names, self._language)

    def notice(self, view: NoticeView) -> list[tuple[str, str, list[str]]]:
        """Per language: the words and the closing lines; the page's language first."""
        return [
            (one, getattr(view.text, one), work_words.lines(view, self._page.zone, one, page=True))
            for one in work_words.order(view, self._language)
        ]

    def notice_pending(self, view: NoticeView) -> str:
        return work_words.pending(view, self._page.zone, self._language)

    def title(self, view: CustomerView) -> str:
        return words.title(view, self._language)
