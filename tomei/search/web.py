"""The search page. An id that is typed (`INC-12`) leads straight to its page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from tomei.accounts.doors import actor_of
from tomei.search import queries
from tomei.ui.answer import answer
from tomei.ui.forms import clean
from tomei.ui.parts import language

LONGEST = 200
KINDS = {
    "incident": _("Incident"),
    "case": _("Case"),
    "customer": _("Customer"),
    "product": _("Product"),
    "component": _("Component"),
    "update": _("Update"),
    "note": _("Note"),
    "promise": _("Promise"),
    "signal": _("Signal"),
    "person": _("Person"),
    "file": _("File"),
}


def search(request: HttpRequest) -> HttpResponse:
    words = clean(request.GET.get("q", ""))[:LONGEST]
    by = actor_of(request)
    after = request.GET.get("after", "")
    if not after and (place := queries.place(words)):
        return HttpResponseRedirect(place)
    found = queries.find(words, by=by, after=after, language=language())
    more = f"{request.path}?{urlencode({'q': words, 'after': found.next})}" if found.next else ""
    context = {"q": words, "found": found, "kinds": KINDS, "more_url": more, "first": not after}
    return answer(request, "search/search.html", context, block="hits")


urlpatterns = [path("search/", search, name="search")]
