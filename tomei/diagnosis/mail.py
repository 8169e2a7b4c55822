"""Mails about questions: what we ask with its four parts, and what became of the answer. The link opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.conf import settings

from tomei.customers import queries as customers
from tomei.delivery import bulk as delivery
from tomei.diagnosis.facts import QuestionFacts
from tomei.diagnosis.words import PARTS
from tomei.kernel.text import Text
from tomei.ui import moments

_SUBJECTS = {
    "asked": Text("お願い：{what}", "We need from you: {what}"),
    "used": Text("いただいた回答の活用結果：{what}", "What became of your answer: {what}"),
    "unused": Text("いただいた回答について：{what}", "About your answer: {what}"),
    "withdrawn": Text("質問の取り下げ：{what}", "No longer needed: {what}"),
}
_BY = Text("回答の期限", "Please answer by")
_TOLD = Text("結果をお伝えする時刻", "You hear what became of it by")
_ROOM = Text(
    "お客様ルームで回答・確認できます（サインインが必要です）。", "Answer and read it in your room (you sign in there):"
)
_OUTCOME = Text("結果", "What became of it")


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    words: str


def tell(one: QuestionFacts, code: str, *, rank: int, with_link: bool, now: datetime) -> None:
    """One mail to each contact who gets updates, in their language and their organisation's zone. A drill: none."""
    if one.drill:
        return
    organisation = customers.organisations([one.organisation_id])[one.organisation_id]
    house = customers.ours().name
    mails = []
    for contact in customers.update_contacts([one.organisation_id]):
        lines = _lines(one, code, contact.language, organisation.zone)
        link = f"{settings.TOMEI_URL}/room/questions/{one.key}/?lang={contact.language}" if with_link else ""
        text, html = _bodies(lines, link, contact.language, f"{house.said_in(contact.language)} / {one.key}")
        said = one.what.said_in(contact.language)
        mails.append(delivery.MailIn(
            to=contact.mail, subject=f"[{one.key}] {_SUBJECTS[code].said_in(contact.language).format(what=said)}"[:180],
            text=text, html=html, key=f"question:{one.id}:{code}:contact:{contact.id}",
            organisation_id=one.organisation_id,
        ))  # fmt: skip
    delivery.queue_mails(
        mails, purpose="notice", rank=rank, now=now, incident_id=one.incident_id, about=f"question:{one.id}"
    )


def _lines(one: QuestionFacts, code: str, language: str, zone: str) -> list[_Line]:
    what = _Line(PARTS["what"].said_in(language), one.what.said_in(language))
    if code != "asked":
        return [what, _Line(_OUTCOME.said_in(language), one.outcome.said_in(language))]
    assert one.due_at and one.next_at  # asked
    rest = [_Line(PARTS[name].said_in(language), getattr(one, name).said_in(language)) for name in ("why", "use")]
    follows = _Line(PARTS["following"].said_in(language), one.following.said_in(language))
    by = _Line(_BY.said_in(language), moments.full(one.due_at, zone, language))
    return [what, *rest, follows, by, _Line(_TOLD.said_in(language), moments.full(one.next_at, zone, language))]


def _bodies(lines: Sequence[_Line], link: str, language: str, foot: str) -> tuple[str, str]:
    parts = [f"{line.label}\n{line.words}" for line in lines]
    html = "".join(f"<p><b>{escape(line.label)}</b><br>{_broken(line.words)}</p>" for line in lines)
    if link:
        parts.append(f"{_ROOM.said_in(language)}\n{link}")
        html += f'<p>{escape(_ROOM.said_in(language))}<br><a href="{escape(link)}">{escape(link)}</a></p>'
    text = "\n\n".join([*parts, f"-- \n{foot}"]) + "\n"
    return text, (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head><body>{html}'
        f"<p>{escape(foot)}</p></body></html>"
    )


def _broken(words: str) -> str:
    return escape(words).replace("\n", "<br>")
