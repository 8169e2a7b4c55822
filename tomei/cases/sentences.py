"""Entries of a timeline as sentences: made from code and data, in the reader's language, when they are read.

Other features lend the sentences of their own codes as `SENTENCES` in their `texts.py`, in the same form; the facts in
braces are those of `facts_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tomei.cases import impact_texts, room_words
from tomei.cases.facts import EntryFacts
from tomei.cases.stakes import texts as stakes
from tomei.cases.waiting import words as waiting
from tomei.cases.words import CASE_STATES, CHANNELS, HEARERS, IMPACTS, ROLES, STAMPS, STATES
from tomei.kernel.text import Text
from tomei.promises import rules as promise_rules
from tomei.ui import moments

LENDERS = (
    "promises",
    "oncall",
    "signals",
    "comms",
    "diagnosis",
    "wiring",
    "cases.claims",
    "cases.declared",
    "cases.duties",
    "cases.waiting",
    "cases.evidence",
)

SENTENCES: dict[str, Text] = {
    **room_words.SENTENCES,
    **stakes.SENTENCES,
    **impact_texts.SENTENCES,
    "declared": Text("{severity} を宣言: {title}", "Declared {severity}: {title}"),
    "investigating": Text("状態を「調査中」に戻しました(以前: {was_state})", "Back to investigating (was {was_state})"),
    "identified": Text("原因特定(以前: {was_state})", "Cause identified (was {was_state})"),
    "mitigating": Text("対処を開始(以前: {was_state})", "Mitigating (was {was_state})"),
    "monitoring": Text("対処を終えて監視を開始(以前: {was_state})", "Mitigated, now monitoring (was {was_state})"),
    "restored": Text("システム復旧", "System restored"),
    "closed": Text("完了", "Closed"),
    "reopened": Text("再オープン(以前: {was_state})", "Reopened (was {was_state})"),
    "dismissed": Text("誤報扱いとしました", "Dismissed: declared in error"),
    "severity.raised": Text(
        "重大度を {was_severity} から {severity} に引き上げ", "Severity raised from {was_severity} to {severity}"
    ),
    "severity.lowered": Text(
        "重大度を {was_severity} から {severity} に引き下げ", "Severity lowered from {was_severity} to {severity}"
    ),
    "role.taken": Text("着任: {joined}{left_note}{rest_note}", "Role taken: {joined}{left_note}{rest_note}"),
    "role.left": Text("離任: {left}{joined_note}", "Role left: {left}{joined_note}"),
    "undone": Text("{of} 番の記録の操作を取り消しました{undone_note}", "Entry {of} undone{undone_note}"),
    "note.note": Text("記録", "Note"),
    "note.fact": Text("事実", "Fact"),
    "note.decision": Text("決定", "Decision"),
    "spoke": Text("{organisations}に連絡({channel})", "Spoke to {organisations} ({channel})"),
    "promised": Text("{owed_by}が{owed_to}に約束(期限 {due})", "{owed_by} promised {owed_to} (due {due})"),
    "customer.threatened": Text(
        "{organisations}が解約に言及。担当営業に知らせました",
        "{organisations} spoke of cancelling. The account owner was alerted",
    ),
    "stamped": Text("時刻を記録: {stamps}{was_stamps}", "Stamped: {stamps}{was_stamps}"),
    "retitled": Text("件名を変更: {title}", "Title changed: {title}"),
    "restricted": Text("閲覧を担当者と管理者に限定", "Restricted to role holders and administrators"),
    "unrestricted": Text("閲覧の制限を解除", "No longer restricted"),
    "drill": Text("演習としました。顧客には何も届きません", "Marked as a drill: nothing leaves to customers"),
    "no_drill": Text("演習ではなく実際のインシデントとしました", "No longer a drill: this is real"),
    "policy.applied": Text("対応基準「{policy}」第{number}版を適用", "Policy “{policy}”, version {number}, applied"),
    "cadence.announced": Text("連絡間隔を告知: {cadence}", "Cadence announced: {cadence}"),
    "duplicate": Text("INC-{original} と重複", "Duplicate of INC-{original}"),
    "duplicate.found": Text("INC-{duplicate} はこのインシデントと重複", "INC-{duplicate} is a duplicate of this"),
    "components.edited": Text("影響を受けるコンポーネント: {components}", "Components affected: {components}"),
    "case.opened": Text("案件を開始: {organisations}", "Case opened: {organisations}"),
    "case.acknowledged": Text("受領確認: {organisations}", "Acknowledged to {organisations}"),
    "case.resumed": Text("業務再開: {organisations}{said_note}", "Business resumed at {organisations}{said_note}"),
    "case.closed": Text("案件を完了: {organisations}{said_note}", "Case closed by {organisations}{said_note}"),
    "case.reopened": Text("案件を再オープン: {organisations}{said_note}", "Case reopened: {organisations}{said_note}"),
    "case.withdrawn": Text("案件を取り下げ: {organisations}", "Case withdrawn: {organisations}"),
    "case.handed_on": Text("残件の担当を決定: {organisations}", "Handed on: {organisations}"),
    "case.described": Text("顧客の言葉を記録: {organisations}", "In the customer's words: {organisations}"),
    "case.severity": Text(
        "顧客から見た重大度を {case_severity} に変更: {organisations}",
        "Severity for the customer set to {case_severity}: {organisations}",
    ),
    "case.linked": Text("案件をこのインシデントに関連付け: {organisations}", "Case linked: {organisations}"),
    "case.moved": Text("CASE-{case} を INC-{to} に移しました", "CASE-{case} now hangs on INC-{to}"),
    "erased": Text("{of} 番の記録の本文を消去: {reason}", "Body of entry {of} erased: {reason}"),
    "time_corrected": Text(
        "{of} 番の記録の時刻を {corrected} に訂正(以前: {was_at})",
        "Time of entry {of} corrected to {corrected} (was {was_at})",
    ),
}

NOTES = {
    "instead": Text("({0} と交代)", " (in place of {0})"),
    "now": Text("(後任: {0})", " (now {0})"),
    "was": Text("(以前: {0})", " (was {0})"),
    "severity": Text("({0} に戻しました)", " (back to {0})"),
    "roles": Text("({0})", " ({0})"),
    "policy": Text("基準どおり", "as in the policy"),
    "drafted": Text("(執筆: {0})", " (written by {0})"),
    "automatic": Text("(自動送信、文面は事前に承認)", " (automatic, approved beforehand)"),
    "none": Text("なし", "none"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the ids of some entries."""

    people: Mapping[int, str] = field(default_factory=dict)
    organisations: Mapping[int, Text] = field(default_factory=dict)
    components: Mapping[int, Text] = field(default_factory=dict)


