"""`/settings/room/`: how long a device is remembered, who may declare. For our own administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tomei.accounts.doors import actor_of
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.room import actions, declaring, queries, rules
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("house.configure")
    typed = request.POST.get("days", "") if request.method == "POST" else str(queries.days())
    readers = forms.ticked(request.POST, "readers") if request.method == "POST" else declaring.readers_may()
    said = None
    if request.method == "POST":
        days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
        try:
            actions.keep_days(days, by=by, now=time.now())
            declaring.let_readers(readers, by=by, now=time.now())
            return done(request, "/settings/room/", _("Saved."))
        except Refused as error:
            said = refusals.said(error, language())
    context = {"days": typed[:10], "said": said, "most": rules.MOST_DAYS, "readers": readers}
    return answer(request, "room/settings.html", context, status=409 if said else 200)
