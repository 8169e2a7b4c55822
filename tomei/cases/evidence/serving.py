"""Bytes of evidence as an answer: attachment, nosniff, sandbox, and one range where one is asked for."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tomei.cases.evidence import queries
from tomei.cases.evidence.queries import EvidenceFacts
from tomei.kernel.errors import Missing

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def part(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a range that can be answered; None when all of it is to be sent; a refusal is (0, -1)."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or not (match[1] or match[2]):
        return None  # several ranges, or none that we read: the whole is right too
    if not match[1]:
        length = min(int(match[2]), size)
        return (size - length, size - 1) if length else (0, -1)
    first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else (0, -1)


def handed(request: HttpRequest, one: EvidenceFacts, copy: str) -> HttpResponseBase:
    """`Missing` when the bytes are gone. Behind the front the body is empty and the front sends the file by itself."""
    place = queries.place(queries.key_of(one.id), copy)
    if not place.is_file():
        raise Missing(str(one.id))
    size = place.stat().st_size
    etag = f'"{(one.masked_digest if copy == "masked" else one.digest) or one.id}"'
    span = part(request.headers.get("Range", ""), size) if request.headers.get("If-Range", etag) == etag else None
    response: HttpResponseBase
    if span == (0, -1):
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    first, last = span or (0, size - 1)
    if request.META.get("tomei.front"):
        response = HttpResponse(status=206 if span else 200)
        response.headers["X-Tomei-File"] = str(place)
        response.headers["X-Tomei-Part"] = f"{first}-{last}"
    else:
        file = place.open("rb")
        file.seek(first)
        response = (
            FileResponse(file, status=206 if span else 200)
            if not span
            else HttpResponse(file.read(last - first + 1), status=206)
        )
    if span:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    _harmless(response, one.name if copy == "original" else _masked_name(one.name), last - first + 1)
    response.headers["Content-Type"] = "text/plain; charset=utf-8" if copy == "masked" else "application/octet-stream"
    response.headers["ETag"] = etag
    return response


def _masked_name(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem}.masked{dot}{extension}" if dot and stem else f"{name}.masked.txt"


def _harmless(response: HttpResponseBase, name: str, length: int) -> None:
    plain = "".join(letter if 32 <= ord(letter) < 127 and letter not in '"\\%' else "_" for letter in name)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(max(length, 0))
