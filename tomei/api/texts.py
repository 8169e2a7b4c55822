"""Sentences for refusals at the API's door."""

from tomei.kernel.text import Text

REFUSALS = {
    "api.missing": (
        Text("見つからないか、閲覧できません。", "Not there, or not for you to see."),
        Text("番号を確かめてください。", "Check the number."),
    ),
    "api.unreadable": (
        Text("内容を読み取れませんでした。何も保存していません。", "The request could not be read. Nothing was saved."),
        Text("facts.fields に挙げた項目を直してください。", "Mend the fields listed in facts.fields."),
    ),
    "api.broken_json": (
        Text(
            "JSON として読めませんでした。何も保存していません。",
            "This is not JSON that can be read. Nothing was saved.",
        ),
        Text("UTF-8 の JSON オブジェクトを送ってください。", "Send a JSON object in UTF-8."),
    ),
    "api.who": (
        Text("どなたか分かりません。", "We do not know who you are."),
        Text(
            "Authorization: Bearer に有効な API トークンを付けてください。",
            "Send a valid API token as Authorization: Bearer.",
        ),
    ),
    "api.too_large": (
        Text("本文が大きすぎます。", "The body is too large."),
        Text("分けて送ってください。", "Send it in parts."),
    ),
    "api.database": (
        Text("データベースが応答しません。何も保存していません。", "The database does not answer. Nothing was saved."),
        Text(
            "数秒後に同じ Idempotency-Key で送り直してください。",
            "Send again in a few seconds with the same Idempotency-Key.",
        ),
    ),
    "api.no_space": (
        Text(
            "サーバーのディスクに空きがありません。何も保存していません。",
            "The disk of the server is full. Nothing was saved.",
        ),
        Text(
            "空き容量を確保してから、同じ Idempotency-Key で送り直してください。",
            "Free space, then send again with the same Idempotency-Key.",
        ),
    ),
    "api.key_too_long": (
        Text("Idempotency-Key は 200 文字までです。", "An Idempotency-Key has at most 200 characters."),
        Text("短くしてください。", "Make it shorter."),
    ),
    "api.key_reused": (
        Text("この Idempotency-Key は別の内容で使われています。", "This Idempotency-Key was used with another body."),
        Text("新しいキーで送ってください。", "Send with a new key."),
    ),
    "api.key_running": (
        Text("同じ Idempotency-Key の要求を処理しています。", "A request with this Idempotency-Key is still running."),
        Text("少し待って送り直してください。", "Wait a moment and send it again."),
    ),
}
