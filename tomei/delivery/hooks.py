"""Which signal sources take mail: signals come later, so `tomei.wiring` fills this in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailSource:
    id: int
    name: str


def _none() -> list[MailSource]:
    return []


mail_sources: Callable[[], list[MailSource]] = _none
