"""Files that go out with an update: chosen while it is written, then hanging on it for good.

A file waits at its incident until an update takes it along. Each version of an update has files of its own, so that
a correction can leave out what was wrong and the old version keeps what it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tomei.comms.facts import Attached, UpdateFacts
from tomei.comms.models import Update
from tomei.files import actions as files
from tomei.files import queries
from tomei.files.queries import FileFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

MOST = 10


def waiting(incident_id: int, ids: Sequence[int], *, old: UpdateFacts | None = None) -> list[FileFacts]:
    """Of these files those that an update of this incident may take along, or that its `old` version has, as chosen."""
    places = {f"incident:{incident_id}", f"update:{old.id}" if old else ""}
    known = queries.files(ids)
    return [known[pk] for pk in dict.fromkeys(ids) if pk in known and known[pk].about in places]


def check(incident_id: int, ids: Sequence[int], *, old: UpdateFacts | None = None) -> None:
    """Refuses `files.not_there` and `update.too_many_files`."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise Refused("update.too_many_files", count=len(wanted), limit=MOST)
    if wanted and len(waiting(incident_id, wanted, old=old)) < len(wanted):
        raise Refused("files.not_there")


def hang(
    row: Update, ids: Sequence[int], *, old: UpdateFacts | None = None, by: Actor, now: datetime
) -> tuple[Attached, ...]:
    """They hang on this update: those of its older version as copies. Public with it. Refuses `files.not_there`."""
    if not ids:
        return ()
    before = [one.id for one in old.files] if old else []
    to: dict[str, Any] = {
        "to": f"update:{row.pk}", "audience": "public" if "public" in row.audiences else "internal", "by": by,
        "now": now,
    }  # fmt: skip
    kept = files.copy([pk for pk in ids if pk in before], of=f"update:{old.id}", **to) if old else []
    kept += files.bind([pk for pk in ids if pk not in before], of=f"incident:{row.incident_id}", **to)
    found = tuple(Attached(one.id, one.name, one.size, one.digest, one.content_type) for one in kept)
    row.files = [asdict(one) for one in found]
    row.save(update_fields=["files"])
    return found


def entry_data(found: Sequence[Attached]) -> dict[str, Any]:
    """What the timeline keeps: which file under which name, and the digest that proves its bytes."""
    return {"files": [{"id": one.id, "name": one.name, "digest": one.digest} for one in found]} if found else {}
