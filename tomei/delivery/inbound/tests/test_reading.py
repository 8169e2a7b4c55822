"""What a raw message is, and that nothing in it breaks the reader."""

from __future__ import annotations

import base64
import time

import pytest

from tomei.delivery.inbound import charsets, parts, reading
from tomei.delivery.inbound.bounces import Bounce
from tomei.delivery.inbound.reading import Mail, read
from tomei.delivery.inbound.tests import letters
from tomei.delivery.inbound.tests.letters import OURS, letter, report


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (letters.POSTFIX, Bounce("failed", "5.1.1", "550 5.1.1 <it@acme.test>: nobody of that name")),
        (letters.EXIM, Bounce("failed", "5.0.0", "550 no mailbox here")),
        (letters.EXCHANGE, Bounce("failed", "5.1.10",
                                  "550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such recipient")),
        (letters.GMAIL, Bounce("failed", "5.1.1",
                               "550-5.1.1 The account does not exist. 550 5.1.1 see the help - gsmtp")),
        (letters.DELAYED, Bounce("delayed", "4.4.1", "connect to mx.acme.test: timed out")),
        (letters.FULL, Bounce("failed", "5.2.2", "552 5.2.2 over quota")),
        (("Final-Recipient: rfc822; it@acme.test", "Action: relayed", "Status: 2.0.0"), Bounce("other", "2.0.0")),
    ],
)  # fmt: skip
def test_a_report_says_what_became_of_which_message(fields: tuple[str, ...], found: Bounce) -> None:
    mail = read(report(*fields))
    assert (mail.kind, mail.bounce, mail.answers) == ("bounce", found, (OURS,))


@pytest.mark.parametrize(
    ("status", "lasting"),
    [("5.1.1", True), ("5.1.10", True), ("5.0.0", True), ("5.2.1", True), ("5.4.4", True), ("5.2.2", False),
     ("5.7.1", False), ("5.1.8", False), ("5.6.1", False), ("5.3.4", False)],
)  # fmt: skip
def test_only_an_address_at_fault_is_given_up_for_good(status: str, lasting: bool) -> None:
    assert Bounce("failed", status).is_lasting is lasting
    assert Bounce("delayed", status).is_lasting is False


def test_of_several_recipients_the_worst_counts() -> None:
    good = ("Final-Recipient: rfc822; a@acme.test", "Action: relayed", "Status: 2.1.5", "")
    mail = read(report(*good, *letters.POSTFIX))
    assert mail.bounce is not None and (mail.bounce.action, mail.bounce.status) == ("failed", "5.1.1")


def test_plain_words_are_a_bounce_only_with_a_token() -> None:
    to = "bounces+7-0123456789abcdef01234567@tomei.example"
    mail = read(letters.exim_words(to))
    assert (mail.kind, mail.token) == ("bounce", "7-0123456789abcdef01234567")
    assert mail.bounce == Bounce("failed", "5.0.0", "host mx.acme.test: 550 Unknown user", False)
    assert read(letters.exim_words("support@tomei.example")).kind == "auto"


def test_the_returned_message_is_known_whole_or_by_its_headers_or_packed() -> None:
    whole = report(*letters.POSTFIX).replace(b"text/rfc822-headers", b"message/rfc822")
    assert read(whole).answers == (OURS,)
    packed = base64.b64encode(f"From: a@b.test\r\nMessage-ID: {OURS}\r\n\r\nhello".encode())
    head, _mark, _rest = report(*letters.POSTFIX).partition(b"Content-Type: text/rfc822-headers")
    raw = head + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + packed + b"\r\n--=_r--"
    assert read(raw).answers == (OURS,)


