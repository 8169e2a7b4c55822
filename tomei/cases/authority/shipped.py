"""The card that Tomei proposes, in its own words: version 0, until somebody adopts it or writes another."""

from __future__ import annotations

from tomei.cases.authority.rules import ASK, MAY, NEVER, Line
from tomei.kernel.text import Text

_LINES = (
    (MAY, "", "読み取りだけの調査(ログ、指標、設定の閲覧)", "Look: logs, metrics, settings, read only"),
    (MAY, "", "直近の変更を、手順書どおりに切り戻す", "Roll back the latest change as its runbook says"),
    (MAY, "", "冗長なノード1台の再起動、または切り離し", "Restart or take out one node of a redundant group"),
    (MAY, "", "処理能力の追加(承認済みの上限まで)", "Add capacity, up to the approved limit"),
    (MAY, "", "ほかの技術者やベンダーの当番を呼ぶ", "Call another engineer, or a vendor's person on duty"),
    (MAY, "", "危険だと思ったら作業を止める", "Stop the work when it looks dangerous"),
    (ASK, "commander", "顧客に見える機能を止める、または制限する", "Switch off or limit a function that customers see"),
    (ASK, "commander", "別の拠点や待機系への切り替え", "Fail over to another site or to the standby"),
    (ASK, "commander", "手順書にない変更を本番に入れる", "Change production beyond what a runbook says"),
    (ASK, "top_tier", "データの修正、または復元", "Mend data, or restore it from a backup"),
    (ASK, "communications", "顧客や社外に状況を伝える", "Tell customers or others outside how it stands"),
    (ASK, "sponsor", "契約や費用の約束をする", "Promise money or anything beyond the contract"),
    (NEVER, "", "証拠になるログやデータを消す", "Delete logs or data that are evidence"),
    (NEVER, "", "一人で、確認者なしに本番データを書き換える", "Write to production data alone, with nobody watching"),
    (NEVER, "", "顧客のデータを持ち出す", "Carry customers' data out"),
)

LINES = [Line(key, Text(ja, en), level, role) for key, (level, role, ja, en) in enumerate(_LINES, 1)]
