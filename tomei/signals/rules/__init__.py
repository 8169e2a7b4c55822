"""Pure: what a body says, what an event changes, which rule holds."""

from tomei.signals.rules.alertmanager import parse_alertmanager
from tomei.signals.rules.deciding import Standing, fold, wants_a_person
from tomei.signals.rules.generic import parse_generic
from tomei.signals.rules.shapes import MOST_BYTES, MOST_EVENTS, Event, Parsed

__all__ = [
    "MOST_BYTES",
    "MOST_EVENTS",
    "PARSERS",
    "Event",
    "Parsed",
    "Standing",
    "fold",
    "parse_alertmanager",
    "parse_generic",
    "wants_a_person",
]

PARSERS = {"alertmanager": parse_alertmanager, "generic": parse_generic}
