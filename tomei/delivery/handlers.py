"""What this feature gives the clock; joined with the others' in `tomei.wiring`."""

from __future__ import annotations

from collections.abc import Mapping

from tomei.clock.handlers import Effect, Handler, Outside
from tomei.delivery import actions, jobs, mending, send
from tomei.delivery.inbound import actions as inbound
from tomei.delivery.inbound import polling, settling

HANDLERS: Mapping[str, Handler] = {
    jobs.SEND: Outside(send.do, send.settle, send.TIMEOUT_S),
    jobs.SWEEP: Effect(actions.sweep),
    jobs.MEND: Effect(mending.run),
    jobs.READ: Outside(settling.do, settling.settle, settling.TIMEOUT_S),
    jobs.POLL: Outside(polling.do, polling.settle, polling.TIMEOUT_S),
    jobs.LOOK: Effect(polling.look),
    jobs.FORGET: Effect(inbound.forget),
}

# Kind -> when, in the house's zone.
PERIODIC: Mapping[str, str] = {jobs.LOOK: "* * * * *", jobs.FORGET: "29 3 * * *"}
