"""Workspaces of Slack, who is linked there, the links that wait, and the requests that were heard."""

from __future__ import annotations

from django.db import models


class SlackWorkspace(models.Model):
    """One workspace. The signing secret and the bot's token are sealed with the key file and never shown again."""

    team_id = models.TextField(unique=True)
    name = models.TextField()
    signing_sealed = models.TextField()
    token_sealed = models.TextField(default="", blank=True)  # empty: nothing is posted of our own accord
    channel_id = models.TextField(default="", blank=True)  # where declarations and updates are told; empty: nowhere
    language = models.TextField(default="ja")  # of what the channel is told
    connected_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # the last request that was believed
    taken = models.PositiveBigIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    refused_code = models.TextField(default="", blank=True)
    refused = models.PositiveBigIntegerField(default=0)


class SlackLink(models.Model):
    """This user of that workspace is this person of ours."""

    workspace = models.ForeignKey(SlackWorkspace, on_delete=models.CASCADE, related_name="+")
    slack_user_id = models.TextField()
    slack_name = models.TextField(default="", blank=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "slack_user_id"], name="slack_user_once")]


class SlackOffer(models.Model):
    """A one-time link that somebody in Slack asked for; whoever is signed in and opens it may confirm it."""

    digest = models.TextField(unique=True)
    workspace = models.ForeignKey(SlackWorkspace, on_delete=models.CASCADE, related_name="+")
    slack_user_id = models.TextField()
    slack_name = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SlackHeard(models.Model):
    """A request that was heard: the same one again does nothing."""

    digest = models.TextField(unique=True)
    at = models.DateTimeField(db_index=True)
