"""An update as a mail: text and plain accessible HTML, the reader's language first, the other below.

Inline style stands here and nowhere else: mail programs drop style sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from django.conf import settings

from tomei.comms import words
from tomei.comms.statuspage.addresses import WORK
from tomei.comms.views import CustomerView
from tomei.delivery.rules import attachable
from tomei.kernel.ids import digest
from tomei.kernel.text import Text

_BODY = "margin:0;padding:16px;background:#ffffff;color:#12181d;font:16px/1.7 sans-serif;max-width:42em"
_NEXT = (
    "margin:16px 0;padding:12px 16px;border-left:4px solid #165e83;background:#e4eff5;font-size:18px;font-weight:bold"
)
_LABEL = "margin:16px 0 0;font-size:14px;color:#434e58"
_FOOT = "margin:24px 0 0;padding-top:12px;border-top:1px solid #dbe0e4;font-size:13px;color:#5a6670"
_WORK = Text("当社の進め方とお約束の時間", "What happens on our side, and by when")
Ending = tuple[tuple[str, str], ...]
_RULE = "border:0;border-top:1px solid #dbe0e4;margin:24px 0"


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    file_ids: tuple[int, ...] = ()


def render(view: CustomerView, *, house: str, ending: Ending = ()) -> Mail:
    """The mail for one reader. `house` is our name in their language, `ending` the last lines: words and a link."""
    said = words.said_languages(view)
    first = said[0] if said else view.language
    file_ids = attachable((one.id, one.size) for one in view.files)
    text, html = _text(view, said, house, ending), _html(view, said, house, ending)
    return Mail(_subject(view, first), text, html, headers(view.key), file_ids)


def _files(view: CustomerView) -> str:
    """What comes with the mail, in the reader's language; empty when the update has no file."""
    fit = set(attachable((one.id, one.size) for one in view.files))
    names = [one.name for one in view.files if one.id in fit]
    return words.files_line(names, len(view.files) - len(names), view.language)


def headers(key: str) -> dict[str, str]:
    """Every mail of an incident hangs under one root that was never sent: programs thread by what they share."""
    root = f"<{digest(f'thread:{key}')[:40]}@{_domain()}>"
    return {"In-Reply-To": root, "References": root, "X-Tomei-Incident": key}


def _domain() -> str:
    host = (urlsplit(settings.TOMEI_URL).hostname or "").lower()
    return host if any(letter.isalpha() for letter in host) and ":" not in host else "tomei.invalid"


def _subject(view: CustomerView, language: str) -> str:
    """One line that threads: the incident first, what is new after it."""
    drill = ("【演習】" if language == "ja" else "[DRILL] ") if view.drill else ""
    return f"{drill}[{view.key}] {view.title.said_in(language)}: {words.title(view, language)}"


def _foot(view: CustomerView, language: str, house: str) -> list[str]:
    record = f"記録 {view.anchor}" if language == "ja" else f"Record {view.anchor}"
    lines = [f"{house} / {view.key} / {record}"]
    pending = words.pending_line(view, language)
    if pending:
        lines.insert(0, pending)
    if view.url:
        lines.append(view.url)
    if view.organisation and not view.drill:  # a customer: how we work is no news to our own people
        lines.append(f"{_WORK.said_in(language)}: {_work_url(view, language)}")
    return lines


def _work_url(view: CustomerView, language: str) -> str:
    return f"{settings.TOMEI_URL}{WORK}?lang={language}#{view.severity}"


def _text(view: CustomerView, said: list[str], house: str, ending: Ending) -> str:
    blocks = [words.plain(view, language) for language in said]
    pending = words.pending_line(view, view.language)
    if pending and view.language not in said:
        blocks.insert(0, pending)
    if view.files:
        blocks.append(_files(view))
    last = [f"{line}\n{url}" if url else line for line, url in ending]
    foot = "\n".join([*_foot(view, view.language, house), *last])
    return ("\n\n" + "-" * 40 + "\n\n").join(blocks) + f"\n\n-- \n{foot}\n"


def _html(view: CustomerView, said: list[str], house: str, ending: Ending) -> str:
    blocks = [_block(view, language) for language in said]
    pending = words.pending_line(view, view.language)
    if pending and view.language not in said:
        blocks.insert(0, f"<p>{escape(pending)}</p>")
    if view.files:
        lines = escape(_files(view)).replace("\n", "<br>")
        blocks.append(f'<p lang="{view.language}">{lines}</p>')
    last = [f'<a href="{escape(url)}">{escape(line)}</a>' if url else escape(line) for line, url in ending]
    foot = "<br>".join([*(_linked(line, view) for line in _foot(view, view.language, house)), *last])
    first = said[0] if said else view.language
    return (
        f'<!doctype html><html lang="{first}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(_subject(view, first))}</title></head>'
        f'<body style="{_BODY}">'
        + f'<hr style="{_RULE}">'.join(blocks)
        + f'<p style="{_FOOT}">{foot}</p></body></html>'
    )


def _linked(line: str, view: CustomerView) -> str:
    """The address at the end of a line of the foot as a link, when it is one that we put there."""
    for url in (view.url, _work_url(view, view.language)):
        if url and line.endswith(url):
            return f'{escape(line.removesuffix(url))}<a href="{escape(url)}">{escape(url)}</a>'
    return escape(line)


def _block(view: CustomerView, language: str) -> str:
    parts = [f'<h1 style="font-size:20px;margin:0 0 4px">{escape(words.title(view, language))}</h1>']
    parts.append(f'<p style="margin:0;color:#434e58">{escape(view.key)} {escape(view.title.said_in(language))}</p>')
    lead = words.lead_line(view, language)
    if lead:
        parts.append(f"<p><strong>{escape(lead)}</strong></p>")
    for label, text in words.body(view, language):
        lines = escape(text).replace("\n", "<br>")
        parts.append(f'<h2 style="{_LABEL}">{escape(label)}</h2><p style="margin:4px 0 0">{lines}</p>')
    estimate = words.estimate_line(view, language)
    parts += [f"<p>{escape(estimate)}</p>"] if estimate else []
    for line in filter(None, (words.next_line(view, language), words.report_line(view, language))):
        parts.append(f'<p style="{_NEXT}">{escape(line)}</p>')
    return f'<div lang="{language}">' + "".join(parts) + "</div>"
