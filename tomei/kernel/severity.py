"""Severity by the customer's stop, not by the count of tickets (matrix b5)."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    SEV1A = "SEV1a"  # business stopped, no revenue or a legal duty at risk
    SEV1B = "SEV1b"  # critical function down for many, or data lost or exposed
    SEV2 = "SEV2"  # major function impaired, workaround weak
    SEV3 = "SEV3"  # part impaired, workaround good, or redundancy lost
    SEV4 = "SEV4"  # small

    @property
    def rank(self) -> int:
        """0 is the worst; due work goes by rank, then by due time."""
        return _ORDER.index(self)

    @property
    def stops_business(self) -> bool:
        """Business stopped or data at risk: its clocks run on wall time, never on business hours."""
        return self.rank <= 1

    def is_worse_than(self, other: Severity) -> bool:
        return self.rank < other.rank


_ORDER = (Severity.SEV1A, Severity.SEV1B, Severity.SEV2, Severity.SEV3, Severity.SEV4)
