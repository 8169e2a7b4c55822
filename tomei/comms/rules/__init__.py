"""Pure decisions about updates: what is refused, who must hear it, when we speak next. No Django here."""

from tomei.comms.rules.approval import EARLY_S, Approval, approval
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
from tomei.comms.rules.timing import Cadence, check_cadence, check_next, offers

__all__ = [
    "AUDIENCES",
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
    "Estimate",
    "approval",
    "audiences_for",
    "body_of",
    "check_audiences",
    "check_cadence",
    "check_estimate",
    "check_kind",
    "check_next",
    "check_parts",
    "is_known",
    "kind_for",
    "languages_of",
    "missing_language",
    "offers",
    "organisation_of",
    "revised",
    "shown_parts",
]
