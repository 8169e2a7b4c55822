"""Which chunks are there, and how much of a quota is used."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from tomei.files.uploads import rules
from tomei.files.uploads.models import Chunk, Upload
from tomei.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """`have` are the chunks that need not be sent again."""

    key: str
    about: str
    organisation_id: int
    name: str
    size: int
    state: str
    by_kind: str
    by_id: int | None
    have: tuple[int, ...] = ()

    @property
    def chunks(self) -> int:
        return rules.count(self.size)


def facts(row: Upload) -> UploadFacts:
    have = Chunk.objects.filter(upload=row, done=True).order_by("number").values_list("number", flat=True)
    return UploadFacts(
        row.key, row.about, row.organisation_id, row.name, row.size, row.state, row.by_kind, row.by_id, tuple(have)
    )


def upload(key: str, about: str) -> UploadFacts:
    """One upload of what it hangs on, or `Missing`."""
    row = Upload.objects.filter(key=key[:80], about=about).first() if "\x00" not in key else None
    if row is None or row.state == "gone":
        raise Missing("upload")
    return facts(row)


def used(organisation_id: int) -> int:
    """Bytes that count against the quota of this organisation: what lies here, and what was declared."""
    rows = Upload.objects.filter(organisation_id=organisation_id).exclude(state="gone")
    return rows.aggregate(sum=Sum("size"))["sum"] or 0


def coming() -> int:
    """Bytes that were declared and may still come. What has come of them is counted twice, to be on the safe side."""
    return Upload.objects.filter(state="open").aggregate(sum=Sum("size"))["sum"] or 0


def digests(key: str) -> list[str]:
    """The hashes of all chunks, in order."""
    rows = Chunk.objects.filter(upload__key=key, done=True).order_by("number")
    return list(rows.values_list("digest", flat=True))
