"""Incident list and now board with 20,000 incidents: `python bench/lists.py [--incidents 20000] [--seconds 4]`.

Thirty burn (declared as people declare them), the others are closed with their cases and ended promises. First page of
each list at 1 and 16 connections. With DATABASE_URL on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house, load
from bench.served import served

BURNING = 30
PAGES = {
    "now board": "/",
    "incidents, open": "/incidents/",
    "incidents, all": "/incidents/?state=all",
    "API, all": "/api/v1/incidents?state=all",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"lists, {vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            keys = house.gather()
            fill(keys, given.incidents)
            with served() as server:
                for name, path in PAGES.items():
                    look(server, keys, name, path, given.seconds)


def look(server, keys: house.Keys, name: str, path: str, seconds: float) -> None:
    asked = load.get(path, Cookie=f"tomei_session={keys.session}", **{"Accept-Language": "ja"})
    for connections in (1, 16):
        load.measure(
            f"{name}, {connections} connections", server, lambda: (asked, None), connections=connections,
            seconds=seconds,
        )  # fmt: skip


def fill(keys: house.Keys, count: int) -> None:
    """A long history, then what burns now."""
    from django.db import connection

    from tomei.cases import actions
    from tomei.kernel import time
    from tomei.kernel.text import Text
    from tomei.site import local

    now = time.now()
    for _ in range(BURNING):
        actions.declare(
            title=Text("受注が登録できません", "Orders cannot be entered"), severity="SEV2", product_id=keys.product_id,
            component_ids=[keys.component_id], organisation_ids=keys.organisation_ids, by=local.console(), now=now,
        )  # fmt: skip
    past(keys, count - BURNING, now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def past(keys: house.Keys, count: int, now: datetime) -> None:
    """Closed incidents, each with one case and three promises that were kept."""
    from tomei.cases.models import Case, Incident
    from tomei.customers import queries as customers
    from tomei.promises.models import Promise

    version = customers.policy_for(None, None).version_id
    ours = customers.ours().id
    times = [now - timedelta(minutes=20 * n + 600) for n in range(count)]
    rows = Incident.objects.bulk_create(
        [
            Incident(
                number=1_000_000 + n, title={"ja": f"過去の障害 {n}", "en": f"Past failure {n}"}, severity="SEV3",
                rank=3, state="closed", product_id=keys.product_id, policy_version_id=version, declared_at=at,
                declared_by_kind="console", detected_at=at, restored_at=at + timedelta(hours=1),
                closed_at=at + timedelta(hours=2), updates=3,
            )
            for n, at in enumerate(times)
        ],
        500,
    )  # fmt: skip
    Case.objects.bulk_create(
        [
            Case(
                number=1_000_000 + n, incident=row, organisation_id=keys.organisation_ids[n % 3], severity="SEV3",
                rank=3, state="closed", policy_version_id=version, opened_at=row.declared_at,
                opened_by_kind="console", closed_at=row.closed_at,
            )
            for n, row in enumerate(rows)
        ],
        500,
    )  # fmt: skip
    Promise.objects.bulk_create(
        [
            Promise(
                kind=kind, incident=row, owed_by_id=ours, rank=3, state="kept", created_at=row.declared_at,
                since_at=row.declared_at, due_at=row.restored_at, ended_at=row.restored_at, late_s=0,
            )
            for row in rows
            for kind in ("first_notice", "next_update", "scope_notice")
        ],
        500,
    )  # fmt: skip


if __name__ == "__main__":
    main()
