"""Codes of questions in words."""

from __future__ import annotations

from tomei.kernel.text import Text

STATES = {
    "draft": Text("下書き", "Draft"),
    "asked": Text("回答待ち", "Asked"),
    "partly": Text("一部回答あり", "Answered in part"),
    "answered": Text("回答あり", "Answered"),
    "used": Text("活用済み", "Used, and told"),
    "unused": Text("使わなかった", "Not used, and told why"),
    "withdrawn": Text("取り下げ", "Withdrawn"),
}
TURNS = {"theirs": Text("顧客", "Theirs"), "ours": Text("当社", "Ours"), "": Text("なし", "Nobody’s")}
PARTS = {
    "what": Text("必要なもの", "What we need"),
    "why": Text("理由", "Why"),
    "use": Text("何に使うか", "What it will be used for"),
    "following": Text("この後の流れ", "What happens next"),
}
CHANNELS = {
    "phone": Text("電話", "Phone"),
    "mail": Text("メール", "Mail"),
    "chat": Text("チャット", "Chat"),
    "meeting": Text("打ち合わせ", "Meeting"),
    "room": Text("お客様ルーム", "Customer room"),
}
BY_HAND = ("phone", "mail", "chat", "meeting")  # how staff heard an answer that they type
