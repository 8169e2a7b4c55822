"""From bytes to an answer: believed or refused, heard once, done by whoever is linked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tomei.accounts import vault
from tomei.delivery import slack_app
from tomei.integrations.models import SlackWorkspace
from tomei.integrations.slack import actions, blocks, presses, queries, rules, speech, verbs
from tomei.integrations.slack.blocks import Reply
from tomei.integrations.slack.speech import Asked
from tomei.kernel import ids
from tomei.kernel.errors import Missing, Refused

COUNT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`json` None is an empty body: Slack shows nothing then."""

    status: int
    json: Mapping[str, Any] | None = None


class _Count:
    """Requests that were not believed, written at most once a second: who cannot sign must not make us write more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._written_at: datetime | None = None

    def add(self, code: str, now: datetime) -> None:
        with self._lock:
            self._waiting += 1
            last = self._written_at
            if last is not None and 0 <= (now - last).total_seconds() < COUNT_EVERY_S:
                return
            count, self._waiting, self._written_at = self._waiting, 0, now
        actions.refused(code, count, now=now)


_count = _Count()


def command(body: bytes, timestamp: str, signature: str, now: datetime) -> Answer:
    """A slash command. 200 with words for the person, 401 for what is not Slack's, `Missing` before it is set up."""
    try:
        mine = _signed(body, timestamp, signature, now)
        fields = rules.form(body)
        if "ssl_check" in fields:
            return Answer(200)
        asked = rules.command(fields)
        workspace = _of(mine, asked.team_id)
    except Refused as error:
        return _no(error, now)

    def speak(who: Asked) -> Reply | None:
        return verbs.run(asked.text, who)

    mark = asked.trigger or f"signature:{signature}"
    with transaction.atomic():
        if not actions.hear(workspace.pk, mark, now=now):
            return Answer(200, blocks.say(*_both("slack.heard_before")).as_json())
        if rules.verb(asked.text)[0] in ("link", "login"):
            return Answer(200, _offered(workspace, asked, now).as_json())
        reply, _well = _spoken(workspace, asked.user_id, speak, now)
    return Answer(200, reply.as_json() if reply else None)


def interaction(body: bytes, timestamp: str, signature: str, now: datetime) -> Answer:
    """A press: acknowledged at once; what there is to say goes to where it was pressed, by the outbox."""
    try:
        mine = _signed(body, timestamp, signature, now)
        found = rules.payload(rules.form(body))
        if found.get("type") != "block_actions":
            _of(mine, rules.team_of(found))
            return Answer(200)  # a shortcut or a view that is not ours: nothing to do
        press = rules.press(found)
        workspace = _of(mine, press.team_id)
    except Refused as error:
        return _no(error, now)

    def speak(who: Asked) -> Reply | None:
        return presses.run(press, who)

    mark = press.trigger or f"signature:{signature}"
    with transaction.atomic():
        if actions.hear(workspace.pk, mark, now=now):
            reply, well = _spoken(workspace, press.user_id, speak, now)
            _answer_later(workspace, press, reply, well, mark, now)
    return Answer(200)


def _answer_later(
    workspace: SlackWorkspace, press: rules.Press, reply: Reply | None, well: bool, mark: str, now: datetime
) -> None:
    if reply is None or not press.answer_to:
        return
    instead = press.own and well and press.action in presses.FORMS
    slack_app.queue_answer(
        press.answer_to, reply.as_json(instead=instead), key=f"slack:{workspace.pk}:{ids.digest(mark)}",
        subject=f"Slack: {press.action}"[:80], now=now,
    )  # fmt: skip


def _signed(body: bytes, timestamp: str, signature: str, now: datetime) -> list[SlackWorkspace]:
    """The workspaces whose secret signed this, before a byte of it is read; several may share one app."""
    known = queries.rows()
    if not known:
        raise Missing("slack")
    rules.check_time(timestamp, now)
    mine = [one for one in known if rules.is_signed(vault.open(one.signing_sealed), timestamp, body, signature)]
    if not mine:
        raise Refused("slack.bad_signature")
    return mine


def _of(mine: list[SlackWorkspace], team_id: str) -> SlackWorkspace:
    found = next((one for one in mine if one.team_id == team_id), None)
    if found is None:
        raise Refused("slack.other_team")
    return found


def _no(error: Refused, now: datetime) -> Answer:
    _count.add(error.code, now)
    status = 400 if error.code == "slack.unreadable" else 500 if error.code == "vault.other_key" else 401
    return Answer(status, {"code": error.code})


def _spoken(
    workspace: SlackWorkspace, slack_user_id: str, speak: Callable[[Asked], Reply | None], now: datetime
) -> tuple[Reply | None, bool]:
    """What the linked person is told, and whether it was done; a refusal undoes what was begun."""
    try:
        by, person = queries.speaker(workspace.pk, slack_user_id)
    except Refused as error:
        return blocks.say(*_both(error.code)), False
    asked = Asked(by, person, now)
    with speech.speaking(person):
        try:
            with transaction.atomic():
                return speak(asked), True
        except (Refused, Missing) as error:
            return speech.no(error, asked), False


def _offered(workspace: SlackWorkspace, asked: rules.Command, now: datetime) -> Reply:
    """The one-time link, in both languages: whose it is nobody knows yet."""
    secret = actions.offer(workspace.pk, asked.user_id, asked.user_name, now=now)
    lines = []
    for language in ("ja", "en"):
        with translation.override(language):
            lines.append(_("Open this page within 15 minutes and confirm that you are you. Give the link to nobody."))
    address = speech.page(f"/slack/link/{secret}/")
    said = blocks.say(*lines)
    return said.plus(blocks.actions(blocks.link("Tomei", address)))


def _both(code: str) -> list[str]:
    """A refusal in both languages, for somebody whom we do not know."""
    return [speech.refused(code, language) for language in ("ja", "en")]
