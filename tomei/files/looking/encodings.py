"""Is it text, and in which encoding? Pure. Bytes that are no text are named by their first bytes."""

from __future__ import annotations

import codecs
import re

HEAD = 1024 * 1024
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (b"\xa1\xb2\xc3\xd4", "application/vnd.tcpdump.pcap"),
    (b"\x0a\x0d\x0d\x0a", "application/x-pcapng"),
    (b"ElfFile\x00", "application/x-ms-evtx"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ", "application/x-dosexec"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_KANA = re.compile("[ぁ-んァ-ヶー一-龠]")
_HALF = re.compile("[｡-ﾟ]")


def magic(head: bytes) -> str:
    """What the first bytes say; `application/octet-stream` when nothing is known of them."""
    for mark, kind in _MAGIC:
        if head.startswith(mark):
            return kind
    if head[257:262] == b"ustar":
        return "application/x-tar"
    return "application/octet-stream"


def encoding(head: bytes, *, whole: bool) -> str | None:
    """`utf-8`, `utf-16-le`, `utf-16-be`, `cp932`, `euc_jp`, or None for what is no text.

    Only what decodes strictly counts; between the two Japanese ones the reading decides that gives more kana and
    kanji and fewer half-width katakana, which is what EUC-JP read as Shift_JIS looks like.
    """
    marked = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    for mark, name in marked.items():
        if head.startswith(mark):
            return name if _decoded(head[len(mark) :], name, whole) is not None else None
    if b"\x00" in head:
        return _bare_utf_16(head, whole)
    if _control(head):
        return None
    if _decoded(head, "utf-8", whole) is not None:
        return "utf-8"
    read = {name: _decoded(head, name, whole) for name in ("cp932", "euc_jp")}
    scores = {name: _score(text) for name, text in read.items() if text is not None}
    return max(scores, key=lambda name: scores[name]) if scores else None


def _score(text: str) -> int:
    return len(_KANA.findall(text)) - 2 * len(_HALF.findall(text))


def _control(head: bytes) -> bool:
    """More control bytes than a log has (colours of terminals are some)."""
    odd = sum(head.count(bytes([one])) for one in (*range(1, 8), *range(14, 27), *range(28, 32)))
    return odd * 100 > len(head)


def _bare_utf_16(head: bytes, whole: bool) -> str | None:
    """Without a mark: every second byte of plain text is zero."""
    sample = head[:4096]
    pairs = len(sample) // 2
    for name, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = sample[place::2].count(0), sample[1 - place :: 2].count(0)
        if not pairs or zeros * 10 < pairs * 4 or others or _control(sample.replace(b"\x00", b"")):
            continue
        if _decoded(head, name, whole) is not None:
            return name
    return None


def _decoded(head: bytes, name: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(head, final=whole)
    except UnicodeDecodeError:
        return None
