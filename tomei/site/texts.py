"""What the front says when it refuses by itself, before any feature is asked."""

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "front.too_large": (
        Text(
            ja="送信された内容が大きすぎます（上限{limit_mib} MiB）。何も保存していません。",
            en="What was sent is too large (at most {limit_mib} MiB). Nothing was stored.",
        ),
        Text(
            ja="内容を分けるか、小さくして送り直してください。",
            en="Send less, or in several parts.",
        ),
    ),
    "front.slow_body": (
        Text(
            ja="{seconds}秒間データが届かなかったため、受信を中止しました。何も保存していません。",
            en="Nothing arrived for {seconds} seconds, so receiving was ended. Nothing was stored.",
        ),
        Text(
            ja="接続を確認し、もう一度送信してください。",
            en="Check the connection and send it again.",
        ),
    ),
    "front.no_length": (
        Text(
            ja="Content-Lengthがありません。何も保存していません。",
            en="The Content-Length is missing. Nothing was stored.",
        ),
        Text(
            ja="長さを付けて送り直してください。",
            en="Send it again with its length.",
        ),
    ),
    "front.bad_length": (
        Text(
            ja="Content-Lengthの値を読み取れません。何も保存していません。",
            en="The Content-Length is no number. Nothing was stored.",
        ),
        Text(
            ja="送信側の設定を確認してください。",
            en="Check what sends this request.",
        ),
    ),
    "front.no_space": (
        Text(
            ja="サーバーのディスクに空きがありません。この送信は保存していません。すでに受け付けた内容は残っています。",
            en="The disk of the server is full. This was not stored; what was accepted before is kept.",
        ),
        Text(
            ja="管理者に空き容量の確保を依頼し、その後もう一度送信してください。",
            en="Ask the operator to free space, then send it again.",
        ),
    ),
    "site.database": (
        Text(
            ja="データベースが応答しないか、塞がっています。保存していません。受付済みの内容は残っています。",
            en="The database does not answer or is busy. This was not stored; what was accepted before is kept.",
        ),
        Text(
            ja="数秒待って、もう一度送信してください。続く場合は管理者に知らせてください。",
            en="Wait a few seconds and send it again. If it stays, tell the operator.",
        ),
    ),
    "front.busy": (
        Text(
            ja="いま待っている要求が多すぎるため、受け付けられませんでした。何も保存していません。",
            en="Too many requests are waiting, so this one was not taken. Nothing was stored.",
        ),
        Text(
            ja="5秒ほど待ってから、もう一度お試しください。",
            en="Try again in about five seconds.",
        ),
    ),
    "front.fault": (
        Text(
            ja="サーバーの不具合により応答できませんでした。途中の変更は取り消されています。",
            en="A fault in the server kept it from answering. What it had begun was undone.",
        ),
        Text(
            ja="もう一度お試しください。続く場合は、時刻を添えて管理者に知らせてください。",
            en="Try again. If it stays, tell the operator and name the time.",
        ),
    ),
}
