"""One process that serves and is killed by `test_inbound`: `python -m tests.crash.serving`; prints its port."""

from __future__ import annotations

import sys

import django

django.setup()

from tomei.site.front.build import build  # noqa: E402 - Django must be set up first
from tomei.site.front.server import Server, configured, listen  # noqa: E402


def tell(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    taken = listen("127.0.0.1", 0)
    front = build(ticks=False)
    Server(configured(front), front, lambda: tell(taken.getsockname()[1])).run(sockets=[taken])


if __name__ == "__main__":
    main()
