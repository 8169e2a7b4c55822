"""`/signals/silences/`: what calls nobody for a while, until when and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers.web.posted import form_page, now_of
from tomei.signals import actions, silences
from tomei.ui import forms
from tomei.ui.answer import done


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The silences, and the form for one more."""
    by, now = actor_of(request), now_of(request)
    by.require("read")
    if request.method == "POST":
        by.require("signal.triage")

    def act() -> HttpResponse:
        given = request.POST
        until = forms.moment(given, "until", timezone.get_current_timezone_name(), required=True)
        assert until is not None
        actions.add_silence(given.get("matchers", ""), until, given.get("reason", ""), by=by, now=now)
        return done(request, reverse("signals.silences"), _("Silenced. When it ends, what still fires is proposed."))

    return form_page(
        request,
        "signals/silences.html",
        values={"matchers": request.GET.get("matchers", "")[:2000], "until": "", "reason": ""},
        act=act,
        silences=silences.listed(now),
        firing=silences.firing_in_silence(now),
        may_triage=by.may("signal.triage"),
    )


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_silence(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.silences"), _("Ended. What still fires is proposed."))
