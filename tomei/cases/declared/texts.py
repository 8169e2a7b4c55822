"""What declarations refuse, in words, and what they write into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "case.leads": Text("顧客側の責任者が決まりました", "Leads on the customer's side"),
    "case.lead_named": Text(
        "顧客側の責任者として指名(本人の確認待ち)", "Named to lead on the customer's side; to be confirmed"
    ),
    "case.lead_declined": Text("顧客側の責任者ではないとの連絡", "Does not lead on the customer's side"),
    "case.contested": Text(
        "顧客が重大度に異議: {wanted} とすべき", "The customer contests the severity: it should be {wanted}"
    ),
    "case.severity_stays": Text(
        "異議に回答: 重大度は {case_severity} のまま", "Contest answered: the severity stays {case_severity}"
    ),
    "case.told": Text("案件のページで顧客に連絡", "Told the customer on the page of their case"),
}

_CORRECT = Text(
    "直して、もう一度送ってください。入力した内容は残っています。", "Correct it and send again. What you typed is kept."
)

REFUSALS: dict[str, tuple[Text, Text]] = {
    "declared.open_already": (
        Text(
            "すでに {key} を申告済みです。まだ何も申告していません。",
            "Your organisation has declared {key} already. Nothing was declared this time.",
        ),
        Text(
            "同じ障害なら {key} を開いてください。別の障害なら、下の「別の障害として申告する」を押してください。",
            "If it is the same failure, open {key}. If it is another one, press “It is another failure” below.",
        ),
    ),
    "declared.too_old": (
        Text("1年より前の時刻です。申告していません。", "That was more than a year ago. Nothing was declared."),
        _CORRECT,
    ),
    "declared.deadline_before": (
        Text(
            "動かせない期限が、障害の始まりより前です。申告していません。",
            "The hard deadline lies before the failure began. Nothing was declared.",
        ),
        _CORRECT,
    ),
    "declared.users": (
        Text("人数は1から{most}までです。申告していません。", "Between 1 and {most} people. Nothing was declared."),
        _CORRECT,
    ),
    "declared.unknown_service": (
        Text(
            "ご契約のサービスにありません。申告していません。",
            "That is no service of your contract. Nothing was declared.",
        ),
        Text("一覧から選ぶか、空のままにしてください。", "Choose one of the list, or leave it empty."),
    ),
    "declared.unknown_colleague": (
        Text("その方は登録されていません。申告していません。", "We do not know that colleague. Nothing was declared."),
        Text("一覧から選ぶか、空のままにしてください。", "Choose one of the list, or leave it empty."),
    ),
    "declared.over": (
        Text("この案件は終わっています。何も変わっていません。", "This case is over. Nothing was changed."),
        Text("続いているときは、あらためて申告してください。", "If it goes on, declare it anew."),
    ),
    "declared.contested_already": (
        Text(
            "前の異議への回答をお待ちいただいています。何も変わっていません。",
            "You contested it already and an answer is owed. Nothing was changed.",
        ),
        Text("回答の期限はこの案件のページにあります。", "By when you get it stands on the page of the case."),
    ),
    "declared.same": (
        Text(
            "重大度はすでに {severity} です。何も変わっていません。",
            "The severity is {severity} already. Nothing was changed.",
        ),
        Text("ほかの文を選んでください。", "Choose another sentence."),
    ),
    "declared.not_contested": (
        Text(
            "回答を待っている異議はありません。何も変わっていません。",
            "No contest waits for an answer. Nothing was changed.",
        ),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "declared.no_reason": (
        Text(
            "顧客が申告した案件です。変更の理由は顧客に伝わります。何も変わっていません。",
            "The customer declared this case and reads why its severity changes. Nothing was changed.",
        ),
        Text("顧客に伝える理由を書いてください。", "Write the reason as you would tell it to them."),
    ),
    "declared.not_theirs": (
        Text(
            "顧客が申告した案件ではないため、ルームでは読めません。何も送っていません。",
            "The customer did not declare this case and cannot read it in the room. Nothing was told.",
        ),
        Text("電話などで伝え、連絡として記録してください。", "Telephone, and record it as words to the customer."),
    ),
}  # fmt: skip
