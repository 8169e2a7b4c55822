"""Honest figures (b14): a rate with its n and its 95 % Wilson interval, percentiles of type 7."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, sqrt

Z95 = 1.959963984540054
NEEDED = 10  # below this many no rate is shown
NEEDED_P90 = 20


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float] | None:
    """The Wilson interval of k of n; None for n = 0, of which nothing can be said.

    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    """
    if n == 0:
        return None
    share, square = k / n, z * z
    middle, half = share + square / (2 * n), z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def verdict(k: int, n: int, target: float) -> str:
    """`meets` or `below` only when the whole interval lies on one side of `target`; else `not_shown`.

    Under ten nothing is said (`too_few`), of none `nothing`.
    """
    if n < NEEDED:
        return "too_few" if n else "nothing"
    low, high = wilson(k, n) or (0.0, 1.0)
    if low >= target:
        return "meets"
    return "below" if high < target else "not_shown"


def place(n: int, share: float) -> tuple[int, float]:
    """Where the `share` percentile of type 7 lies among n sorted values: lower index and weight of the next one."""
    position = (n - 1) * share
    return floor(position), position - floor(position)


def percentile(values: list[float], share: float) -> float | None:
    """Type 7 percentile of sorted `values`; None for none."""
    if not values:
        return None
    low, weight = place(len(values), share)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * weight


@dataclass(frozen=True, slots=True)
class Tally:
    """`overdue` are open ones whose due second has passed: broken, though not ended. Withdrawn are not counted.

    `automatic`: how many of the kept the clock kept, no person.
    """

    kept: int = 0
    late: int = 0
    missed: int = 0
    overdue: int = 0
    withdrawn: int = 0
    automatic: int = 0

    @property
    def by_hand(self) -> int:
        return self.kept - self.automatic

    @property
    def n(self) -> int:
        return self.kept + self.late + self.missed + self.overdue

    @property
    def broken(self) -> int:
        return self.late + self.missed + self.overdue

    @property
    def rate(self) -> float | None:
        return self.kept / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.kept, self.n)

    @property
    def is_enough(self) -> bool:
        return self.n >= NEEDED

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kept + other.kept, self.late + other.late, self.missed + other.missed,
            self.overdue + other.overdue, self.withdrawn + other.withdrawn,
            self.automatic + other.automatic,
        )  # fmt: skip
