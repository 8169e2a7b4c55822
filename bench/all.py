"""Every bench on both databases as one Markdown table: `python bench/all.py [--only ingest lists …] [--seconds 5]`.

PostgreSQL is `$BENCH_POSTGRES` (default postgresql://postgres@127.0.0.1:5432/postgres); each bench makes and drops a
database of its own. The benches' own lines go to stderr as they come.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOTH = ("promises", "timers", "ingest", "declare", "lists", "statuspage", "subscribers", "memory")
ONCE = ("first_page",)
TIMED = ("ingest", "declare", "lists", "statuspage")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=[*BOTH, *ONCE], default=[*BOTH, *ONCE])
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    print("| bench | database | measured |\n|---|---|---|")
    failed = [row for name in given.only for row in rows(name, given.seconds)]
    if any(failed):
        raise SystemExit(1)


def rows(name: str, seconds: float) -> list[bool]:
    """Run one bench on its databases and print its lines; True for each that failed."""
    postgres = os.environ.get("BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
    databases = {"SQLite": "", "PostgreSQL": postgres} if name in BOTH else {"SQLite": ""}
    return [_run(name, vendor, url, seconds) for vendor, url in databases.items()]


def _run(name: str, vendor: str, url: str, seconds: float) -> bool:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "TOMEI_DATA")}
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, str(HERE / f"{name}.py"), *(["--seconds", str(seconds)] if name in TIMED else [])]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    sys.stderr.write(done.stdout)
    for line in done.stdout.splitlines():
        cell = re.sub(r"\s+", " ", line).strip().replace("|", "\\|")
        print(f"| {name} | {vendor} | {cell} |", flush=True)
    if done.returncode:
        print(f"| {name} | {vendor} | **failed** ({done.returncode}) |", flush=True)
    return done.returncode != 0


if __name__ == "__main__":
    main()
