"""What claims refuse, in words, and what they write into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "claim.written": Text(
        "請求を記録: CLAIM-{claim}(回答期限 {due})", "Claim written down: CLAIM-{claim} (answer due {due})"
    ),
    "claim.proposed": Text("CLAIM-{claim} の回答案 {answer} を作成", "Answer {answer} to CLAIM-{claim} proposed"),
    "claim.approved": Text("CLAIM-{claim} の回答案 {answer} を承認", "Answer {answer} to CLAIM-{claim} approved"),
    "claim.declined": Text("CLAIM-{claim} の回答案 {answer} を差し戻し", "Answer {answer} to CLAIM-{claim} declined"),
    "claim.answered": Text("CLAIM-{claim} に回答", "CLAIM-{claim} answered"),
    "claim.postponed": Text(
        "CLAIM-{claim} の回答期限を理由を伝えて {due} に変更", "Later answer to CLAIM-{claim} told: due {due}"
    ),
    "claim.settled": Text("CLAIM-{claim} を解決", "CLAIM-{claim} settled"),
    "claim.withdrawn": Text("CLAIM-{claim} は顧客が取り下げ", "CLAIM-{claim} withdrawn by the customer"),
}

REFUSALS: dict[str, tuple[Text, Text]] = {
    "claim.not_theirs": (
        Text("その案件または契約({what})は別の顧客のものです。何も記録していません。",
             "That {what} belongs to another customer. Nothing was recorded."),
        Text("この顧客のものを選んでください。", "Choose one of this customer."),
    ),
    "claim.unknown_kind": (
        Text("「{kind}」は請求の種類にありません。何も記録していません。",
             "“{kind}” is no kind of claim. Nothing was recorded."),
        Text("一覧から選んでください。", "Choose one from the list."),
    ),
    "claim.unknown_outcome": (
        Text("「{outcome}」は回答の種類にありません。何も記録していません。",
             "“{outcome}” is no outcome of an answer. Nothing was recorded."),
        Text("一覧から選んでください。", "Choose one from the list."),
    ),
    "claim.no_such_move": (
        Text("今の状態({state})では「{move}」はできません。何も変わっていません。",
             "There is no “{move}” from “{state}”. Nothing was changed."),
        Text("ページを開き直し、今できる操作を選んでください。", "Open the page again and use what it offers now."),
    ),
    "claim.own_answer": (
        Text("自分が書いた回答は承認も差し戻しもできません。何も変わっていません。",
             "Nobody decides on an answer of their own. Nothing was changed."),
        Text("権限のある別の人に頼んでください。", "Ask somebody else who may approve."),
    ),
    "claim.decided_already": (
        Text("この回答案は決定済みです({state})。何も変わっていません。",
             "This answer was decided already ({state}). Nothing was changed."),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "claim.not_approved": (
        Text("承認された回答がありません。何も記録していません。", "No answer is approved. Nothing was recorded."),
        Text("回答案を書き、別の人に承認してもらってください。", "Propose one and have somebody else approve it."),
    ),
    "claim.too_early": (
        Text("{at} は早すぎます。承認より前に回答したことにはできません。何も記録していません。",
             "{at} is too early: it was approved only after that. Nothing was recorded."),
        Text("実際に伝えた時刻を書いてください。", "Give the time when it was really told."),
    ),
    "credit.month": (
        Text("「{month}」は年月として読めません。", "“{month}” cannot be read as a month."),
        Text("2026-11 の形で書いてください。", "Write it as 2026-11."),
    ),
}  # fmt: skip
