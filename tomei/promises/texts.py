"""Sentences for what promises refuse."""

from tomei.kernel.text import Text

REFUSALS = {
    "promise.unknown_kind": (
        Text(
            "約束の種類「{kind}」はありません。何も保存していません。",
            "There is no kind of promise called {kind}. Nothing was saved.",
        ),
        Text("一覧にある種類から選んでください。", "Choose one of the kinds in the list."),
    ),
    "promise.hangs_on_one": (
        Text(
            "約束は、インシデント・案件・お客様・シグナル・メンテナンスのうち、ちょうど一つに結び付きます。何も変えていません。",
            "A promise hangs on exactly one incident, case, customer, signal or maintenance. Nothing was changed.",
        ),
        Text("どれか一つだけを指定してください。", "Name exactly one of them."),
    ),
    "promise.told": (
        Text(
            "{due_at} という時刻は相手に伝えてあり、黙って動かすことはできません。約束はそのままです。",
            "The time {due_at} was told, and a told time never moves in silence. The promise stands.",
        ),
        Text(
            "果たすか、理由を伝えて取り下げてから、新しい約束をしてください。",
            "Keep it, or withdraw it with notice and a reason, then make a new promise.",
        ),
    ),
    "promise.no_reason": (
        Text(
            "取り下げには理由が要ります。約束はそのまま残っています。",
            "Withdrawing needs a reason. The promise stands.",
        ),
        Text("相手に伝えた理由を一文で書いてください。", "Write in one sentence what you told them."),
    ),
    "promise.reason_too_long": (
        Text(
            "理由は{limit}文字までです。約束はそのまま残っています。",
            "The reason may have {limit} characters. The promise stands.",
        ),
        Text("短くしてください。", "Shorten it."),
    ),
    "promise.ended": (
        Text(
            "この約束はすでに終わっています。何も変えていません。",
            "This promise has already ended. Nothing was changed.",
        ),
        Text("ページを読み直してください。", "Load the page again."),
    ),
    "promise.kept_by_act": (
        Text(
            "この約束は、対応する操作そのものによって果たされます。何も変えていません。",
            "This promise ({kind}) is kept by the act itself. Nothing was changed.",
        ),
        Text("インシデントのページでその操作を行ってください。", "Do the act on the page of its incident."),
    ),
    "promise.guarded": (
        Text(
            "この約束は、請求または法令上の義務のページからのみ終えられます。何も変えていません。",
            "This promise ({kind}) ends only where it was made: at the claim or the duty. Nothing was changed.",
        ),
        Text("そのページを開いて操作してください。", "Open that page and act there."),
    ),
    "promise.nobody": (
        Text(
            "引き受けるのは人に限ります。何も変えていません。",
            "Only a person can take a promise over. Nothing was changed.",
        ),
        Text(
            "ご自分でサインインするか、ご自分のトークンを使ってください。",
            "Sign in as yourself, or use a token of your own.",
        ),
    ),
}
