"""Now, settings, first run, health: call one query, render."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.clock import actions as clock_actions
from tomei.clock import queries as clock
from tomei.delivery import queries as delivery
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language
from tomei.web import board, checks, setup


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """`/`: the now board. A new house leads its administrator through the first run once."""
    by = actor_of(request)
    if by.may("house.configure") and not setup.is_begun():
        return redirect("/setup/")
    found = board.read(by, time.now())
    block = "board" if request.GET.get("part") == "board" else None
    return answer(request, "web/now.html", {"board": found, "state_word": cases.state_word}, block=block)


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    actor_of(request).require("read")
    return answer(request, "web/settings.html", {"may_configure": actor_of(request).may("house.configure")})


@require_safe
def setup_index(request: HttpRequest) -> HttpResponse:
    """Go to the first step that is not done."""
    by = actor_of(request)
    by.require("house.configure")
    first = next((step for step in setup.steps() if not step.is_done), None)
    return redirect(first.url if first else "/setup/house/")


@require_http_methods(["GET", "HEAD", "POST"])
def setup_step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: show it, or take what was typed and go on."""
    by = actor_of(request)
    by.require("house.configure")
    if name not in setup.STEPS:
        raise Missing(name)
    if request.method == "POST" and "skip" in request.POST:
        setup.begin(by, time.now())
        return done(request, setup.following(name))
    if request.method != "POST":
        return answer(request, f"web/setup_{name}.html", setup.context(name) | {"form": {}, "said": None})
    try:
        save = setup.SAVERS.get(name)
        if save is not None:
            with transaction.atomic():  # a step is several verbs: all of it is there, or none
                setup.begin(by, time.now())
                save(request, by, time.now())
    except Refused as error:
        again = {"form": request.POST.dict(), "said": refusals.said(error, language())}
        return answer(request, f"web/setup_{name}.html", setup.context(name) | again, status=422)
    onward = f"/setup/{name}/" if name == "signal" else setup.following(name)
    return done(request, onward, _("Saved."))


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`/health/`: is the house in order, and which due work failed for good."""
    actor_of(request).require("read")
    moment = time.now()
    context = {
        "checks": checks.examine(moment),
        "pulse": clock.pulse(moment),
        "dead": clock.dead(),
        "messages_by_state": delivery.counts(),
        "may_configure": actor_of(request).may("house.configure"),
    }
    return answer(request, "web/health.html", context)


@require_POST
def dead_job(request: HttpRequest, job_id: int, verb: str) -> HttpResponse:
    """Retry or drop one piece of due work that failed for good."""
    act = {"retry": clock_actions.retry_dead, "drop": clock_actions.drop_dead}[verb]
    act(job_id, by=actor_of(request), now=time.now())
    return done(request, "/health/", _("Done."))


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 while pages answer and the clock beats, else 503."""
    pulse = clock.pulse(time.now())
    well = pulse.state == "beating"
    return JsonResponse({"ok": well, "clock": pulse.state}, status=200 if well else 503)
