"""Lines that people paste from a sheet: name, zone, mail, separated by commas or tabs."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from tomei.customers.rules import words
from tomei.kernel.errors import Refused
from tomei.kernel.time import zone as known_zone

MOST = 500
DEFAULT_ZONE = "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class Pasted:
    name: str
    zone: str
    mail: str


def read(text: str) -> list[Pasted]:
    """One organisation for each line that is not empty; refuses `paste.unreadable` with the number of the line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Refused("field.missing", field="lines")
    if len(lines) > MOST:
        raise Refused("paste.too_many", field="lines", most=MOST)
    return [_read(number, line) for number, line in lines]


def _read(number: int, line: str) -> Pasted:
    try:
        cells = next(csv.reader([line], delimiter="\t" if "\t" in line else ","))
        if len(cells) > 3:
            raise Refused("paste.unreadable", field="lines", line=number)
        name, zone, mail = ([cell.strip() for cell in cells] + ["", ""])[:3]
        known_zone(zone or DEFAULT_ZONE)
        return Pasted(
            words.line(name, "lines", limit=words.NAME, required=True), zone or DEFAULT_ZONE, words.mail(mail)
        )
    except (Refused, csv.Error) as error:
        raise Refused("paste.unreadable", field="lines", line=number) from error
