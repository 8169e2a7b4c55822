"""Waiting times in the words and pictures of a reader, and as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from tomei.cases.facts import IncidentFacts
from tomei.cases.waiting import queries, words
from tomei.cases.waiting.facts import Waiting
from tomei.cases.waiting.rules.spans import Holder, Span
from tomei.kernel.text import Text
from tomei.ui import charts


@dataclass(frozen=True, slots=True)
class Line:
    """The ball in one line, for the head of the war room."""

    party: str
    reason: str
    since: datetime


def line(incident: IncidentFacts, now: datetime, language: str) -> Line | None:
    """Who has it now; None once it is over."""
    found = queries.holder_of(incident, now)
    if found is None:
        return None
    said = words.reason(found.holder.party, found.reason, language)
    return Line(party(found.holder, queries.names_of([found.holder]), language), said, found.start)


def party(holder: Holder, names: Mapping[int, Text], language: str) -> str:
    """By name where there is one."""
    if holder.organisation_id is not None and holder.organisation_id in names:
        return names[holder.organisation_id].said_in(language)
    known = words.PARTIES.get(holder.party)
    return known.said_in(language) if known else holder.party


def band(found: Waiting, language: str, zone: str) -> Markup:
    return charts.bands(
        [charts.Band(one.holder.party, party(one.holder, found.names, language), one.start, one.end)
         for one in found.spans], language, zone,
    )  # fmt: skip


def percent(length: timedelta, of: timedelta) -> int:
    """Of a whole, rounded; 0 of nothing."""
    return round(100 * length / of) if of else 0


def plain(found: Waiting) -> dict[str, Any]:
    """Seconds as programs want them; sums are exact."""
    now = found.now
    return {
        "start_at": found.start, "end_at": found.end, "is_over": found.is_over, "gross_s": found.gross.total_seconds(),
        "net_s": found.net.total_seconds(), "paused_s": found.paused.total_seconds(),
        "flagged_s": found.flagged.total_seconds(), "now": _span(now) if now else None,
        "spans": [_span(one) for one in found.spans],
        "shares": [
            {"party": one.holder.party, "organisation_id": one.holder.organisation_id, "reason": one.reason,
             "seconds": one.length.total_seconds(), "count": one.count,
             "flagged_s": one.flagged.total_seconds()} for one in found.shares
        ],
        "hand_offs": found.ball.offs, "ball_returns": len(found.ball.returns),
        "owner_ids": list(found.owner_ids), "owner_changes": found.owners.offs,
        "owner_returns": len(found.owners.returns),
        "proposals": [
            {"party": one.holder.party, "organisation_id": one.holder.organisation_id,
             "promise_id": one.promised.id if one.promised else None} for one in found.proposals
        ],
    }  # fmt: skip


def _span(one: Span) -> dict[str, Any]:
    return {
        "start_at": one.start, "end_at": one.end, "party": one.holder.party,
        "organisation_id": one.holder.organisation_id, "reason": one.reason, "flagged": one.flagged,
        "seconds": one.length.total_seconds(),
    }  # fmt: skip
