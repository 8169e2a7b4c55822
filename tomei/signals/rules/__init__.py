"""Pure: what a body says, what an event changes, which rule holds."""

from collections.abc import Callable, Mapping
from typing import Any

from tomei.signals.rules import mapping
from tomei.signals.rules.alertmanager import parse_alertmanager
from tomei.signals.rules.beating import HEARTBEAT
from tomei.signals.rules.cloudwatch import parse_cloudwatch
from tomei.signals.rules.datadog import parse_datadog
from tomei.signals.rules.deciding import CRITICAL, Standing, fold, wants_a_person
from tomei.signals.rules.generic import parse_generic
from tomei.signals.rules.grafana import parse_grafana
from tomei.signals.rules.newrelic import parse_newrelic
from tomei.signals.rules.opsgenie import parse_opsgenie
from tomei.signals.rules.pagerduty import parse_pagerduty
from tomei.signals.rules.pingdom import parse_pingdom
from tomei.signals.rules.sentry import parse_sentry
from tomei.signals.rules.shapes import MOST_BYTES, MOST_EVENTS, Change, Event, Parsed, Remark
from tomei.signals.rules.sns import notice
from tomei.signals.rules.statuspage import parse_statuspage
from tomei.signals.rules.uptimerobot import parse_uptimerobot
from tomei.signals.rules.zabbix import parse_zabbix

__all__ = [
    "CRITICAL",
    "GENERIC",
    "HEARTBEAT",
    "MOST_BYTES",
    "MOST_EVENTS",
    "PARSERS",
    "SIGNED",
    "Change",
    "Event",
    "Parsed",
    "Remark",
    "Standing",
    "fold",
    "parse",
    "parse_alertmanager",
    "parse_generic",
    "wants_a_person",
]

# In the order in which the page of sources offers them.
PARSERS: Mapping[str, Callable[[bytes], Parsed]] = {
    "alertmanager": parse_alertmanager,
    "grafana": parse_grafana,
    "pagerduty": parse_pagerduty,
    "opsgenie": parse_opsgenie,
    "cloudwatch": parse_cloudwatch,
    "datadog": parse_datadog,
    "newrelic": parse_newrelic,
    "sentry": parse_sentry,
    "zabbix": parse_zabbix,
    "uptimerobot": parse_uptimerobot,
    "pingdom": parse_pingdom,
    "statuspage": parse_statuspage,
    "generic": parse_generic,
}

GENERIC = "generic"


def parse(kind: str, mapped: Mapping[str, Any], body: bytes) -> Parsed:
    """What a body says to a source of this kind; `mapped` is its mapping as kept, empty where it has none."""
    if kind == HEARTBEAT:
        return Parsed()  # what a ping says stands in its address; its body is kept
    if kind == GENERIC and mapped:
        return mapping.map_body(mapping.of_json(mapped), body)
    return PARSERS[kind](body)


# Senders whose signature decides whether they are believed; what reads the envelope here believes nothing in it.
SIGNED: Mapping[str, Callable[[bytes], object]] = {"cloudwatch": notice}
