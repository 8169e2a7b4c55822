"""What questions refuse, in words, and what they write into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "question.asked": Text(
        "QST-{question} を{organisations}に質問(回答期限 {due})",
        "QST-{question} asked of {organisations} (answer due {due})",
    ),
    "question.answered": Text(
        "QST-{question} に{organisations}が回答({said_by})", "QST-{question} answered by {organisations} ({said_by})"
    ),
    "question.partly": Text(
        "QST-{question} に{organisations}が一部回答({said_by})",
        "QST-{question} answered in part by {organisations} ({said_by})",
    ),
    "question.used": Text(
        "QST-{question} の回答を活用し、結果を{organisations}に伝達",
        "Answer to QST-{question} used, and {organisations} told what became of it",
    ),
    "question.unused": Text(
        "QST-{question} の回答を使わず、理由を{organisations}に伝達",
        "Answer to QST-{question} not used, and {organisations} told why",
    ),
    "question.withdrawn": Text(
        "QST-{question} を取り下げ、{organisations}に伝達", "QST-{question} withdrawn, and {organisations} told"
    ),
    "question.idle": Text(
        "QST-{question} の回答が{minutes}分使われていません。担当に知らせました",
        "The answer to QST-{question} has lain unused for {minutes} min; its owner was told",
    ),
}

_OPEN_AGAIN = Text(
    "ページを開き直し、今できる操作を選んでください。", "Open the page again and use what it offers now."
)
_COMPLETE = Text(
    "4つの項目を顧客の言語で書いてから送ってください。", "Write all four parts in the customer’s language, then ask."
)

REFUSALS: dict[str, tuple[Text, Text]] = {
    "question.no_such_move": (
        Text("今の状態({state})では「{move}」はできません。何も変わっていません。",
             "There is no “{move}” from “{state}”. Nothing was changed."),
        _OPEN_AGAIN,
    ),
    "question.no_why": (
        Text("理由のない質問は送れません。送っていません。",
             "A question without why is not asked. Nothing was sent."),
        Text("なぜ必要かを顧客の言語で書いてください。", "Say in the customer’s language why we need it."),
    ),
    "question.part_missing": (
        Text("「{part}」が顧客の言語({language})で書かれていません。送っていません。",
             "“{part}” is not there in the customer’s language ({language}). Nothing was sent."),
        _COMPLETE,
    ),
    "question.no_time": (
        Text("回答の期限と、結果を伝える時刻の両方が必要です。送っていません。",
             "Both times are needed: their answer and what we tell them then. Nothing was sent."),
        Text("2つの時刻を入れてください。", "Give both times."),
    ),
    "question.due_past": (
        Text("回答の期限が過ぎています。送っていません。", "The time of the answer has passed. Nothing was sent."),
        Text("これからの時刻を入れてください。", "Give a time that is still to come."),
    ),
    "question.next_before_answer": (
        Text("結果を伝える時刻が、回答の期限より前です。送っていません。",
             "What follows would come before their answer is due. Nothing was sent."),
        Text("回答の期限より後の時刻を入れてください。", "Give a time after that of the answer."),
    ),
    "question.due_far": (
        Text("時刻が遠すぎます。送っていません。", "That time is too far away. Nothing was sent."),
        Text("年を確かめてください。", "Look at the year."),
    ),
    "question.answered_already": (
        Text("{keys} で同じことにすでに回答をもらっています。送っていません。",
             "This was answered already: {keys}. Nothing was sent."),
        Text("その回答を使うか、もう一度聞く理由を書いてください。",
             "Use that answer, or give the reason for asking again."),
    ),
    "question.not_affected": (
        Text("その案件は取り下げられているか、完了しています。何も記録していません。",
             "That case was withdrawn or is closed. Nothing was recorded."),
        Text("進行中の案件を選んでください。", "Choose a case that is open."),
    ),
    "question.said_in_future": (
        Text("回答の時刻がまだ来ていません。何も記録していません。",
             "That answer lies in the future. Nothing was recorded."),
        Text("実際に回答のあった時刻を入れてください。", "Give the time when they really answered."),
    ),
    "question.said_before_asked": (
        Text("回答の時刻が質問より前です。何も記録していません。",
             "That is before the question was asked. Nothing was recorded."),
        Text("実際に回答のあった時刻を入れてください。", "Give the time when they really answered."),
    ),
    "question.no_outcome": (
        Text("伝える言葉が顧客の言語({language})で書かれていません。何も変わっていません。",
             "What they are told is not there in their language ({language}). Nothing was changed."),
        Text("その言語で書いてください。", "Write it in that language."),
    ),
    "question.idle_minutes": (
        Text("分は1から{most}までです。変えていません。", "Between 1 and {most} minutes. Nothing was changed."),
        Text("数字を直してください。", "Correct the number."),
    ),
    "question.unknown_channel": (
        Text("「{channel}」は手段の一覧にありません。何も記録していません。",
             "“{channel}” is no channel of an answer. Nothing was recorded."),
        Text("一覧から選んでください。", "Choose one from the list."),
    ),
}  # fmt: skip
