"""What may be kept, by its bytes and not by its name. Pure."""

from __future__ import annotations

import re
import unicodedata

from tomei.kernel.errors import Refused

LIMIT = 25 * 1024 * 1024
HEAD = 4096  # as many bytes as tell a type
NAME_LIMIT = 120
AUDIENCES = ("internal", "public")
TEXT = "text/plain; charset=utf-8"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
)
_BY_EXTENSION = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "txt": TEXT,
    "text": TEXT,
    "log": TEXT,
    "md": TEXT,
    "csv": "text/csv; charset=utf-8",
    "tsv": TEXT,
    "json": "application/json",
    # Markup that a browser would run is kept as what it also is: plain text.
    "svg": TEXT,
    "html": TEXT,
    "htm": TEXT,
    "xml": TEXT,
    "yaml": TEXT,
    "yml": TEXT,
    "conf": TEXT,
    "out": TEXT,
    "err": TEXT,
}
ALLOWED = tuple(sorted(_BY_EXTENSION))


def safe_name(name: str) -> str:
    """The last part of the name, without control and direction characters; never empty, never longer than 120."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(
        letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    kept = re.sub(r'["<>:|?*]', "_", kept).strip(" .")
    if len(kept) > NAME_LIMIT:
        stem, dot, extension = kept.rpartition(".")
        kept = (
            f"{stem[: NAME_LIMIT - len(extension) - 1]}{dot}{extension}" if len(extension) < 12 else kept[:NAME_LIMIT]
        )
    return kept or "file"


def said_size(size: int) -> str:
    """`812 B`, `34 KiB`, `2.1 MiB`: the same in every language."""
    if size < 1024:
        return f"{size} B"
    return f"{-(-size // 1024)} KiB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MiB"


def sniff(head: bytes) -> str:
    """What the first bytes say: an image, a document, an archive, text, or nothing that we know."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    """UTF-8 or Shift_JIS (logs of Japanese systems) without a zero byte; UTF-16 with its mark."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "shift_jis", "euc_jp"):
        try:
            head.decode(encoding)
            return True
        except UnicodeDecodeError as error:
            if len(head) >= HEAD and error.start >= len(head) - 4:
                return True  # a character cut by the end of the head
    return False


def known_extension(name: str) -> str:
    """The type that the name claims; refuses `files.unknown_type`."""
    told = _BY_EXTENSION.get(name.rpartition(".")[2].lower() if "." in name else "")
    if told is None:
        raise Refused("files.unknown_type", name=name[:80], allowed=", ".join(ALLOWED))
    return told


def content_type(name: str, head: bytes) -> str:
    """The type under which the file is served; refuses `files.unknown_type` and `files.not_what_it_says`."""
    told = known_extension(name)
    seen = sniff(head)
    is_text = told.startswith("text/") or told == "application/json"
    if (seen == "text") != is_text or (not is_text and seen != told):
        raise Refused("files.not_what_it_says", name=name[:80], seen=seen)
    return told


def split_about(about: str) -> tuple[str, int]:
    """`incident:12` is ("incident", 12); refuses `files.bad_about`."""
    match = re.fullmatch(r"([a-z_]{1,30}):([1-9][0-9]{0,17})", about)
    if match is None:
        raise Refused("files.bad_about", about=about[:60])
    return match[1], int(match[2])