@pytest.mark.parametrize(
    ("header", "why", "is_machine"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted", False),
        ("Auto-Submitted: auto-replied; owner-email=a@b.test", "Auto-Submitted", False),
        ("Auto-Submitted: auto-generated", "Auto-Submitted", True),
        ("X-Autoreply: yes", "x-autoreply", False),
        ("Subject: Automatic reply: Update", "Subject", False),
        ("Subject: =?utf-8?b?6Ieq5YuV6L+U5L+h?=", "Subject", False),
        ("Precedence: auto_reply", "Precedence", False),
        ("Precedence: bulk", "Precedence", True),
        ("List-Id: <news.acme.test>", "List", True),
        ("List-Unsubscribe: <https://acme.test/u>", "List", True),
        ("X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress", True),
        ("Return-Path: <>", "Return-Path", True),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "report", False),
    ],
)
def test_what_a_machine_wrote_is_told_by(header: str, why: str, is_machine: bool) -> None:
    mail = read(letter(header))
    assert (mail.kind, mail.why, mail.is_machine) == ("auto", why, is_machine)


def test_an_automatic_answer_to_ours_is_no_alarm() -> None:
    mail = read(letter("Auto-Submitted: auto-generated", f"In-Reply-To: {OURS}"))
    assert (mail.kind, mail.is_machine, mail.answers) == ("auto", False, (OURS,))


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: None", "Precedence: normal"])
def test_a_person_wrote_what_says_so(header: str) -> None:
    assert read(letter(header)).kind == "other"


def test_our_own_mail_that_comes_back_is_a_loop() -> None:
    assert (read(letter("X-Tomei-Loop: 1")).kind, read(report(*letters.POSTFIX, head="X-Tomei-Loop: 1")).kind) == (
        "loop", "bounce",
    )  # fmt: skip


def test_a_reply_names_the_nearest_of_ours_first() -> None:
    other = OURS.replace("0123", "ffff", 1)
    mail = read(letter(f"References: {other} <x@acme.test> {OURS}", f"In-Reply-To: {OURS}"))
    assert (mail.kind, mail.answers) == ("reply", (OURS, other))
    assert read(letter("In-Reply-To: <x@acme.test>")).kind == "other"


def test_what_a_mail_claims() -> None:
    body = "One.\r\n> quoted\r\n\r\n\r\n\r\nTwo.\x00\x1b[31m"
    assert read(letter("Subject: =?utf-8?q?Caf=C3=A9?= =?utf-8?q?_down?=", body=body)) == Mail(
        "other", "<1@acme.test>", "kato@acme.test", "Kato", "Café down", "One.\n\nTwo.[31m"
    )
    assert read(letter(sender="kato@acme.test (Kato)")).sender == "kato@acme.test"
    assert read(letter(sender='"a@evil.test" <KATO@Acme.Test>')).sender == "kato@acme.test"
    assert read(letter(sender="nobody")).sender == ""


JA = "受注が止まっています。①"


@pytest.mark.parametrize(
    ("charset", "codec", "said"),
    [
        ("iso-2022-jp", "iso2022_jp", JA[:-1]),
        ("Shift_JIS", "cp932", JA),
        ("cp932", "cp932", JA),
        ("euc-jp", "euc_jp", JA[:-1]),
        ("utf-8", "utf-8", JA),
        ("UTF-16", "utf-16", JA),
        ("no-such-charset", "utf-8", JA),
    ],
)
def test_the_charsets_of_mail(charset: str, codec: str, said: str) -> None:
    encoded = base64.b64encode(said.encode(codec)).decode()
    subject = f"Subject: =?{charset}?b?{encoded}?="
    raw = letter(
        subject, f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: base64", body=encoded
    )
    assert (read(raw).subject, read(raw).text) == (said, said)


@pytest.mark.parametrize("charset", ["utf-7", "UTF-7", "rot13", "zip", "base64", "unicode_escape", "idna", "punycode"])
def test_what_is_no_charset_of_mail_is_not_unpacked(charset: str) -> None:
    words = r"+ADw-script+AD4- x\u0041"
    raw = letter(f"Subject: =?{charset}?q?{words.replace(' ', '_')}?=", f"Content-Type: text/plain; charset={charset}",
                 body=words)  # fmt: skip
    assert (read(raw).subject, read(raw).text) == (words, words)


def test_raw_eight_bit_headers_are_read_as_what_they_are() -> None:
    for codec in ("utf-8", "cp932"):
        raw = b"From: a@b.test\r\nSubject: " + "停止".encode(codec) + b"\r\n\r\nx"
        assert read(raw).subject == "停止"


