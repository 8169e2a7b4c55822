"""Questions as people ask them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.people import NOW
from tomei.cases import queries as cases
from tomei.diagnosis import actions
from tomei.diagnosis.facts import QuestionFacts
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

MINUTE = timedelta(minutes=1)
DUE, NEXT = NOW + 30 * MINUTE, NOW + 60 * MINUTE
WHAT = Text("出荷サーバーの14時以降のログ", "The log of the shipping server since 14:00")


def parts(**given: Text) -> dict[str, Text]:
    return {
        "what": WHAT,
        "why": Text("停止した時刻を絞るため", "To find the minute of the stop"),
        "use": Text("変更の時刻と照合します", "We lay it beside the times of changes"),
        "following": Text("照合の結果をお伝えします", "We tell you what the comparison showed"),
        **given,
    }


def case_of(incident: Any, organisation_id: int) -> int:
    return next(one.id for one in cases.cases_of(incident.id) if one.organisation_id == organisation_id)


def draft(
    incident: Any, organisation_id: int, by: Actor, *, due_at: datetime | None = DUE, next_at: datetime | None = NEXT,
    now: datetime = NOW, **given: Text,
) -> QuestionFacts:  # fmt: skip
    case_id = case_of(incident, organisation_id)
    return actions.write(case_id, parts(**given), due_at=due_at, next_at=next_at, by=by, now=now)


def asked(incident: Any, organisation_id: int, by: Actor, **given: Any) -> QuestionFacts:
    return actions.ask(draft(incident, organisation_id, by, **given).id, by=by, now=given.get("now", NOW))


def guest(organisation_id: int, contact_id: int, *, rights: tuple[str, ...] = ("room.read", "room.answer")) -> Actor:
    return Actor("contact", contact_id, "山本", organisation_id, rights=frozenset(rights))
