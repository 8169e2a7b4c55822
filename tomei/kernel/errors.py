"""How an action says no. Sentences for a code stand in `<feature>/texts.py`, in Japanese and English."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A rule said no. `code` is greppable (`incident.no_proof`), `facts` fill its sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Stale(Refused):
    """Somebody changed this part since the reader saw it. Facts: who, at, value; what was typed is kept by the door."""


class Missing(Exception):
    """Not there, or not for this reader: the two are never told apart."""
