"""Mails as they come in, in the shapes that servers and programs give them; every word of them is our own."""

from __future__ import annotations

OURS = "<0123456789abcdef0123456789abcdef01234567@tomei.example>"


def letter(*headers: str, body: str = "Orders fail since noon.", sender: str = "Kato <kato@acme.test>") -> bytes:
    """A plain mail from `sender`; more headers may follow or replace nothing."""
    head = [f"From: {sender}", "To: support@tomei.example", "Date: Sun, 22 Nov 2026 10:00:00 +0900", *headers]
    if not any(line.lower().startswith("message-id:") for line in head):
        head.append("Message-ID: <1@acme.test>")
    if not any(line.lower().startswith("subject:") for line in head):
        head.append("Subject: Orders fail")
    return ("\r\n".join(head) + "\r\n\r\n" + body + "\r\n").encode()


def report(
    *fields: str,
    to: str = "tomei@tomei.example",
    returned: str = OURS,
    text: str = "Could not deliver.",
    head: str = "",
) -> bytes:
    """A delivery report as RFC 3464 shapes it: words, fields per recipient, the headers that came back."""
    return "\r\n".join(
        [
            "Return-Path: <>", "From: Mail Delivery System <MAILER-DAEMON@mx.acme.test>", f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied",
            "Message-ID: <20261122.1@mx.acme.test>", *([head] if head else []),
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"', "", "--=_r",
            "Content-Type: text/plain; charset=us-ascii", "", text, "", "--=_r",
            "Content-Type: message/delivery-status", "",
            "Reporting-MTA: dns; mx.acme.test", "Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0900", "", *fields, "",
            "--=_r", "Content-Type: text/rfc822-headers", "", "From: support@tomei.example", f"Message-ID: {returned}",
            "Subject: Update", "", "--=_r--", "",
        ]
    ).encode()  # fmt: skip


POSTFIX = (
    "Final-Recipient: rfc822; it@acme.test", "Original-Recipient: rfc822;it@acme.test", "Action: failed",
    "Status: 5.1.1", "Remote-MTA: dns; mx.acme.test",
    "Diagnostic-Code: smtp; 550 5.1.1 <it@acme.test>: nobody of that name",
)  # fmt: skip
EXIM = ("Action: failed", "Final-Recipient: rfc822;it@acme.test", "Status: 5.0.0",
        "Remote-MTA: dns; mx.acme.test", "Diagnostic-Code: smtp; 550 no mailbox here")  # fmt: skip
EXCHANGE = (
    "Final-Recipient: rfc822;it@acme.test", "Action: failed", "Status: 5.1.10",
    "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such recipient", "X-Display-Name: it",
)  # fmt: skip
GMAIL = (
    "Final-Recipient: rfc822; it@acme.test", "Action: failed", "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550-5.1.1 The account does not exist. 550 5.1.1 see the help - gsmtp",
    "Last-Attempt-Date: Sun, 22 Nov 2026 10:00:01 +0900",
)  # fmt: skip
DELAYED = ("Final-Recipient: rfc822; it@acme.test", "Action: delayed", "Status: 4.4.1",
           "Diagnostic-Code: X-Postfix; connect to mx.acme.test: timed out",
           "Will-Retry-Until: Fri, 27 Nov 2026 10:00:00 +0900")  # fmt: skip
FULL = ("Final-Recipient: rfc822; it@acme.test", "Action: failed", "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 over quota")  # fmt: skip


def exim_words(to: str) -> bytes:
    """Exim before it wrote reports: plain words, the address in a header, the message below."""
    return letter(
        "Return-Path: <>", "X-Failed-Recipients: it@acme.test", "Auto-Submitted: auto-replied",
        "Subject: Mail delivery failed: returning message to sender", f"Delivered-To: {to}",
        sender="Mail Delivery System <Mailer-Daemon@mail.acme.test>",
        body="This address has failed:\r\n\r\n  it@acme.test\r\n    host mx.acme.test: 550 Unknown user\r\n",
    )  # fmt: skip
