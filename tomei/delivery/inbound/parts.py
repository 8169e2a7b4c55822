"""A raw message taken apart, with bounds on everything: headers, their length, depth, parts. Pure; never raises.

Not the library's parser: that one follows any nesting, and its headers cost quadratic time on hostile ones. Parameters
of one short header are read by the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

MOST_HEADERS = 400
MOST_HEADER = 4000  # characters of one header
MOST_HEAD = 256 * 1024  # bytes of one block of headers
MOST_DEPTH = 8
MOST_PARTS = 200
_LINE = re.compile(r"([!-9;-~]{1,76})[ \t]*:[ \t]*(.*)", re.DOTALL)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part that holds no others. `kind` is its content type in lower case; `head` its headers in order."""

    head: tuple[tuple[str, str], ...]
    body: bytes = b""
    kind: str = "text/plain"
    charset: str = ""
    encoding: str = ""
    name: str = ""
    is_attached: bool = False

    def get(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value for known, value in self.head if known == name), "")

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.head if known == name]


@dataclass(slots=True)
class _Walk:
    found: list[Part] = field(default_factory=list)
    todo: list[tuple[bytes, int]] = field(default_factory=list)


def head_of(raw: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The headers (names in lower case, values unfolded) and what follows the blank line."""
    if raw[:1] in (b"\n", b"\r"):
        return (), raw.lstrip(b"\r\n") if raw[:2] == b"\r\n" else raw[1:]
    end = _END_OF_HEAD.search(raw, 0, MOST_HEAD)
    block, rest = (raw[: end.start()], raw[end.end() :]) if end else (raw[:MOST_HEAD], raw[MOST_HEAD:])
    return tuple(_headers(block)), rest


def _headers(block: bytes) -> Iterator[tuple[str, str]]:
    told = 0
    kept: list[str] = []
    for line in [*block.decode("utf-8", "surrogateescape").replace("\r", "").split("\n"), "."]:
        if line[:1] in (" ", "\t") and kept:
            if sum(map(len, kept[:40])) < MOST_HEADER and len(kept) < 200:
                kept.append(line[:MOST_HEADER])
            continue
        if kept and (match := _LINE.match("".join(kept))):
            told += 1
            yield match[1].lower(), match[2].strip()[:MOST_HEADER]
            if told >= MOST_HEADERS:
                return
        kept = [line[:MOST_HEADER]]


def leaves(raw: bytes) -> tuple[Part, list[Part]]:
    """The top (its headers, no body) and the parts that hold words or files, in their order."""
    head, _rest = head_of(raw)
    walk = _Walk(todo=[(raw, 0)])
    while walk.todo and len(walk.found) < MOST_PARTS:
        piece, depth = walk.todo.pop()
        _open(piece, depth, walk)
    return _typed(head, b""), walk.found


def _open(piece: bytes, depth: int, walk: _Walk) -> None:
    head, body = head_of(piece)
    part = _typed(head, body)
    boundary = _parameter(part.get("content-type"), "boundary")
    if not part.kind.startswith("multipart/") or not boundary or depth >= MOST_DEPTH:
        walk.found.append(part)
        return
    walk.todo.extend((inner, depth + 1) for inner in reversed(_split(body, boundary)))


def _split(body: bytes, boundary: str) -> list[bytes]:
    """What stands between the boundaries; a missing last one ends with the message."""
    mark = re.compile(
        rb"(?:^|\r?\n)--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(--)?[ \t]*(?=\r?\n|$)"
    )
    pieces: list[bytes] = []
    start = -1
    for match in mark.finditer(body):
        if start >= 0:
            pieces.append(_without_break(body[start : match.start()]))
        start = match.end()
        if match[1] or len(pieces) >= MOST_PARTS:
            return pieces
    if start >= 0:
        pieces.append(_without_break(body[start:]))
    return pieces


def _without_break(piece: bytes) -> bytes:
    return piece[2:] if piece.startswith(b"\r\n") else piece[1:] if piece.startswith(b"\n") else piece


def _typed(head: tuple[tuple[str, str], ...], body: bytes) -> Part:
    bare = Part(head)
    content = bare.get("content-type")
    kind = content.partition(";")[0].strip().lower() if content else "text/plain"
    disposition = bare.get("content-disposition")
    name = _parameter(disposition, "filename") or _parameter(content, "name")
    return Part(
        head, body, kind if re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,80}", kind) else "application/octet-stream",
        _parameter(content, "charset"), bare.get("content-transfer-encoding").strip().lower(), name,
        disposition.strip().lower().startswith("attachment"),
    )  # fmt: skip


def parameter(value: str, name: str) -> str:
    """One parameter of a header of the form `a/b; name=value`."""
    return _parameter(value, name)


def _parameter(value: str, name: str) -> str:
    if ";" not in value:
        return ""
    carrier = Message()
    carrier["x"] = value[:1000]
    try:
        found = carrier.get_param(name, "", header="x")
    except (ValueError, LookupError, TypeError, IndexError):
        return ""
    said = found[2] if isinstance(found, tuple) else found
    return str(said or "").strip()[:200]
