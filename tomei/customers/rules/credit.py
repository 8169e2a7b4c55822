"""Credit terms as people type them, checked. Percentages and money are `Decimal`, never floats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tomei.kernel import time
from tomei.kernel.errors import Refused

IMPACTS = ("major", "partial", "degraded")  # worst first; maintenance is no harm: it is taken off instead
DEFAULT_IMPACTS = ("major", "partial")
MOST_TIERS = 10

# Minor units of ISO 4217 where they are not two.
MINOR = {
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tier:
    """Availability strictly below `below` (percent) gives `percent` of the monthly fee."""

    below: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """What one contract says, as of one version. `impacts`: which harm counts as downtime.

    `excludes_maintenance`: minutes under an announced maintenance are taken off.
    """

    monthly_fee: Decimal
    currency: str
    target: Decimal
    tiers: tuple[Tier, ...]
    cap: Decimal
    zone: str
    impacts: tuple[str, ...] = DEFAULT_IMPACTS
    excludes_maintenance: bool = True

    @property
    def minor(self) -> int:
        return minor_units(self.currency)

    def as_json(self) -> dict[str, Any]:
        return {
            "monthly_fee": str(self.monthly_fee), "currency": self.currency, "target": str(self.target),
            "tiers": [[str(tier.below), str(tier.percent)] for tier in self.tiers], "cap": str(self.cap),
            "zone": self.zone, "impacts": list(self.impacts), "excludes_maintenance": self.excludes_maintenance,
        }  # fmt: skip


def minor_units(currency: str) -> int:
    """Digits after the point: JPY 0, most 2, KWD 3."""
    return MINOR.get(currency, 2)


def of_json(kept: Mapping[str, Any]) -> CreditTerms:
    """Back from the row; what stands there was checked when it was written."""
    return CreditTerms(
        Decimal(kept["monthly_fee"]), kept["currency"], Decimal(kept["target"]),
        tuple(Tier(Decimal(below), Decimal(percent)) for below, percent in kept["tiers"]), Decimal(kept["cap"]),
        kept["zone"], tuple(kept["impacts"]), bool(kept["excludes_maintenance"]),
    )  # fmt: skip


def checked(
    *,
    monthly_fee: str,
    currency: str,
    target: str,
    tiers: Iterable[tuple[str, str]],
    cap: str,
    zone: str,
    impacts: Iterable[str] = DEFAULT_IMPACTS,
    excludes_maintenance: bool = True,
) -> CreditTerms:
    """Read and judge what was typed.

    Refuses `field.not_an_amount`, `credit.currency`, `credit.tiers` (none, too many, above the target, or a lower
    availability that gives less), `field.not_a_choice` and an unknown zone.
    """
    unit = currency_of(currency)
    terms = CreditTerms(
        amount(monthly_fee, "monthly_fee", unit), unit, _percent(target, "target"),
        tuple(sorted((Tier(_percent(a, "tiers"), _percent(b, "tiers")) for a, b in tiers), key=lambda t: -t.below)),
        _percent(cap, "cap"), _zone(zone), _impacts(impacts), excludes_maintenance,
    )  # fmt: skip
    _judge_tiers(terms)
    return terms


def _judge_tiers(terms: CreditTerms) -> None:
    if not 1 <= len(terms.tiers) <= MOST_TIERS:
        raise Refused("credit.tiers", field="tiers", most=MOST_TIERS)
    rising = all(
        a.below > b.below and a.percent < b.percent for a, b in zip(terms.tiers, terms.tiers[1:], strict=False)
    )
    if not rising or terms.tiers[0].below > terms.target or terms.tiers[0].percent == 0:
        raise Refused("credit.tiers", field="tiers", most=MOST_TIERS)


def _zone(name: str) -> str:
    return time.zone(name.strip()).key


def _impacts(wanted: Iterable[str]) -> tuple[str, ...]:
    given = list(wanted)
    for one in given:
        if one not in IMPACTS:
            raise Refused("field.not_a_choice", field="impacts", value=str(one)[:40])
    if not given:
        raise Refused("field.missing", field="impacts")
    return tuple(one for one in IMPACTS if one in given)


def currency_of(text: str) -> str:
    """Three capital letters of ISO 4217; refuses `credit.currency`."""
    code = text.strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise Refused("credit.currency", field="currency", value=text[:20])
    return code


def amount(text: str, field: str, currency: str) -> Decimal:
    """Money of that currency, not negative, with no more digits after the point than it has."""
    read = _decimal(text.replace(",", "").replace("，", ""), field)
    if not 0 <= read < Decimal(10) ** 15 or read != round(read, minor_units(currency)):
        raise Refused("field.not_an_amount", field=field, value=text[:40])
    return read.quantize(Decimal(1).scaleb(-minor_units(currency)))


def _percent(text: str, field: str) -> Decimal:
    read = _decimal(text.replace("%", "").replace("％", ""), field)
    if not 0 <= read <= 100 or read != round(read, 6):
        raise Refused("field.not_an_amount", field=field, value=text[:40])
    return read


def _decimal(text: str, field: str) -> Decimal:
    """A plain decimal number; `1e9`, NaN and infinity are no amounts that people type."""
    plain = text.strip()
    try:
        read = Decimal(plain) if plain and len(plain) <= 30 and "e" not in plain.lower() else Decimal("NaN")
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite():
        raise Refused("field.not_an_amount" if plain else "field.missing", field=field, value=text[:40])
    return read


def tiers_of(text: str) -> list[tuple[str, str]]:
    """One tier a line: `99.9 10` is ten percent below 99.9 percent. Refuses `credit.tier_unreadable`."""
    found = []
    for line in text.splitlines():
        parts = line.replace("%", " ").replace("％", " ").replace(":", " ").replace("：", " ").split()
        if not parts:
            continue
        if len(parts) != 2:
            raise Refused("credit.tier_unreadable", field="tiers", line=line.strip()[:40])
        found.append((parts[0], parts[1]))
    return found
