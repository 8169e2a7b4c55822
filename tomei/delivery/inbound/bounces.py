"""What a mail server says about a message of ours that did not arrive (RFC 3464, and the plain text of some). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tomei.delivery.inbound import charsets
from tomei.delivery.inbound.parts import Part, head_of

_OURS = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]{1,253}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:^|[\s:<>#(])([45]\d\d)[ -]", re.MULTILINE)
_POSTMAN = re.compile(r"(mailer-daemon|postmaster|mail delivery|mailerdaemon|microsoftexchange)", re.IGNORECASE)
# Nobody lives there: writing again is no use. A full mailbox, a refused sender or refused words may pass.
_LASTING = re.compile(r"5\.(1\.([0-6]|9|1\d)|0\.0|2\.[01]|4\.4)$")
MOST_REPORTS = 50


@dataclass(frozen=True, slots=True)
class Bounce:
    """`action`: failed, delayed or other. `is_standard`: told by a delivery report, not guessed from words."""

    action: str
    status: str = ""
    said: str = ""
    is_standard: bool = True

    @property
    def is_lasting(self) -> bool:
        """Whether the address itself is at fault, so that nothing sent to it later can arrive."""
        return self.action == "failed" and bool(_LASTING.match(self.status))


def reported(parts: list[Part]) -> Bounce | None:
    """What the delivery report among these parts says; the worst of several recipients."""
    found = [one for part in parts if part.kind.endswith("/delivery-status") for one in _recipients(part)]
    if not found:
        return None
    order = {"failed": 0, "delayed": 1, "other": 2}
    return min(found, key=lambda one: order[one.action])


def _recipients(part: Part) -> list[Bounce]:
    """One per block of fields that names an action; the first block is about the message as a whole."""
    rest = charsets.unpacked(part.body, part.encoding).replace(b"\r\n", b"\n").strip(b"\n")
    found = []
    for block in re.split(rb"\n[ \t]*\n", rest)[:MOST_REPORTS]:
        fields = dict(reversed(head_of(block + b"\n\n")[0]))
        if "action" in fields or "status" in fields:
            found.append(_recipient(fields))
    return found


def _recipient(fields: dict[str, str]) -> Bounce:
    match = _STATUS.search(fields.get("status", ""))
    diagnosis = charsets.header(fields.get("diagnostic-code", ""), 300)
    said = diagnosis.partition(";")[2].strip() or diagnosis
    precise = _STATUS.search(said)
    if match and match[0].endswith(".0.0") and precise and precise[1] == match[1]:
        match = precise  # some servers write 5.0.0 and leave the reason to the words
    status = match[0] if match else ""
    action = fields.get("action", "").strip().lower().split(" ")[0]
    if action == "failed" or (not action and status.startswith("5")):
        return Bounce("delayed" if status.startswith("4") and action != "failed" else "failed", status, said)
    if action == "delayed" or status.startswith("4"):
        return Bounce("delayed", status, said)
    return Bounce("other", status, said)


def guessed(top: Part, text: str) -> Bounce | None:
    """What the words of a mail server mean that writes no report; the caller asks for our token beside it."""
    named = top.get("x-failed-recipients")
    postman = _POSTMAN.search(top.get("from")) is not None or top.get("return-path").strip() == "<>"
    if not named and not postman:
        return None
    status = _STATUS.search(text)
    code = _CODE.search(text)
    worst = status[1] if status else code[1][0] if code else "5" if named else ""
    line = next((line for line in text.split("\n") if _STATUS.search(line) or _CODE.search(line)), "").strip()
    action = {"5": "failed", "4": "delayed"}.get(worst, "other")
    return Bounce(action, status[0] if status else f"{worst}.0.0" if worst in ("4", "5") else "", line[:300], False)


def returned_ids(parts: list[Part], text: str) -> tuple[str, ...]:
    """The ids of messages of ours that came back with the report: in the returned message, or in its headers."""
    found: list[str] = []
    for part in parts:
        if part.kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/global"):
            head, _rest = head_of(charsets.unpacked(part.body, part.encoding) + b"\r\n\r\n")
            found += [said for name, value in head if name == "message-id" for said in _OURS.findall(value)]
    return tuple(dict.fromkeys([*found, *_OURS.findall(text)]))[:5]


def ours_in(text: str) -> list[str]:
    """Ids of the form that our messages carry, in the order written."""
    return _OURS.findall(text)
