"""The only writers of signals."""

from tomei.signals.actions.bundles import LOOK, Delivery
from tomei.signals.actions.heartbeats import (
    add_heartbeat,
    delete_heartbeat,
    edit_heartbeat,
    pause_heartbeat,
    resume_heartbeat,
)
from tomei.signals.actions.keeping import prune
from tomei.signals.actions.mapping import save_mapping
from tomei.signals.actions.minding import bind_watch, loosen_watch, run_watches
from tomei.signals.actions.receiving import VERIFY, take_in
from tomei.signals.actions.replaying import JOB as REPLAY
from tomei.signals.actions.replaying import replay, run_look, run_replay
from tomei.signals.actions.silencing import add_silence, end_silence
from tomei.signals.actions.sources import add_source, archive_source, edit_source, renew_key
from tomei.signals.actions.triage import declare_from, declared, dismiss, mark_declared, take
from tomei.signals.actions.verifying import TIMEOUT_S as VERIFY_S
from tomei.signals.actions.verifying import settle as settle_verified
from tomei.signals.actions.verifying import verify

__all__ = [
    "LOOK",
    "REPLAY",
    "VERIFY",
    "VERIFY_S",
    "Delivery",
    "add_heartbeat",
    "add_silence",
    "add_source",
    "archive_source",
    "bind_watch",
    "declare_from",
    "declared",
    "delete_heartbeat",
    "dismiss",
    "edit_heartbeat",
    "edit_source",
    "end_silence",
    "loosen_watch",
    "mark_declared",
    "pause_heartbeat",
    "prune",
    "renew_key",
    "replay",
    "resume_heartbeat",
    "run_look",
    "run_replay",
    "run_watches",
    "save_mapping",
    "settle_verified",
    "take",
    "take_in",
    "verify",
]
