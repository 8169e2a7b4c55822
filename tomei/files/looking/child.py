"""The child: reads one file within its limits and says what it is. Started by `run`, never imported by the house.

In: a line of JSON on standard input (path, masked, size, chunk, digests, mails). Out: a line of JSON. Kinds of what is
found and line numbers go out, never a word of a text.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[3])]  # started with -I, which believes no environment

from tomei.files.looking import archives, encodings  # noqa: E402
from tomei.files.looking.secrets import Masker  # noqa: E402

CPU_S, MEMORY, WRITES = 600, 768 * 1024**2, 5 * 1024**3
BLOCK = 1024 * 1024
LONGEST = 256 * 1024  # letters of a line that are looked at together


def limit() -> None:
    """Seconds, memory, bytes written, no core file; and no socket, whatever a file talks a library into."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, WRITES),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_no_way_out)


def _no_way_out(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")):
        raise PermissionError(event)


def hashed(path: str, chunk: int, digests: list[str]) -> str | None:
    """The hash of the whole, when every chunk read from the disk is the one that was proven; else None."""
    whole = hashlib.sha256()
    with Path(path).open("rb") as file:
        for told in digests:
            piece, left = hashlib.sha256(), chunk
            while left and (block := file.read(min(BLOCK, left))):
                whole.update(block)
                piece.update(block)
                left -= len(block)
            if piece.hexdigest() != told:
                return None
        return None if file.read(1) else whole.hexdigest()


def lines(path: str, encoding: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line with its end. A very long line comes in pieces, cut at a space if it has one."""
    decoder, rest, number = codecs.getincrementaldecoder(encoding)("replace"), "", 1
    with Path(path).open("rb") as file:
        while True:
            block = file.read(BLOCK)
            rest += decoder.decode(block, final=not block)
            parts = rest.split("\n")
            for part in parts[:-1]:
                yield from ((number, piece) for piece in _pieces(part + "\n"))
                number += 1
            rest = parts[-1]
            while len(rest) > LONGEST:
                piece = next(_pieces(rest))
                yield number, piece
                rest = rest[len(piece) :]
            if not block:
                if rest:
                    yield number, rest
                return


def _pieces(line: str) -> Iterator[str]:
    while len(line) > LONGEST:
        cut = line.rfind(" ", LONGEST // 2, LONGEST) + 1 or LONGEST
        yield line[:cut]
        line = line[cut:]
    yield line


def masked(path: str, to: str, encoding: str, *, mails: bool) -> dict[str, Any]:
    """Write the masked copy, in UTF-8, and say what was masked."""
    masker, total, number = Masker(mails), hashlib.sha256(), 0
    size = 0
    with Path(to).open("wb") as file:
        for number, line in lines(path, encoding):
            out = masker.mask(line.lstrip("\ufeff") if number == 1 else line, number).encode("utf-8", "replace")
            total.update(out)
            size += file.write(out)
        file.flush()
    return {
        "masked_digest": total.hexdigest(), "masked_size": size, "lines": number,
        "findings": [[kind, masker.counts[kind], masker.lines[kind]] for kind in sorted(masker.counts)],
    }  # fmt: skip


def look(job: dict[str, Any]) -> dict[str, Any]:
    digest = hashed(job["path"], job["chunk"], job["digests"])
    if digest is None:
        return {"state": "broken"}
    with Path(job["path"]).open("rb") as file:
        head = file.read(encodings.HEAD)
    encoding = encodings.encoding(head, whole=len(head) < encodings.HEAD)
    said: dict[str, Any] = {"state": "ready", "digest": digest, "encoding": encoding or "", "kind": "text/plain"}
    # What is known already is said first: whatever kills the rest leaves the hash.
    sys.stdout.write(json.dumps({**said, "state": "hashed"}) + "\n")
    sys.stdout.flush()
    if encoding:
        return said | masked(job["path"], job["masked"], encoding, mails=bool(job.get("mails")))
    kind = encodings.magic(head)
    return said | {"kind": kind, "archive": archives.listing(job["path"], kind)}


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(look(json.loads(sys.stdin.readline()))) + "\n")
