"""The feature's own words in both languages: states, roles, stamps, channels. For sentences, pages and exports."""

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
MOVES: dict[str, Text] = {
    "investigate": Text("調査中に戻す", "Back to investigating"),
    "identify": Text("原因を特定した", "Cause identified"),
    "mitigate": Text("対処を始めた", "Mitigating"),
    "monitor": Text("対処を終え監視する", "Mitigated, monitoring"),
    "restore": Text("システム復旧", "System restored"),
    "close": Text("完了にする", "Close"),
    "reopen": Text("再オープン", "Reopen"),
    "dismiss": Text("誤報扱いにする", "Dismiss: declared in error"),
}
CASE_STATES: dict[str, Text] = {
    "open": Text("進行中", "Open"),
    "resumed": Text("業務再開", "Business resumed"),
    "closed": Text("完了", "Closed"),
    "withdrawn": Text("取り下げ", "Withdrawn"),
}
ROLES: dict[str, Text] = {
    "commander": Text("指揮者", "Commander"),
    "deputy": Text("副指揮者", "Deputy"),
    "scribe": Text("記録係", "Scribe"),
    "communications": Text("連絡責任者", "Communications"),
    "liaison": Text("顧客連絡担当", "Customer liaison"),
    "internal_liaison": Text("社内連絡担当", "Internal liaison"),
    "escalation_manager": Text("エスカレーション担当", "Escalation manager"),
    "expert": Text("専門担当", "Expert"),
    "top_tier": Text("最上位技術者", "Top tier"),
    "sponsor": Text("経営スポンサー", "Executive sponsor"),
    "vendor_lead": Text("ベンダー担当", "Vendor lead"),
}
STAMPS: dict[str, Text] = {
    "began": Text("発生", "Began"),
    "detected": Text("検知", "Detected"),
    "first_notice": Text("第一報", "First notice"),
    "acknowledged": Text("受領確認", "Acknowledged"),
    "mitigated": Text("緩和", "Mitigated"),
    "restored": Text("システム復旧", "System restored"),
    "cause_found": Text("原因判明", "Cause found"),
    "cause_told": Text("原因説明", "Cause told"),
    "report_sent": Text("報告書送付", "Report sent"),
    "fix_validated": Text("対策の妥当性確認", "Fix validated"),
    "closed": Text("完了", "Closed"),
    "resumed": Text("業務再開", "Business resumed"),
}
CHANNELS: dict[str, Text] = {
    "phone": Text("電話", "telephone"),
    "mail": Text("メール", "mail"),
    "chat": Text("チャット", "chat"),
    "meeting": Text("会議", "meeting"),
    "visit": Text("訪問", "visit"),
    "other": Text("その他", "other"),
}
IMPACTS: dict[str, Text] = {
    "degraded": Text("性能劣化", "degraded"),
    "partial": Text("一部停止", "partial outage"),
    "major": Text("停止", "major outage"),
    "maintenance": Text("メンテナンス", "maintenance"),
}
KINDS: dict[str, Text] = {
    "note": Text("記録", "Note"),
    "fact": Text("事実", "Fact"),
    "decision": Text("決定", "Decision"),
}
AUDIENCES: dict[str, Text] = {
    "internal": Text("社内のみ", "Internal"),
    "customer": Text("顧客に開示", "Customers"),
    "public": Text("公開", "Public"),
}
# To whom an update is owed: the same promise to two audiences must never look like one written twice.
HEARERS: dict[str, Text] = {
    "public": Text("公開", "the public"),
    "affected": Text("影響を受けたお客様", "affected customers"),
    "internal": Text("社内", "our room"),
    "executives": Text("経営層", "executives"),
}
# The test beside each level of the matrix (b5), so that severity is chosen by the customer's stop.
SEVERITIES: dict[str, Text] = {
    "SEV1a": Text("業務停止。売上または法令上の義務に影響", "Business stopped; revenue or a legal duty at risk"),
    "SEV1b": Text(
        "多数の利用者で重要機能が停止、またはデータの喪失・漏えい",
        "Critical function down for many, or data lost or exposed",
    ),
    "SEV2": Text("主要機能に支障。回避策は不十分", "Major function impaired, workaround weak"),
    "SEV3": Text(
        "一部に支障。回避策あり、または冗長性の喪失", "Part impaired with a good workaround, or redundancy lost"
    ),
    "SEV4": Text("軽微", "Small"),
}
