"""A clock that sends first notices and kills itself with -9: `python -m tests.crash.first_worker before|within|after`.

`before` the update is written, `within` its transaction when all of it is written, `after` the commit; `never` runs
what is due and ends.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django


def main(where: str) -> None:
    django.setup()
    from tomei import wiring  # Django must be set up first
    from tomei.clock.engine import Engine
    from tomei.comms.beforehand import actions, sending

    send = sending.publish_alone

    def dying(*given: Any, **more: Any) -> Any:
        if where == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        told = send(*given, **more)
        if where == "within":
            os.kill(os.getpid(), signal.SIGKILL)
        return told

    sending.publish_alone = dying
    Engine({actions.SEND: wiring.HANDLERS[actions.SEND]}).drain()
    if where == "after":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
