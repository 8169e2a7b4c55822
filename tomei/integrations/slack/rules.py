"""What Slack sends, judged and read: signature, time, shape, words. Pure; every byte may be hostile."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

WINDOW_S = 300  # a request older or younger than this is not believed, however well it is signed
MOST_BYTES = 1024 * 1024
MOST_FIELDS = 100
LINK_S = 900
HOOKS = "https://hooks.slack.com/"

_TEAM = re.compile(r"[TE][A-Z0-9]{2,30}")
_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_SECRET = re.compile(r"[\x21-\x7e]{16,200}")
_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,300}")
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_SEVERITY = re.compile(r"sev[ \-]?([1-4])([ab]?)(?=\s|$)", re.IGNORECASE)
_INCIDENT = re.compile(r"(?:INC[- ]?)?([1-9][0-9]{0,11})(?=\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. `answer_to` is empty where no address of Slack's came with it."""

    team_id: str
    user_id: str
    user_name: str
    text: str
    trigger: str
    answer_to: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, with what stood in the fields beside it."""

    team_id: str
    user_id: str
    user_name: str
    action: str
    value: str
    fields: Mapping[str, str]
    trigger: str
    answer_to: str
    own: bool  # the message was shown to this person alone, so the answer may take its place


def check_time(timestamp: str, now: datetime) -> None:
    """Refuses `slack.expired` for what was not signed within five minutes of now, `slack.unsigned` for no time."""
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise Refused("slack.unsigned")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        raise Refused("slack.expired")


def is_signed(secret: str, timestamp: str, body: bytes, signature: str) -> bool:
    """`v0=` and HMAC-SHA256 over `v0:timestamp:body`, compared in constant time."""
    base = b"v0:" + timestamp.encode("ascii", "replace") + b":" + body
    good = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(good.encode(), signature.encode("utf-8", "replace"))


def form(body: bytes) -> dict[str, str]:
    """The fields of a form-encoded body; refuses `slack.unreadable`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:  # not ASCII, not UTF-8 behind the percent signs, too many fields
        raise Refused("slack.unreadable") from error
    return dict(pairs)


def command(fields: Mapping[str, str]) -> Command:
    """A slash command as Slack documents it; refuses `slack.unreadable` without team and user."""
    team, user = fields.get("team_id", ""), fields.get("user_id", "")
    _named(team, user)
    text = unescape(fields.get("text", ""))
    return Command(
        team, user, clean(fields.get("user_name", ""))[:80], clean(text), fields.get("trigger_id", "")[:300],
        hook(fields.get("response_url")),
    )  # fmt: skip


def payload(fields: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object in `payload`; refuses `slack.unreadable`."""
    try:
        found = json.loads(fields.get("payload", ""))
    except (ValueError, RecursionError) as error:
        raise Refused("slack.unreadable") from error
    if not isinstance(found, dict):
        raise Refused("slack.unreadable")
    return found


def team_of(found: Mapping[str, Any]) -> str:
    """The workspace a payload speaks of, or empty."""
    return _text(_table(found.get("team")).get("id")) or _text(_table(found.get("user")).get("team_id"))


def press(found: Mapping[str, Any]) -> Press:
    """The first action of a `block_actions` payload; refuses `slack.unreadable` for everything else."""
    user, actions = _table(found.get("user")), found.get("actions")
    if found.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        raise Refused("slack.unreadable")
    first, team = _table(actions[0]), team_of(found)
    user_id = _text(user.get("id"))
    _named(team, user_id)
    name = _text(user.get("username")) or _text(user.get("name"))
    action, value = clean(_text(first.get("action_id"))), clean(_text(first.get("value")))
    return Press(
        team, user_id, clean(name)[:80], action[:80], value[:2000],
        _state(found), _text(found.get("trigger_id"))[:300], hook(found.get("response_url")),
        _table(found.get("container")).get("is_ephemeral") is True,
    )  # fmt: skip


def _state(found: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields, by block: the text, or the chosen option's value."""
    kept: dict[str, str] = {}
    for block, elements in list(_table(_table(found.get("state")).get("values")).items())[:MOST_FIELDS]:
        for element in list(_table(elements).values())[:1]:
            one = _table(element)
            kept[block] = clean(_text(one.get("value")) or _text(_table(one.get("selected_option")).get("value")))
    return kept


def _named(team: str, user: str) -> None:
    if not _TEAM.fullmatch(team) or not _USER.fullmatch(user):
        raise Refused("slack.unreadable")


def hook(address: Any) -> str:
    """An address that answers may be posted to: Slack's own host by HTTPS, or empty."""
    text = _text(address)
    bare = text.isascii() and text.isprintable() and " " not in text and len(text) <= 1000
    return text if bare and text.startswith(HOOKS) else ""


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


# -- Words ------------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Without what no database keeps: NUL and other control characters, lone halves of a character."""
    text = text.replace("\r\n", "\n")
    return "".join(
        char for char in text if (char >= " " or char in "\n\t") and char != "\x7f" and not "\ud800" <= char <= "\udfff"
    ).strip()


def unescape(text: str) -> str:
    """Slack escapes three characters in the text of a command, and only those."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """`text` as Slack shows it letter by letter: no link, no mention, no call to a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def language(text: str) -> str:
    """ja when anything in it is Japanese, else en."""
    return "ja" if _JAPANESE.search(text) else "en"


def as_text(text: str) -> Text:
    """What somebody typed, on its side of a text in two languages."""
    return Text(ja=text) if language(text) == "ja" else Text(en=text)


def verb(text: str) -> tuple[str, str]:
    """The first word in small letters, and the rest."""
    word, _, rest = text.replace("\u3000", " ").strip().partition(" ")
    return word.lower(), rest.strip()


def severity(text: str) -> tuple[str, str]:
    """`SEV1b orders fail` is (`SEV1b`, `orders fail`); without a severity the first is empty."""
    match = _SEVERITY.match(text)
    if match is None:
        return "", text.strip()
    return f"SEV{match[1]}{match[2].lower()}", text[match.end() :].strip()


def incident(text: str) -> tuple[str, str]:
    """`INC-12 we restarted it` is (`INC-12`, `we restarted it`); also `inc12` and `12`. Empty without a number."""
    match = _INCIDENT.match(text)
    return (f"INC-{match[1]}", text[match.end() :].strip()) if match else ("", text.strip())


# -- Settings ---------------------------------------------------------------------------------------------------------


def team_id(text: str) -> str:
    """Refuses `slack.bad_team`."""
    if not _TEAM.fullmatch(text.strip()):
        raise Refused("slack.bad_team", team=clean(text)[:40])
    return text.strip()


def signing_secret(text: str) -> str:
    """Refuses `slack.bad_secret`; says nothing of what was typed."""
    if not _SECRET.fullmatch(text.strip()):
        raise Refused("slack.bad_secret")
    return text.strip()


def bot_token(text: str) -> str:
    """Refuses `slack.bad_token`; says nothing of what was typed."""
    if not _TOKEN.fullmatch(text.strip()):
        raise Refused("slack.bad_token")
    return text.strip()


def channel_id(text: str) -> str:
    """Empty, or the id of a channel; refuses `slack.bad_channel`."""
    if text.strip() and not _CHANNEL.fullmatch(text.strip()):
        raise Refused("slack.bad_channel", channel=clean(text)[:40])
    return text.strip()
