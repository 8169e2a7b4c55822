"""What other features learn about our people: frozen, no rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    email: str
    zone: str
    language: str
    role: str
    is_administrator: bool
    is_active: bool
    deputy_id: int | None


@dataclass(frozen=True, slots=True)
class TeamFacts:
    id: int
    name: str
    lead_id: int | None
    member_ids: tuple[int, ...]
    version: int = 1
