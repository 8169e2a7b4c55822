"""Pure decisions about updates: what is refused, who must hear it, when we speak next. No Django here."""

from tomei.comms.rules.approval import EARLY_S, Approval, approval, needs_second
from tomei.comms.rules.audiences import (
    AUDIENCES,
    OUTSIDE,
    audiences_for,
    check_audiences,
    is_known,
    organisation_of,
    shown_parts,
)
from tomei.comms.rules.estimates import CONFIDENCES, Estimate, check_estimate, revised
from tomei.comms.rules.kinds import ENDED, KINDS, STATES, WORKING, check_kind, kind_for
from tomei.comms.rules.parts import PARTS, TOLD, body_of, check_parts, languages_of, missing_language
from tomei.comms.rules.reviewing import (
    APPROVED,
    ASKED,
    CHANGE,
    COMMENT,
    Change,
    changes,
    check_approver,
    check_comment,
    digest,
    version,
    version_of_draft,
)
from tomei.comms.rules.timing import Cadence, check_cadence, check_next, offers

__all__ = [
    "APPROVED",
    "ASKED",
    "AUDIENCES",
    "CHANGE",
    "COMMENT",
    "CONFIDENCES",
    "EARLY_S",
    "ENDED",
    "KINDS",
    "OUTSIDE",
    "PARTS",
    "STATES",
    "TOLD",
    "WORKING",
    "Approval",
    "Cadence",
    "Change",
    "Estimate",
    "approval",
    "audiences_for",
    "body_of",
    "changes",
    "check_approver",
    "check_audiences",
    "check_cadence",
    "check_comment",
    "check_estimate",
    "check_kind",
    "check_next",
    "check_parts",
    "digest",
    "is_known",
    "kind_for",
    "languages_of",
    "missing_language",
    "needs_second",
    "offers",
    "organisation_of",
    "revised",
    "shown_parts",
    "version",
    "version_of_draft",
]
