"""The table of duties that ships with the house: data, one row per duty, each with its source. No legal advice.

All start when we became aware. `unit`: `hours` elapse on every clock alike; `days` end at the same wall time so many
days later; `calendar` days end at midnight after the n-th day, the day of becoming aware being the first. No working
days are counted: where a law moves a last day that is a holiday to the next working day, ours falls due earlier.
`is_exact`: the number stands in the law or its official guideline; else the law says "without undue delay" and the
number is the house's own measure, which an operator may replace by a rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tomei.kernel.text import Text

AUTHORITY, PERSON, CONTROLLER = "authority_notice", "person_concerned", "controller_notice"
KINDS = (AUTHORITY, PERSON, CONTROLLER)
PRELIMINARY, FINAL = "preliminary", "final"
HOURS, DAYS, CALENDAR = "hours", "days", "calendar"
UNITS = (HOURS, DAYS, CALENDAR)
JURISDICTIONS: dict[str, Text] = {
    "jp": Text("日本(個人情報保護法)", "Japan (Act on the Protection of Personal Information)"),
    "eu": Text("EU・EEA(GDPR)", "EU and EEA (GDPR)"),
}
OWN = "own:"  # before the code of an operator's rule


@dataclass(frozen=True, slots=True)
class Law:
    """One duty. `when`: wrongful, not_wrongful, high_risk, or empty for always. `role`: controller or processor."""

    code: str
    jurisdiction: str
    kind: str
    name: Text
    source: Text
    amount: int
    unit: str
    zone: str = "UTC"
    role: str = "controller"
    stage: str = ""
    when: str = ""
    is_exact: bool = True
    note: Text = field(default_factory=Text)
    version: int = 1
    since: date = date(2022, 4, 1)  # in force from
    organisation_id: int | None = None


_GUIDE_JA = "個人情報保護委員会「ガイドライン(通則編)」3-5"
_GUIDE_EN = "Guidelines (General Rules) of the Personal Information Protection Commission, 3-5"
_NO_NUMBER = Text(
    "法令に時間の定めはありません。数字は当社の目安です。",
    "The law names no number; this one is the house's own measure.",
)
_GDPR = date(2018, 5, 25)

LAWS: tuple[Law, ...] = (
    Law(
        "jp.ppc.preliminary", "jp", AUTHORITY,
        Text("個人情報保護委員会への速報",
             "Preliminary report to the commission"),
        Text(f"個人情報保護法 第26条第1項、施行規則 第8条第1項、{_GUIDE_JA}-3-3",
             f"APPI Art. 26(1), Enforcement Rules Art. 8(1), {_GUIDE_EN}-3-3"),
        5, DAYS, "Asia/Tokyo", stage=PRELIMINARY,
        note=Text("「速やか」の目安は概ね3日から5日以内。期限は5日目としています。3日目までを目指してください。",
                  "“Promptly” is about 3 to 5 days. The time here is day 5; aim for day 3."),
    ),
    Law(
        "jp.ppc.final", "jp", AUTHORITY,
        Text("個人情報保護委員会への確報(30日以内)",
             "Final report to the commission, 30 days"),
        Text(f"個人情報保護法 第26条第1項、施行規則 第8条第2項、{_GUIDE_JA}-3-4",
             f"APPI Art. 26(1), Enforcement Rules Art. 8(2), {_GUIDE_EN}-3-4"),
        30, CALENDAR, "Asia/Tokyo", stage=FINAL, when="not_wrongful",
        note=Text("知った日を1日目と数えます。土日祝日も数え、閉庁日による繰り延べは見込んでいません。",
                  "The day of becoming aware is day 1, weekends count; no shift for closed days is reckoned."),
    ),
    Law(
        "jp.ppc.final_wrongful", "jp", AUTHORITY,
        Text("個人情報保護委員会への確報(不正の目的、60日以内)",
             "Final report to the commission, 60 days (wrongful purpose)"),
        Text(f"個人情報保護法 第26条第1項、施行規則 第8条第2項・第7条第3号、{_GUIDE_JA}-3-4",
             f"APPI Art. 26(1), Enforcement Rules Art. 8(2) and 7(iii), {_GUIDE_EN}-3-4"),
        60, CALENDAR, "Asia/Tokyo", stage=FINAL, when="wrongful",
        note=Text("知った日を1日目と数えます。", "The day of becoming aware is day 1."),
    ),
    Law(
        "jp.persons", "jp", PERSON, Text("本人への通知", "Notice to the persons"),
        Text(f"個人情報保護法 第26条第2項、施行規則 第10条、{_GUIDE_JA}-4",
             f"APPI Art. 26(2), Enforcement Rules Art. 10, {_GUIDE_EN}-4"),
        5, DAYS, "Asia/Tokyo", is_exact=False,
        note=Text("「状況に応じて速やかに」。日数の定めはなく、数字は当社の目安です。",
                  "“Promptly according to the situation”: no number of days, this one is the house's own measure."),
    ),
    Law(
        "jp.controller", "jp", CONTROLLER, Text("委託元への通知", "Notice to the controller"),
        Text(f"個人情報保護法 第26条第1項ただし書、施行規則 第9条、{_GUIDE_JA}-3-5",
             f"APPI Art. 26(1) proviso, Enforcement Rules Art. 9, {_GUIDE_EN}-3-5"),
        3, DAYS, "Asia/Tokyo", role="processor",
        note=Text("概ね3日から5日以内。委託元も速報を出すため、3日としています。",
                  "About 3 to 5 days. The controller has its own report to give, so 3 are taken."),
    ),
    Law(
        "eu.art33", "eu", AUTHORITY, Text("監督機関への通知", "Notice to the supervisory authority"),
        Text("GDPR 第33条第1項", "GDPR Art. 33(1)"), 72, HOURS, since=_GDPR,
        note=Text("72時間を過ぎる場合は遅れの理由を添えます。",
                  "Later than 72 hours it states the reasons for the delay."),
    ),
    Law(
        "eu.art34", "eu", PERSON, Text("データ主体への連絡", "Communication to the data subjects"),
        Text("GDPR 第34条第1項",
             "GDPR Art. 34(1)"), 72, HOURS, when="high_risk", is_exact=False, note=_NO_NUMBER, since=_GDPR,
    ),
    Law(
        "eu.art33_2", "eu", CONTROLLER, Text("管理者への通知", "Notice to the controller"),
        Text("GDPR 第33条第2項",
             "GDPR Art. 33(2)"), 24, HOURS, role="processor", is_exact=False, note=_NO_NUMBER, since=_GDPR,
    ),
)  # fmt: skip
