"""Begin, take a chunk, finish, keep, sweep: the only writers of uploads. Who may is judged by who calls."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from tomei.accounts import audit
from tomei.files import rules as file_rules
from tomei.files.uploads import queries, rules, store
from tomei.files.uploads.models import Chunk, Upload
from tomei.files.uploads.queries import UploadFacts
from tomei.files.uploads.store import Came
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

_QUOTAS = 4_500_000_000  # with the organisation's id: the lock under which a quota is read and used


@transaction.atomic
def begin(
    name: str, size: int, *, about: str, organisation_id: int, fresh: bool = False, by: Actor, now: datetime
) -> UploadFacts:
    """An upload is declared; the one of the same person, name and size that broke off is gone on with, unless `fresh`.

    Refuses `files.empty`, `upload.too_large`, `upload.over_quota` and `upload.disk_low`: before a byte was sent.
    """
    file_rules.split_about(about)
    rules.check_size(size)
    shown = file_rules.safe_name(name)
    same = Upload.objects.filter(about=about, name=shown, size=size, by_kind=by.kind, by_id=by.id, state="open")
    known = same.filter(organisation_id=organisation_id).order_by("-pk").first()
    if known is not None and not fresh:
        return queries.facts(known)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_QUOTAS + organisation_id])
    if known is not None:
        _forget(known)
    rules.check_room(
        size, used=queries.used(organisation_id), quota=settings.TOMEI_EVIDENCE_QUOTA, free=store.free(),
        coming=queries.coming(), floor=settings.TOMEI_DISK_FLOOR,
    )  # fmt: skip
    row = Upload.objects.create(
        key=secrets.token_hex(16), about=about, organisation_id=organisation_id, name=shown, size=size,
        by_kind=by.kind, by_id=by.id, started_at=now, touched_at=now,
    )  # fmt: skip
    audit.record("upload.begun", by=by, now=now, upload=row.key[:8], about=about, size=size)
    return queries.facts(row)


def take(key: str, number: int, came: Came, *, digest: str, now: datetime) -> None:
    """Chunk `number` counts. The same chunk twice is harmless, also from two browsers at once.

    Refuses `upload.no_hash`, `upload.wrong_hash`, `upload.wrong_length`, `upload.no_such_chunk`,
    `upload.chunk_differs` (another file was begun under this upload) and `upload.not_open`.
    """
    told = rules.digest(digest)
    with transaction.atomic():
        row = _open(key)
        rules.check_length(row.size, number, came.size)
        if told != came.digest:
            raise Refused("upload.wrong_hash", number=number)
        chunk, _new = Chunk.objects.get_or_create(upload=row, number=number, defaults={"digest": told})
        if chunk.digest != told:
            raise Refused("upload.chunk_differs", number=number)
        if chunk.done:
            return
    # Outside any lock. Whoever writes here besides us writes the same bytes: the row says which.
    store.place(key, came, number * rules.CHUNK)
    with transaction.atomic():
        row = _open(key)
        Chunk.objects.filter(pk=chunk.pk).update(done=True)
        Upload.objects.filter(pk=row.pk).update(touched_at=now)


def _open(key: str) -> Upload:
    row = Upload.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise Missing("upload")
    if row.state != "open":
        raise Refused("upload.not_open", state=row.state)
    return row


@transaction.atomic
def finish(key: str, *, now: datetime) -> UploadFacts:
    """Every chunk counts; from here on nothing more is taken. Refuses `upload.chunks_missing` and `upload.not_open`."""
    row = _open(key)
    have = Chunk.objects.filter(upload=row, done=True).count()
    if have != rules.count(row.size):
        raise Refused("upload.chunks_missing", missing=rules.count(row.size) - have, of=rules.count(row.size))
    Upload.objects.filter(pk=row.pk).update(state="whole", touched_at=now)
    row.state = "whole"
    return queries.facts(row)


@transaction.atomic
def keep(key: str) -> None:
    """The bytes lie under their hash: what was on the way is forgotten, the quota goes on counting them."""
    Chunk.objects.filter(upload__key=key).delete()
    Upload.objects.filter(key=key).update(state="kept")
    transaction.on_commit(lambda: store.forget(key))


@transaction.atomic
def drop(key: str) -> None:
    """Given up, or erased: nothing counts any more."""
    row = Upload.objects.filter(key=key).first()
    if row is not None:
        _forget(row)


def _forget(row: Upload) -> None:
    Chunk.objects.filter(upload=row).delete()
    Upload.objects.filter(pk=row.pk).update(state="gone")
    transaction.on_commit(lambda: store.forget(row.key))


@transaction.atomic
def sweep(now: datetime) -> int:
    """Uploads to which nothing came for 24 hours are gone, with what lay of them; returns how many."""
    stale = list(Upload.objects.filter(state="open", touched_at__lte=now - rules.ABANDONED).order_by("pk")[:500])
    for row in stale:
        _forget(row)
    store.sweep()
    return len(stale)
