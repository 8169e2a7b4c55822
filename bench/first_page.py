"""From the clone to the first page: `python bench/first_page.py`.

Clones HEAD of this repository into a temporary folder, runs its `./up` there with nothing but the package cache of this
machine, and waits for the first 200. With DATABASE_URL on an empty PostgreSQL database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground
from bench.served import ROOT, free_port, until_answered


def main() -> None:
    yardstick = ground.additions_s()
    print(f"clone to first page; 5,000,000 additions {yardstick:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "tomei"
        began = clock.perf_counter()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        cloned = clock.perf_counter()
        first = start(clone)
        again = start(clone)
    whole = cloned - began + first
    print(
        f"  clone {cloned - began:.1f} s, ./up to the first page {first:.1f} s, together {whole:.1f} s"
        f" ({whole / yardstick:.0f} yardsticks); started again {again:.1f} s"
    )


def start(clone: Path) -> float:
    """Seconds from `./up` to the first page; the server is stopped afterwards."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TOMEI_", "PYTHON", "VIRTUAL"))
    }
    port = free_port()
    began = clock.perf_counter()
    up = subprocess.Popen(
        ["./up", "--port", str(port)], cwd=clone, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        until_answered(port, within_s=300, server=up)
        return clock.perf_counter() - began
    finally:
        os.killpg(up.pid, signal.SIGTERM)
        up.wait(30)


if __name__ == "__main__":
    main()
