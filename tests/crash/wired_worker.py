"""The clock of `tomei serve` without its pages, to be killed: `python -m tests.crash.wired_worker JUMP_FILE`.

Says `ready` once it ticks. While JUMP_FILE holds a number, the wall clock goes so many seconds ahead.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import django


def main(jump_file: str) -> None:
    django.setup()
    from tomei import wiring  # Django must be set up first
    from tomei.site.database.lock import write_lock

    engine = wiring.engine(first=lambda: write_lock.priority("clock"))
    real = engine.now  # on PostgreSQL the database's clock, as in production

    def now() -> datetime:
        return real() + _ahead(Path(jump_file))

    engine.now = now  # type: ignore[method-assign]
    engine.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()  # until the parent ends us, or ends itself
    engine.stop()


def _ahead(file: Path) -> timedelta:
    with suppress(OSError):
        return timedelta(seconds=float(file.read_text()))
    return timedelta()


if __name__ == "__main__":
    main(sys.argv[1])
