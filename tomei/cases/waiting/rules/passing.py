"""Hand-offs, ping-pong, what is proposed and what may be moved. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tomei.cases.waiting.rules.spans import CUSTOMER, PARTIES, REASONS, US, VENDOR, Holder
from tomei.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Passed:
    """`offs` is how often it changed hands, `returns` the places (from 0) of those who had it before.

    `back_and_forth`: it came back to somebody who had given it away, so that a customer would say "passed around".
    """

    offs: int
    returns: tuple[int, ...]

    @property
    def back_and_forth(self) -> bool:
        return bool(self.returns)


def passed(holders: Sequence[Hashable], home: Hashable = None) -> Passed:
    """Count hand-offs and returns. A return `home` is none: what was asked of somebody else comes back to us."""
    named = [one for place, one in enumerate(holders) if place == 0 or holders[place - 1] != one]
    returns = tuple(place for place, one in enumerate(named) if one != home and one in named[:place])
    return Passed(max(0, len(named) - 1), returns)


@dataclass(frozen=True, slots=True)
class Promised:
    """An open promise of somebody else that both sides know: they said by when they move."""

    id: int
    holder: Holder
    due_at: datetime


def proposals(now: Holder, resting_on: int | None, promised: Iterable[Promised]) -> list[Promised]:
    """To whom the ball may be moved on the word of an open promise; never what is so already.

    Soonest first, one per party. `resting_on` is the promise by which the present holder has it.
    """
    open_now = sorted(promised, key=lambda one: (one.due_at, one.id))
    found: dict[Holder, Promised] = {}
    for one in open_now:
        if one.holder != now and one.id != resting_on:
            found.setdefault(one.holder, one)
    return list(found.values())


def should_return(now: Holder, resting_on: int | None, promised: Iterable[Promised]) -> bool:
    """They had it by a promise that has ended: it is proposed to take it back."""
    return now.party != US and resting_on is not None and resting_on not in {one.id for one in promised}


def check(to: Holder, reason: str, since: datetime, *, opened: datetime, last: datetime | None, now: datetime) -> None:
    """Refuses an unknown party or reason, a party without a name, the future, and a time before what was said last."""
    if to.party not in PARTIES:
        raise Refused("ball.unknown_party", party=to.party[:40])
    if to.party in (CUSTOMER, VENDOR) and to.organisation_id is None:
        raise Refused("ball.nobody_named")
    if reason and reason not in REASONS[to.party]:
        raise Refused("ball.unknown_reason", reason=reason[:40])
    if since > now:
        raise Refused("time.in_future", at=since.isoformat(timespec="minutes"))
    if since < opened or (last is not None and since < last):
        raise Refused("ball.too_early", at=max(filter(None, (opened, last))).isoformat(timespec="minutes"))
