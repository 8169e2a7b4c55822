"""Sentences and words of what the war room counts: hand-over, duty. For the timeline, pages and exports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tomei.cases.words import ROLES
from tomei.kernel.text import Text
from tomei.ui import moments

SENTENCES: dict[str, Text] = {
    "hand_over.started": Text(
        "{giver}から{taker}への{role}の引き継ぎを開始。受け取るまでは{giver}が責任を負います",
        "Hand-over of {role} from {giver} to {taker} begun; {giver} answers until it is accepted",
    ),
    "hand_over.described": Text("引き継ぎの記入({role}): {part}", "Hand-over of {role}, in writing: {part}"),
    "hand_over.asked": Text("引き継ぎの質問({role})", "Hand-over of {role}: question"),
    "hand_over.answered": Text("引き継ぎの回答({role}、{of} 番へ)", "Hand-over of {role}: answer to entry {of}"),
    "hand_over.accepted": Text(
        "{taker}が{role}を{giver}から引き継ぎました(「引き受けました」と宣言){rest_note}",
        "{taker} accepted {role} from {giver} (“I have it”){rest_note}",
    ),
    "hand_over.declined": Text(
        "{taker}が{role}の引き継ぎを辞退。{giver}が続けます",
        "{taker} declined the hand-over of {role}; {giver} keeps it",
    ),
    "hand_over.withdrawn": Text(
        "{role}の引き継ぎを取りやめ。{giver}が続けます", "Hand-over of {role} withdrawn; {giver} keeps it"
    ),
    "shift.offered": Text(
        "{giver}の勤務が{duty}になりました。{role}の引き継ぎを提案",
        "{giver} has been on duty for {duty}: a hand-over of {role} is offered",
    ),
    "shift.insisted": Text(
        "{giver}の勤務が{duty}になりました。{role}の引き継ぎが必要です",
        "{giver} has been on duty for {duty}: {role} must be handed over",
    ),
    "step.marked": Text("{role}の手順 {step_number}「{step}」: {mark}", "{role}, step {step_number} “{step}”: {mark}"),
    "playbook.adopted": Text(
        "{role}の手順書を第{version}版に切り替え", "Checklist of {role}: version {version} adopted"
    ),
    "person.joined": Text("参加しました", "Joined"),
    "person.went": Text("離れました", "Left the room"),
    "measure.taken": Text("打ち手({measure})", "Measure taken: {measure}"),
    "measure.judged": Text(
        "{of} 番の打ち手({measure})の結果: {outcome}", "Measure of entry {of} ({measure}): {outcome}"
    ),
}
MEASURES: dict[str, Text] = {
    "people": Text("増員", "people added"),
    "executive": Text("経営層を呼んだ", "executive called"),
    "vendor": Text("ベンダーに催促", "vendor pushed"),
    "other": Text("その他", "other"),
}
OUTCOMES: dict[str, Text] = {
    "helped": Text("効果あり", "helped"),
    "none": Text("効果なし", "no effect"),
    "harmed": Text("悪化", "harmed"),
    "unknown": Text("不明", "not known"),
}
MARKS: dict[str, Text] = {
    "done": Text("完了", "done"),
    "skipped": Text("不要", "not needed"),
    "open": Text("未了に戻す", "open again"),
}
PARTS: dict[str, Text] = {
    "changes": Text("実施中の変更とそのリスク", "Running changes and their risk"),
    "mood": Text("お客様の様子(組織として)", "Mood at the customers (organisations, not persons)"),
    "hypotheses": Text("仮説と検証の状況", "Hypotheses and where each stands"),
    "more": Text("その他", "Anything else"),
}
HAND_OVER_STATES: dict[str, Text] = {
    "open": Text("引き継ぎ中", "waits for “I have it”"),
    "accepted": Text("引き継ぎ済み", "accepted"),
    "declined": Text("辞退", "declined"),
    "withdrawn": Text("取りやめ", "withdrawn"),
}
REST = Text("(休息 {0} 時間での着任)", " (after {0} h of rest)")


def facts_of(data: Mapping[str, Any], language: str, people: Mapping[int, str], at: datetime | None) -> dict[str, str]:
    """What the sentences above name, from an entry's data."""
    facts: dict[str, str] = {}
    if "role" in data:
        facts["role"] = ROLES[data["role"]].said_in(language) if data["role"] in ROLES else str(data["role"])
    who = [people.get(user, f"#{user}") for user in data.get("user_ids", ()) if isinstance(user, int)]
    facts["giver"], facts["taker"] = [*who, "", ""][:2]
    if data.get("measure") in MEASURES:
        facts["measure"] = MEASURES[data["measure"]].said_in(language)
    if data.get("outcome") in OUTCOMES:
        facts["outcome"] = OUTCOMES[data["outcome"]].said_in(language)
    if data.get("mark") in MARKS:
        facts["mark"] = MARKS[data["mark"]].said_in(language)
        facts["step"] = Text.of(data.get("words")).said_in(language)
    if data.get("part") in PARTS:
        facts["part"] = PARTS[data["part"]].said_in(language)
    if "duty_since" in data and at is not None:
        began = datetime.fromisoformat(data["duty_since"])
        facts["duty"] = moments.span((at - began).total_seconds(), language)
    if "rest_h" in data:
        facts["rest_note"] = REST.said_in(language).format(data["rest_h"])
    return facts
