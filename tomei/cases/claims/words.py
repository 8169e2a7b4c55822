"""The words of claims in both languages, by code."""

from __future__ import annotations

from tomei.kernel.text import Text

KINDS: dict[str, Text] = {
    "credit": Text("SLAクレジット・返金", "Credit"),
    "compensation": Text("損害の補償", "Compensation"),
    "termination": Text("解約", "Termination"),
    "other": Text("その他", "Other"),
}
OUTCOMES: dict[str, Text] = {
    "full": Text("全部を受け入れ", "Accepted in full"),
    "part": Text("一部を受け入れ", "Accepted in part"),
    "refused": Text("受け入れず(理由を明記)", "Refused, with the reason"),
}
STATES: dict[str, Text] = {
    "open": Text("回答待ち", "Open"),
    "answered": Text("回答済み", "Answered"),
    "settled": Text("解決済み", "Settled"),
    "withdrawn": Text("取り下げ", "Withdrawn"),
}
ANSWER_STATES: dict[str, Text] = {
    "proposed": Text("承認待ち", "Waits for approval"),
    "approved": Text("承認済み、未連絡", "Approved, not told yet"),
    "declined": Text("差し戻し", "Declined"),
    "replaced": Text("差し替え済み", "Replaced"),
    "told": Text("顧客に連絡済み", "Told"),
}
WHY: dict[str, Text] = {
    "": Text("算入", "counted"),
    "impact": Text("契約の対象外の影響", "not an impact that the terms count"),
    "maintenance": Text("計画停止(差し引き)", "maintenance, taken off"),
    "elsewhen": Text("この月の外", "outside this month"),
}
