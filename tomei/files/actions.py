"""Keep a file; hang it on what it goes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from tomei.accounts import audit
from tomei.files import queries, rules, store
from tomei.files.models import StoredFile
from tomei.files.queries import FileFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

_CHUNK = 64 * 1024


def add(
    name: str,
    content_type: str,
    stream: BinaryIO | Iterable[bytes] | bytes,
    *,
    about: str,
    audience: str = "internal",
    by: Actor,
    now: datetime,
) -> FileFacts:
    """The bytes are on the disk and a row points at them; what the sender called the type is only hearsay.

    The bytes are written before the row and outside any lock; without the row (a rollback) they are unreachable.
    Refuses `files.too_large`, `files.empty`, `files.unknown_type`, `files.not_what_it_says`, `files.bad_about`,
    `files.bad_audience`, `files.disk_full` and `rights.missing`.
    """
    by.require("incident.work")
    _check_place(about, audience)
    shown = rules.safe_name(name)
    rules.known_extension(shown)
    kept = store.keep(_chunks(stream), judge=lambda head: rules.content_type(shown, head))
    served = rules.content_type(shown, kept.head)
    with transaction.atomic():
        row = StoredFile.objects.create(
            digest=kept.digest, size=kept.size, name=shown, content_type=served, about=about, audience=audience,
            added_by_kind=by.kind, added_by_id=by.id, added_at=now,
        )  # fmt: skip
        audit.record("file.added", by=by, now=now, file=row.pk, about=about, digest=kept.digest, size=kept.size)
    return queries.facts(row)


@transaction.atomic
def bind(
    ids: Sequence[int], *, of: str, to: str, audience: str = "internal", by: Actor, now: datetime
) -> list[FileFacts]:
    """These files of `of` (`incident:12`) hang on `to` (`update:5`) from now on, all or none, in the order given.

    The caller has judged whether this actor may write what they now hang on. Refuses `files.not_there` when one does
    not hang on `of` (any more), `files.bad_about` and `files.bad_audience`.
    """
    wanted = list(dict.fromkeys(ids))
    _check_place(to, audience)
    moved = StoredFile.objects.filter(pk__in=wanted, about=of).update(about=to, audience=audience) if wanted else 0
    if moved != len(wanted):
        raise Refused("files.not_there")
    for pk in wanted:
        audit.record("file.bound", by=by, now=now, file=pk, about=to, of=of)
    return _in_order(wanted)


@transaction.atomic
def copy(
    ids: Sequence[int], *, of: str, to: str, audience: str = "internal", by: Actor, now: datetime
) -> list[FileFacts]:
    """The same bytes hang on `to` as well, each under an id of its own; the old ones stay. Refuses as `bind` does."""
    wanted = list(dict.fromkeys(ids))
    _check_place(to, audience)
    known = {row.pk: row for row in StoredFile.objects.filter(pk__in=wanted, about=of)}
    if len(known) != len(wanted):
        raise Refused("files.not_there")
    made = []
    for old in (known[pk] for pk in wanted):
        row = StoredFile.objects.create(
            digest=old.digest, size=old.size, name=old.name, content_type=old.content_type, about=to,
            audience=audience, added_by_kind=by.kind, added_by_id=by.id, added_at=now,
        )  # fmt: skip
        audit.record("file.added", by=by, now=now, file=row.pk, about=to, digest=row.digest, size=row.size)
        made.append(queries.facts(row))
    return made


def _check_place(to: str, audience: str) -> None:
    rules.split_about(to)
    if audience not in rules.AUDIENCES:
        raise Refused("files.bad_audience", audience=audience[:20])


def _in_order(ids: Sequence[int]) -> list[FileFacts]:
    found = queries.files(ids)
    return [found[pk] for pk in ids]


def _chunks(stream: BinaryIO | Iterable[bytes] | bytes) -> Iterable[bytes]:
    if isinstance(stream, bytes):
        return [stream]
    read = getattr(stream, "read", None)
    if read is None:
        return stream
    return iter(lambda: read(_CHUNK), b"")
