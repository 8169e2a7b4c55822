"""After the repair: a customer's claim, answered by two people, and a duty by law that runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from tomei.cases import queries
from tomei.cases.claims import actions as claims
from tomei.cases.duties import actions as duties
from tomei.cases.duties.rules.applying import Answer
from tomei.customers import queries as customers
from tomei.customers.credit import actions as credit
from tomei.customers.rules.credit import checked
from tomei.kernel.text import Text
from tomei.site.story.cast import Cast
from tomei.site.story.script import Line

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_TERMS = checked(
    monthly_fee="4200000", currency="JPY", target="99.9", tiers=[("99.9", "10"), ("99.0", "25"), ("95.0", "50")],
    cap="50", zone="Asia/Tokyo",
)  # fmt: skip
_TWICE, _API = "Shipments are confirmed twice", "Some API calls fail to authenticate"
_ANSWER = Text(
    "11月分の稼働率は契約の目標を下回りました。契約第8条により、月額料金の10%を次回のご請求から差し引きます。",
    "Availability in the month fell below the contract's target. Under clause 8 we take 10 % of the fee off the next bill.",
)


class Claimed:
    """The claim of one customer on the shipments that were confirmed twice; its number is known once written."""

    def __init__(self, cast: Cast) -> None:
        self._cast, self._claim = cast, 0
        self.lines: list[Line] = []
        self._lead, self._liaison = cast.actors["saeki"], cast.actors["okada"]

    def write_down(self, now: datetime) -> None:
        incident = _incident(_TWICE, self._cast)
        case = queries.cases_of(incident)[0]
        contract = customers.contracts_of([case.organisation_id])[0]
        first = (now - 40 * DAY).date().replace(day=1)
        credit.add_credit_terms(contract.id, _TERMS, organisation_id=case.organisation_id, starts_on=first, seen=0,
                                by=self._lead, now=now)  # fmt: skip
        self._claim = claims.write_down(
            case.organisation_id, kind="credit", words="出荷確定が二重になり、倉庫で半日の手戻りが出ました。契約どおりの減額を求めます。",
            heard_at=now - HOUR, heard_from="電話", due_at=now + 4 * DAY, case_id=case.id, contract_id=contract.id,
            clause="第8条", amount="420000", currency="JPY", by=self._liaison, now=now,
        ).id  # fmt: skip

    def propose(self, now: datetime) -> None:
        claims.propose(self._claim, outcome="full", words=_ANSWER, amount="420000", currency="JPY", by=self._liaison,
                       now=now)  # fmt: skip

    def approve(self, now: datetime) -> None:
        claims.approve(self._claim, 1, by=self._lead, now=now)

    def tell(self, now: datetime) -> None:
        claims.tell(self._claim, at=now, told_to="業務部長", by=self._liaison, now=now)

    def expose(self, now: datetime) -> None:
        """Two days ago somebody saw in the logs that names may have been readable."""
        found = Answer("perhaps", now, ("jp",))
        duties.answer(_incident(_API, self._cast), found, by=self._lead, now=now)


def _incident(title: str, cast: Cast) -> int:
    """The incident of the story that bears this title; the newest where it happened again."""
    page = queries.page(queries.Filters(state="all"), cast.actors["saeki"], limit=200)
    return next(one.id for one in page.items if one.title.en == title)


def everything(cast: Cast, now: datetime) -> list[Claimed]:
    told = Claimed(cast)
    told.lines = [
        Line(now - 6 * DAY, told.write_down),
        Line(now - 5 * DAY, told.propose),
        Line(now - 5 * DAY + 3 * HOUR, told.approve),
        Line(now - 5 * DAY + 4 * HOUR, told.tell),
        Line(now - 2 * DAY, told.expose),
    ]
    return [told]
