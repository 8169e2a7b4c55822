"""What a feed says: one entry per public update in one language, before it becomes Atom, RSS or JSON.

An entry keeps its id for ever. A version that was replaced says by which one, and counts as changed at that moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from django.conf import settings

from tomei.comms import words
from tomei.comms.facts import Attached
from tomei.comms.maintenance import words as work_words
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.comms.statuspage.page import ComponentView, IncidentView, PageView
from tomei.comms.views import CustomerView
from tomei.delivery.rules import mail_domain
from tomei.kernel.text import NAMES, Text

MOST = 100  # entries in one feed
_UNFIT = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # characters that XML 1.0 has no place for
_REPLACED = Text("第{number}報に差し替え", "Replaced by update {number}")
_READ = Text("ステータスページで読む", "Read it on the status page")
_TITLE = Text("{house} ステータス", "{house} status")
_ABOUT = Text(
    "{house} のインシデントのお知らせ。報告 1 件につき 1 項目です。",
    "Incidents of {house}: one entry for each update.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One update. `language` is the one it is really said in; `updated_at` is later than `published_at` if replaced."""

    id: str
    title: str
    url: str
    published_at: datetime
    updated_at: datetime
    language: str
    lines: tuple[str, ...]
    next_at: datetime | None
    replaced_by: str
    corrects: str
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything that the three formats need; `url` is the page that the feed is about."""

    language: str
    title: str
    about: str
    house: str
    url: str
    component: str  # its slug; empty for the whole page
    place: str  # under which it stands itself
    updated_at: datetime
    entries: tuple[Entry, ...]


def feed(page: PageView, language: str, component: str = "") -> Feed | None:
    """The newest entries first; `component` is a slug. None when the public knows no such component."""
    part = next((one for one in page.components if one.slug == component), None) if component else None
    if component and part is None:
        return None
    house = page.house.said_in(language)
    title = _TITLE.said_in(language).format(house=house) + (f": {part.name.said_in(language)}" if part else "")
    told = [one for one in (*page.current, *page.past) if part is None or part.id in one.component_ids]
    entries = [entry for one in told for entry in _entries(one, language, page.place)]
    works = [one for one in page.maintenances if part is None or part.id in one.component_ids]
    entries += [_work_entry(one, view, page, language) for one in works for view in one.notices]
    entries.sort(key=lambda one: (one.published_at, one.id), reverse=True)
    shown = tuple(entries[:MOST])
    return Feed(
        language, clean(title), clean(_ABOUT.said_in(language).format(house=house)), clean(house),
        f"{settings.TOMEI_URL}{page.place}?lang={language}", component, page.feeds,
        max((one.updated_at for one in shown), default=_first(page, part)), shown,
    )  # fmt: skip


def _first(page: PageView, part: ComponentView | None) -> datetime:
    """A feed without an entry still says when it changed, and always the same: an answer 304 must stay true."""
    stood = [one.created_at for one in ([part] if part else page.components) if one.created_at]
    return max(stood, default=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))


def _entries(one: IncidentView, language: str, place: str) -> list[Entry]:
    at = {view.number: view.published_at for view in one.updates}
    return [_entry(one, view, language, at, place) for view in one.updates]


def _entry(one: IncidentView, view: CustomerView, language: str, at: dict[int, datetime], place: str) -> Entry:
    """In the wanted language where it stands, else in the other: better foreign than silent."""
    spoken = language if language in view.languages or not view.languages else view.languages[0]
    after = view.corrected_by
    mark = _REPLACED.said_in(language).format(number=after) if after else ""
    title = f"{one.title.said_in(language)} — {words.title(view, language)}"
    updated = max(at.get(after, view.published_at), view.published_at) if after else view.published_at
    return Entry(
        id=entry_id(one, view.number, language), title=clean(f"[{mark}] {title}" if mark else title),
        url=f"{settings.TOMEI_URL}{place}incidents/{one.key}/?lang={language}#update-{view.number}",
        published_at=view.published_at, updated_at=updated, language=spoken,
        lines=tuple(map(clean, _lines(view, language, spoken, mark))), next_at=None if after else view.next_at,
        replaced_by=entry_id(one, after, language) if after else "",
        corrects=entry_id(one, view.corrects, language) if view.corrects else "",
        files=() if after else view.files,
    )  # fmt: skip


def _work_entry(one: MaintenanceView, view: NoticeView, page: PageView, language: str) -> Entry:
    """One notice of a planned maintenance. Its words are never replaced; the missing language may come later."""
    spoken = work_words.spoken(view, language)
    names = {part.id: part.name for part in page.components}
    said = [getattr(view.text, spoken), *work_words.lines(view, page.zone, language)]
    said += [work_words.services(one, names, language), work_words.pending(view, page.zone, language)]
    lines = [f"{NAMES[spoken]}:"] if spoken != language else []
    on = one.told_at.astimezone(UTC).date().isoformat()
    return Entry(
        id=f"tag:{mail_domain(settings.TOMEI_URL)},{on}:{one.key}/{view.number}/{language}",
        title=clean(f"{one.title.said_in(language)} — {work_words.title(view, language)}"),
        url=f"{settings.TOMEI_URL}{page.place}maintenances/{one.key}/?lang={language}#notice-{view.number}",
        published_at=view.published_at, updated_at=view.published_at, language=spoken,
        lines=tuple(clean(line) for line in (*lines, *said) if line), next_at=view.next_at, replaced_by="", corrects="",
        files=(),
    )  # fmt: skip


def entry_id(one: IncidentView, number: int, language: str) -> str:
    """A tag: URI (RFC 4151) of our name on the day when the public first heard of the incident."""
    on = one.declared_at.astimezone(UTC).date().isoformat()
    return f"tag:{mail_domain(settings.TOMEI_URL)},{on}:{one.key}/{number}/{language}"


def _lines(view: CustomerView, language: str, spoken: str, mark: str) -> list[str]:
    """What must be read first, the parts, the next time, the report, what is still to come in this language."""
    found = [f"{mark}." if mark and language == "en" else f"{mark}。" if mark else "", words.lead_line(view, language)]
    if spoken != language:
        found.append(f"{NAMES[spoken]}:")
    found += [f"{label}: {said}" for label, said in words.body(view, spoken)]
    found += [words.estimate_line(view, language), words.report_line(view, language)]
    if not mark:
        found += [words.next_line(view, language), words.pending_line(view, language)]
    return [line for line in found if line]


def html(one: Entry, language: str) -> str:
    """The entry as a fragment without styles, each link whole."""
    said = "".join(f"<p>{escape(line).replace(chr(10), '<br>')}</p>" for line in one.lines)
    files = "".join(f'<li><a href="{escape(address(file))}">{escape(clean(file.name))}</a></li>' for file in one.files)
    more = f'<p><a href="{escape(one.url)}">{_READ.said_in(language)}</a></p>'
    return said + (f"<ul>{files}</ul>" if files else "") + more


def address(file: Attached) -> str:
    return f"{settings.TOMEI_URL}{file.public_url}"


def clean(text: str) -> str:
    """Without the characters that no XML can hold."""
    return _UNFIT.sub("", text)


def known(page: PageView, component: str, ids: Sequence[str]) -> str:
    """The slug of a component that is named by its slug, or by its id in the JSON; empty when there is none."""
    slugs = [one.slug for one in page.components]
    if component in slugs:
        return component
    return slugs[ids.index(component)] if component in ids else ""