@lru_cache(maxsize=1)
def table() -> dict[str, Text]:
    """Code -> sentence, joined over the features that write into timelines."""
    joined: dict[str, Text] = {}
    for feature in LENDERS:
        if find_spec(f"tomei.{feature}.texts"):
            joined.update(getattr(import_module(f"tomei.{feature}.texts"), "SENTENCES", {}))
    return {**joined, **SENTENCES}


def say(entry: EntryFacts, language: str, *, names: Names, zone: str) -> str:
    """The entry in one sentence; a code that nobody gave words to is shown as it is."""
    sentence = table().get(entry.code)
    if sentence is None:
        return entry.code
    facts = facts_of(entry.data, language, names, zone)
    facts |= room_words.facts_of(entry.data, language, names.people, entry.at)
    facts |= waiting.facts_of(entry.data, language)
    return sentence.said_in(language).format_map(facts)


def facts_of(data: Mapping[str, Any], language: str, names: Names, zone: str) -> dict[str, str]:
    """Every fact that a sentence may name; what the entry does not know is empty."""
    facts: dict[str, str] = defaultdict(str)
    for name, value in data.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            facts[name] = str(value)
    was = data.get("was") or {}
    if "title" in data:
        facts["title"] = Text.of(data["title"]).said_in(language)
    facts["state"] = _word(STATES, data.get("state", ""), language)
    facts["was_state"] = _word(STATES, was.get("state", ""), language) or _word(
        CASE_STATES, was.get("state", ""), language
    )
    facts["was_severity"] = str(was.get("severity", ""))
    facts["channel"] = _word(CHANNELS, data.get("channel", ""), language)
    facts["organisations"] = _organisations(data, language, names)
    facts["components"] = _components(data, language, names)
    facts |= impact_texts.facts_of(data, language, names.components, zone)
    facts |= stakes.facts_of(data, language, zone)
    _roles(facts, data, language, names)
    if "promise_id" in data:
        _promise(facts, data, language, names, zone)
    _times(facts, data, was, language, zone)
    if "slow_cadence_s" in data:
        seconds = data["slow_cadence_s"]
        facts["cadence"] = moments.limit(seconds, language) if seconds else NOTES["policy"].said_in(language)
    if isinstance(data.get("drafted_by_id"), int):
        name = names.people.get(data["drafted_by_id"], f"#{data['drafted_by_id']}")
        facts["drafted_note"] = NOTES["drafted"].said_in(language).format(name)
    if data.get("automatic"):
        facts["drafted_note"] = NOTES["automatic"].said_in(language)
    facts["case_severity"] = ", ".join(case["severity"] for case in data.get("cases", ()) if "severity" in case)
    return facts


