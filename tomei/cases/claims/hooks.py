"""What later features lend to claims. `tomei.wiring` sets it once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime


def _none_announced(
    organisation_id: int, component_ids: Sequence[int], since: datetime, until: datetime
) -> list[tuple[int, datetime, datetime]]:
    return []


# maintenance of these components that this customer was told of before it began: component id, from, until
maintenance: Callable[[int, Sequence[int], datetime, datetime], list[tuple[int, datetime, datetime]]] = _none_announced
