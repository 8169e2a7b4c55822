"""The only writers of maintenance: one function per verb, each in one transaction, each telling leaving a notice."""

from tomei.comms.maintenance.actions.aside import declare, silence, translate
from tomei.comms.maintenance.actions.planning import edit, move, plan, tell
from tomei.comms.maintenance.actions.running import begin_due, cancel, complete, start, update
from tomei.comms.maintenance.actions.writing import BEGIN

__all__ = [
    "BEGIN",
    "begin_due",
    "cancel",
    "complete",
    "declare",
    "edit",
    "move",
    "plan",
    "silence",
    "start",
    "tell",
    "translate",
    "update",
]
