"""`/room/feed/<key>/…`: feeds and Statuspage JSON of one organisation, for programs that cannot sign in."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tomei.comms.statuspage import addresses, endpoints, feeds, own
from tomei.comms.statuspage.page import IncidentView, PageView
from tomei.kernel import time
from tomei.kernel.ids import digest
from tomei.room import queries
from tomei.room.door import shut
from tomei.room.facts import Guest

NAMES = {address.removeprefix("/status/"): address for address in (*addresses.ENDPOINTS, *addresses.FEEDS)}


@require_safe
def feed(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """The bytes; a key that was made up, or revoked, and an unknown name are answered alike."""
    reader = queries.by_key(key) if name in NAMES else None
    if reader is None:
        raise Http404
    body = _body(_page(reader, f"/room/feed/{key}/"), name, _language(request, reader))
    etag = f'"{digest(body.decode())[:20]}"'
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    kind = addresses.kind_of(NAMES[name])
    response = HttpResponse(status=304) if etag in known else HttpResponse(body, content_type=kind)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=30"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return shut(response)


def _page(reader: Guest, place: str) -> PageView:
    page = own.page(reader.organisation, time.now(), executive=reader.contact.is_executive, place="/room/", feeds=place)
    return replace(page, current=_without_files(page.current), past=_without_files(page.past))


def _without_files(found: tuple[IncidentView, ...]) -> tuple[IncidentView, ...]:
    """Files are read in the room: a feed reader has no sign-in to fetch them with."""
    return tuple(replace(one, updates=tuple(replace(view, files=()) for view in one.updates)) for one in found)


def _language(request: HttpRequest, reader: Guest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("ja", "en") else reader.contact.language


def _body(page: PageView, name: str, language: str) -> bytes:
    if NAMES[name] in endpoints.BY_ADDRESS:
        return endpoints.BY_ADDRESS[NAMES[name]](page)
    body = feeds.render(page, language, "", name.rpartition(".")[2])
    assert body is not None  # without a component there is always a feed
    return body
