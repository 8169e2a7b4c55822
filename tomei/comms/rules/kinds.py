"""Which kind of update may be sent when. Every kind × state is decided here and walked by a test."""

from __future__ import annotations

from tomei.kernel.errors import Refused

WORKING = ("investigating", "identified", "mitigating", "monitoring")
ENDED = ("restored", "closed", "dismissed")
STATES = (*WORKING, *ENDED)
KINDS = ("update", "heartbeat", "recovery", "correction", "dismissal", "translation")

# kind -> (state of the incident now, states that the update may say)
_ALLOWED: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "update": ((*WORKING, "restored", "closed"), None),  # after the end: the same state, one more word
    "heartbeat": (WORKING, None),
    "recovery": ((*WORKING, "restored"), ("restored",)),
    "dismissal": ((*WORKING, "dismissed"), ("dismissed",)),
    "correction": (STATES, None),
    "translation": (STATES, None),
}


def kind_for(current: str, wanted: str, *, recovery_told: bool = False) -> str:
    """What an update that says `wanted` is, while the incident stands at `current`.

    The first word after service is back is the recovery notice, also when the state was moved before it was told.
    """
    if wanted == "restored" and (current in WORKING or (current == "restored" and not recovery_told)):
        return "recovery"
    return "dismissal" if wanted == "dismissed" else "update"


def check_kind(kind: str, *, current: str, wanted: str) -> None:
    """Refuses `update.unknown_kind`, `update.unknown_state` and `update.not_now` (kind, state of the incident)."""
    if kind not in _ALLOWED:
        raise Refused("update.unknown_kind", kind=kind[:40])
    if wanted not in STATES:
        raise Refused("update.unknown_state", state=wanted[:40])
    now_in, may_say = _ALLOWED[kind]
    if current not in now_in:
        raise Refused("update.not_now", kind=kind, state=current)
    if may_say is not None and wanted not in may_say:
        raise Refused("update.not_now", kind=kind, state=wanted)
    if kind == "heartbeat" and wanted != current:
        raise Refused("update.not_now", kind=kind, state=wanted)
    if kind == "update" and (wanted not in WORKING or current not in WORKING) and wanted != current:
        raise Refused("update.not_now", kind=kind, state=wanted)
