"""The words of pages about who takes over: a hand-over asked for or declined, a duty that lasts too long. Pure."""

from __future__ import annotations

from tomei.cases.facts import IncidentFacts
from tomei.cases.words import ROLES
from tomei.kernel.text import Text
from tomei.ui import moments
from tomei.wiring.sentences import where


def _role(role: str) -> Text:
    return ROLES.get(role, Text(role, role))


def handed(incident: IncidentFacts, role: str, giver: str) -> tuple[Text, Text]:
    name = _role(role)
    return (
        Text(f"{where(incident)}{name.ja}の引き継ぎをお願いします", f"{where(incident)}Please take over: {name.en}"),
        Text(f"{giver}さんからの引き継ぎです。資料を読み、質問し、「引き受けました」を押してください。"
             f"押すまでは{giver}さんが責任を負います。",
             f"From {giver}. Read the pack, ask, and press “I have it”. Until then {giver} answers for it."),
    )  # fmt: skip


def declined(incident: IncidentFacts, role: str, taker: str) -> tuple[Text, Text]:
    name = _role(role)
    return (
        Text(f"{where(incident)}{name.ja}の引き継ぎが辞退されました",
             f"{where(incident)}Your hand-over was declined: {name.en}"),
        Text(f"{taker}さんは受けられません。理由は記録にあります。あなたの担当のままです。",
             f"{taker} cannot take it; the reason is in the timeline. You still hold it."),
    )  # fmt: skip


def offered(incident: IncidentFacts, role: str, seconds: int) -> tuple[Text, Text]:
    name = _role(role)
    return (
        Text(f"{where(incident)}勤務が{moments.span(seconds, 'ja')}になりました：{name.ja}の引き継ぎを",
             f"{where(incident)}On duty for {moments.span(seconds, 'en')}: hand over {name.en}"),
        Text("判断が鈍る前に、引き継ぎを始めてください。資料は自動で埋まります。",
             "Begin a hand-over while you still think clearly. The pack fills itself."),
    )  # fmt: skip


def insisted(incident: IncidentFacts, role: str, person: str, seconds: int) -> tuple[Text, Text]:
    name = _role(role)
    return (
        Text(f"{where(incident)}{person}さんの交代が必要です：{name.ja}",
             f"{where(incident)}{person} must be relieved: {name.en}"),
        Text(f"勤務が{moments.span(seconds, 'ja')}続いています。代わる人を決め、引き継ぎを始めてください。",
             f"On duty for {moments.span(seconds, 'en')}. Decide who takes over and begin the hand-over."),
    )  # fmt: skip
