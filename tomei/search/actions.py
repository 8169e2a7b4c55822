"""The only writers of the index. Called by other features' actions, inside their transaction and under their rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from tomei.kernel import bulk
from tomei.kernel.text import Text
from tomei.search.models import Document
from tomei.search.tokens import tokens

COLUMNS = ["kind", "title", "url", "audience", "subject", "tokens", "at"]
_REPLACE = f"ON CONFLICT (ref) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in COLUMNS)} RETURNING id"


def index(
    ref: str,
    *,
    kind: str,
    title: Text | Mapping[str, str] | str,
    url: str,
    text: str = "",
    audience: str = "internal",
    subject: str | None = None,
    now: datetime,
) -> None:
    """Afterwards `ref` is found by its title in both languages, its `text`, and its own name (`INC-12` in `text`).

    The same `ref` again replaces what was known of it. `audience` is `internal` or `restricted:<incident id>`.
    `subject` names what it belongs to (`incident:12`), so that `set_audience` reaches it.
    """
    named = title if isinstance(title, Text) else Text.of(title)
    row = Document(
        ref=ref,
        kind=kind,
        title=named.as_json(),
        url=url,
        audience=audience,
        subject=subject,
        tokens=" ".join(tokens(f"{named.ja}\n{named.en}\n{text}")),
        at=now,
    )
    bulk.insert(connection, [row], _REPLACE)


@transaction.atomic
def set_audience(subject: str, audience: str) -> int:
    """Everything that belongs to `subject` is found by this audience from now on; says how many."""
    return Document.objects.filter(subject=subject).update(audience=audience)


@transaction.atomic
def forget(ref: str) -> bool:
    """Afterwards `ref` is not found; says whether it was known."""
    return Document.objects.filter(ref=ref).delete()[0] > 0
