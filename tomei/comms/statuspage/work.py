"""What happens on our side, per severity: the times of the default policy, said to whoever depends on us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.template import engines
from django.utils import timezone, translation

from tomei.cases.words import SEVERITIES
from tomei.comms.statuspage import addresses
from tomei.comms.statuspage.html import AS_OF
from tomei.comms.statuspage.page import PageView
from tomei.customers.rules import SeverityTerms, Terms
from tomei.kernel import time
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import rules as promises
from tomei.ui import moments

WITHIN = Text("{span}以内", "within {span}")
AFTER = Text("{span}後", "after {span}")
EVERY = Text("{span}ごと", "every {span}")
DAYS = Text("{count}営業日以内", "within {count} working days")
TITLE = Text("インシデントのとき、当社で起きること", "What happens on our side")
INTRO = Text(
    "お客様に影響が出たとき、私たちが何をいつまでにするかです。数字は当社の標準の方針のもので、別の時間をお約束している契約では、契約の時間が優先します。",
    "What we do, and by when, once something fails for you. The times are those of our standard policy; where your"
    " contract names others, your contract counts.",
)
KEPT = Text(
    "どの時間も約束として記録し、守れたかどうかを数えます。過ぎた約束は、あとから間に合ったことにはなりません。",
    "Each of these times is a promise on record, and we count whether it was kept. One that has passed stays late.",
)
BUSINESS = Text("営業時間で数えます。", "Counted in business hours.")
WALL = Text("昼夜・休日を問わず数えます。", "Counted day and night, holidays included.")
SAID = {
    "acknowledge": Text(
        "ご連絡を受けた担当者が、受け取ったことをお伝えします。",
        "Whoever took your report tells you that we have it.",
    ),
    "first": Text(
        "第一報。何が起きているかと、次の報告の時刻をお知らせします。原因がわかるのを待ちません。",
        "First notice: what fails, and the time of the next update. We do not wait for a cause.",
    ),
    "scope": Text(
        "影響の範囲。誰に、どこで、いつからかをお知らせします（第一報から数えます）。",
        "The scope: who is affected, where and since when (counted from the first notice).",
    ),
    "update": Text(
        "続報を、遅くともこの間隔で出します。新しいことがなくても、予告した時刻に出します。",
        "An update at least this often, at the time that the last one named, also when there is nothing new.",
    ),
    "commander": Text(
        "指揮者を決めます。以後の判断はこの一人が負います。",
        "One incident commander is named, who answers for every decision.",
    ),
    "communications": Text("お客様への報告の担当者を決めます。", "One person is named who writes to you."),
    "executive": Text("経営層に伝わります。", "Our executives are told."),
    "top_tier": Text(
        "まだ直っていなければ、最上位の技術担当が加わります。",
        "If it is not solved, the highest technical level joins.",
    ),
    "escalation": Text(
        "約束の時刻を過ぎると、守られるまでこの間隔で次の人を呼びます。担当者、代理、チームの責任者、指揮者、責任役員、全指揮者の順です。時刻の前にも担当者に知らせます。",
        "Once a promised time has passed, the next person up is called at this pace until it is kept: owner, deputy,"
        " team lead, commander, sponsor, every commander. The owner is warned before.",
    ),
    "report": Text(
        "復旧のあと、原因と是正措置の報告書をお届けします。",
        "After recovery, you get the report on cause and corrective action.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One severity in one language: what it is, and each step with its time."""

    severity: str
    words: str
    counted: str
    steps: tuple[tuple[str, str], ...]


def render(page: PageView, language: str) -> bytes | None:
    """The page in one language; None before there is a policy."""
    if page.terms is None:
        return None
    with translation.override(language), timezone.override(time.zone(page.zone)):
        template = engines["jinja2"].env.get_template("comms/work.html")  # type: ignore[attr-defined]
        other = "en" if language == "ja" else "ja"
        context = {
            "page": page, "LANGUAGE": language, "house": page.house.said_in(language), "other": other,
            "other_url": f"{addresses.WORK}?lang={other}", "lang_query": f"?lang={language}", "feed_forms": (),
            "as_of": AS_OF, "title": TITLE.said_in(language), "intro": INTRO.said_in(language),
            "kept": KEPT.said_in(language), "parts": parts(page.terms, language, calendar=page.calendar),
        }  # fmt: skip
        return str(template.render(context)).encode()


def parts(terms: Terms, language: str, *, calendar: bool) -> list[Part]:
    """Worst first. Without a calendar nothing is counted in business hours, whatever the terms say."""
    return [
        Part(
            severity.value, SEVERITIES[severity].said_in(language),
            (BUSINESS if one.on_business_hours and calendar else WALL).said_in(language),
            tuple((when, SAID[name].said_in(language)) for name, when in _steps(severity, one, language)),
        )
        for severity, one in terms.items()
    ]  # fmt: skip


def _steps(severity: Severity, one: SeverityTerms, language: str) -> Iterator[tuple[str, str]]:
    """Name and time of each step, in the order in which it comes."""

    def said(form: Text, seconds: float) -> str:
        return form.said_in(language).format(span=moments.limit(seconds, language))

    yield "acknowledge", said(WITHIN, one.acknowledge_s)
    yield "first", said(WITHIN, one.first_notice_s)
    yield "scope", said(WITHIN, one.scope_notice_s)
    yield "update", said(EVERY, one.update_s)
    for role in ("commander", "communications"):
        if role in one.roles_s:
            yield role, said(WITHIN, one.roles_s[role])
    for name, seconds in (("executive", one.executive_s), ("top_tier", one.top_tier_s)):
        if seconds is not None:
            yield name, said(AFTER, seconds)
    yield "escalation", said(EVERY, promises.gap(severity.rank).total_seconds())
    yield "report", DAYS.said_in(language).format(count=one.report_working_days)
