"""What pages, programs and the room get to know of who has the ball."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.cases.waiting.rules.passing import Passed, Promised
from tomei.cases.waiting.rules.spans import Holder, Share, Span
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the system knows and a person may say with one tap. `promised` None: they are done, it is ours again."""

    holder: Holder
    promised: Promised | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The whole account of one incident or case: `spans` sum to `gross`, and `net` and `paused` do together."""

    start: datetime
    end: datetime
    is_over: bool
    spans: tuple[Span, ...]
    shares: tuple[Share, ...]
    gross: timedelta
    net: timedelta
    paused: timedelta
    flagged: timedelta
    ball: Passed
    owners: Passed
    owner_ids: tuple[int, ...]
    proposals: tuple[Proposal, ...]
    names: Mapping[int, Text]

    @property
    def now(self) -> Span | None:
        """Who has it; None once it is over, and before any time has passed."""
        return None if self.is_over or not self.spans else self.spans[-1]

    @property
    def holder(self) -> Holder:
        return self.spans[-1].holder if self.spans else Holder("us")