def _promise(facts: dict[str, str], data: Mapping[str, Any], language: str, names: Names, zone: str) -> None:
    """What was promised to whom, by when, who was told, how late it ended."""
    kind = promise_rules.kind(str(data.get("kind", "")))
    words = kind.words.said_in(language)
    about = str(data.get("about", "")).removeprefix("role:").partition(":")[0]
    other = data.get("owed_by_id" if kind.theirs else "owed_to_id")
    detail = (
        _word(ROLES, about, language) if about in ROLES else _word(HEARERS, str(data.get("audience", "")), language)
    )
    if isinstance(other, int) and other in names.organisations:
        detail = names.organisations[other].said_in(language)
    facts["promise"] = f"{words} ({detail})" if detail else words
    for side in ("owed_by", "owed_to"):
        name = names.organisations.get(data.get(f"{side}_id") or 0)
        facts[side] = name.said_in(language) if name else ""
    due_at = data.get("due_at")
    facts["due"] = moments.clock(datetime.fromisoformat(due_at), zone, named=True) if due_at else ""
    people = (names.people.get(user, f"#{user}") for user in data.get("user_ids", ()))
    facts["people"] = _join(people, language) or NOTES["none"].said_in(language)
    if isinstance(data.get("late_s"), int | float):
        facts["late"] = moments.span(data["late_s"], language)


def _word(words: Mapping[str, Text], code: str, language: str) -> str:
    return words[code].said_in(language) if code in words else code


def _join(parts: Iterable[str], language: str) -> str:
    return ("、" if language == "ja" else ", ").join(part for part in parts if part)


def organisation_ids(data: Mapping[str, Any]) -> list[int]:
    """The customers an entry is about."""
    found = [*data.get("organisation_ids", ())]
    if isinstance(data.get("organisation_id"), int):
        found.append(data["organisation_id"])
    if "promise_id" in data:
        found += [data[side] for side in ("owed_to_id", "owed_by_id") if isinstance(data.get(side), int)]
    found += [case["organisation_id"] for case in data.get("cases", ()) if "organisation_id" in case]
    return list(dict.fromkeys(found))


def _organisations(data: Mapping[str, Any], language: str, names: Names) -> str:
    known = names.organisations
    return _join((known[pk].said_in(language) if pk in known else f"#{pk}" for pk in organisation_ids(data)), language)


def _components(data: Mapping[str, Any], language: str, names: Names) -> str:
    parts = []
    for part in data.get("components", ()):
        name = names.components[part["id"]].said_in(language) if part["id"] in names.components else f"#{part['id']}"
        parts.append(f"{name} ({_word(IMPACTS, part['impact'], language)})")
    return _join(parts, language) or NOTES["none"].said_in(language)


def _roles(facts: dict[str, str], data: Mapping[str, Any], language: str, names: Names) -> None:
    for side in ("joined", "left"):
        pairs = [
            (_word(ROLES, role, language), names.people.get(user, f"#{user}")) for role, user in data.get(side, ())
        ]
        facts[side] = _join((f"{person} ({role})" for role, person in pairs), language)
        who = _join((person for _, person in pairs), language)
        facts[f"{side}_note"] = (
            NOTES["instead" if side == "left" else "now"].said_in(language).format(who) if who else ""
        )
    if "severity" in data:
        facts["undone_note"] = NOTES["severity"].said_in(language).format(data["severity"])
    elif facts["joined"] or facts["left"]:
        back = _join((facts["joined"], facts["left"]), language)
        facts["undone_note"] = NOTES["roles"].said_in(language).format(back)


def _times(facts: dict[str, str], data: Mapping[str, Any], was: Mapping[str, Any], language: str, zone: str) -> None:
    def full(text: str | None) -> str:
        return moments.full(datetime.fromisoformat(text), zone, language) if text else NOTES["none"].said_in(language)

    facts["stamps"] = _join(
        (f"{_word(STAMPS, name, language)} {full(at)}" for name, at in data.get("stamps", {}).items()), language
    )
    before = _join((full(at) for at in (was.get("stamps") or {}).values()), language)
    facts["was_stamps"] = NOTES["was"].said_in(language).format(before) if before else ""
    _ruled(facts, data, language, zone)
    if "corrected_at" in data:
        facts["corrected"], facts["was_at"] = full(data["corrected_at"]), full(was.get("at"))


def _ruled(facts: dict[str, str], data: Mapping[str, Any], language: str, zone: str) -> None:
    """Of claims, questions and duties by law: what, to whom, by when, since when we know."""
    if "claim" in data or "duty_id" in data or "question" in data:
        due_at = data.get("due_at")
        facts["due"] = moments.full(datetime.fromisoformat(due_at), zone, language) if due_at else ""
        facts["duty"] = Text.of(data.get("duty_name")).said_in(language)
        facts["to"] = f" ({facts['organisations']})" if facts["organisations"] else ""
        facts["late"] = moments.span(data["late_s"], language) if "late_s" in data else ""
    if data.get("aware_at"):
        facts["aware"] = moments.full(datetime.fromisoformat(data["aware_at"]), zone, language)
