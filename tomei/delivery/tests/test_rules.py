from datetime import UTC, datetime, timedelta

import pytest

from tomei.delivery import rules
from tomei.kernel.errors import Refused

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


def test_back_off_is_1_2_5_10_30_60_minutes_then_hourly():
    steps = [rules.next_try(n, tried_from=NOW, now=NOW) for n in range(1, 9)]
    assert [int((step - NOW).total_seconds() // 60) for step in steps] == [1, 2, 5, 10, 30, 60, 60, 60]


def test_after_72_hours_a_message_is_given_up():
    late = NOW + timedelta(hours=71)
    assert rules.next_try(70, tried_from=NOW, now=late) == NOW + timedelta(hours=72)
    assert rules.next_try(71, tried_from=NOW, now=late + timedelta(seconds=1)) is None


def test_a_message_id_depends_on_the_key_alone():
    assert rules.message_id("update:5", "tomei.example.com") == rules.message_id("update:5", "tomei.example.com")
    assert rules.message_id("update:5", "x") != rules.message_id("update:6", "x")
    assert rules.mail_domain("https://Tomei.example.com:8443/x") == "tomei.example.com"
    assert rules.mail_domain("http://127.0.0.1:8000") == "tomei.invalid"
    assert rules.mail_domain("http://[::1]:8000") == "tomei.invalid"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a@example.com", "a@example.com"),
        (" Ops+page@Example.COM ", "Ops+page@example.com"),
        ("info@日本語.jp", "info@xn--wgv71a119e.jp"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_addresses_in_the_form_that_smtp_speaks(given, kept):
    assert rules.mail_address(given) == kept


@pytest.mark.parametrize(
    "bad",
    ["", "a", "@b", "a@", "a b@c.jp", "a@b c", "a@b\r\nBcc: x@y.z", "a\n@b.c", "<a@b.c>", "a@b..c", "a@-b.c",
     "x" * 65 + "@b.c",
     "a,b@c.d", '"a"@b.c', "あ@b.c", "a@b.c\x00", "a@" + "x" * 300],
)  # fmt: skip
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(Refused) as refusal:
        rules.mail_address(bad)
    assert refusal.value.code == "delivery.bad_address"


@pytest.mark.parametrize("bad", ["a\nBcc: x@y.z", "a\r\nb", "a\x00b", "a\u2028b", "a\x0bb", "a\x85b"])
def test_a_line_break_never_begins_a_header(bad):
    with pytest.raises(Refused) as refusal:
        rules.one_line(bad)
    assert refusal.value.code == "delivery.line_break"
    with pytest.raises(Refused):
        rules.headers({"References": bad})


@pytest.mark.parametrize("name", ["Bcc", "to", "From", "Message-ID", "Content-Type", "X Y", "X:Y", "", "X\r\nBcc"])
def test_headers_that_are_ours_or_malformed_are_refused(name):
    with pytest.raises(Refused) as refusal:
        rules.headers({name: "x"})
    assert refusal.value.code == "delivery.bad_header"


def test_the_mail_url():
    plain = rules.mail_url("smtp://mail.example.com/?from=support@example.com&name=Tomei")
    assert plain == rules.MailServer("mail.example.com", 25, "", "", "none", "support@example.com", "Tomei")
    signed = rules.mail_url("smtp://us%40er:p%2Fw@mail.example.com:587/?from=a@b.jp")
    assert (signed.user, signed.password, signed.security, signed.port) == ("us@er", "p/w", "starttls", 587)
    assert rules.mail_url("smtps://u:p@m.jp/?from=a@b.jp").port == 465
    assert rules.mail_url("smtp://u:p@m.jp/?from=a@b.jp&security=none").security == "none"
    assert rules.mail_url("smtp://u%40x.jp:p@m.jp").sender == "u@x.jp"


@pytest.mark.parametrize(
    "bad", ["http://x", "smtp://", "mail.example.com", "smtp://h:99999/", "smtp://h:x/", "smtp://h/?security=ssl",
            "smtp://h/?from=x%0d%0ay@z.jp"],
)  # fmt: skip
def test_a_mail_url_that_cannot_be_read_is_refused(bad):
    with pytest.raises(Refused):
        rules.mail_url(bad)
