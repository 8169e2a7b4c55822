"""What hangs over every page: our name, a hold on sending, a clock that stands still."""

from __future__ import annotations

from tomei.clock import queries as clock
from tomei.customers import queries as customers
from tomei.delivery import hold
from tomei.kernel import time
from tomei.kernel.errors import Missing
from tomei.live import queries as live
from tomei.ui.context import HouseFacts
from tomei.ui.parts import language


def house() -> HouseFacts:
    """Read once per page, lazily: three indexed rows."""
    try:
        name = customers.ours().name.said_in(language())
    except Missing:
        name = "Tomei"
    held = hold.state()
    pulse = clock.pulse(time.now())
    still = int(pulse.age_s or 0) if pulse.state == "still" else None
    return HouseFacts(name, held.waiting if held else None, still, str(live.head()))
