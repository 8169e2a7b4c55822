"""Words of deadlines and workarounds: their kinds, what their entries say, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tomei.kernel.text import Text
from tomei.ui import moments

KINDS: dict[str, Text] = {
    "legal": Text("法令上の期限", "set by law"),
    "batch": Text("顧客の締め・便・バッチ", "the customer's closing, truck or batch"),
    "market": Text("市場の開始", "market opening"),
    "other": Text("その他", "other"),
}
ENDED: dict[str, Text] = {
    "": Text("進行中", "running"),
    "met": Text("期限前に業務再開", "business resumed before it"),
    "passed": Text("間に合わず", "missed"),
    "withdrawn": Text("取り下げ", "withdrawn"),
}
PER_HOUR = Text("1時間あたり {0}", "{0} an hour")
PEOPLE = Text("1交代 {0}人", "{0} people a shift")

SENTENCES: dict[str, Text] = {
    "deadline.set": Text("業務上の期限: {deadline}({deadline_kind})", "Hard deadline: {deadline} ({deadline_kind})"),
    "deadline.moved": Text(
        "顧客が期限を {was_deadline} から {deadline} に変更",
        "The customer moved the deadline from {was_deadline} to {deadline}",
    ),
    "deadline.withdrawn": Text("期限 {deadline} を取り下げ", "Deadline {deadline} withdrawn"),
    "deadline.met": Text("期限 {deadline} の前に業務再開", "Business resumed before the deadline {deadline}"),
    "deadline.passed": Text("期限 {deadline} に間に合わず", "The deadline {deadline} was missed"),
    "workaround.set": Text("顧客側の回避策{cost}", "Workaround at the customer{cost}"),
    "workaround.ended": Text("顧客側の回避策を終了", "The workaround at the customer ended"),
}

_RELOAD = Text("ページを開き直して、いまの状態を確かめてください。", "Open the page again and look at how it stands.")
REFUSALS: dict[str, tuple[Text, Text]] = {
    "deadline.unknown_kind": (
        Text(
            "期限の種類「{kind}」はありません。何も記録していません。",
            "There is no kind of deadline “{kind}”. Nothing was recorded.",
        ),
        Text("legal、batch、market、other のいずれかを選んでください。", "Choose legal, batch, market or other."),
    ),
    "deadline.passed": (
        Text(
            "この期限はもう過ぎています。何も記録していません。",
            "This deadline has passed already. Nothing was recorded.",
        ),
        Text("日付とタイムゾーンを確かめてください。", "Check the day and the time zone."),
    ),
    "deadline.too_far": (
        Text(
            "期限が1年以上先です。何も記録していません。",
            "This deadline is more than a year ahead. Nothing was recorded.",
        ),
        Text("日付を確かめてください。", "Check the day."),
    ),
    "deadline.too_many": (
        Text(
            "一つの案件で進行中の期限は{most}件までです。何も記録していません。",
            "A case has at most {most} deadlines that run. Nothing was recorded.",
        ),
        Text("不要な期限を取り下げてください。", "Withdraw those that are none any more."),
    ),
    "deadline.case_over": (
        Text(
            "{key} では業務が止まっていないため、期限を記録できません。何も変わっていません。",
            "{key} does not stand still, so no deadline can be recorded. Nothing was changed.",
        ),
        Text("必要なら先に案件を再オープンしてください。", "Reopen the case first if it is needed."),
    ),
    "deadline.over": (
        Text(
            "この期限はすでに終わっています。何も変わっていません。",
            "This deadline has ended already. Nothing was changed.",
        ),
        _RELOAD,
    ),
    "deadline.changed_meanwhile": (
        Text(
            "編集中に、この期限は {at} に変更されました。何も変わっていません。",
            "This deadline was moved to {at} meanwhile. Nothing was changed.",
        ),
        _RELOAD,
    ),
    "deadline.runs_already": (
        Text(
            "進行中の期限があるため、ここでは変更できません。何も変わっていません。",
            "A deadline runs already and is not changed in passing. Nothing was changed.",
        ),
        Text(
            "期限の欄で、理由を添えて変更または取り下げてください。",
            "Move or withdraw it where the deadlines stand, with a reason.",
        ),
    ),
    "workaround.case_over": (
        Text(
            "{key} では業務が止まっていないため、回避策を記録できません。何も変わっていません。",
            "{key} does not stand still, so no workaround can be recorded. Nothing was changed.",
        ),
        Text("必要なら先に案件を再オープンしてください。", "Reopen the case first if it is needed."),
    ),
    "workaround.before_last": (
        Text(
            "前の回避策より前の時刻は指定できません。何も記録していません。",
            "It cannot begin or end before the last one did. Nothing was recorded.",
        ),
        Text("時刻を確かめてください。", "Check the time."),
    ),
    "workaround.changed_meanwhile": (
        Text(
            "編集中に、ほかの人が回避策を変更しました。何も変わっていません。",
            "Somebody changed the workaround meanwhile. Nothing was changed.",
        ),
        _RELOAD,
    ),
    "workaround.people": (
        Text("人数は0から{limit}までです。何も記録していません。", "People are 0 to {limit}. Nothing was recorded."),
        Text("1交代に必要な人数を入れてください。", "Give how many are needed in one shift."),
    ),
    "workaround.none": (
        Text("進行中の回避策がありません。何も変わっていません。", "No workaround is running. Nothing was changed."),
        _RELOAD,
    ),
}


def money(amounts: Mapping[str, Decimal], language: str) -> str:
    """Each currency by itself: they are never added together."""
    return ("、" if language == "ja" else ", ").join(f"{amount:,} {code}" for code, amount in amounts.items())


def facts_of(data: Mapping[str, Any], language: str, zone: str) -> dict[str, str]:
    """What the sentences name; times in the zone in which the customer named them."""
    facts = dict.fromkeys(("deadline", "was_deadline", "deadline_kind", "cost"), "")
    if "deadline_kind" in data:
        named = str(data.get("deadline_zone") or zone)
        facts["deadline_kind"] = KINDS[data["deadline_kind"]].said_in(language)
        facts["deadline"] = ", ".join(_full(one["at"], named, language) for one in data.get("deadlines", ()))
        facts["was_deadline"] = _full((data.get("was") or {}).get("deadline_at"), named, language)
    if isinstance(data.get("workaround"), Mapping):
        facts["cost"] = _cost(data["workaround"], language)
    return facts


def _full(at: str | None, zone: str, language: str) -> str:
    return moments.full(datetime.fromisoformat(at), zone, language) if at else ""


def _cost(one: Mapping[str, Any], language: str) -> str:
    parts = []
    if one.get("per_hour"):
        parts.append(PER_HOUR.said_in(language).format(money({one["currency"]: Decimal(one["per_hour"])}, language)))
    if one.get("people") is not None:
        parts.append(PEOPLE.said_in(language).format(one["people"]))
    return f": {', '.join(parts)}" if parts else ""
