"""What hangs where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tomei.files import rules, store
from tomei.files.models import StoredFile
from tomei.kernel.errors import Missing

_LARGEST = 2**63  # an address may hold a number that no database takes


@dataclass(frozen=True, slots=True)
class FileFacts:
    id: int
    name: str
    content_type: str
    size: int
    digest: str
    about: str
    audience: str
    added_by_kind: str
    added_by_id: int | None
    added_at: datetime

    @property
    def url(self) -> str:
        return f"/files/{self.id}/"

    @property
    def said_size(self) -> str:
        return rules.said_size(self.size)

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


def facts(row: StoredFile) -> FileFacts:
    return FileFacts(
        row.pk, row.name, row.content_type, row.size, row.digest, row.about, row.audience, row.added_by_kind,
        row.added_by_id, row.added_at,
    )  # fmt: skip


def of(about: str) -> list[FileFacts]:
    """Every file that hangs on this (`incident:12`), in the order in which they came."""
    return [facts(row) for row in StoredFile.objects.filter(about=about).order_by("pk")]


def files(ids: Iterable[int]) -> dict[int, FileFacts]:
    """These files by id; an unknown id is left out."""
    known = [pk for pk in ids if 0 < pk < _LARGEST]
    return {row.pk: facts(row) for row in StoredFile.objects.filter(pk__in=known)}


def content(file: FileFacts) -> bytes | None:
    """The bytes; None when they are gone from the disk."""
    try:
        return store.path(file.digest).read_bytes()
    except FileNotFoundError:
        return None


def file(file_id: int) -> FileFacts:
    """One file, or `Missing`."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None:
        raise Missing(str(file_id))
    return facts(row)
