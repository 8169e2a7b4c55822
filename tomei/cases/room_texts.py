"""What hand-over, duty and the rest of the war room's book-keeping refuse, in words. Joined by `texts`."""

from __future__ import annotations

from tomei.kernel.text import Text

_RELOAD = Text("ページを開き直して、いまの状態を確かめてください。", "Open the page again and look at how it stands.")

REFUSALS: dict[str, tuple[Text, Text]] = {
    # hand-over and duty
    "hand_over.to_oneself": (
        Text(
            "自分自身には引き継げません。何も変わっていません。",
            "A role is not handed over to its own holder. Nothing was changed.",
        ),
        Text("引き継ぐ相手を選んでください。", "Choose who takes it."),
    ),
    "hand_over.outside": (
        Text(
            "この人は、閲覧が制限されたこのインシデントを読めません。何も変わっていません。",
            "This person cannot read this restricted incident. Nothing was changed.",
        ),
        Text(
            "先に専門担当などの役割を割り当ててから、引き継いでください。",
            "Give them a role here first, such as expert, then hand over.",
        ),
    ),
    "hand_over.open_already": (
        Text(
            "この役割の引き継ぎはすでに始まっています({role})。何も変わっていません。",
            "This role is being handed over already ({role}). Nothing was changed.",
        ),
        Text("いまの引き継ぎを終えるか、取りやめてください。", "Finish that hand-over, or withdraw it."),
    ),
    "hand_over.no_reason": (
        Text("理由がありません。何も変わっていません。", "There is no reason given. Nothing was changed."),
        Text("理由を一文で書いてください。", "Say why in one sentence."),
    ),
    "hand_over.over": (
        Text(
            "この引き継ぎはすでに終わっています({state})。何も変わっていません。",
            "This hand-over has ended already ({state}). Nothing was changed.",
        ),
        _RELOAD,
    ),
    "hand_over.not_for_you": (
        Text(
            "引き継ぎを受けるのは、指名された本人だけです。何も変わっていません。",
            "Only the person named accepts or declines a hand-over. Nothing was changed.",
        ),
        Text(
            "別の人が受けるなら、引き継ぎを取りやめて、その人あてに始めてください。",
            "If somebody else takes it, withdraw this one and begin one for them.",
        ),
    ),
    "hand_over.no_question": (
        Text(
            "この引き継ぎに、その質問はありません。何も記録していません。",
            "This hand-over has no such question. Nothing was recorded.",
        ),
        Text("ページを開き直し、質問を選んでください。", "Open the page again and choose a question."),
    ),
    "role.too_little_rest": (
        Text(
            "前の長い勤務または夜間の勤務から {hours} 時間しか休んでいません(必要な休息は {needed} 時間)。"
            "役割は変わっていません。",
            "Only {hours} hours of rest since a long or nightly duty ({needed} are needed). No role was changed.",
        ),
        Text(
            "ほかの人が就くか、それでも就く理由を書いてください。理由は記録に残ります。",
            "Let somebody else take it, or say why it must be this person. The reason is recorded.",
        ),
    ),
    "shift.limits": (
        Text(
            "時間の順序が正しくありません。何も保存していません。",
            "These hours do not fit together. Nothing was saved.",
        ),
        Text(
            "提案は15分以上、必須はそれより後で24時間以内、休息は48時間以内にしてください。",
            "Offer after 15 minutes or more, insist later and within 24 hours, rest at most 48 hours.",
        ),
    ),
    # checklists
    "playbook.no_steps": (
        Text("手順が一つもありません。何も保存していません。", "There is no step. Nothing was saved."),
        Text(
            "少なくとも一つの手順を、日本語か英語で書いてください。", "Write at least one step, in Japanese or English."
        ),
    ),
    "playbook.too_many": (
        Text("手順が {most} を超えています。何も保存していません。", "More than {most} steps. Nothing was saved."),
        Text("読み切れる長さに絞ってください。", "Keep what can be read in the heat."),
    ),
    "playbook.bad_step": (
        Text(
            "分または重大度が正しくありません。何も保存していません。",
            "A minute or a severity cannot be. Nothing was saved.",
        ),
        Text(
            "分は0から1440、重大度は一覧から選んでください。",
            "Minutes are 0 to 1440; choose the severity from the list.",
        ),
    ),
    "playbook.changed_meanwhile": (
        Text(
            "先に第 {number} 版が作られました。あなたの変更は保存していません。",
            "Version {number} came first. Your change was not saved.",
        ),
        _RELOAD,
    ),
    "playbook.no_such_mark": (
        Text(
            "「{state}」という印はありません。何も変わっていません。",
            "There is no mark “{state}”. Nothing was changed.",
        ),
        Text("完了、不要、未了から選んでください。", "Choose done, not needed or open."),
    ),
    "playbook.no_reason": (
        Text(
            "不要とする理由がありません。何も変わっていません。",
            "Why it is not needed is missing. Nothing was changed.",
        ),
        Text("一文で書いてください。", "Say it in one sentence."),
    ),
    "playbook.no_such_step": (
        Text(
            "この手順書に、その手順はありません。何も変わっていません。",
            "This checklist has no such step. Nothing was changed.",
        ),
        _RELOAD,
    ),
    "playbook.nothing_newer": (
        Text(
            "すでに最新の版を使っています。何も変わっていません。",
            "The newest version is in use already. Nothing was changed.",
        ),
        Text("新しい版を作ってから、もう一度切り替えてください。", "Write a new version first, then adopt it."),
    ),
    # measures
    "measure.unknown_kind": (
        Text(
            "「{kind}」という種類の打ち手はありません。何も記録していません。",
            "There is no measure “{kind}”. Nothing was recorded.",
        ),
        Text("増員、経営層、ベンダー、その他から選んでください。", "Choose people, executive, vendor or other."),
    ),
    "measure.unknown_outcome": (
        Text(
            "「{outcome}」という結果はありません。何も記録していません。",
            "There is no outcome “{outcome}”. Nothing was recorded.",
        ),
        Text("効果あり、効果なし、悪化、不明から選んでください。", "Choose helped, none, harmed or unknown."),
    ),
    "measure.not_there": (
        Text(
            "ここに、その打ち手はありません。何も記録していません。",
            "There is no such measure here. Nothing was recorded.",
        ),
        _RELOAD,
    ),
}
