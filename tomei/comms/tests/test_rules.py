"""Every state × kind, every moment, every audience: decided without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.comms import labels, rules
from tomei.comms.rules import Cadence, Estimate
from tomei.comms.rules.kinds import KINDS, STATES, WORKING
from tomei.comms.texts import REFUSALS, SENTENCES
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def code_of(call: object) -> str:
    try:
        call()  # type: ignore[operator]
    except Refused as error:
        return error.code
    return ""


def allowed(kind: str, current: str, wanted: str) -> bool:
    """The table in words, written a second time."""
    if kind in ("correction", "translation"):
        return True
    if kind == "heartbeat":
        return current in WORKING and wanted == current
    if kind == "recovery":
        return current in (*WORKING, "restored") and wanted == "restored"
    if kind == "dismissal":
        return current in (*WORKING, "dismissed") and wanted == "dismissed"
    return (current in WORKING and wanted in WORKING) or (current in ("restored", "closed") and wanted == current)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("current", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_every_kind_in_every_state(kind: str, current: str, wanted: str) -> None:
    refused = code_of(lambda: rules.check_kind(kind, current=current, wanted=wanted))
    assert refused == ("" if allowed(kind, current, wanted) else "update.not_now")


@pytest.mark.parametrize("current", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_the_kind_is_decided_from_the_state(current: str, wanted: str) -> None:
    kind = rules.kind_for(current, wanted)
    if wanted == "restored" and current in (*WORKING, "restored"):
        assert kind == "recovery"
        assert rules.kind_for("restored", "restored", recovery_told=True) == "update"
    else:
        assert kind == ("dismissal" if wanted == "dismissed" else "update")


@pytest.mark.parametrize("state", STATES)
def test_the_next_time(state: str) -> None:
    latest = NOW + 15 * MINUTE
    working = state in WORKING

    def check(next_at: datetime | None) -> str:
        return code_of(lambda: rules.check_next(next_at, state=state, now=NOW, latest=latest))

    assert check(None) == ("update.no_next_time" if working else "")
    assert check(NOW) == "update.next_in_past"
    assert check(NOW + timedelta(microseconds=1)) == ""
    assert check(latest) == ""
    assert check(latest + timedelta(microseconds=1)) == ("update.next_too_late" if working else "")


@given(seconds=st.integers(60, 8 * 86400), offset=st.integers(0, 3600))
def test_offered_times_are_never_refused(seconds: int, offset: int) -> None:
    now = NOW + timedelta(seconds=offset)
    latest = now + timedelta(seconds=seconds)
    found = rules.offers(now, latest)
    for moment in found:
        rules.check_next(moment, state="investigating", now=now, latest=latest)
    assert found == sorted(set(found))
    assert found or seconds < 180


@pytest.mark.parametrize(
    ("severity", "seconds", "agreed", "code"),
    [
        (Severity.SEV1A, 3600, "", "update.cadence_not_agreed"),
        (Severity.SEV1B, 3600, " ", "update.cadence_not_agreed"),
        (Severity.SEV1A, 3600, "田村様", ""),
        (Severity.SEV2, 3600, "", ""),
        (Severity.SEV2, 900, "", "update.cadence_not_slower"),
        (Severity.SEV2, 8 * 86400, "", "update.cadence_too_slow"),
    ],
)
def test_a_slower_cadence(severity: Severity, seconds: int, agreed: str, code: str) -> None:
    cadence = Cadence(seconds, agreed)
    assert code_of(lambda: rules.check_cadence(cadence, severity=severity, update_s=900)) == code
    rules.check_cadence(None, severity=severity, update_s=900)


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("left", [-60, 0, 119, 120, 121, None])
def test_approval_never_holds_an_update_past_its_promise(publish: bool, draft: bool, left: int | None) -> None:
    due = None if left is None else NOW + timedelta(seconds=left)

    def ask() -> rules.Approval:
        return rules.approval(may_publish=publish, may_draft=draft, due_at=due, now=NOW)

    alone = draft and left is not None and left <= 120
    if publish:
        assert not ask().unapproved
    elif alone:
        assert ask().unapproved
    else:
        assert code_of(ask) == "update.needs_approval"


def test_where_it_goes() -> None:
    assert rules.audiences_for("update", ["public", "public"], ["affected"]) == ("public",)
    assert rules.audiences_for("recovery", ["internal"], ["affected", "public"]) == ("internal", "affected", "public")
    assert rules.audiences_for("dismissal", ["public"], ["affected"]) == ("affected", "internal")


@pytest.mark.parametrize("text", ["customer:", "customer:-1", "customer:x", "customer:1 ", "customer:" + "9" * 30, ""])
def test_an_audience_that_is_none(text: str) -> None:
    assert not rules.is_known(text)


def test_what_each_audience_sees() -> None:
    assert "internal" in rules.shown_parts("internal")
    for audience in ("public", "affected", "executives", "customer:7"):
        assert "internal" not in rules.shown_parts(audience)
    assert "ask" not in rules.shown_parts("public")
    assert rules.shown_parts("executives") == ("effect", "doing")


def test_whole_languages() -> None:
    both, ja = Text("あ", "a"), Text("あ", "")
    assert rules.languages_of({"effect": both, "doing": both}) == ("ja", "en")
    assert rules.languages_of({"effect": both, "doing": ja}) == ("ja",)
    assert rules.languages_of({"effect": both, "internal": ja}) == ("ja", "en")  # what stays in the house owes nothing
    assert code_of(lambda: rules.languages_of({"effect": ja, "doing": Text("", "a")})) == "update.half_translated"


def estimate(minutes: int, reason: str = "", confidence: str = "high", basis: str = "rate") -> Estimate:
    return Estimate(NOW + MINUTE, NOW + minutes * MINUTE, Text(basis, basis), confidence, reason=Text(reason, reason))


def test_revisions_of_an_estimate() -> None:
    first = rules.revised(estimate(10, "ignored"), None, now=NOW)
    assert first is not None
    assert (first.revision, first.reason) == (1, Text())
    again = rules.revised(estimate(10), first, now=NOW)
    assert again == first
    assert code_of(lambda: rules.revised(estimate(20), first, now=NOW)) == "estimate.no_reason"
    second = rules.revised(estimate(20, "slow"), first, now=NOW)
    assert second is not None
    assert second.revision == 2
    assert Estimate.of(second.as_json()) == second
    assert code_of(lambda: rules.revised(estimate(-5), None, now=NOW)) == "estimate.backwards"
    assert code_of(lambda: rules.revised(estimate(10, confidence="sure"), None, now=NOW)) == "estimate.no_confidence"
    assert code_of(lambda: rules.revised(estimate(10, basis=""), None, now=NOW)) == "estimate.no_basis"
    assert code_of(lambda: rules.revised(estimate(10), None, now=NOW + timedelta(hours=1))) == "estimate.in_past"


def test_every_sentence_stands_in_both_languages() -> None:
    tables = [labels.STATES, labels.PARTS, labels.AUDIENCES, labels.KINDS, labels.GUARDS, labels.CONFIDENCES, SENTENCES]
    words = [text for table in tables for text in table.values()] + [
        text for pair in REFUSALS.values() for text in pair
    ]
    assert [text for text in words if text.missing] == []
