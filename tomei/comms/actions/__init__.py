"""The only writers of updates and drafts: one function per verb, each in one transaction."""

from tomei.comms.actions.drafts import ask_review, drop_draft, save_draft
from tomei.comms.actions.publish import findings, heartbeat, look, publish
from tomei.comms.actions.versions import correct, forget_words, translate

__all__ = [
    "ask_review",
    "correct",
    "drop_draft",
    "findings",
    "forget_words",
    "heartbeat",
    "look",
    "publish",
    "save_draft",
    "translate",
]
