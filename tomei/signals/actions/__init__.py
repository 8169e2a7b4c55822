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
from tomei.signals.actions.probes import (
    add_probe,
    delete_probe,
    edit_probe,
    pause_probe,
    resume_probe,
    try_probe,
)
from tomei.signals.actions.probing import JOB as PROBE
from tomei.signals.actions.probing import PLACES as PROBE_PLACES
from tomei.signals.actions.probing import TIMEOUT_S as PROBE_S
from tomei.signals.actions.probing import look as look_at_probe
from tomei.signals.actions.probing import settle as settle_probe
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
    "PROBE",
    "PROBE_PLACES",
    "PROBE_S",
    "REPLAY",
    "VERIFY",
    "VERIFY_S",
    "Delivery",
    "add_heartbeat",
    "add_probe",
    "add_silence",
    "add_source",
    "archive_source",
    "bind_watch",
    "declare_from",
    "declared",
    "delete_heartbeat",
    "delete_probe",
    "dismiss",
    "edit_heartbeat",
    "edit_probe",
    "edit_source",
    "end_silence",
    "look_at_probe",
    "loosen_watch",
    "mark_declared",
    "pause_heartbeat",
    "pause_probe",
    "prune",
    "renew_key",
    "replay",
    "resume_heartbeat",
    "resume_probe",
    "run_look",
    "run_replay",
    "run_watches",
    "save_mapping",
    "settle_probe",
    "settle_verified",
    "take",
    "take_in",
    "try_probe",
    "verify",
]
