"""The inbound door: `python bench/ingest.py [--seconds 5]`, with DATABASE_URL on PostgreSQL.

Real Alertmanager bodies with alerts that change at each delivery, over a few hundred groups, at 1, 16 and 64
connections, one alert and a hundred per body; then alerts that wake somebody. Somebody looks at the now board
meanwhile. Afterwards every acknowledged body is looked for in the database.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
import time as clock
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house, load
from bench.served import served

GROUPS = 300
SHAPES = ((1, 1), (16, 1), (64, 1), (1, 100), (16, 100), (64, 100))  # connections, alerts per body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"ingest, {vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            keys = house.gather()
            with served() as server:
                shapes(server, keys, given.seconds)


def shapes(server, keys: house.Keys, seconds: float) -> None:
    acknowledged: set[int] = set()
    numbers = itertools.count(1)
    page = load.get("/", Cookie=f"tomei_session={keys.session}")

    def heard(mark: object, body: bytes) -> None:
        acknowledged.add(int(str(mark)))

    def maker(size: int, severity: str):
        def make() -> tuple[bytes, object]:
            number = next(numbers)
            return load.post(f"/in/alertmanager/{keys.source}", body_of(number, size, severity)), number

        return make

    for connections, size in SHAPES:
        what = f"{connections} connections, {size} per body"
        load.measure(
            what, server, maker(size, "warning"), connections=connections, seconds=seconds, heard=heard, beside=page
        )
    load.measure(
        "16 connections, critical: proposed to a person", server, maker(1, "critical"), connections=16,
        seconds=seconds, heard=heard, beside=page,
    )  # fmt: skip
    missing = acknowledged - stored()
    print(f"  acknowledged {len(acknowledged):,}, of which not in the database: {len(missing)}")
    if missing:
        raise SystemExit(1)


def body_of(number: int, size: int, severity: str) -> bytes:
    """Delivery `number`: each alert fires or resolves anew. Critical ones are groups of their own."""
    group = f"c{number}" if severity == "critical" else f"g{number % GROUPS}"
    began = datetime.now(UTC) - timedelta(seconds=30)
    status = "firing" if severity == "critical" or number // GROUPS % 2 == 0 else "resolved"
    ended = datetime.now(UTC).isoformat() if status == "resolved" else "0001-01-01T00:00:00Z"
    labels = {"alertname": f"Slow-{group}", "severity": severity, "service": "stock", "cluster": "tokyo-1"}
    alerts = [
        {
            "status": status,
            "labels": {**labels, "instance": f"10.0.0.{one}:9100"},
            "annotations": {"summary": f"Stock answers slowly ({number})", "description": "p99 above 2 s for 5 min"},
            "startsAt": began.isoformat(),
            "endsAt": ended,
            "generatorURL": "http://prometheus.example:9090/graph?g0.expr=latency",
            "fingerprint": f"{group}-{one}",
        }
        for one in range(size)
    ]
    return json.dumps(
        {
            "version": "4", "groupKey": f'{{}}:{{alertname="{group}"}}', "truncatedAlerts": 0, "status": status,
            "receiver": "tomei", "groupLabels": {"alertname": labels["alertname"]}, "commonLabels": labels,
            "commonAnnotations": {"bench": str(number)}, "externalURL": "http://alertmanager.example:9093",
            "alerts": alerts,
        }
    ).encode()  # fmt: skip


def stored() -> set[int]:
    """The numbers of the bodies that the database holds."""
    from tomei.signals.models import Received

    clock.sleep(0.5)
    bodies = Received.objects.values_list("body", flat=True).iterator()
    return {int(json.loads(zlib.decompress(body))["commonAnnotations"]["bench"]) for body in bodies if body}


if __name__ == "__main__":
    main()
