"""What hangs over every page: a hold on sending, a clock that stands still, where the live stream stands."""

from __future__ import annotations

from tomei.clock import queries as clock
from tomei.delivery import hold
from tomei.kernel import time
from tomei.live import queries as live
from tomei.ui.context import HouseFacts


def house() -> HouseFacts:
    """Read once per page, lazily: three indexed rows."""
    held = hold.state()
    return HouseFacts(held.waiting if held else None, clock.still_s(time.now()), str(live.head()))
