"""The demo's data folder: made anew each time, and never anything but a demo's."""

from __future__ import annotations

import shutil
from pathlib import Path

from tomei.site import folder as folders

MARK = "this-is-a-tomei-demo"
TOLD = "its-story-is-told"  # a story that was cut off in the middle cannot be gone on with


def make(folder: Path, *, keep: bool) -> None:
    """Leave an empty (or kept) demo folder, which the caller has locked; refuse one that holds anything else."""
    others = [path for path in folder.iterdir() if path.name != folders.LOCK]
    if others and not (folder / MARK).exists():
        raise SystemExit(f"{folder} is not a demo folder: nothing was touched. Set TOMEI_DEMO_DATA to another.")
    (folder / MARK).touch()  # first and, below, never taken away: a demo that was killed stays known as one
    for path in [] if keep else others:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARK:
            path.unlink()


def is_told(folder: Path) -> bool:
    return (folder / TOLD).exists()


def mark_told(folder: Path) -> None:
    """From now on the demo may be started again with what it holds."""
    (folder / TOLD).touch()
