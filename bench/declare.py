"""Declaring by the API: `python bench/declare.py [--seconds 5]`, with DATABASE_URL on PostgreSQL.

Complete incidents with three affected customers, at 1, 16 and 64 connections: cases, timeline with its chain, every
promise of the policy, the pages to who is woken, the search index. No error is allowed, and a sample is verified.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house, load
from bench.served import served


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"declare, {vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            keys = house.gather()
            with served() as server:
                at_each(server, keys, given.seconds)


def at_each(server, keys: house.Keys, seconds: float) -> None:
    made: list[int] = []
    request = load.post(
        "/api/v1/incidents",
        json.dumps(
            {
                "title": {"ja": "受注が登録できません", "en": "Orders cannot be entered"}, "severity": "SEV2",
                "product_id": keys.product_id, "component_ids": [keys.component_id],
                "organisation_ids": list(keys.organisation_ids),
            }
        ).encode(),
        Authorization=f"Bearer {keys.token}",
    )  # fmt: skip

    def heard(mark: object, body: bytes) -> None:
        made.append(json.loads(body)["id"])

    errors = 0
    for connections in (1, 16, 64):
        row, _page = load.measure(
            f"{connections} connections", server, lambda: (request, None), connections=connections, seconds=seconds,
            heard=heard,
        )  # fmt: skip
        errors += row.told.errors
    check(made)
    if errors:
        raise SystemExit(1)


def check(made: list[int]) -> None:
    """Each acknowledged incident is whole: its cases, entries and promises are as many as those of the first."""
    from django.db.models import Count

    from tomei.cases import timeline
    from tomei.cases.models import Case, Entry, Incident
    from tomei.delivery.models import Message
    from tomei.promises.models import Promise

    parts = []
    for model, name in ((Case, "cases"), (Promise, "promises"), (Entry, "entries"), (Message, "messages")):
        counts = dict(model.objects.values_list("incident_id").annotate(n=Count("pk")).order_by())
        least = min(counts.get(pk, 0) for pk in made)
        parts.append(f"{least}{'' if least == max(counts[pk] for pk in made) else '+'} {name}")
    known = Counter(Incident.objects.filter(pk__gt=0).values_list("pk", flat=True))
    lost = sum(1 for pk in made if pk not in known)
    holds = all(timeline.verify(pk).holds for pk in made[:: max(len(made) // 50, 1)])
    print(f"  {len(made):,} declared, {lost} lost; each has {', '.join(parts)}; chains hold: {holds}")
    if lost or not holds:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