def test_a_page_is_read_as_words_and_runs_nothing() -> None:
    page = "<style>b{}</style><p>Down &amp; out<br>since <b>noon</b></p><script>steal()</script><div>&lt;b&gt;</div>"
    assert read(letter("Content-Type: text/html", body=page)).text == "Down & out\nsince noon\n<b>"


def test_words_are_preferred_and_files_are_counted_not_opened() -> None:
    boundary = "Content-Type: multipart/mixed; boundary=b"
    body = "\r\n".join(
        ["--b", "Content-Type: multipart/alternative; boundary=c", "", "--c", "Content-Type: text/html", "", "<p>page",
         "--c", "Content-Type: text/plain", "", "words", "--c--", "--b", "Content-Type: application/zip",
         "Content-Disposition: attachment; filename=bomb.zip", "Content-Transfer-Encoding: base64", "", "UEsDBA==",
         "--b", "Content-Type: text/plain", "Content-Disposition: attachment; filename=log.txt", "", "log", "--b--"]
    )  # fmt: skip
    mail = read(letter(boundary, body=body))
    assert (mail.text, mail.attachments) == ("words", 2)


MEGABYTES = 5 * 1024 * 1024
HOSTILE = {
    "nothing": b"",
    "zeros": b"\0" * MEGABYTES,
    "lines": b"\n" * MEGABYTES,
    "carriage returns": b"\r" * MEGABYTES,
    "one header": b"Subject: " + b"x" * MEGABYTES,
    "ten thousand headers": b"".join(b"X-%d: %s\r\n" % (n, b"y" * 400) for n in range(10_000)) + b"\r\nhi",
    "folds": b"Subject: a\r\n" + b" b\r\n" * 1_000_000,
    "nesting": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000)
    ),
    "one boundary": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 100_000,
    "empty parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 800_000,
    "quotes": b"Content-Type: multipart/mixed; " + b'";' * 2_000_000 + b"\r\n\r\nx",
    "comments": b"From: " + b"(" * 100_000 + b"\r\n\r\n",
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<table><b><p>" * 400_000,
    "open tags": b"Content-Type: text/html\r\n\r\n" + b"<br " * 1_000_000,
    "references": b"References: " + b"<" + b"a" * 40 + b"@x.test> " * 100_000 + b"\r\n\r\n",
    "words": b"Subject: " + b"=?utf-7?q?+ADw-?=" * 3_000 + b"\r\n\r\n",
    "packed": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * MEGABYTES,
    "reports": b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    + b"Action: failed\n\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_breaks_the_reader_or_holds_it_for_long(name: str) -> None:
    began = time.process_time()
    mail = read(HOSTILE[name])
    assert len(mail.text) <= reading.TEXT
    assert len(mail.subject) <= reading.SUBJECT
    assert time.process_time() - began < 3


def test_every_cut_of_a_mail_can_be_read() -> None:
    raw = report(*letters.POSTFIX)
    kinds = {read(raw[:end]).kind for end in range(0, len(raw), 7)}
    assert kinds == {"other", "auto", "bounce"}


def test_parts_are_bounded() -> None:
    _top, found = parts.leaves(HOSTILE["empty parts"])
    assert len(found) == parts.MOST_PARTS
    assert len(parts.head_of(HOSTILE["ten thousand headers"])[0]) == parts.MOST_HEADERS


def test_two_copies_of_one_message_are_the_same_however_they_came() -> None:
    raw = letter()
    assert reading.fingerprint(b"Received: by x\r\nDelivered-To: a@b.test\r\n" + raw) == reading.fingerprint(raw)
    assert reading.fingerprint(raw.replace(b"\r\n", b"\n")) == reading.fingerprint(raw)
    for other in (letter(body="Something else."), letter("Subject: x"), letter("Message-ID: <2@acme.test>")):
        assert reading.fingerprint(other) != reading.fingerprint(raw)


def test_broken_packing_is_shown_as_it_came() -> None:
    assert charsets.unpacked(b"aGVsbG8", "base64") == b"hello"
    assert charsets.unpacked(b"=E5=8F=97=", "quoted-printable") == "受".encode()
    assert charsets.unpacked(b"as is", "x-unknown") == b"as is"
