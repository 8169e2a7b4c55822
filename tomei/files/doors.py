"""Who may read a file: whoever may read what it hangs on. Wiring says how that is asked."""

from __future__ import annotations

from collections.abc import Callable

from tomei.files import rules
from tomei.files.queries import FileFacts
from tomei.kernel.actor import Actor

# What a file hangs on (`incident`) -> may this actor read number 12 of it? Filled by `tomei.wiring`; a prefix that is
# not here is read by nobody.
readers: dict[str, Callable[[int, Actor], bool]] = {}


def may_read(file: FileFacts, by: Actor) -> bool:
    prefix, number = rules.split_about(file.about)
    reader = readers.get(prefix)
    return by.may("read") and reader is not None and reader(number, by)
