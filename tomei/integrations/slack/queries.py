"""Who is set up, who is linked, who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.accounts import doors, rights
from tomei.accounts import queries as accounts
from tomei.accounts.facts import Person
from tomei.integrations.models import SlackLink, SlackOffer, SlackWorkspace
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

VIA = "slack"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What pages may show of a workspace: no secret is in it."""

    id: int
    team_id: str
    name: str
    has_token: bool
    channel_id: str
    language: str
    connected_at: datetime
    taken_at: datetime | None
    taken: int
    refused_at: datetime | None
    refused_code: str
    refused: int
    people: int = 0


@dataclass(frozen=True, slots=True)
class LinkFacts:
    id: int
    workspace: str
    slack_user_id: str
    slack_name: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A one-time link as its page shows it."""

    id: int
    workspace_id: int
    workspace: str
    slack_user_id: str
    slack_name: str


def rows() -> list[SlackWorkspace]:
    return list(SlackWorkspace.objects.order_by("name", "id"))


def workspaces() -> list[Workspace]:
    """Every workspace by name, with how many people are linked there: two queries."""
    counts: dict[int, int] = {}
    for workspace_id in SlackLink.objects.values_list("workspace_id", flat=True):
        counts[workspace_id] = counts.get(workspace_id, 0) + 1
    return [
        Workspace(
            row.pk,
            row.team_id,
            row.name,
            bool(row.token_sealed),
            row.channel_id,
            row.language,
            row.connected_at,
            row.taken_at,
            row.taken,
            row.refused_at,
            row.refused_code,
            row.refused,
            counts.get(row.pk, 0),
        )
        for row in rows()
    ]


def is_set() -> bool:
    return SlackWorkspace.objects.exists()


def links_of(user_id: int) -> list[LinkFacts]:
    """As whom this person speaks there."""
    found = SlackLink.objects.filter(user=user_id).select_related("workspace").order_by("id")
    return [LinkFacts(one.pk, one.workspace.name, one.slack_user_id, one.slack_name, one.linked_at) for one in found]


def offer(secret: str, now: datetime) -> OfferFacts:
    """The link that waits under this secret; refuses `slack.link_spent` for every other."""
    row = SlackOffer.objects.select_related("workspace").filter(digest=ids.digest(secret), used_at=None).first()
    if row is None or row.expires_at <= now:
        raise Refused("slack.link_spent")
    return OfferFacts(row.pk, row.workspace_id, row.workspace.name, row.slack_user_id, row.slack_name)


def speaker(workspace_id: int, slack_user_id: str) -> tuple[Actor, Person]:
    """The person behind a user of Slack, with the rights of this moment as a token would have them.

    Refuses `slack.not_linked` and, for who has left, `slack.inactive`.
    """
    found = SlackLink.objects.filter(workspace=workspace_id, slack_user_id=slack_user_id).first()
    if found is None:
        raise Refused("slack.not_linked")
    try:
        row = accounts.row(found.user_id)
    except Missing as error:
        raise Refused("slack.not_linked") from error
    if not row.is_active:
        raise Refused("slack.inactive")
    whole = doors.actor(row)
    held = rights.cut(rights.SCOPES, whole.rights)
    by = Actor("user", row.pk, row.name, rights=held, user_id=row.pk, via=VIA)
    return by, accounts.facts(row)
