"""The long crash test: `python bench/crash.py --rounds 200 [--clocks 2] [--effects 20000] [--messages 2000]`.

Kills clock processes with kill -9 at random moments over thousands of due jobs and outgoing messages, then checks that
nothing was forgotten, no effect happened twice and every message went out at least once under the same key. Uses a
database of its own: a file in a temporary folder, or with DATABASE_URL a new database that is dropped afterwards.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--clocks", type=int, default=1)
    parser.add_argument("--effects", type=int, default=20_000)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database():
            run(given)


def run(given: argparse.Namespace) -> None:
    from tests.crash import house  # Django must be set up first

    house.tables()
    sink = house.Sink()
    began = time.monotonic()
    house.schedule(given.effects, given.messages, over_s=given.rounds * 2.0)
    house.kill_at_random(sink, given.rounds, given.clocks, random.Random(given.seed))
    house.check(sink, given.effects, given.messages)
    twice = sum(1 for count in Counter(key for key, _ in sink.received).values() if count > 1)
    print(
        f"{given.rounds} kills in {time.monotonic() - began:.0f} s (seed {given.seed}): {2 * given.effects} effects"
        f" exactly once, {given.messages} messages at least once, {twice} of them more than once under the same key"
    )
    sink.close()


if __name__ == "__main__":
    main()
