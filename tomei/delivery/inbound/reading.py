"""What a raw message is: a bounce, a machine, a reply to us, or somebody who writes. Pure; never raises."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from tomei.delivery.inbound import bounces, charsets, returns
from tomei.delivery.inbound.bounces import Bounce
from tomei.delivery.inbound.parts import Part, head_of, leaves
from tomei.kernel.mail import as_sent

MOST_BYTES = 5 * 1024 * 1024
SUBJECT, TEXT = 300, 4000
LOOP = "x-tomei-loop"
_TO_US = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
# What makes two copies of one message the same: not the trace that each way adds at the top.
_IDENTITY = ("message-id", "from", "date", "subject")
_ADDRESS = re.compile(r"<([^<>\s]{1,254})>[^<>]*$")
_AWAY = re.compile(
    r"(auto(matic)?[ -]?(reply|response|answer)|autoreply|out of (the )?office|abwesenheit|away from (the )?office"
    r"|自動(返信|応答)|不在(通知|のお知らせ|連絡))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """`kind`: bounce, auto (a machine's answer, told by `why`), loop, reply (to an id of our form) or other.

    `sender` is what the message claims. `answers` are ids of our form, the nearest first; `token` stands in one of its
    recipients and is unchecked. `is_machine`: an automatic message that answers nothing of ours, e.g. an alarm.
    """

    kind: str
    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    attachments: int = 0
    answers: tuple[str, ...] = ()
    token: str = ""
    why: str = ""
    is_machine: bool = False
    bounce: Bounce | None = None


def fingerprint(raw: bytes) -> str:
    """The same for two copies of one message, however they came; another for a stranger that borrows its id."""
    head, rest = head_of(raw)
    told = [next((value for name, value in head if name == wanted), "") for wanted in _IDENTITY]
    whole = hashlib.sha256("\x00".join(told).encode("utf-8", "surrogatepass"))
    whole.update(rest.replace(b"\r\n", b"\n").rstrip())
    return whole.hexdigest()


def read(raw: bytes) -> Mail:
    """Everything that can be known without asking anybody."""
    top, parts = leaves(raw)
    text, attachments = _words(parts)
    name, sender = _sender(top)
    answers = tuple(reversed(bounces.ours_in(top.get("references")[-2000:])))
    answers = tuple(dict.fromkeys([*bounces.ours_in(top.get("in-reply-to")), *answers]))[:10]
    token = returns.token_in(value for wanted in _TO_US for value in top.all(wanted))
    base = Mail(
        "other", message_id=charsets.clean(top.get("message-id"))[:400], sender=sender, sender_name=name,
        subject=charsets.header(top.get("subject"), SUBJECT), text=text, attachments=attachments, token=token,
        answers=answers,
    )  # fmt: skip
    bounce = bounces.reported(parts) or (bounces.guessed(top, text) if token and not answers else None)
    if bounce is not None:
        return replace(base, kind="bounce", bounce=bounce, answers=(*bounces.returned_ids(parts, text), *answers))
    if top.get(LOOP):
        return replace(base, kind="loop", why="X-Tomei-Loop")
    why, is_answer = _automatic(top, base.subject)
    if why:
        return replace(base, kind="auto", why=why, is_machine=not (is_answer or answers or token))
    return replace(base, kind="reply") if answers else base


def _sender(top: Part) -> tuple[str, str]:
    """Name and address as claimed; an address that nothing could be sent to counts as none."""
    said = top.get("from")[:1000]
    match = _ADDRESS.search(said)
    name = said[: match.start()].strip().strip('"') if match else ""
    return charsets.header(name, 120), as_sent(match[1] if match else said.partition("(")[0]).lower()


def _words(parts: list[Part]) -> tuple[str, int]:
    """The first lines and how many files hang on it: plain text if there is any that says something, else the page."""
    plain = [part for part in parts if part.kind == "text/plain" and not part.is_attached]
    pages = [part for part in parts if part.kind == "text/html" and not part.is_attached]
    said = next((words for part in plain[:5] if (words := charsets.lines(_decoded(part), TEXT))), "")
    if not said:
        found = (charsets.lines(charsets.from_html(_decoded(part)), TEXT) for part in pages[:2])
        said = next((words for words in found if words), "")
    return said, sum(part.is_attached or not part.kind.startswith("text/") for part in parts)


def _decoded(part: Part) -> str:
    return charsets.text(charsets.unpacked(part.body, part.encoding), part.charset)


def _automatic(top: Part, subject: str) -> tuple[str, bool]:
    """Why nobody waits for an answer to this (empty: somebody may), and whether it answers another mail by itself."""
    submitted = top.get("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith(("auto-replied", "auto-notified")):
        return "Auto-Submitted", True
    for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply"):
        if top.get(name):
            return name, True
    if _AWAY.search(subject):
        return "Subject", True
    precedence = top.get("precedence").strip().lower()
    if precedence in ("auto_reply", "auto-reply"):
        return "Precedence", True
    if top.kind in ("multipart/report", "message/disposition-notification"):
        return "report", True
    if submitted and submitted != "no":
        return "Auto-Submitted", False
    if precedence in ("bulk", "junk", "list"):
        return "Precedence", False
    if any(name.startswith("list-") for name, _value in top.head):
        return "List", False
    if top.get("x-auto-response-suppress") and top.get("x-auto-response-suppress").strip().lower() != "none":
        return "X-Auto-Response-Suppress", False
    if top.get("return-path").strip() == "<>":
        return "Return-Path", False
    return "", False
