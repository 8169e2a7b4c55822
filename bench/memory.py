"""Memory of the one process: at rest, and after load: `python bench/memory.py`, with DATABASE_URL on PostgreSQL.

At rest: started, the first page served, five seconds later. After load: inbound alerts, pages and the API from 16
connections, then five quiet seconds.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house, load
from bench.ingest import body_of
from bench.served import served


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"memory, {vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            keys = house.gather()
            with served() as server:
                clock.sleep(5)
                print(f"  at rest {server.resident_mib():.0f} MiB")
                under_load(server, keys)
                clock.sleep(5)
                print(f"  after load {server.resident_mib():.0f} MiB")


def under_load(server, keys: house.Keys) -> None:
    numbers = itertools.count(1)
    pages = itertools.cycle(["/", "/incidents/", "/promises/", "/signals/", "/customers/", "/api/v1/incidents"])
    cookie = {"Cookie": f"tomei_session={keys.session}"}
    kinds = {
        "alerts": lambda: (load.post(f"/in/alertmanager/{keys.source}", body_of(next(numbers), 20, "warning")), None),
        "pages": lambda: (load.get(next(pages), **cookie), None),
    }
    for name, make in kinds.items():
        load.measure(name, server, make, connections=16, seconds=8)


if __name__ == "__main__":
    main()
