"""Sentences for what heartbeats and probes refuse."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "heartbeat.grace": (
        Text("猶予は 1 分から 365 日までです。", "The grace is between a minute and 365 days."),
        Text("10m や 1h のように書いてください。", "Write it like 10m or 1h."),
    ),
    "heartbeat.period": (
        Text("間隔は 1 分から 365 日までです。", "The period is between a minute and 365 days."),
        Text(
            "1h や 1d のように書くか、cron 式を書いてください。", "Write it like 1h or 1d, or write a cron expression."
        ),
    ),
    "heartbeat.cron": (
        Text("「{text}」は cron 式として読めません。", "“{text}” is no cron expression that can be read."),
        Text(
            "5 項目で書いてください(分 時 日 月 曜日)。例: 0 2 * * *",
            "Write five fields (minute hour day month weekday), for example 0 2 * * *.",
        ),
    ),
    "heartbeat.never": (
        Text("「{text}」に当たる日時はありません。", "“{text}” names no moment that ever comes."),
        Text("日と月の組み合わせを見直してください。", "Look at its day and month again."),
    ),
    "probe.target": (
        Text("ホスト名:ポート番号として読めません。", "This is no host:port that can be read."),
        Text("db.example.com:5432 のように書いてください。", "Write it like db.example.com:5432."),
    ),
    "probe.url": (
        Text("URL として使えません。", "This address cannot be used."),
        Text(
            "https:// か http:// で始まる URL を書いてください。利用者名とパスワードは書けません。",
            "Write an address that begins with https:// or http://, without a name and password.",
        ),
    ),
    "probe.bounds": (
        Text("{least} から {most} までの整数で書いてください。", "Write a whole number from {least} to {most}."),
        Text("何も変わっていません。", "Nothing was changed."),
    ),
    "probe.range": (
        Text("範囲の小さい方と大きい方が逆です。", "The lower bound is not below the upper one."),
        Text("二つの数を見直してください。", "Look at both numbers again."),
    ),
    "probe.no_body": (
        Text("HEAD の応答には本文がありません。", "An answer to HEAD has no text."),
        Text("文字列を調べるには GET を選んでください。", "Choose GET to look for a text."),
    ),
    "heartbeat.already": (
        Text("すでにその状態です。何も変わっていません。", "It stands so already. Nothing was changed."),
        Text("ページを開き直して、今の状態を見てください。", "Open the page again and look at how it stands."),
    ),
}
