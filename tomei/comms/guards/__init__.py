"""Guards (送信前チェック): what would cost trust if it were sent. Pure; Japanese and English.

A guard explains itself and may be overruled with a reason, which is recorded. It never refuses by itself: that is
`rules.py`. Text is folded by NFKC first; quotations, code and addresses are ignored, and so is what a sentence denies.
"""

from tomei.comms.guards.found import ADVICE, Facts, Finding
from tomei.comms.guards.judge import GUARDS, HELD, check, check_parts

__all__ = ["ADVICE", "GUARDS", "HELD", "Facts", "Finding", "check", "check_parts"]
