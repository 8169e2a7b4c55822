"""Start the child, wait for it, never longer than it may take."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TIMEOUT_S = 900.0
_CHILD = Path(__file__).with_name("child.py")


def look(
    path: Path, masked: Path, *, chunk: int, digests: Sequence[str], mails: bool = False, timeout_s: float = TIMEOUT_S
) -> dict[str, Any]:
    """What the child says: `state` is ready, broken or unscanned (with `why`: killed, timeout, fault).

    Of a file whose scan failed at least `digest` is known, unless hashing itself failed.
    """
    job = {"path": str(path), "masked": str(masked), "chunk": chunk, "digests": list(digests), "mails": mails}
    why = ""
    try:
        ended = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [sys.executable, "-I", str(_CHILD)], input=json.dumps(job).encode() + b"\n", capture_output=True,
            timeout=timeout_s, check=False, env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        out = ended.stdout
        why = "" if ended.returncode == 0 else "killed" if ended.returncode < 0 else "fault"
    except subprocess.TimeoutExpired as expired:
        out, why = expired.stdout or b"", "timeout"
    said = _last(out)
    if why or said.get("state") == "hashed" or not said:
        return {**said, "state": "unscanned", "why": why or "fault"}
    return said


def _last(out: bytes) -> dict[str, Any]:
    for line in reversed(out.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            continue  # a child that was killed in the middle of its last word
        if isinstance(said, dict):
            return said
    return {}
