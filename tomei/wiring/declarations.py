"""The words of pages about what customers declare. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tomei.cases.facts import CaseFacts
from tomei.kernel import ids
from tomei.kernel.text import Text


def declared(facts: Mapping[str, Any], name: Text) -> tuple[Text, Text]:
    mark = f"[{ids.key('CASE', facts['number'])} {facts['severity']}] "
    return (
        Text(f"{mark}顧客が障害を申告しました：{name.said_in('ja')}",
             f"{mark}A customer declared that they stand still: {name.said_in('en')}"),
        Text("案件を開いて受領確認をしてください。期限は顧客の画面に出ています。",
             "Open the case and acknowledge it. The customer sees the time by which you do."),
    )  # fmt: skip


def contested(case: CaseFacts, name: Text) -> tuple[Text, Text]:
    mark = f"[{case.key} {case.severity}] "
    return (
        Text(f"{mark}重大度に異議：{name.said_in('ja')}", f"{mark}Severity contested by {name.said_in('en')}"),
        Text("案件を開き、変えるか、変えない理由を答えてください。回答の期限は顧客に約束済みです。",
             "Open the case: change it, or say why it stays. The time of your answer is promised to them."),
    )  # fmt: skip
