"""The status page behind Django: for one process without the front, and for what the front does not know yet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tomei.comms import queries, statuspage
from tomei.files import queries as files
from tomei.files.web import handed
from tomei.kernel import time
from tomei.kernel.errors import Missing


@require_safe
def file(request: HttpRequest, file_id: int, name: str) -> HttpResponseBase:
    """A file of an update that the public may read now, as a download; for all else there is no such page.

    Not audited: whoever asks is nobody we know, and each of their questions would be a row.
    """
    found = files.files([file_id]).get(file_id)
    if found is None or found.name != name or not queries.is_published(found.about):
        raise Http404
    try:
        return handed(request, found, cache="public, max-age=5")
    except Missing:
        raise Http404 from None


@require_safe
def page(request: HttpRequest, key: str = "", component: str = "") -> HttpResponse:
    """Public. Rendered anew here, since nobody told this process what changed; from disk when the database is away."""
    now, query = time.now(), request.META.get("QUERY_STRING", "")
    known = {"if_none_match": request.headers.get("If-None-Match", "")}
    languages = request.headers.get("Accept-Language", "")
    fresh = True
    if key or "month" in request.GET:  # an address that nobody knows must not make the whole page be rendered
        found = statuspage.rare(request.path, query, languages, now, **known)
    elif component and not statuspage.has(component):
        raise Http404
    else:
        fresh = statuspage.refresh(now)
        found = statuspage.cached(request.path, query, languages, **known)
    if found is None and not fresh:  # it may well be there: a feed reader must not be told that it is gone
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    if found is None:
        raise Http404
    status, headers, body = found
    return HttpResponse(body, status=status, headers=headers)
