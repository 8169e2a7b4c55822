"""The only writers of updates and drafts: one function per verb, each in one transaction."""

from tomei.comms.actions.drafts import drop_draft, save_draft
from tomei.comms.actions.publish import findings, heartbeat, look, publish
from tomei.comms.actions.reviewing import approve, ask_change, ask_review, comment, look_after
from tomei.comms.actions.templates import archive_template, save_template, save_words
from tomei.comms.actions.versions import correct, forget_words, translate

__all__ = [
    "approve",
    "archive_template",
    "ask_change",
    "ask_review",
    "comment",
    "correct",
    "drop_draft",
    "findings",
    "forget_words",
    "heartbeat",
    "look",
    "look_after",
    "publish",
    "save_draft",
    "save_template",
    "save_words",
    "translate",
]
