"""The words of states, kinds and impacts of maintenance."""

from __future__ import annotations

from tomei.kernel.text import Text

STATES: dict[str, Text] = {
    "planned": Text("計画中（未連絡）", "Planned, not told"),
    "scheduled": Text("予定", "Scheduled"),
    "in_progress": Text("実施中", "In progress"),
    "verifying": Text("確認中", "Verifying"),
    "completed": Text("完了", "Completed"),
    "cancelled": Text("中止", "Cancelled"),
}
KINDS: dict[str, Text] = {
    "scheduled": Text("計画メンテナンスのお知らせ", "Maintenance scheduled"),
    "moved": Text("日時の変更", "Moved to another time"),
    "started": Text("開始", "Started"),
    "update": Text("途中経過", "Update"),
    "extended": Text("終了時刻の変更", "New end"),
    "verifying": Text("確認中", "Verifying"),
    "completed": Text("完了", "Completed"),
    "cancelled": Text("中止", "Cancelled"),
}
IMPACTS: dict[str, Text] = {
    "maintenance": Text("影響なし", "No effect expected"),
    "degraded": Text("遅延・品質低下", "Degraded"),
    "partial": Text("一部停止", "Partly down"),
    "major": Text("停止", "Down"),
}
BEGUN = Text("計画メンテナンスを開始しました。", "The planned maintenance has begun.")
DONE = Text("計画メンテナンスは完了しました。", "The planned maintenance is complete.")
LATE = {
    "scheduled": Text(
        "お約束の期限より遅れたお知らせです。申し訳ございません。", "Told later than we promise to. We are sorry."
    ),
    "extended": Text("予告した終了時刻を過ぎてからのお知らせです。", "Told after the end that we had named."),
}
PENDING = {
    "en": Text("英語版は {at} までに出します。", "The English text follows by {at}."),
    "ja": Text("日本語版は {at} までに出します。", "The Japanese text follows by {at}."),
}
