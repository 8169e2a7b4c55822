"""The words of pages: what is owed, where, and what to do. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tomei.cases.facts import IncidentFacts
from tomei.comms.facts import UpdateFacts
from tomei.kernel import ids
from tomei.kernel.text import Text
from tomei.promises import rules

_STEP = {
    "warned": Text("期限が近づいています", "is due soon"),
    "overdue": Text("期限を過ぎました", "is overdue"),
    "escalated": Text("期限を過ぎたまま、果たされていません", "is overdue and not done"),
    "unanswered": Text("期限を過ぎ、呼べる人がいません", "is overdue and nobody could be called"),
    "missed": Text("不履行になりました", "was missed"),
}
_DO = {
    "warned": Text("期限までに果たしてください。難しければ、いま交代を頼んでください。",
                   "Do it before the time. If you cannot, hand it over now."),
    "overdue": Text("いますぐ果たしてください。遅れは正直に記録されます。",
                    "Do it now. The lateness is recorded honestly."),
    "escalated": Text("担当から上がってきました。引き受けるか、だれが行うかを決めてください。",
                      "This came up the ladder to you. Take it, or decide who does."),
    "unanswered": Text("担当を決めてください。", "Decide who owns it."),
    "missed": Text("何が起きたかを記録し、次の約束を立ててください。", "Record why, and promise anew."),
}  # fmt: skip


def where(incident: IncidentFacts | None) -> str:
    """`[INC-12 SEV1a] `, marked as a drill where it is one."""
    return _mark(incident.number, incident.severity, incident.drill) if incident else ""


def _mark(number: int, severity: str, drill: bool) -> str:
    return f"[{ids.key('INC', number)} {severity}{' DRILL' if drill else ''}] "


def step(facts: Mapping[str, Any], incident: IncidentFacts | None, more: Text | None = None) -> tuple[Text, Text]:
    """Subject and text of one step of a promise; `more` are facts that its reader needs at hand."""
    what = Text.of(facts.get("text")) or rules.kind(facts["kind"]).words
    says, do = _STEP[facts["code"]], _DO[facts["code"]]
    title = incident.title if incident else Text()
    return (
        Text(f"{where(incident)}{what.said_in('ja')}：{says.ja}", f"{where(incident)}{what.said_in('en')} {says.en}"),
        Text(
            "\n".join(filter(None, (title.said_in("ja"), do.ja, more.ja if more else ""))),
            "\n".join(filter(None, (title.said_in("en"), do.en, more.en if more else ""))),
        ),
    )


def at_hand(incident: IncidentFacts, affected: Sequence[Text], told: UpdateFacts | None) -> Text:
    """The facts for somebody who joins late: since when, who stands still, what was said last."""
    began = incident.began_at or incident.detected_at or incident.declared_at
    since = f"{began:%Y-%m-%d %H:%M} UTC"
    words = {"ja": "", "en": ""}
    if told is not None:
        for language in words:
            parts = [told.parts[name].said_in(language) for name in ("effect", "known", "doing") if name in told.parts]
            words[language] = " ".join(parts)[:600]
    return Text(
        f"発生：{since}／影響する顧客：{'、'.join(name.said_in('ja') for name in affected) or 'なし'}"
        f"／最後に伝えた内容：{words['ja'] or 'まだ何も伝えていません'}",
        f"Since {since}. Affected: {', '.join(name.said_in('en') for name in affected) or 'nobody'}."
        f" Last told: {words['en'] or 'nothing yet'}",
    )


def declared(facts: Mapping[str, Any]) -> tuple[Text, Text]:
    count, title = len(facts["organisation_ids"]), Text.of(facts["title"])
    mark = _mark(facts["number"], facts["severity"], facts["drill"])
    return (
        Text(f"{mark}インシデントを宣言しました：{title.said_in('ja')}", f"{mark}Declared: {title.said_in('en')}"),
        Text(f"影響する顧客 {count} 社。責任者はあなた、または着任する指揮者です。第一報の期限が動いています。",
             f"{count} customers affected. You are accountable until a commander takes it. The first notice runs."),
    )  # fmt: skip


def severity(incident: IncidentFacts, old: str) -> tuple[Text, Text]:
    return (
        Text(f"{where(incident)}重大度が {old} から {incident.severity} に上がりました",
             f"{where(incident)}Severity raised from {old} to {incident.severity}"),
        Text("これから負う約束の期限が短くなりました。", "What is owed from now on falls due sooner."),
    )  # fmt: skip


def proposed(facts: Mapping[str, Any]) -> tuple[Text, Text]:
    title = str(facts.get("title") or "")
    return (
        Text(f"重大なアラート：{title}", f"Critical alert: {title}"),
        Text("インシデントとして宣言するか、理由を添えて退けてください。トリアージの期限が動いています。",
             "Declare it or dismiss it with a reason. The triage promise is running."),
    )  # fmt: skip


def threat(name: Text, line: str) -> tuple[Text, Text]:
    return (
        Text(f"解約の可能性：{name.said_in('ja')}", f"Threat to cancel: {name.said_in('en')}"),
        Text(f"インシデントの対応中に次の言葉がありました。「{line}」", f"Heard during an incident: “{line}”"),
    )


def unreached(incident: IncidentFacts, what: Text) -> tuple[Text, Text]:
    return (
        Text(f"{where(incident)}{what.ja}：だれにも届いていません", f"{where(incident)}{what.en} reached nobody"),
        Text("送信から5分たっても、どの経路も受け取っていません。電話で伝え、送信の設定を確かめてください。",
             "Five minutes after it was sent no channel has accepted it. Telephone, and look at the mail settings."),
    )  # fmt: skip


def review_answered(incident: IncidentFacts, *, approved: bool) -> tuple[Text, Text]:
    if approved:
        return (
            Text(f"{where(incident)}下書きが承認されました", f"{where(incident)}Your draft is approved"),
            Text("このまま送れます。書き換えると、承認は無効になります。",
                 "It may go out as it is. Another word in it voids the approval."),
        )  # fmt: skip
    return (
        Text(f"{where(incident)}下書きの書き直しを頼まれました",
             f"{where(incident)}Other words are wanted in your draft"),
        Text("コメントを読んで直し、もう一度確認を依頼してください。",
             "Read the comment, mend the text and ask again."),
    )  # fmt: skip


def sent_unapproved(incident: IncidentFacts, number: int, *, liability: bool) -> tuple[Text, Text]:
    if liability:
        return (
            Text(f"{where(incident)}第{number}報が責任を認める文を含み、承認なしで送られました",
                 f"{where(incident)}Update {number} admits liability and went out unapproved"),
            Text("約束の時刻のために送られました。いま読み、法務に伝え、訂正が要るかを決めてください。",
                 "It went out because its time had come. Read it now, tell legal, and decide whether to correct it."),
        )  # fmt: skip
    return (
        Text(f"{where(incident)}第{number}報が承認なしで送られました",
             f"{where(incident)}Update {number} went out unapproved"),
        Text("約束の時刻のために送られました。読んで、見直し済みにしてください。",
             "It went out because its time had come. Read it and mark it as looked at."),
    )  # fmt: skip


def sent_alone(incident: IncidentFacts) -> tuple[Text, Text]:
    return (
        Text(f"{where(incident)}第一報を自動で送りました", f"{where(incident)}The first notice went out by itself"),
        Text("だれもまだ報告していなかったため、承認済みの文面をお客様に送りました。いまわかっていることを続けて報告してください。",
             "Nobody had spoken, so the approved text went to the customers. Say now what you know."),
    )  # fmt: skip


def first_asked(incident: IncidentFacts, why: Text) -> tuple[Text, Text]:
    return (
        Text(f"{where(incident)}第一報を書いてください", f"{where(incident)}Write the first notice now"),
        Text(f"自動の第一報は送れませんでした。{why.ja}", f"The first notice could not go by itself. {why.en}"),
    )


def review_asked(incident: IncidentFacts) -> tuple[Text, Text]:
    return (
        Text(f"{where(incident)}下書きが承認を待っています", f"{where(incident)}A draft waits for your approval"),
        Text("読んで送るか、直してください。期限の2分前からは、書いた人が承認なしで送れます。",
             "Read it and send it, or mend it. From two minutes before the time its author may send it unapproved."),
    )  # fmt: skip
