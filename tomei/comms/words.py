"""Sentences of an update in one language: shared by mail, page and copy. No template, no gettext: both languages
stand in one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.comms import labels
from tomei.comms.views import CustomerView
from tomei.kernel.text import Text
from tomei.ui import moments

_LEFT_OUT = Text(
    ja="ファイル {count} 件は大きさの都合で添付していません。必要な場合はこのメールにご返信ください。",
    en="Not attached because of the size: {count}. Reply to this mail if you need it.",
)
_ALONE = Text(
    ja="この第一報は、あらかじめ用意した文面を自動でお送りしています。担当者が続けてご報告します。",
    en="This first notice was written beforehand and went out automatically. Our people write next.",
)
_STILL = Text(ja="引き続き対処しています。", en="We are still working on it.")


def title(view: CustomerView, language: str) -> str:
    """`第5報 対処中`, `Update 5: Mitigating`; corrections and the like say what they are."""
    state = labels.STATES[view.state].said_in(language)
    kind = labels.KINDS[view.kind].said_in(language)
    if language == "ja":
        head = f"第{view.number}報" if view.kind in ("update", "heartbeat") else f"第{view.number}報（{kind}）"
        return f"{head} {state}"
    head = f"Update {view.number}" if view.kind in ("update", "heartbeat") else f"Update {view.number} ({kind.lower()})"
    return f"{head}: {state}"


def when(moment: datetime, zone: str, language: str, now: datetime) -> str:
    """`14:27 JST (05:27 UTC)`: absolute, in the reader's zone and in UTC; with the day when that is not today."""
    near = moments.near(moment, zone, language, now)
    if moments.zone_name(moment, zone) == "UTC":
        return near
    return f"{near} ({moments.near(moment, 'UTC', language, now)})"


def next_line(view: CustomerView, language: str) -> str:
    """The sentence that becomes a promise; empty after the end."""
    if view.next_at is None:
        return ""
    at = when(view.next_at, view.zone, language, view.published_at)
    return f"次の報告: {at} まで" if language == "ja" else f"Next update by {at}"


def report_line(view: CustomerView, language: str) -> str:
    if view.report_due_at is None:
        return ""
    at = moments.full(view.report_due_at, view.zone, language)
    if language == "ja":
        return f"原因と是正措置の報告書: {at} までにお届けします"
    return f"Cause and corrective action report: by {at}"


def estimate_line(view: CustomerView, language: str) -> str:
    """Range, confidence, basis; a revision says that it is one and why."""
    one = view.estimate
    if one is None:
        return ""
    start = when(one.from_at, view.zone, language, view.published_at)
    end = when(one.to_at, view.zone, language, view.published_at)
    sure, basis = labels.CONFIDENCES[one.confidence].said_in(language), one.basis.said_in(language)
    if language == "ja":
        line = f"復旧の見込み: {start} から {end}（確かさ {sure}、根拠: {basis}）"
        return line + (f"。見込みの改訂 {one.revision}: {one.reason.said_in('ja')}" if one.revision > 1 else "")
    line = f"Estimate: between {start} and {end} (confidence {sure}; basis: {basis})"
    return line + (f". Revision {one.revision}: {one.reason.said_in('en')}" if one.revision > 1 else "")


def lead_line(view: CustomerView, language: str) -> str:
    """What must be read first: a drill, a correction, a heartbeat's frame."""
    lines = []
    if view.drill:
        lines.append("【演習】これは訓練です。" if language == "ja" else "[DRILL] This is an exercise.")
    if view.corrects is not None:
        lines.append(
            f"第{view.corrects}報の訂正です。" if language == "ja" else f"This corrects update {view.corrects}."
        )
    if view.automatic:
        lines.append(_ALONE.said_in(language))
    if view.kind == "heartbeat":
        lines.append(_STILL.said_in(language))
    return " ".join(lines)


def pending_line(view: CustomerView, language: str) -> str:
    """To the readers of the language that is not there yet: when it comes."""
    if not view.pending or view.pending_at is None:
        return ""
    at = when(view.pending_at, view.zone, language, view.published_at)
    return labels.PENDING[view.pending].said_in(language).format(at=at)


def files_line(names: Sequence[str], left_out: int, language: str) -> str:
    """Which files come with the mail, and how many were too large together to come along."""
    lines = []
    if names:
        lines.append(f"添付: {'、'.join(names)}" if language == "ja" else f"Attached: {', '.join(names)}")
    if left_out:
        lines.append(_LEFT_OUT.said_in(language).format(count=left_out))
    return "\n".join(lines)


def body(view: CustomerView, language: str) -> list[tuple[str, str]]:
    """(label, words) of each part that stands in `language`."""
    return [
        (labels.PARTS[name].said_in(language), getattr(text, language).strip())
        for name, text in view.parts
        if getattr(text, language).strip()
    ]


def said_languages(view: CustomerView) -> list[str]:
    """The reader's language first, the other below; only what is whole."""
    order = ["en", "ja"] if view.language == "en" else ["ja", "en"]
    return [language for language in order if language in view.languages]


def plain(view: CustomerView, language: str) -> str:
    """The update as plain text in one language: for mail, and to copy."""
    lines = [title(view, language), f"{view.key} {view.title.said_in(language)}", ""]
    lead = lead_line(view, language)
    lines += [lead, ""] if lead else []
    for label, words in body(view, language):
        lines += [f"■ {label}" if language == "ja" else f"{label}:", words, ""]
    tail = [estimate_line(view, language), next_line(view, language), report_line(view, language)]
    return "\n".join([*lines, *filter(None, tail)]).rstrip()
