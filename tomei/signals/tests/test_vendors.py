"""What vendors' bodies say: begun, ended, sent again, out of order, and bent in every place."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tomei.kernel.errors import Refused
from tomei.signals import rules
from tomei.signals.rules import Event, Parsed, fold, reading, shapes
from tomei.signals.tests import vendors
from tomei.signals.tests.vendors import PAIRS, raw

START = datetime(2026, 11, 18, 4, 58, 21, tzinfo=UTC)
END = datetime(2026, 11, 18, 5, 12, 40, tzinfo=UTC)
VENDORS = tuple(PAIRS)
UNTIMED = ("opsgenie",)  # its API carries no moments
WITHOUT_COMPONENT = ("newrelic", "uptimerobot", "statuspage")


def one(kind: str, body: vendors.Body) -> Event:
    [event] = rules.PARSERS[kind](raw(body)).events
    return event


def test_every_vendor_is_tried() -> None:
    assert set(rules.PARSERS) == {*VENDORS, "alertmanager", "generic"}


@pytest.mark.parametrize("kind", VENDORS)
def test_an_alert_begins_and_ends_under_one_key(kind: str) -> None:
    begins, ends = (one(kind, body) for body in PAIRS[kind])
    assert (begins.status, ends.status) == ("firing", "resolved")
    assert (begins.group_key, begins.fingerprint) == (ends.group_key, ends.fingerprint)
    assert begins.severity == "critical"
    assert begins.title in ("Orders fail", "Orders", "Orders 5xx", "web-1: Orders fail")
    assert begins.component == ("" if kind in WITHOUT_COMPONENT else "orders")
    at = None if kind in UNTIMED else START
    assert (begins.at.replace(microsecond=0) if begins.at else None) == at


@pytest.mark.parametrize("kind", VENDORS)
def test_sent_again_it_is_the_same(kind: str) -> None:
    for body in PAIRS[kind]:
        standing, verdict = fold(None, one(kind, body))
        assert verdict == "new"
        assert fold(standing, one(kind, body)) == (None, "repeated")


@pytest.mark.parametrize("kind", [kind for kind in VENDORS if kind not in UNTIMED])
def test_an_end_that_overtakes_its_beginning_leaves_nothing_firing(kind: str) -> None:
    begins, ends = (one(kind, body) for body in PAIRS[kind])
    standing, _verdict = fold(None, ends)
    assert standing is not None
    assert fold(standing, begins) == (None, "late")


def test_a_resolve_without_a_moment_makes_its_trigger_old() -> None:
    begins = one("pagerduty", vendors.PAGERDUTY)
    ends = one("pagerduty", {"event_action": "resolve", "dedup_key": "orders/5xx", "routing_key": "in_key"})
    assert (ends.status, ends.group_key, ends.at) == ("resolved", "orders/5xx", None)
    standing, _first = fold(None, begins)
    standing, verdict = fold(standing, ends)
    assert standing is not None and (standing.status, standing.at, verdict) == ("resolved", START, "new")
    assert fold(standing, begins) == (None, "late")


# -- what each vendor does in its own way -----------------------------------------------------------------------------


def test_grafana_whole() -> None:
    assert one("grafana", vendors.GRAFANA) == Event(
        status="firing",
        group_key='{}:{alertname="Orders"}',
        fingerprint="c6eadffa33fcdf37",
        title="Orders fail",
        title_ja="受注できない",
        severity="critical",
        component="orders",
        at=START,
        url="https://grafana.example/alerting/grafana/a/view",
        text="5xx over 20 %\n[ var='A' value=21 ]",
        labels={"alertname": "Orders", "severity": "critical", "component": "orders"},
    )


@pytest.mark.parametrize(
    ("state", "statuses"),
    [("alerting", ["firing"]), ("no_data", ["firing"]), ("ok", ["resolved"]), ("pending", []), ("paused", [])],
)
def test_legacy_grafana_by_its_state(state: str, statuses: list[str]) -> None:
    events = rules.PARSERS["grafana"](raw({**vendors.LEGACY_GRAFANA, "state": state})).events
    assert [event.status for event in events] == statuses
    assert {event.group_key for event in events} <= {"rule/1/4/Orders fail"}


def test_pagerduty_whole() -> None:
    assert one("pagerduty", vendors.PAGERDUTY) == Event(
        status="firing",
        group_key="orders/5xx",
        fingerprint="orders/5xx",
        title="Orders fail",
        severity="critical",
        component="orders",
        at=START,
        url="https://checks.example/1",
        labels={
            "component": "orders", "source": "web-1", "group": "shop", "class": "5xx", "client": "Checks",
            "rate": "21 %",
        },
    )  # fmt: skip


def test_without_a_dedup_key_the_words_are_the_key() -> None:
    body = {name: value for name, value in vendors.PAGERDUTY.items() if name != "dedup_key"}
    other = {**body, "payload": {**body["payload"], "source": "web-2"}}
    assert one("pagerduty", body).group_key == one("pagerduty", body).group_key
    assert one("pagerduty", body).group_key != one("pagerduty", other).group_key


def test_an_acknowledgement_is_a_remark_and_no_event() -> None:
    parsed = rules.PARSERS["pagerduty"](raw({"event_action": "acknowledge", "dedup_key": "k", "client": "Checks"}))
    assert parsed == Parsed(remarks=(rules.Remark("acknowledged", "k", "Checks"),))
    hook = copy.deepcopy(vendors.HOOK_V3)
    hook["event"]["event_type"] = "incident.acknowledged"
    assert rules.PARSERS["pagerduty"](raw(hook)).remarks == (rules.Remark("acknowledged", "PF1", "Aoi", START),)
    done = {"operation": "acknowledge", "identifier": "orders-5xx", "body": {"user": "aoi", "note": "on it"}}
    assert rules.PARSERS["opsgenie"](raw(done)).remarks == (
        rules.Remark("acknowledged", "orders-5xx", "aoi", None, "on it"),
    )
    issue = {**vendors.NEWRELIC, "state": "ACKNOWLEDGED", "owner": "aoi"}
    [remark] = rules.PARSERS["newrelic"](raw(issue)).remarks
    assert (remark.kind, remark.group_key, remark.who) == ("acknowledged", "d1b1f3fd", "aoi")
    seen = {
        **vendors.ZABBIX,
        "update": "1",
        "update_action": "acknowledged, commented",
        "user": "Aoi",
        "update_message": "x",
    }
    assert rules.PARSERS["zabbix"](raw(seen)).remarks == (
        rules.Remark("acknowledged", "trigger/14032", "Aoi", None, "x"),
    )


def test_a_change_is_kept_and_is_no_event() -> None:
    body = {
        "routing_key": "in_key",
        "payload": {"summary": "Deployed 4.2", "source": "ci", "timestamp": START.isoformat()},
    }
    parsed = rules.PARSERS["pagerduty"](raw(body))
    assert parsed == Parsed(changes=(rules.Change("Deployed 4.2", START, "ci", labels={"source": "ci"}),))
    planned = {**vendors.STATUSPAGE["incident"], "status": "scheduled", "scheduled_for": vendors.END}
    [change] = rules.PARSERS["statuspage"](raw({**vendors.STATUSPAGE, "incident": planned})).changes
    assert (change.title, change.at, change.origin) == ("Orders fail", END, "API")


def test_a_trigger_that_forgot_its_action_is_no_change() -> None:
    body = {name: value for name, value in vendors.PAGERDUTY.items() if name != "event_action"}
    with pytest.raises(Refused) as refused:
        rules.PARSERS["pagerduty"](raw(body))
    assert refused.value.facts == {"where": "event_action"}


@pytest.mark.parametrize(
    ("priority", "severity"), [("P1", "critical"), ("P2", "error"), ("P5", "info"), (None, "warning"), (9, "warning")]
)
def test_opsgenie_priorities(priority: object, severity: str) -> None:
    assert one("opsgenie", {**vendors.OPSGENIE, "priority": priority}).severity == severity


def test_cloudwatch_by_eventbridge_and_its_severity() -> None:
    assert (
        one("cloudwatch", vendors.sns({**vendors.ALARM, "AlarmDescription": "severity=Warning"})).severity == "warning"
    )
    bridged = {
        "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch", "account": "123456789012",
        "time": vendors.START, "region": "ap-northeast-1", "resources": [vendors.ARN],
        "detail": {"alarmName": "Orders 5xx", "state": {"value": "ALARM", "reason": "x", "timestamp": vendors.START}},
    }  # fmt: skip
    direct, other = one("cloudwatch", vendors.sns(vendors.ALARM)), one("cloudwatch", vendors.sns(bridged))
    assert (direct.group_key, direct.at, direct.title) == (other.group_key, other.at, other.title)
    quiet = vendors.sns({**vendors.ALARM, "NewStateValue": "INSUFFICIENT_DATA"})
    assert rules.PARSERS["cloudwatch"](raw(quiet)) == Parsed()


def test_sentry_metric_alerts_and_the_old_plugin() -> None:
    metric = one("sentry", vendors.METRIC)
    assert (metric.status, metric.severity, metric.group_key) == ("firing", "critical", "metric/7")
    over = {**vendors.METRIC, "action": "resolved"}
    assert (one("sentry", over).status, one("sentry", over).group_key) == ("resolved", "metric/7")
    plugin = one("sentry", vendors.SENTRY_PLUGIN)
    assert (plugin.group_key, plugin.severity, plugin.component) == ("issue/117", "error", "orders")


@pytest.mark.parametrize("name", ["{name}", "{name}_", "{Name}", "EVENT.{NAME}"])
def test_zabbix_names_are_read_in_any_spelling(name: str) -> None:
    body = {"status": "PROBLEM", "host": "web-1", name.format(name="name", Name="Name", NAME="NAME"): "Orders fail"}
    assert one("zabbix", body).title == "web-1: Orders fail"


def test_datadog_by_its_title_alone() -> None:
    begins = one("datadog", vendors.DATADOG_DEFAULT)
    ends = one("datadog", {**vendors.DATADOG_DEFAULT, "title": "[Recovered on {host:web-1}] Orders fail"})
    other = one("datadog", {**vendors.DATADOG_DEFAULT, "title": "[TEST] [Warn on {host:web-2}] Orders fail"})
    assert (begins.status, ends.status, other.status) == ("firing", "resolved", "firing")
    assert (begins.title, begins.severity, other.severity) == ("Orders fail", "critical", "warning")
    assert begins.group_key == ends.group_key != other.group_key


@pytest.mark.parametrize(
    ("transition", "severity"), [("Warn", "warning"), ("No Data", "warning"), ("Triggered", "error")]
)
def test_datadog_thresholds(transition: str, severity: str) -> None:
    body = {**vendors.DATADOG, "transition": transition, "priority": "P2", "title": "Orders fail"}
    assert one("datadog", body).severity == severity


def test_new_relics_old_webhook() -> None:
    begins = one("newrelic", vendors.NEWRELIC_LEGACY)
    ends = one("newrelic", {**vendors.NEWRELIC_LEGACY, "current_state": "closed", "timestamp": vendors.END_S * 1000})
    assert (begins.status, begins.group_key, begins.component, begins.at) == ("firing", "42", "orders", START)
    assert (ends.status, ends.group_key) == ("resolved", "42")


def test_uptimerobot_whichever_way_it_sends() -> None:
    parse = rules.PARSERS["uptimerobot"]
    assert parse(vendors.form(vendors.UPTIMEROBOT)) == parse(raw(vendors.UPTIMEROBOT))
    expiry = {**vendors.UPTIMEROBOT, "alertType": "3", "sslExpiryDaysLeft": "7"}
    event = one("uptimerobot", expiry)
    assert (event.group_key, event.severity, event.labels["days_left"]) == ("777/expiry", "warning", "7")


def test_pingdom_by_importance_and_state() -> None:
    assert one("pingdom", {**vendors.PINGDOM, "importance_level": "LOW"}).severity == "warning"
    assert one("pingdom", {**vendors.PINGDOM, "current_state": "FAILING"}).status == "firing"
    assert rules.PARSERS["pingdom"](raw({**vendors.PINGDOM, "current_state": "PAUSED"})) == Parsed()


def test_an_upstream_component() -> None:
    event = one("statuspage", vendors.STATUSPAGE_PART)
    assert (event.status, event.severity, event.group_key, event.url) == (
        "firing", "critical", "component/c1", "https://status.example/",
    )  # fmt: skip
    body = copy.deepcopy(vendors.STATUSPAGE_PART)
    body["component_update"]["new_status"] = "operational"
    assert one("statuspage", body).status == "resolved"


# -- broken and hostile -----------------------------------------------------------------------------------------------

WITH_BODIES = [(kind, body) for kind, pair in PAIRS.items() for body in pair] + list(vendors.OTHERS)


@pytest.mark.parametrize("kind", VENDORS)
@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ("signal.broken_json",)),
        (b"{", ("signal.broken_json",)),
        (b"\xff\xfe{}", ("signal.not_utf8",)),
        (b'{"a": "\xe3\x81"}', ("signal.not_utf8",)),
        (b"[" * 100_000, ("signal.too_deep",)),
        (b"[]", ("signal.wrong_shape",)),
        (b"{}", ("signal.wrong_shape",)),
        (b'{"a": NaN}', ("signal.broken_json",)),
        (b" " * (rules.MOST_BYTES + 1), ("signal.too_large",)),
    ],
)
def test_what_is_no_body_is_refused(kind: str, body: bytes, codes: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        rules.PARSERS[kind](body)
    assert refused.value.code in codes or (kind == "uptimerobot" and refused.value.code == "signal.wrong_shape")


@pytest.mark.parametrize("kind", VENDORS)
def test_five_megabytes_of_labels_are_read_and_cut(kind: str) -> None:
    body = {**PAIRS[kind][0], "details": {f"n{place}": "v" * 400 for place in range(10_000)}, "body": "x" * 400_000}
    parsed = rules.PARSERS[kind](raw(body))
    sound(parsed)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from paths(inner, (*path, name))


def bent(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = copy.deepcopy(body)
    place = whole
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return whole


WORD = st.text(max_size=30) | st.sampled_from(
    ["\x00", "\ud800", "https://x.example/\n", "9" * 400, "-1", "$ID", "P1", "ok"]
)
SCALAR = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORD
)
ANY = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3), max_leaves=8
)


def sound(parsed: Parsed) -> None:
    """What comes out of a parser fits into the rows, whatever went in."""
    assert isinstance(parsed, Parsed)
    for event in parsed.events:
        assert event.status in ("firing", "resolved") and event.title and event.group_key and event.fingerprint
        assert len(event.title) <= shapes.TITLE and len(event.group_key) <= shapes.KEY and len(event.severity) <= 40
        assert len(event.fingerprint) <= shapes.KEY and len(event.component) <= 80 and len(event.text) <= shapes.LONG
        assert len(event.labels) <= shapes.MOST_LABELS
        assert event.at is None or event.at.tzinfo is not None
        assert not event.url or event.url.startswith(("http://", "https://"))
    for remark in parsed.remarks:
        assert remark.kind in ("acknowledged", "note") and remark.group_key and len(remark.text) <= shapes.LONG
    assert not re.search(r"\\ud[89a-f]|\\x00", repr(parsed))


@pytest.mark.parametrize(("kind", "body"), WITH_BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_field_of_any_type_is_read_or_refused(kind: str, body: vendors.Body, data: st.DataObject) -> None:
    whole = body
    for _turn in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(paths(whole))))
        whole = bent(whole, path, data.draw(ANY))
    if kind == "cloudwatch" and isinstance(whole, dict) and data.draw(st.booleans()):
        inner = json.loads(PAIRS["cloudwatch"][0]["Message"])
        whole = vendors.sns(bent(inner, data.draw(st.sampled_from([p for p in paths(inner) if p])), data.draw(ANY)))
    try:
        parsed = rules.PARSERS[kind](json.dumps(whole).encode())
    except Refused:
        return
    sound(parsed)


EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, True, "x")


@pytest.mark.parametrize(("kind", "body"), WITH_BODIES)
def test_every_field_away_or_empty_is_read_or_refused(kind: str, body: vendors.Body) -> None:
    for path in paths(body):
        for value in EMPTY:
            try:
                parsed = rules.PARSERS[kind](json.dumps(bent(body, path, value)).encode())
            except Refused:
                continue
            sound(parsed)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1794977901, START), ("1794977901", START), (1794977901000, START), (1794977901000000000, START),
        ("2026-11-18T13:58:21+0900", START), (0, None), (-1, None), (10**40, None), (True, None), ("1e9", None),
        (1.0e300, None), ("2026-11-18T04:58:21", None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_moments(value: object, at: datetime | None) -> None:
    assert reading.moment(value) == at
