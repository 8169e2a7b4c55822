import json
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from tomei.delivery import webhooks
from tomei.delivery.webhooks import Note, render
from tomei.kernel.errors import Refused

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
EVIL = '@everyone <!channel> <@U1> *bold* [x](http://evil) "}],"a":1 ]]> \u202e`code` <at>all</at>'
NOTE = Note(
    title=f"次の報告 {EVIL}", text=f"一行目\n{EVIL}", url="https://tomei.example.com/incidents/INC-12/",
    state="trigger", dedup="promise:7", rank=0, facts=(("期限", "14:13 JST"), (EVIL, EVIL)), purpose="page",
)  # fmt: skip


def posted(template: str, secret: str = "", url: str = "https://hook.example.com/x/ops", note: Note = NOTE):
    post = render(template, note, url=url, secret=secret, key="k:1", now=NOW)
    return post, json.loads(post.body)


def texts(value):
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("template", ["slack", "teams", "mattermost"])
def test_nobody_is_called_by_a_name(template):
    _, payload = posted(template)
    for text in texts(payload):
        assert "@everyone" not in text
        assert "<!channel" not in text


@pytest.mark.parametrize("template", webhooks.TEMPLATES)
def test_the_same_key_carries_the_same_mark_on_every_attempt(template):
    secret = "" if template not in webhooks.NEEDS_SECRET else "r" * 32
    first, _ = posted(template, secret)
    again = render(template, NOTE, url="https://hook.example.com/x/ops", secret=secret, key="k:1", now=NOW)
    other = render(template, NOTE, url="https://hook.example.com/x/ops", secret=secret, key="k:2", now=NOW)
    assert first == again
    assert first.headers["Idempotency-Key"] != other.headers["Idempotency-Key"]


def test_slack_speaks_plain_text_in_blocks():
    post, payload = posted("slack")
    assert post.url == "https://hook.example.com/x/ops"
    assert [block["type"] for block in payload["blocks"]] == ["header", "section", "section"]
    assert {payload["blocks"][0]["text"]["type"], payload["blocks"][1]["text"]["type"]} == {"plain_text"}
    assert payload["blocks"][2]["text"] == {"type": "mrkdwn", "text": "<https://tomei.example.com/incidents/INC-12/>"}
    assert "&lt;" in payload["text"] and "<" not in payload["text"]


def test_slack_keeps_its_limits():
    long = Note("題" * 400, "文" * 9000, "", "trigger", "x", 0, (), "page")
    _, payload = posted("slack", note=long)
    assert len(payload["blocks"][0]["text"]["text"]) == 150
    assert len(payload["blocks"][1]["text"]["text"]) == 3000


def test_teams_takes_an_adaptive_card_in_an_attachment():
    _, payload = posted("teams")
    card = payload["attachments"][0]
    assert payload["type"] == "message"
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["type"] == "AdaptiveCard"
    assert card["content"]["actions"] == [{"type": "Action.OpenUrl", "title": "Tomei", "url": NOTE.url}]
    assert "[x](http" not in json.dumps(payload)


def test_mattermost_switches_mentions_off():
    _, payload = posted("mattermost")
    assert payload["props"] == {"disable_mentions": True}
    assert "\\[x\\]\\(http" in payload["text"]


def test_ntfy_takes_the_topic_inside():
    post, payload = posted("ntfy", "tk_secret")
    assert post.url == "https://hook.example.com/x/"
    assert (payload["topic"], payload["priority"], payload["click"]) == ("ops", 5, NOTE.url)
    assert post.headers["Authorization"] == "Bearer tk_secret"
    with pytest.raises(Refused):
        posted("ntfy", url="https://ntfy.example.com/")


def test_pagerduty_triggers_and_resolves_the_same_thing():
    _, payload = posted("pagerduty", "r" * 32, webhooks.PAGERDUTY)
    assert (payload["routing_key"], payload["event_action"], payload["dedup_key"]) == ("r" * 32, "trigger", "promise:7")
    assert payload["payload"]["severity"] == "critical"
    assert set(payload["payload"]) == {"summary", "source", "severity", "custom_details"}
    done = Note.of({"state": "resolve", "dedup": "promise:7", "title": "x"}, key="k", purpose="page", rank=0)
    _, payload = posted("pagerduty", "r" * 32, webhooks.PAGERDUTY, done)
    assert payload == {"routing_key": "r" * 32, "event_action": "resolve", "dedup_key": "promise:7"}


def test_a_long_dedup_key_is_replaced_and_not_cut():
    keys = []
    for tail in "ab":
        note = Note("t", "", "", "trigger", "x" * 300 + tail, 0, (), "page")
        keys.append(posted("pagerduty", "r" * 32, note=note)[1]["dedup_key"])
    assert keys[0] != keys[1] and len(keys[0]) <= 255


def test_generic_is_signed_as_standard_webhooks_says(monkeypatch):
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    now = datetime.now(UTC)
    post = render("generic", NOTE, url="https://x.jp/y", secret=secret, key="k:1", now=now)
    read = Webhook(secret).verify(post.body, post.headers)
    assert (read["type"], read["state"], read["about"]) == ("tomei.page", "trigger", "promise:7")
    assert read["facts"]["期限"] == "14:13 JST"
    unsigned = render("generic", NOTE, url="https://x.jp/y", secret="", key="k:1", now=now)
    assert "webhook-signature" not in unsigned.headers


@pytest.mark.parametrize(
    ("template", "secret", "code"),
    [
        ("pagerduty", "", "delivery.no_secret"),
        ("generic", "short", "delivery.bad_secret"),
        ("ntfy", "a\nb", "delivery.bad_secret"),
        ("telegram", "", "delivery.unknown_template"),
    ],
)
def test_secrets_are_checked_before_they_are_kept(template, secret, code):
    with pytest.raises(Refused) as refusal:
        webhooks.check_secret(template, secret)
    assert refusal.value.code == code
