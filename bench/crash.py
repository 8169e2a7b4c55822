"""The long crash tests. Nothing may be forgotten, nothing happen twice in the database, every message arrive.

`python bench/crash.py --promises 2000 --kills 20`: the wired house with real promises, mail and a chat tool, its clocks
killed with kill -9 at random moments; the mail server goes and comes back, the wall clock jumps an hour.
`--own-cluster` does it on a PostgreSQL of its own that is restarted (immediate) before each kill.
`python bench/crash.py --rounds 200 [--effects 20000] [--messages 2000]`: the bare engine, with thousands of due jobs.

`--clocks 2` runs two at once (PostgreSQL). Uses a database of its own: a file in a temporary folder, or with
DATABASE_URL a new database that is dropped afterwards.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--promises", type=int, default=0)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--own-cluster", action="store_true")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--clocks", type=int, default=1)
    parser.add_argument("--effects", type=int, default=20_000)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["TOMEI_DATA"] = folder
        restart = _own_cluster(stack) if given.own_cluster else lambda: None
        vendor = stack.enter_context(ground.database())
        if given.promises:
            run_wired(given, vendor, Path(folder), restart)
        else:
            run(given)


def _own_cluster(stack: ExitStack) -> Callable[[], None]:
    from tests.crash.cluster import cluster  # needs nothing of Django

    one = stack.enter_context(cluster())
    os.environ["DATABASE_URL"] = one.url
    return one.restart


def run_wired(given: argparse.Namespace, vendor: str, folder: Path, restart: Callable[[], None]) -> None:
    from tests.crash import proof, wired  # Django must be set up first

    plan = wired.Plan(given.promises, given.kills, over_s=given.kills * 4.0, clocks=given.clocks, disturb=restart)
    with wired.world() as world:
        filled = wired.fill(world, plan)
        began = time.monotonic()
        until = wired.live_through(world, filled, plan, folder, random.Random(given.seed))
        lasted = time.monotonic() - began
        counted = proof.check(world, filled, until)
    between = ", restarted before each" if given.own_cluster else ""
    print(
        f"{vendor}, {given.clocks} clock(s), {given.kills + 1} kills{between}, mail away, wall clock +1 h, in"
        f" {lasted:.0f} s (seed {given.seed}): {counted}"
    )


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
