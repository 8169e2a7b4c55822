"""What moves of the ball refuse, in words, and what they write into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "ball.us": Text("ボールは当社に{waits_note}", "The ball is with us{waits_note}"),
    "ball.customer": Text(
        "ボールは{organisations}(お客様)に{waits_note}{flag_note}",
        "The ball is with {organisations}, the customer{waits_note}{flag_note}",
    ),
    "ball.vendor": Text(
        "ボールは{organisations}(ベンダー)に{waits_note}{flag_note}",
        "The ball is with {organisations}, a vendor{waits_note}{flag_note}",
    ),
    "ball.nobody": Text(
        "だれの対応も待っていません{waits_note}{flag_note}", "Nobody has to act now{waits_note}{flag_note}"
    ),
    "case.not_yet": Text(
        "{organisations}: 業務はまだ再開していません", "{organisations}: business does not run again yet"
    ),
    "case.keep_open": Text(
        "{organisations}: 案件を開いたままにすることを希望", "{organisations} asks to keep the case open"
    ),
    "case.asked_after": Text(
        "{organisations}: 完了後の3つの質問に回答", "{organisations} answered the three questions"
    ),
}

_CHOOSE = Text("一覧から選んでください。", "Choose one from the list.")
REFUSALS: dict[str, tuple[Text, Text]] = {
    "ball.unknown_party": (
        Text("「{party}」という相手はありません。何も記録していません。",
             "“{party}” is no party. Nothing was recorded."),
        _CHOOSE,
    ),
    "ball.unknown_reason": (
        Text("「{reason}」はこの相手を待つ理由にありません。何も記録していません。",
             "“{reason}” is no reason to wait for this party. Nothing was recorded."),
        _CHOOSE,
    ),
    "ball.nobody_named": (
        Text("どの顧客・ベンダーかが示されていません。何も記録していません。",
             "It is not said which customer or vendor. Nothing was recorded."),
        _CHOOSE,
    ),
    "ball.not_affected": (
        Text("その顧客はここでは影響を受けていません。何も記録していません。",
             "That customer is not affected here. Nothing was recorded."),
        Text("先に顧客を追加してください。", "Add the customer first."),
    ),
    "ball.no_vendor": (
        Text("その組織はベンダーでもパートナーでもありません。何も記録していません。",
             "That organisation is no vendor and no partner. Nothing was recorded."),
        _CHOOSE,
    ),
    "ball.no_such_promise": (
        Text("その約束はこの相手のものではないか、すでに終わっています。何も記録していません。",
             "That promise is not theirs, or has ended. Nothing was recorded."),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "ball.too_early": (
        Text("{at} より前にはできません。すでに記録されています。何も記録していません。",
             "Not before {at}: what came before is recorded. Nothing was recorded."),
        Text("それより後の時刻にしてください。", "Choose a later time."),
    ),
    "closing.too_late": (
        Text("完了から{days}日を過ぎたため、ここからは再オープンできません。何も変わっていません。",
             "It was closed more than {days} days ago and cannot be reopened here. Nothing was changed."),
        Text("新しくご申告いただくか、お電話ください。", "Report it anew, or telephone us."),
    ),
    "closing.answered_already": (
        Text("この案件の質問には、すでにお答えいただいています。最初の回答が残ります。",
             "You have answered these questions for this case. Your first answer stands."),
        Text("付け加えることがあれば、担当者にお伝えください。", "Tell us if you want to add something."),
    ),
    "closing.not_closed": (
        Text("案件が完了してからお聞きします。何も記録していません。",
             "We ask this once the case is closed. Nothing was recorded."),
        Text("完了してから、もう一度お答えください。", "Answer when it is closed."),
    ),
    "closing.not_an_answer": (
        Text("3つの質問には「はい」「いいえ」「わからない」のどれかで答えてください。何も記録していません。",
             "Each of the three questions takes yes, no or unknown. Nothing was recorded."),
        Text("それぞれ1つ選んでください。", "Choose one for each."),
    ),
    "ball.over": (
        Text("すでに完了しています。何も記録していません。", "It is over. Nothing was recorded."),
        Text("続く場合は、再オープンしてください。", "Reopen it when it goes on."),
    ),
}  # fmt: skip
