"""What later features lend to claims. `tomei.wiring` sets it once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime


def _none_announced(
    component_ids: Sequence[int], since: datetime, until: datetime
) -> list[tuple[int, datetime, datetime]]:
    return []


# announced maintenance of these components within a span: component id, from, until
maintenance: Callable[[Sequence[int], datetime, datetime], list[tuple[int, datetime, datetime]]] = _none_announced
