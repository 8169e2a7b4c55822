"""What an authority card refuses, in words; and the words of its levels."""

from __future__ import annotations

from tomei.kernel.text import Text

LEVELS: dict[str, Text] = {
    "may": Text("許可なしでできること", "Without asking"),
    "ask": Text("確認が必要なこと", "Ask first"),
    "never": Text("してはならないこと", "Never"),
}

REFUSALS: dict[str, tuple[Text, Text]] = {
    "authority.no_lines": (
        Text("権限カードに項目がありません。何も変わっていません。", "The card has no line. Nothing was changed."),
        Text("項目を一つ以上書いてください。", "Write at least one line."),
    ),
    "authority.too_many": (
        Text(
            "権限カードの項目は{most}件までです。何も変わっていません。",
            "A card has at most {most} lines. Nothing was changed.",
        ),
        Text("一画面で読める長さにまとめてください。", "Keep it short enough to be read on a telephone."),
    ),
    "authority.unknown_level": (
        Text(
            "区分「{level}」はありません。何も変わっていません。", "There is no level “{level}”. Nothing was changed."
        ),
        Text("may、ask、never のいずれかを選んでください。", "Choose may, ask or never."),
    ),
    "authority.ask_whom": (
        Text(
            "「{line}」はだれに確認するのかがありません。何も変わっていません。",
            "“{line}” does not say whom to ask. Nothing was changed.",
        ),
        Text("役割か人を選んでください。", "Choose a role or a person."),
    ),
    "authority.unknown_person": (
        Text(
            "確認先の人が見つかりません。何も変わっていません。", "The person to ask is not there. Nothing was changed."
        ),
        Text("一覧から選び直してください。", "Choose one from the list."),
    ),
    "authority.changed_meanwhile": (
        Text(
            "編集中に第{number}版が保存されました。何も変わっていません。",
            "Version {number} was saved meanwhile. Nothing was changed.",
        ),
        Text("新しい版を読んでから、もう一度保存してください。", "Read the new version, then save again."),
    ),
}
