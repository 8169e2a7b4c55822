import json
from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.integrations.slack import rules
from tomei.integrations.slack.manifest import manifest
from tomei.integrations.tests.conftest import FIXTURES, SECRET, signature
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

# Slack's own worked example of a signature.
EXAMPLE = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
EXAMPLE_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_the_worked_example_of_the_documentation_is_signed():
    assert rules.is_signed(SECRET, "1531420618", EXAMPLE, EXAMPLE_SIGNATURE)


@pytest.mark.parametrize(
    "wrong",
    ["", "v0=", EXAMPLE_SIGNATURE[:-1], EXAMPLE_SIGNATURE.upper(), EXAMPLE_SIGNATURE.replace("v0", "v1"), "v0=あ"],
)
def test_nothing_else_is(wrong):
    assert not rules.is_signed(SECRET, "1531420618", EXAMPLE, wrong)


def test_one_byte_of_the_body_time_or_secret_counts():
    assert not rules.is_signed(SECRET, "1531420618", EXAMPLE + b"x", EXAMPLE_SIGNATURE)
    assert not rules.is_signed(SECRET, "1531420619", EXAMPLE, EXAMPLE_SIGNATURE)
    assert not rules.is_signed(SECRET + "x", "1531420618", EXAMPLE, EXAMPLE_SIGNATURE)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_believed(seconds):
    rules.check_time(str(int((NOW + timedelta(seconds=seconds)).timestamp())), NOW)


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_no_second_more_is(seconds):
    with pytest.raises(Refused, match=r"slack\.expired"):
        rules.check_time(str(int((NOW + timedelta(seconds=seconds)).timestamp())), NOW)


@pytest.mark.parametrize("text", ["", "x", "-1", "1e9", "１５３１４２０６１８", "1" * 13, "1.5", "NaN"])
def test_a_time_that_is_none(text):
    with pytest.raises(Refused, match=r"slack\.unsigned"):
        rules.check_time(text, NOW)


def test_a_command_as_documented():
    found = rules.command(rules.form((FIXTURES / "command.txt").read_bytes().strip()))
    assert found == rules.Command(
        "T0001", "U2147483697", "Steve", "status", "13345224609.738474920.8088930838d88f008e0",
        "https://hooks.slack.com/commands/T0001/1234/5678",
    )  # fmt: skip


def test_a_press_as_documented():
    found = rules.press(json.loads((FIXTURES / "block_actions.json").read_text()))
    assert (found.team_id, found.user_id, found.user_name, found.action, found.value) == (
        "T0001", "U2147483697", "steve", "take", "INC-1",
    )  # fmt: skip
    assert (found.own, dict(found.fields)) == (False, {})


@pytest.mark.parametrize(
    "body", [b"\xff", b"text=%ff", "text=あ".encode(), b"&".join(b"a%d=1" % n for n in range(101))]
)
def test_a_body_that_is_no_form(body):
    with pytest.raises(Refused, match=r"slack\.unreadable"):
        rules.form(body)


@pytest.mark.parametrize("text", ["", "[]", "1", "null", "{", "[" * 100_000, '"x"', '{"type":' * 50_000, "NaN"])
def test_a_payload_that_is_no_object(text):
    with pytest.raises(Refused, match=r"slack\.unreadable"):
        rules.press(rules.payload({"payload": text}))


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "shortcut"}, {"actions": []}, {"actions": None}, {"actions": {}}, {"user": "U1"}, {"user": None},
        {"team": None, "user": {"id": "U123"}}, {"team": {"id": 5}, "user": {"id": "U123"}}, {"user": {"id": ["U123"]}},
        {"user": {"id": "../../x", "team_id": "T0001"}},
    ],
)  # fmt: skip
def test_a_payload_of_wrong_types(changed):
    whole = json.loads((FIXTURES / "block_actions.json").read_text()) | changed
    with pytest.raises(Refused, match=r"slack\.unreadable"):
        rules.press(whole)


@pytest.mark.parametrize(
    "state", [None, [], {"values": []}, {"values": {"a": None}}, {"values": {"a": {"b": {"value": 5}}}}]
)
def test_fields_of_wrong_types_are_empty(state):
    whole = json.loads((FIXTURES / "block_actions.json").read_text()) | {"state": state}
    assert set(rules.press(whole).fields.values()) <= {""}


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/x", "https://hooks.slack.com.evil.test/x", "https://hooks.slack.com@evil.test/",
        "https://evil.test/https://hooks.slack.com/", "https://HOOKS.slack.com/x", "", 5, None,
        "https://hooks.slack.com/a b", "https://hooks.slack.com/\r\nHost: x", "https://hooks.slack.com/" + "x" * 1000,
        "https://hooks.slack.com:8080/x", "//hooks.slack.com/x", "https://hooks.slack.com/あ",
    ],
)  # fmt: skip
def test_answers_go_to_slack_alone(url):
    assert rules.hook(url) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SEV1b orders fail", ("SEV1b", "orders fail")), ("sev2 受注できない", ("SEV2", "受注できない")),
        ("SEV-3 x", ("SEV3", "x")), ("sev 1A x", ("SEV1a", "x")), ("SEV1b", ("SEV1b", "")),
        ("severe pain", ("", "severe pain")), ("SEV9 x", ("", "SEV9 x")), ("", ("", "")),
    ],
)  # fmt: skip
def test_severities(text, found):
    assert rules.severity(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INC-12 we tried", ("INC-12", "we tried")), ("inc12 x", ("INC-12", "x")), ("12", ("INC-12", "")),
        ("INC-12", ("INC-12", "")), ("INC-0 x", ("", "INC-0 x")), ("orders", ("", "orders")), ("", ("", "")),
        ("INC-12abc", ("", "INC-12abc")),
    ],
)  # fmt: skip
def test_numbers(text, found):
    assert rules.incident(text) == found


def test_words():
    assert rules.as_text("再起動した") == Text(ja="再起動した")
    assert rules.as_text("We restarted it") == Text(en="We restarted it")
    assert rules.unescape("a &amp;lt; b &lt;&gt;") == "a &lt; b <>"
    assert rules.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert rules.clean("a\x00b\x7f\ud800\r\nc") == "ab\nc"
    assert rules.verb("　DECLARE　SEV1b x") == ("declare", "SEV1b x")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_manifest_keeps_the_limits_of_slack(language):
    made = json.loads(manifest("https://tomei.example.com", language))
    command = made["features"]["slash_commands"][0]
    assert command["url"] == "https://tomei.example.com/in/slack/commands"
    assert made["settings"]["interactivity"]["request_url"] == "https://tomei.example.com/in/slack/interactions"
    assert made["oauth_config"]["scopes"]["bot"] == ["commands", "chat:write"]
    assert len(made["display_information"]["description"]) <= 140 and len(command["description"]) <= 2000


def test_the_signature_of_the_tests_is_that_of_the_documentation():
    assert signature(EXAMPLE, 1531420618) == EXAMPLE_SIGNATURE
