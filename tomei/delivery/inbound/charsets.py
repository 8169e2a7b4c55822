"""Bytes of strangers as text: only charsets that mail is really written in; nothing here raises."""

from __future__ import annotations

import binascii
import html
import quopri
import re
from email.header import decode_header

import nh3

MOST_TEXT = 128 * 1024  # bytes of one part that are read as words; the rest stays in the raw message
_KNOWN = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|iso-2022-jp(-[123]|-ext|-2004|-ms)?|euc-jp|euc-kr"
    r"|iso-2022-kr|gb2312|gbk|gb18030|big5|koi8-[ru]|utf-16(le|be)?"
)
# What mail programs call Shift_JIS is Microsoft's superset of it.
_SHIFT_JIS = frozenset({"shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms932", "ms_kanji"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|hr)\b[^<>]{0,200}>", re.IGNORECASE)
_BLANKS = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


def text(given: bytes, charset: str) -> str:
    """`given` in `charset`; what is no charset of mail (UTF-7, codecs that unpack) is read as ASCII."""
    name = charset.strip().lower()[:40]
    if name in _SHIFT_JIS:
        codec = "cp932"
    elif name.startswith("iso-2022-jp"):
        codec = "iso2022_jp_ext" if name in ("iso-2022-jp-ms", "iso-2022-jp") else name
    else:
        codec = name if _KNOWN.fullmatch(name) else "utf-8"
    try:
        return given.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return given.decode("ascii", "replace")


def clean(said: str) -> str:
    """Nothing that a database refuses, a terminal obeys or that turns the direction of a line."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", said.replace("\r\n", "\n").replace("\r", "\n")))


def header(value: str, limit: int) -> str:
    """A header's words on one line, encoded words read; at most `limit` characters."""
    try:
        parts = decode_header(value)
    except (ValueError, binascii.Error, LookupError):
        parts = [(value, None)]
    said = "".join(_said(part, charset) for part, charset in parts)
    return " ".join(clean(said.replace("\n", " ").replace("\r", " ")).split())[:limit]


def _said(part: bytes | str, charset: str | None) -> str:
    raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
    if charset and charset != "unknown-8bit":
        return text(raw, charset)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp932", "replace")


def unpacked(body: bytes, encoding: str) -> bytes:
    """The first bytes of a part without its transfer encoding; an unreadable one stays as it came."""
    if encoding == "base64":
        packed = re.sub(rb"[^A-Za-z0-9+/]", b"", body[: 2 * MOST_TEXT])
        whole = packed[: len(packed) - (len(packed) % 4 == 1)]
        try:
            return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))[:MOST_TEXT]
        except binascii.Error:
            return body[:MOST_TEXT]
    if encoding == "quoted-printable":
        return quopri.decodestring(body[: 2 * MOST_TEXT])[:MOST_TEXT]
    return body[:MOST_TEXT]


def from_html(markup: str) -> str:
    """The words of a page: no tag, script or style survives."""
    bare = nh3.clean(_BREAKS.sub("\n", markup), tags=set(), clean_content_tags={"script", "style", "title"})
    return html.unescape(bare)


def lines(said: str, limit: int) -> str:
    """Its own words, at most `limit` characters: quoted lines are left out, the raw message keeps them."""
    own = "\n".join(line.rstrip() for line in clean(said).split("\n") if not line.startswith(">"))
    return _BLANKS.sub("\n\n", own).strip()[:limit]
