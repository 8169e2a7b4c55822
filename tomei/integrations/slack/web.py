"""`/in/slack/…` (Slack's doors), `/settings/slack/`, the one-time link and one's own links. Addresses below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings as house
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of, needs
from tomei.delivery.requests import now_of
from tomei.integrations.slack import actions, door, queries, rules
from tomei.integrations.slack.manifest import manifest
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import NAMES, Text
from tomei.ui import refusals
from tomei.ui.answer import answer, done

FIELDS = ("team_id", "name", "channel_id", "language")
Heard = Callable[[bytes, str, str, datetime], door.Answer]


def _taken(request: HttpRequest, hear: Heard) -> HttpResponse:
    """The raw body, whole and within its limit, to `hear`; JSON or nothing back."""
    if request.method != "POST":
        response = HttpResponse(status=405)
        response["Allow"] = "POST"
        return response
    if not queries.is_set():
        raise Missing("slack")
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except UnreadablePostError:
        return HttpResponse(status=400)
    if len(body) > rules.MOST_BYTES:
        return HttpResponse(status=413)
    headers = request.headers
    told = hear(body, headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", ""),
                now_of(request))  # fmt: skip
    if told.json is None:
        return HttpResponse(status=told.status)
    return JsonResponse(dict(told.json), status=told.status, json_dumps_params={"ensure_ascii": False})


@csrf_exempt
def commands(request: HttpRequest) -> HttpResponse:
    """Public by its signature, which stands in for a form's token."""
    return _taken(request, door.command)


@csrf_exempt
def interactions(request: HttpRequest) -> HttpResponse:
    """The same for buttons."""
    return _taken(request, door.interaction)


# -- Settings ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def settings(request: HttpRequest) -> HttpResponse:
    """All workspaces; POST adds one."""
    return _settings(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def workspace(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The same page with one workspace to edit."""
    return _settings(request, workspace_id)


def _settings(request: HttpRequest, workspace_id: int | None) -> HttpResponse:
    spaces = queries.workspaces()
    edited = next((one for one in spaces if one.id == workspace_id), None)
    if workspace_id is not None and edited is None:
        raise Missing(str(workspace_id))
    values = {name: str(getattr(edited, name)) if edited else "" for name in FIELDS}
    if request.method != "POST":
        return _page(request, values, spaces, edited)
    values = {name: request.POST.get(name, "")[:200] for name in FIELDS}
    given = actions.Settings(
        values["team_id"], values["name"], request.POST.get("signing_secret", ""), request.POST.get("bot_token", ""),
        values["channel_id"], values["language"],
    )  # fmt: skip
    try:
        actions.save(given, workspace_id, by=actor_of(request), now=now_of(request))
    except Refused as error:
        if error.code == "rights.missing":
            raise
        said = refusals.said(error, translation.get_language() or "en")
        return _page(request, values, spaces, edited, said=said, status=422)
    return done(request, "/settings/slack/", _("Saved. The doors are open for this workspace."))


def _page(
    request: HttpRequest, values: dict[str, str], spaces: list[queries.Workspace], edited: queries.Workspace | None,
    *, said: refusals.Said | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    language = translation.get_language() or "en"
    reasons = {
        one.refused_code: refusals.said(Refused(one.refused_code), language).sentence
        for one in spaces
        if one.refused_code
    }
    context: dict[str, Any] = {
        "values": values, "spaces": spaces, "edited": edited, "said": said, "reasons": reasons,
        "languages": list(NAMES.items()), "manifest": manifest(house.TOMEI_URL, language),
        "commands": f"{house.TOMEI_URL}/in/slack/commands", "interactions": f"{house.TOMEI_URL}/in/slack/interactions",
        "is_https": house.TOMEI_URL.startswith("https://"),
    }  # fmt: skip
    return answer(request, "integrations/slack.html", context, status=status)


@require_POST
@needs("house.configure")
def remove(request: HttpRequest, workspace_id: int) -> HttpResponse:
    actions.remove(workspace_id, by=actor_of(request), now=now_of(request))
    return done(request, "/settings/slack/", _("Removed, with its secret, its token and its links."))


_TEST = Text("Tomei からの試しのメッセージです。", "A test message from Tomei.")


@require_POST
@needs("house.configure")
def test(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """One message to the channel, by the outbox, where it says what became of it."""
    text = _TEST.said_in(translation.get_language() or "en")
    actions.test(workspace_id, text, by=actor_of(request), now=now_of(request))
    return done(request, "/settings/outbox/?purpose=test", _("On its way. This list says what became of it."))


# -- Who is who -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.edit")
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Both names; POST joins them. A link that is spent or unknown says so."""
    by, now = actor_of(request), now_of(request)
    try:
        if request.method == "POST":
            joined = actions.link(secret, by=by, now=now)
            return done(request, "/me/slack/", _("%(name)s in Slack is you now.") % {
                "name": joined.slack_name or joined.slack_user_id})  # fmt: skip
        offer = queries.offer(secret, now)
    except Refused as error:
        said = refusals.said(error, translation.get_language() or "en")
        return answer(request, "integrations/slack_link.html", {"offer": None, "said": said}, status=410)
    return answer(request, "integrations/slack_link.html", {"offer": offer, "said": None, "mine": by.name})


@require_safe
@needs("me.edit")
def mine(request: HttpRequest) -> HttpResponse:
    """As whom one speaks in Slack."""
    links = queries.links_of(actor_of(request).user_id or 0)
    return answer(request, "integrations/slack_me.html", {"links": links, "is_set": queries.is_set()})


@require_POST
@needs("me.edit")
def unlink(request: HttpRequest, link_id: int) -> HttpResponse:
    actions.unlink(link_id, by=actor_of(request), now=now_of(request))
    return done(request, "/me/slack/", _("Unlinked. Nobody speaks as you from there any more."))


urlpatterns = [
    path("in/slack/commands", commands, name="slack.commands"),
    path("in/slack/interactions", interactions, name="slack.interactions"),
    path("settings/slack/", settings, name="slack.settings"),
    path("settings/slack/<int:workspace_id>/", workspace, name="slack.workspace"),
    path("settings/slack/<int:workspace_id>/remove/", remove, name="slack.remove"),
    path("settings/slack/<int:workspace_id>/test/", test, name="slack.test"),
    path("slack/link/<str:secret>/", link, name="slack.link"),
    path("me/slack/", mine, name="slack.mine"),
    path("me/slack/<int:link_id>/unlink/", unlink, name="slack.unlink"),
]
