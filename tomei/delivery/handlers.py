"""What this feature gives the clock; joined with the others' in `tomei.wiring`."""

from __future__ import annotations

from collections.abc import Mapping

from tomei.clock.handlers import Effect, Handler, Outside
from tomei.delivery import actions, jobs, send

HANDLERS: Mapping[str, Handler] = {
    jobs.SEND: Outside(send.do, send.settle, send.TIMEOUT_S),
    jobs.SWEEP: Effect(actions.sweep),
}
