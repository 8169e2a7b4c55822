"""The words of duties in both languages, by code."""

from __future__ import annotations

from tomei.kernel.text import Text

ANSWERS: dict[str, Text] = {
    "no": Text("おそれなし", "No"),
    "perhaps": Text("おそれあり(調査中)", "Perhaps"),
    "yes": Text("あり", "Yes"),
}
CAPACITIES: dict[str, Text] = {
    "controller": Text("当社のデータ(当社が個人情報取扱事業者・管理者)", "Ours: we are the controller"),
    "processor": Text("顧客から預かったデータ(当社は委託先・処理者)", "Our customers': we process it for them"),
    "both": Text("両方", "Both"),
}
KINDS: dict[str, Text] = {
    "authority_notice": Text("当局への報告", "Notice to the authority"),
    "person_concerned": Text("本人への通知", "Notice to the persons concerned"),
    "controller_notice": Text("委託元・管理者への報告", "Notice to the controller"),
}
STAGES: dict[str, Text] = {"preliminary": Text("速報", "preliminary"), "final": Text("確報", "final")}
STATES: dict[str, Text] = {
    "open": Text("未履行", "Open"),
    "fulfilled": Text("履行済み", "Fulfilled"),
    "withdrawn": Text("取り下げ", "Withdrawn"),
}
UNITS: dict[str, Text] = {
    "hours": Text("時間", "hours"),
    "days": Text("日(同じ時刻)", "days (same time of day)"),
    "calendar": Text("日(初日を含み、末日の終わりまで)", "calendar days (first day counted, until midnight)"),
}
