"""Compile the message catalogues. `.mo` files are made here and never committed."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sources(root: Path = ROOT) -> list[Path]:
    """Every catalogue of the house, in a stable order."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compile every catalogue that is newer than what was made of it; return those that were compiled."""
    stale = [po for po in sources(root) if not _is_fresh(po)]
    for po in stale:
        compile_one(po)
    return stale


def compile_one(po: Path) -> None:
    """Write the `.mo` beside `po` in one step, so that a reader in another process never sees half a file."""
    from babel.messages.mofile import write_mo  # on demand: most starts find all compiled
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        catalogue = read_po(file)
    half = po.with_suffix(f".mo.{os.getpid()}")
    with half.open("wb") as file:
        write_mo(file, catalogue)
    half.replace(po.with_suffix(".mo"))


def _is_fresh(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns
