"""What maintenance refuses, with the way out."""

from __future__ import annotations

from tomei.kernel.text import Text

_NOTHING = Text("何も変えていません。", "Nothing was changed.")


def _pair(ja: str, en: str, out_ja: str, out_en: str) -> tuple[Text, Text]:
    return Text(f"{ja}{_NOTHING.ja}", f"{en} {_NOTHING.en}"), Text(out_ja, out_en)


REFUSALS: dict[str, tuple[Text, Text]] = {
    "maintenance.not_now": _pair(
        "このメンテナンスは、いまこの操作ができる段階ではありません。",
        "The maintenance is not at a stage at which this can be done.",
        "ページを読み直し、いまの段階を確かめてください。", "Load the page again and see where it stands.",
    ),
    "maintenance.stale": _pair(
        "読んだあとに、だれかがこのメンテナンスを変えました。", "Somebody changed this maintenance since you read it.",
        "ページを読み直してから、もう一度行ってください。", "Load the page again, then repeat it.",
    ),
    "maintenance.in_past": _pair(
        "開始時刻 {at} は過ぎています。", "The start {at} has passed.",
        "これからの時刻を選んでください。", "Choose a time to come.",
    ),
    "maintenance.ends_first": _pair(
        "終了時刻 {at} が開始時刻より後になっていません。", "The end {at} is not after the start.",
        "開始より後の終了時刻を選んでください。", "Choose an end after the start.",
    ),
    "maintenance.too_long": _pair(
        "メンテナンスは {days} 日までです。", "A maintenance may last {days} days.",
        "複数に分けてください。", "Split it into several.",
    ),
    "maintenance.too_far": _pair(
        "{days} 日より先の予定は登録できません。", "It begins more than {days} days from now.",
        "日付を確かめてください。", "Look at the date again.",
    ),
    "maintenance.no_words": _pair(
        "件名と本文が、少なくとも一つの言語でそろっていません。",
        "Title and text do not stand whole in one language.",
        "日本語か英語のどちらかで、件名と本文の両方を書いてください。もう一方は後から出せます。",
        "Write both in Japanese or in English; the other language may follow.",
    ),
    "maintenance.too_many_letters": _pair(
        "{field} は {limit} 文字までです。", "{field} may have {limit} characters.",
        "短くしてください。", "Shorten it.",
    ),
    "maintenance.no_component": _pair(
        "対象のサービスが選ばれていません。", "No service is chosen.",
        "影響する可能性のあるサービスを一つ以上選んでください。", "Choose at least one that the work may affect.",
    ),
    "maintenance.unknown_component": _pair(
        "選ばれたサービスがカタログにないか、重複しています。",
        "A chosen service is not in the catalogue, or named twice.",
        "一覧から選び直してください。", "Choose from the list.",
    ),
    "maintenance.unknown_impact": _pair(
        "影響の種類が読み取れません。", "This kind of impact is unknown.",
        "影響なし、遅延・品質低下、一部停止、停止から選んでください。",
        "Choose maintenance, degraded, partial or major.",
    ),
    "maintenance.no_audience": _pair(
        "知らせる相手が選ばれていません。", "Nobody is chosen to be told.",
        "公開、対象のお客様のどちらかを選んでください。", "Choose the public, the customers affected, or both.",
    ),
    "maintenance.unknown_organisation": _pair(
        "選ばれたお客様が登録にありません。", "A chosen customer is not on record.",
        "一覧から選び直してください。", "Choose from the list.",
    ),
    "maintenance.same_window": _pair(
        "新しい日時が、いまの予定と同じです。", "The new window is the one that was told.",
        "別の日時を選んでください。", "Choose another.",
    ),
    "maintenance.too_early": _pair(
        "予告した開始時刻 {at} の前には始められません。", "It was told to begin at {at} and cannot begin before.",
        "早めるときは、先に日時の変更を知らせてください。", "To begin sooner, move it first, with notice.",
    ),
    "maintenance.no_next": _pair(
        "次の報告の時刻がありません。", "The next update has no time.",
        "{latest} までの時刻を選んでください。", "Choose a time no later than {latest}.",
    ),
    "maintenance.next_in_past": _pair(
        "次の報告の時刻 {at} は過ぎています。", "The next time {at} has passed.",
        "これからの時刻を選んでください。", "Choose a time to come.",
    ),
    "maintenance.next_too_late": _pair(
        "次の報告の時刻 {at} は遅すぎます。", "The next time {at} is too late.",
        "{latest} までの時刻を選んでください。", "Choose a time no later than {latest}.",
    ),
    "maintenance.end_passed": _pair(
        "予告した終了時刻 {at} を過ぎています。", "The told end {at} has passed.",
        "新しい終了時刻を添えて報告するか、完了にしてください。", "Name a new end with this update, or complete it.",
    ),
    "maintenance.end_in_past": _pair(
        "新しい終了時刻 {at} は過ぎています。", "The new end {at} has passed.",
        "これからの時刻を選んでください。", "Choose a time to come.",
    ),
    "maintenance.translated": _pair(
        "このお知らせは両方の言語でそろっています。", "This notice stands in both languages already.",
        "ページを読み直してください。", "Load the page again.",
    ),
    "maintenance.incident_already": _pair(
        "このメンテナンスからは、すでにインシデントを宣言しています。", "An incident was declared from this already.",
        "リンク先のインシデントで続けてください。", "Go on in that incident.",
    ),
}  # fmt: skip
SENTENCES: dict[str, Text] = {
    "maintenance.became": Text(
        "計画メンテナンス {maintenance} から宣言", "Declared from the planned maintenance {maintenance}"
    ),
}
