"""`/files/<id>/`: the bytes, as a download that can do nothing in our pages."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from tomei.accounts import audit
from tomei.accounts.doors import actor_of
from tomei.files import doors, queries, store
from tomei.files.queries import FileFacts
from tomei.kernel.errors import Missing


@require_safe
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file for who may read what it hangs on; for everybody else it is not there. Each reading is audited.

    Behind the front the body is empty and `X-Tomei-File` names the file, which the front sends by itself: a slow
    reader then holds no thread.
    """
    by = actor_of(request)
    file = queries.file(file_id)
    if not doors.may_read(file, by):
        raise Missing(str(file_id))
    response = handed(request, file, cache="private, no-store")
    if request.method == "GET":
        audit.record("file.read", by=by, now=request.now, file=file.id, about=file.about)  # type: ignore[attr-defined]
    return response


def handed(request: HttpRequest, file: FileFacts, *, cache: str) -> HttpResponseBase:
    """The bytes as a download; whether this reader may have them was judged before. `Missing` when they are gone."""
    place = store.path(file.digest)
    if not place.is_file():
        raise Missing(str(file.id))
    response: HttpResponseBase
    if request.META.get("tomei.front"):
        response = HttpResponse(content_type=file.content_type)
        response.headers["X-Tomei-File"] = str(place)
    else:
        response = FileResponse(place.open("rb"), content_type=file.content_type)
    _harmless(response, file)
    response.headers["Cache-Control"] = cache
    return response


def _harmless(response: HttpResponseBase, file: FileFacts) -> None:
    plain = "".join(letter if 32 <= ord(letter) < 127 and letter not in '"\\%' else "_" for letter in file.name)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Length"] = str(file.size)


urlpatterns = [path("files/<int:file_id>/", download, name="files.download")]
