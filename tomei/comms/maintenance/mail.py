"""A notice as a mail: text and plain accessible HTML, the reader's language first, the other below.

Inline style stands here because mail programs drop style sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from django.conf import settings

from tomei.comms.mail import Mail
from tomei.comms.maintenance import words
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.delivery.rules import mail_domain
from tomei.kernel.ids import digest
from tomei.kernel.text import Text

_BODY = "margin:0;padding:16px;background:#ffffff;color:#12181d;font:16px/1.7 sans-serif;max-width:42em"
_WHEN = (
    "margin:16px 0;padding:12px 16px;border-left:4px solid #165e83;background:#e4eff5;font-size:16px;font-weight:bold"
)
_FOOT = "margin:24px 0 0;padding-top:12px;border-top:1px solid #dbe0e4;font-size:13px;color:#5a6670"
Ending = tuple[tuple[str, str], ...]


def render(
    one: MaintenanceView, notice: NoticeView, *, names: Mapping[int, Text], house: str, language: str, zone: str,
    public: bool, ending: Ending = (),
) -> Mail:  # fmt: skip
    """For one reader's language and zone. `public`: the page has it, so the mail leads there."""
    said = list(words.order(notice, language)) or [language]
    subject = f"[{one.key}] {words.title(notice, language)}: {one.title.said_in(language)}"
    blocks = [_lines(one, notice, dict(names), part, zone) for part in said]
    pending = words.pending(notice, zone, language)
    foot = [(f"{house} / {one.key}", "")] + ([(pending, "")] if pending else [])
    foot += [("", f"{settings.TOMEI_URL}{one.path}?lang={language}")] if public else []
    foot += list(ending)
    return Mail(subject, _text(blocks, foot), _html(subject, said, blocks, foot), _headers(one.key))


def _lines(one: MaintenanceView, notice: NoticeView, names: dict[int, Text], language: str, zone: str) -> list[str]:
    label = "対象" if language == "ja" else "Services"
    services = words.services(one, names, language)
    return [
        f"{words.title(notice, language)}: {one.title.said_in(language)}",
        getattr(notice.text, language),
        *words.lines(notice, zone, language),
        *([f"{label}: {services}"] if services else []),
    ]


def _headers(key: str) -> dict[str, str]:
    """All notices of one maintenance hang under one root, so that programs thread them."""
    root = f"<{digest(f'thread:{key}')[:40]}@{mail_domain(settings.TOMEI_URL)}>"
    return {"In-Reply-To": root, "References": root, "X-Tomei-Maintenance": key}


def _text(blocks: list[list[str]], foot: Ending | list[tuple[str, str]]) -> str:
    body = ("\n\n" + "-" * 40 + "\n\n").join("\n\n".join(lines) for lines in blocks)
    last = "\n".join("\n".join(filter(None, pair)) for pair in foot)
    return f"{body}\n\n-- \n{last}\n"


def _html(subject: str, said: list[str], blocks: list[list[str]], foot: list[tuple[str, str]]) -> str:
    parts = [_block(language, lines) for language, lines in zip(said, blocks, strict=True)]
    last = "<br>".join(
        f'<a href="{escape(url)}">{escape(line or url)}</a>' if url else escape(line) for line, url in foot
    )
    return (
        f'<!doctype html><html lang="{said[0]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(subject)}</title></head>'
        f'<body style="{_BODY}">{"<hr>".join(parts)}<p style="{_FOOT}">{last}</p></body></html>'
    )


def _block(language: str, lines: list[str]) -> str:
    head, text, when, *rest = lines
    body = escape(text).replace("\n", "<br>")
    more = "".join(f"<p>{escape(line)}</p>" for line in rest)
    return (
        f'<div lang="{language}"><h1 style="font-size:20px;margin:0 0 4px">{escape(head)}</h1><p>{body}</p>'
        f'<p style="{_WHEN}">{escape(when)}</p>{more}</div>'
    )
