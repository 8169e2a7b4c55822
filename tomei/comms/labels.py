"""The words of states, audiences, parts, guards, and the ready first notice."""

from __future__ import annotations

from tomei.kernel.text import Text

STATES: dict[str, Text] = {
    "investigating": Text("調査中", "Investigating"),
    "identified": Text("原因特定", "Identified"),
    "mitigating": Text("対処中", "Mitigating"),
    "monitoring": Text("監視中", "Monitoring"),
    "restored": Text("システム復旧", "Restored"),
    "closed": Text("完了", "Closed"),
    "dismissed": Text("誤報扱い", "Dismissed"),
}
PARTS: dict[str, Text] = {
    "effect": Text("お客様への影響", "Effect on you"),
    "scope": Text("誰が、どこで、いつから", "Who, where, since when"),
    "known": Text("わかっていること、いないこと", "Known and not known"),
    "tried": Text("試したこと", "What we tried"),
    "done": Text("前回からしたこと", "Done since the last update"),
    "doing": Text("いましていること", "Doing now"),
    "ask": Text("お客様へのお願い", "What we need from you"),
    "workaround": Text("回避策", "Workaround"),
    "internal": Text("社内だけに", "Inside the house only"),
}
AUDIENCES: dict[str, Text] = {
    "public": Text("公開", "Public"),
    "affected": Text("影響を受けたお客様", "Affected customers"),
    "internal": Text("社内", "Internal"),
    "executives": Text("経営層", "Executives"),
}
KINDS: dict[str, Text] = {
    "update": Text("続報", "Update"),
    "heartbeat": Text("経過連絡", "Heartbeat"),
    "recovery": Text("復旧の報告", "Recovery notice"),
    "correction": Text("訂正", "Correction"),
    "dismissal": Text("誤報の報告", "Declared in error"),
    "translation": Text("翻訳", "Translation"),
}
GUARDS: dict[str, Text] = {
    "filler": Text("中身がありません", "Nothing new in it"),
    "repeat": Text("同じ文が3回続いています", "Third time in the same words"),
    "blame": Text("責任転嫁に読めます", "Reads as blame on a provider"),
    "vague": Text("あいまいな見通しがあります", "A vague time"),
    "guess": Text("推測が事実として書かれています", "A guess told as fact"),
    "jargon": Text("社外の方にわからない言葉です", "Words only we understand"),
    "estimate": Text("根拠のない復旧見込みです", "An estimate without basis"),
    "liability": Text("責任を認める文は承認が要ります", "An admission that needs approval"),
}
CONFIDENCES: dict[str, Text] = {"low": Text("低", "low"), "medium": Text("中", "medium"), "high": Text("高", "high")}
PENDING = {
    "en": Text(ja="英語版は {at} までに出します。", en="The English text follows by {at}."),
    "ja": Text(ja="日本語版は {at} までに出します。", en="The Japanese text follows by {at}."),
}
FIRST_NOTICE: dict[str, Text] = {
    # We failed, we are on it: no cause is needed to own it (3.2).
    "effect": Text(
        ja="{product}で障害が起きています。ご迷惑をおかけし、申し訳ございません。これは私たちのサービスの障害です。",
        en="{product} is failing. We are sorry. This is a failure of our service.",
    ),
    "known": Text(
        ja="原因と影響の範囲はまだわかっていません。",
        en="We do not know the cause or its full extent yet.",
    ),
    "doing": Text(
        ja="担当者が集まり、影響の範囲と原因を調べています。次の報告の時刻は下のとおりです。",
        en="Our people are finding out who is affected and why. The time of our next update stands below.",
    ),
}
