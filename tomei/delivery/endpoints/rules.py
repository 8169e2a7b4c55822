"""Which addresses we post to, what they may hear, and when they are given up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tomei.kernel.errors import Refused

WEBHOOK, CHATS = "webhook", ("slack", "teams", "mattermost")
KINDS = (WEBHOOK, *CHATS)
# Who may set up and change endpoints of a use; those of subscribers are made by their confirmation alone.
RIGHTS = {"house": "house.configure", "organisation": "customer.edit", "contact": "customer.edit"}
# What an endpoint of the house can be told. `tomei.wiring.endpoints` says each of them.
EVENTS = (
    "incident.declared", "incident.moved", "incident.severity_changed", "incident.restored", "incident.closed",
    "incident.reopened", "incident.dismissed", "update.published", "promise.overdue", "promise.missed", "case.opened",
    "case.closed", "signal.proposed",
)  # fmt: skip
MOST = 50  # endpoints of the house; each event costs a row for each
MOST_OF_ONE = 5  # endpoints of one organisation or contact
OVERLAP = timedelta(hours=24)  # how long the secret of before signs beside the new one
REPEATED = 3  # failures in a row that are said, and after which notices go by mail as well
GIVEN_UP = timedelta(days=5)  # of failure without a break
NAME = 80
_TEAMS = (".logic.azure.com", ".webhook.office.com", ".api.powerplatform.com", ".logic.azure.us")
_SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
# What Slack and Mattermost say of a webhook that will never work again, whatever the number of the answer.
_DEAD = frozenset(
    {"no_service", "no_service_id", "no_team", "team_disabled", "channel_is_archived", "channel_not_found"}
    | {"user_not_found", "invalid_token"}
)


def kind(given: str) -> str:
    if given not in KINDS:
        raise Refused("endpoint.unknown_kind", kind=given[:40])
    return given


def events(given: Iterable[str], *, use: str) -> list[str]:
    """The chosen kinds in the order of the table; refuses unknown ones, and none at all for the house."""
    chosen = set(given)
    unknown = sorted(chosen.difference(EVENTS))
    if unknown:
        raise Refused("endpoint.unknown_event", event=unknown[0][:60])
    if use == "house" and not chosen:
        raise Refused("endpoint.no_event")
    return [one for one in EVENTS if one in chosen]


def public_address(kind: str, url: str) -> str:
    """A stranger's address as we post to it: https on its usual port, of the kind. Refuses `endpoint.not_public`."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError as error:
        raise Refused("endpoint.not_public", kind=kind) from error
    named = "." in host and not re.fullmatch(r"[0-9.]+", host) and ":" not in host
    fits = {
        "slack": host in _SLACK and parts.path.startswith("/services/"),
        "teams": host.endswith(_TEAMS),
        "mattermost": "/hooks/" in parts.path,
        "webhook": True,
    }
    if parts.scheme != "https" or port not in (None, 443) or not named or not fits[kind]:
        raise Refused("endpoint.not_public", kind=kind)
    return url.strip()


def is_gone(kind: str, status: int, body: str) -> bool:
    """Does this answer say that nothing will ever be taken here again? 410, and a chat tool's own words for it."""
    return status == 410 or (kind in CHATS and 400 <= status < 500 and body.strip()[:40] in _DEAD)


def asks_to_wait(kind: str, status: int, body: str) -> bool:
    """Teams accepts with 200 and says in the text that it was too much: such a message has not arrived."""
    return kind == "teams" and status < 300 and "HTTP error 429" in body


def is_given_up(failing_since: datetime, now: datetime) -> bool:
    return now - failing_since >= GIVEN_UP
