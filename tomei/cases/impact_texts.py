"""Intervals of harm in words: what is refused, and the sentences of their entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tomei.cases.words import IMPACTS
from tomei.kernel.text import Text
from tomei.ui import moments

_MEND = Text("時刻を直して、もう一度送ってください。", "Mend the time and send it again.")
_CORRECT = Text(
    "インシデントの「影響の期間」で、その期間を訂正してください。",
    "Correct that interval on the incident's page of impact.",
)

REFUSALS: dict[str, tuple[Text, Text]] = {
    "impact.times_alone": (
        Text(
            "影響の時刻だけがあり、影響の種類がありません。何も保存していません。",
            "There is a time of impact, but no impact that it belongs to. Nothing was saved.",
        ),
        Text(
            "影響の種類を選ぶか、続いている影響の終わりだけを入れてください。",
            "Choose the impact, or give only the end of an impact that runs.",
        ),
    ),
    "impact.works_until": (
        Text(
            "「影響なし」に終わりの時刻は付けられません。何も保存していません。",
            "What works again has no end. Nothing was saved.",
        ),
        Text("正常に戻った時刻だけを入れてください。", "Give only the time from which it worked again."),
    ),
    "impact.ends_before": (
        Text(
            "影響の終わりが始まり（{at}）より後ではありません。何も保存していません。",
            "The impact ends no later than it begins ({at}). Nothing was saved.",
        ),
        _MEND,
    ),
    "impact.before_running": (
        Text(
            "このコンポーネントの影響は {at} に始まっています。それより前からは変更できません。何も保存していません。",
            "The impact on this component runs since {at}; a change cannot begin before it. Nothing was saved.",
        ),
        _CORRECT,
    ),
    "impact.runs_already": (
        Text(
            "その影響は {at} から続いています。何も保存していません。",
            "That impact runs since {at}. Nothing was saved.",
        ),
        _CORRECT,
    ),
    "impact.too_early": (
        Text(
            "影響の始まりが、インシデントの発生（{at}）より {days} 日を超えて前です。何も保存していません。",
            "The impact begins more than {days} days before the incident did ({at}). Nothing was saved.",
        ),
        Text(
            "時刻を直すか、別のインシデントとして宣言してください。",
            "Mend the time, or declare what happened then as an incident of its own.",
        ),
    ),
    "impact.overlaps": (
        Text(
            "同じコンポーネントの、{at} に始まる期間と重なります。何も保存していません。",
            "It overlaps the interval of the same component that begins at {at}. Nothing was saved.",
        ),
        _CORRECT,
    ),
    "impact.incident_over": (
        Text(
            "インシデントは終わっています。終わりのない影響は残せません。何も保存していません。",
            "The incident is over: no impact can be left without an end. Nothing was saved.",
        ),
        Text("影響の終わりの時刻を入れてください。", "Say when the impact ended."),
    ),
    "impact.dismissed": (
        Text(
            "誤報扱いのインシデントに影響の期間は付けられません。何も保存していません。",
            "An incident declared in error hurts nothing. Nothing was saved.",
        ),
        Text("実際の障害なら、先に再オープンしてください。", "Reopen it first if it was real."),
    ),
    "impact.twice": (
        Text(
            "同じコンポーネントが二度あります。何も保存していません。",
            "A component is named twice. Nothing was saved.",
        ),
        Text("一つずつにして、もう一度送ってください。", "Name each once and send it again."),
    ),
    "impact.not_of_product": (
        Text(
            "「{name}」は別の製品のコンポーネントです。何も保存していません。",
            "“{name}” is a component of another product. Nothing was saved.",
        ),
        Text(
            "この製品のコンポーネントを選ぶか、先にインシデントの影響範囲に加えてください。",
            "Choose one of this product, or add it to what the incident affects first.",
        ),
    ),
    "impact.nothing_changed": (
        Text("前の版と同じです。何も保存していません。", "It says what the version before says. Nothing was saved."),
        Text("訂正する値を変えてから送ってください。", "Change what was wrong and send it again."),
    ),
    "impact.corrected_already": (
        Text(
            "この期間は、すでに新しい版で訂正されています。何も保存していません。",
            "This interval was corrected by a newer version already. Nothing was saved.",
        ),
        Text("ページを開き直し、新しい版を訂正してください。", "Open the page again and correct the newer version."),
    ),
}

SENTENCES: dict[str, Text] = {
    "impact.set": Text("影響を記録: {changes}", "Impact set: {changes}"),
    "impact.corrected": Text(
        "影響の期間を訂正: {changes}（以前: {was_impact}）", "Impact corrected: {changes} (was {was_impact})"
    ),
}

WORDS = {**IMPACTS, "none": Text("影響なし", "no impact")}
_SPAN = {
    "open": Text("{name}: {impact}（{since} から）", "{name}: {impact} from {since}"),
    "closed": Text("{name}: {impact}（{since} から {until} まで）", "{name}: {impact} from {since} to {until}"),
    "plain": Text("{name}: {impact}", "{name}: {impact}"),
}


def component_ids(data: Mapping[str, Any]) -> set[int]:
    """The components that an entry of impact is about; `changes` of other features' entries are no list of these."""
    found = data.get("changes", ())
    listed = found if isinstance(found, list) else ()
    return {one["id"] for one in listed if isinstance(one, Mapping) and isinstance(one.get("id"), int)}


def facts_of(data: Mapping[str, Any], language: str, names: Mapping[int, Text], zone: str) -> dict[str, str]:
    """What changed, and what stood before a correction."""
    if not component_ids(data):
        return {}
    was = data.get("was") or {}
    told = [_said(one, language, names, zone) for one in data["changes"]]
    return {
        "changes": ("、" if language == "ja" else ", ").join(told),
        "was_impact": _said(was, language, names, zone) if was else "",
    }


def _said(one: Mapping[str, Any], language: str, names: Mapping[int, Text], zone: str) -> str:
    name = names[one["id"]].said_in(language) if one["id"] in names else f"#{one['id']}"
    form = "plain" if not one.get("since_at") else "closed" if one.get("until_at") else "open"
    at = {side: _full(one.get(f"{side}_at"), language, zone) for side in ("since", "until")}
    word = WORDS[one["impact"]].said_in(language) if one["impact"] in WORDS else one["impact"]
    return _SPAN[form].said_in(language).format(name=name, impact=word, **at)


def _full(text: str | None, language: str, zone: str) -> str:
    return moments.full(datetime.fromisoformat(text), zone, language) if text else ""
