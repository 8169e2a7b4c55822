"""The only writers of what we know of Slack. What people do from there is written by the features' own actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from tomei.accounts import audit, vault
from tomei.clock.handlers import JobFacts
from tomei.delivery import slack_app
from tomei.integrations.models import SlackHeard, SlackLink, SlackOffer, SlackWorkspace
from tomei.integrations.slack import queries, rules
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

PRUNE = "slack.prune"
KEPT = timedelta(hours=1)  # far longer than a request is believed
MOST = 50  # workspaces; each request is tried against the secret of each


@dataclass(frozen=True, slots=True)
class Settings:
    """What the form holds; an empty secret or token keeps the one that is stored."""

    team_id: str
    name: str
    signing_secret: str = ""
    bot_token: str = ""
    channel_id: str = ""
    language: str = "ja"


@transaction.atomic
def save(settings: Settings, workspace_id: int | None = None, *, by: Actor, now: datetime) -> int:
    """The doors are open for this workspace. Refuses `slack.bad_…`, `slack.team_taken`, `slack.channel_without_token`.

    Neither secret nor token goes into the audit log or is ever handed back.
    """
    by.require("house.configure")
    row = _filled(_row(workspace_id, now), settings)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("slack.team_taken", team=row.team_id) from error
    audit.record(
        "slack.edited" if workspace_id else "slack.added", by=by, now=now, team=row.team_id, name=row.name,
        channel=row.channel_id, secret_changed=bool(settings.signing_secret.strip()),
        token_changed=bool(settings.bot_token.strip()),
    )  # fmt: skip
    return row.pk


def _filled(row: SlackWorkspace, settings: Settings) -> SlackWorkspace:
    """The row as the form wants it, every field judged."""
    row.team_id = rules.team_id(settings.team_id)
    row.name = rules.clean(settings.name).replace("\n", " ")[:120] or row.team_id
    if settings.signing_secret.strip() or not row.signing_sealed:
        row.signing_sealed = vault.seal(rules.signing_secret(settings.signing_secret))
    if settings.bot_token.strip():
        row.token_sealed = vault.seal(rules.bot_token(settings.bot_token))
    row.channel_id = rules.channel_id(settings.channel_id)
    row.language = "en" if settings.language == "en" else "ja"
    if row.channel_id and not row.token_sealed:
        raise Refused("slack.channel_without_token")
    return row


def _row(workspace_id: int | None, now: datetime) -> SlackWorkspace:
    if workspace_id is not None:
        row = SlackWorkspace.objects.select_for_update().filter(pk=workspace_id).first()
        if row is None:
            raise Missing(str(workspace_id))
        return row
    if SlackWorkspace.objects.count() >= MOST:
        raise Refused("slack.too_many", most=MOST)
    return SlackWorkspace(connected_at=now)


@transaction.atomic
def remove(workspace_id: int, *, by: Actor, now: datetime) -> None:
    """Its secret, token and links are gone; with the last workspace the doors are shut."""
    by.require("house.configure")
    row = SlackWorkspace.objects.filter(pk=workspace_id).first()
    if row is None:
        raise Missing(str(workspace_id))
    audit.record("slack.removed", by=by, now=now, team=row.team_id, name=row.name)
    row.delete()


@transaction.atomic
def test(workspace_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """One message to the channel. Refuses `slack.no_channel` when none is set."""
    by.require("house.configure")
    row = SlackWorkspace.objects.filter(pk=workspace_id).first()
    if row is None:
        raise Missing(str(workspace_id))
    if not row.channel_id or not row.token_sealed:
        raise Refused("slack.no_channel")
    slack_app.queue_call(
        "chat.postMessage", vault.open(row.token_sealed), {"channel": row.channel_id, "text": rules.escape(text)},
        key=f"slack:test:{row.pk}:{now.isoformat()}", subject=text, purpose="test", rank=1, now=now,
        about=f"slack:{row.pk}",
    )  # fmt: skip


@transaction.atomic
def offer(workspace_id: int, slack_user_id: str, slack_name: str, *, now: datetime) -> str:
    """The secret of a one-time link, good for 15 minutes; an earlier one of the same user opens nothing any more."""
    SlackOffer.objects.filter(workspace=workspace_id, slack_user_id=slack_user_id, used_at=None).delete()
    secret = ids.secret("slack")
    SlackOffer.objects.create(
        digest=ids.digest(secret), workspace_id=workspace_id, slack_user_id=slack_user_id, slack_name=slack_name[:80],
        expires_at=now + timedelta(seconds=rules.LINK_S),
    )  # fmt: skip
    return secret


@transaction.atomic
def link(secret: str, *, by: Actor, now: datetime) -> queries.OfferFacts:
    """That user of Slack speaks as `by` from now on. Refuses `slack.link_spent`; only a signed-in person confirms."""
    by.require("me.edit")
    found = queries.offer(secret, now)
    if (
        by.kind != "user"
        or by.id is None
        or not SlackOffer.objects.filter(pk=found.id, used_at=None).update(used_at=now)
    ):
        raise Refused("slack.link_spent")
    SlackLink.objects.update_or_create(
        workspace_id=found.workspace_id, slack_user_id=found.slack_user_id,
        defaults={"slack_name": found.slack_name, "user_id": by.id, "linked_at": now},
    )  # fmt: skip
    audit.record(
        "slack.linked", by=by, now=now, workspace=found.workspace, slack_user=found.slack_user_id,
        slack_name=found.slack_name, person=by.id,
    )  # fmt: skip
    return found


@transaction.atomic
def unlink(link_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody speaks for this person from there any more; one's own links only, `Missing` for all others."""
    by.require("me.edit")
    row = SlackLink.objects.select_related("workspace").filter(pk=link_id, user=by.user_id or 0).first()
    if row is None:
        raise Missing(str(link_id))
    audit.record(
        "slack.unlinked", by=by, now=now, workspace=row.workspace.name, slack_user=row.slack_user_id, person=by.id
    )
    row.delete()


def hear(workspace_id: int, mark: str, *, now: datetime) -> bool:
    """Note in the caller's transaction that this request was heard; False when it was heard before."""
    try:
        with transaction.atomic():
            SlackHeard.objects.create(digest=ids.digest(f"{workspace_id}:{mark}"), at=now)
    except IntegrityError:
        return False
    SlackWorkspace.objects.filter(pk=workspace_id).update(taken_at=now, taken=F("taken") + 1)
    return True


def refused(code: str, count: int = 1, *, now: datetime) -> None:
    """Count requests that were not believed. Whose they were nobody knows, so every workspace's page says it."""
    SlackWorkspace.objects.update(refused_at=now, refused_code=code, refused=F("refused") + count)


def prune(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Forget what can no longer be believed anyway."""
    SlackHeard.objects.filter(at__lt=now - KEPT).delete()
    SlackOffer.objects.filter(expires_at__lt=now - KEPT).delete()
