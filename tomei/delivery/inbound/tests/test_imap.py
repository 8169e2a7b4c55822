"""A mailbox that is looked into: a real conversation with a server on loopback, and every way it goes wrong."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.clock.engine import Engine
from tomei.clock.models import Job
from tomei.delivery import handlers, hold, hooks, net, rules
from tomei.delivery.inbound import imap, options, polling, queries
from tomei.delivery.inbound.tests.imap_server import Folder, imap_server
from tomei.delivery.inbound.tests.letters import letter
from tomei.delivery.models import Inbound
from tomei.delivery.tests.test_tls import certificate  # noqa: F401 - a fixture
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure", "delivery.release"}))


@pytest.fixture(autouse=True)
def mail_source(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(hooks, "mail_sources", lambda: [hooks.MailSource(7, "Support")])
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(time, "now", lambda: NOW)


def box(number: int, **changed: Any) -> rules.MailboxSettings:
    given = {
        "host": "127.0.0.1", "port": number, "user": "tomei", "password": "secret", "security": "none",
        "folder": "INBOX", "every_s": 60, "source_id": 7,
    }  # fmt: skip
    return rules.mailbox(**{**given, **changed})


def mail(number: int) -> bytes:
    return letter(f"Message-ID: <{number}@acme.test>")


def look(port: int, **changed: Any) -> queries.MailboxFacts:
    options.save_mailbox(box(port, **changed), by=MASTER, now=NOW)
    Engine(handlers.HANDLERS).drain(NOW)
    found = queries.mailbox()
    assert found is not None
    return found


def test_what_is_unseen_is_taken_once_and_then_marked() -> None:
    folder = Folder()
    folder.put(mail(1), mail(2))
    folder.seen.add(101)
    with imap_server(folder) as port:
        state = look(port)
        assert (state.looked_at, state.failed_at, state.last_error, state.taken) == (NOW, None, "", 1)
        assert folder.seen == {101, 102}
        assert look(port).taken == 1
    row = Inbound.objects.get()
    assert (row.via, row.source_id, row.state, row.sender) == ("imap", 7, "read", "kato@acme.test")
    assert Job.objects.get(key="mailbox").due_at == NOW + timedelta(seconds=60)


def test_a_connection_lost_between_keeping_and_marking_takes_nothing_twice() -> None:
    folder = Folder(faults={"UID STORE": "drop"})
    folder.put(mail(1))
    with imap_server(folder) as port:
        state = look(port)
        assert (state.failed_at, bool(state.last_error), folder.seen) == (NOW, True, set())
        assert Inbound.objects.count() == 1
        folder.faults.clear()
        state = look(port)
    assert (state.failed_at, state.last_error, folder.seen, Inbound.objects.count()) == (None, "", {101}, 1)


def test_many_come_in_batches_one_after_the_other() -> None:
    folder = Folder()
    folder.put(*(mail(number) for number in range(polling.BATCH + 5)))
    engine = Engine(handlers.HANDLERS)
    with imap_server(folder) as port:
        look(port)
        assert (Inbound.objects.count(), Job.objects.get(key="mailbox").due_at) == (20, NOW + timedelta(seconds=1))
        engine.drain(NOW + timedelta(seconds=1))
    assert (Inbound.objects.count(), len(folder.seen)) == (25, 25)


def test_a_message_that_is_too_large_is_begun_and_said_to_be_cut() -> None:
    folder = Folder()
    folder.put(letter(body="First words.\r\n" + "x" * (6 * 1024 * 1024)))
    with imap_server(folder) as port:
        look(port)
    row = Inbound.objects.get()
    assert (row.is_cut, row.size, row.text.split("\n")[0]) == (True, polling.CUT, "First words.")


def test_a_message_the_server_will_not_give_keeps_nobody_waiting() -> None:
    folder = Folder(faults={"UID FETCH 101": "TAG NO cannot read that message\r\n"})
    folder.put(mail(1), mail(2))
    with imap_server(folder) as port:
        state = look(port)
    assert (Inbound.objects.count(), folder.seen, state.last_error) == (1, {102}, "cannot read that message")


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"password": "wrong"}, "wrong password"), ({"folder": "Elsewhere"}, "no such folder"),
     ({"security": "starttls"}, "does not offer STARTTLS"), ({"security": "tls"}, "SSL")],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_the_servers_words(changed: dict[str, str], said: str) -> None:
    folder = Folder()
    folder.put(mail(1))
    with imap_server(folder) as port:
        state = look(port, **changed)
    assert (said in state.last_error, state.failed_at, Inbound.objects.count()) == (True, NOW, 0)
    assert not any(command.startswith("LOGIN") for command in folder.asked if "security" in changed)
    assert Job.objects.get(key="mailbox").due_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("UID SEARCH", "* SEARCH x y\r\nTAG BAD what\r\n"),
        ("UID SEARCH", "* SEARCH " + "1 " * 700_000 + "\r\nTAG OK\r\n"),
        ("UID FETCH", "* 1 FETCH (UID 101 RFC822.SIZE {99999999999}\r\n"),
        ("UID FETCH", "garbage\r\nTAG OK\r\n"),
        ("LOGIN", "drop"),
        ("CAPABILITY", "drop"),
        ("SELECT", "TAG NO \x00\x1b]0;evil\x07\r\n"),
    ],
)
def test_a_hostile_server_gets_nothing_but_a_line_on_the_page(command: str, answer: str) -> None:
    folder = Folder(faults={command: answer})
    folder.put(mail(1))
    with imap_server(folder) as port:
        state = look(port)
    assert state.last_error != ""
    assert (len(state.last_error) <= 300, state.last_error.isprintable()) == (True, True)
    assert Inbound.objects.count() == 0


def test_a_drip_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "TIMEOUT_S", 0.2)
    folder = Folder(faults={"UID SEARCH": "* SEARCH "})
    with imap_server(folder) as port:
        assert "timed out" in look(port).last_error


def test_an_address_inside_is_refused_unless_the_operator_allows_it(settings: Any) -> None:
    settings.TOMEI_PRIVATE_NETWORKS = []
    folder = Folder()
    with imap_server(folder) as port:
        state = look(port)
    assert ("delivery.private_address" in state.last_error, folder.asked) == (True, [])


def test_a_copy_of_the_house_empties_no_mailbox() -> None:
    hold.begin("host_changed", now=NOW)
    folder = Folder()
    folder.put(mail(1))
    with imap_server(folder) as port:
        look(port)
        assert (folder.asked, folder.seen) == ([], set())
        hold.drop(None, by=MASTER, now=NOW)
        look(port)
    assert folder.seen == {101}


def _trusting(monkeypatch: pytest.MonkeyPatch, path: Any) -> ssl.SSLContext:
    monkeypatch.setattr(net, "tls", lambda: ssl.create_default_context(cafile=str(path)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(("starttls", "security"), [(False, "tls"), (True, "starttls"), (True, "none")])
def test_the_line_is_encrypted_as_the_settings_say(
    starttls: bool,
    security: str,
    certificate: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Folder(tls=_trusting(monkeypatch, certificate), starttls=starttls)
    folder.put(mail(1))
    with imap_server(folder) as port:
        assert look(port, security=security).last_error == ""
    assert (folder.seen, "STARTTLS" in folder.asked) == ({101}, starttls)


def test_a_certificate_that_nobody_vouches_for_gets_no_password(certificate: Any) -> None:  # noqa: F811
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    folder = Folder(tls=context)
    with imap_server(folder) as port:
        state = look(port, security="tls")
    assert ("CERTIFICATE_VERIFY_FAILED" in state.last_error, folder.asked) == (True, [])


def test_the_password_is_sealed_and_stays_with_its_host() -> None:
    options.save_mailbox(box(143), by=MASTER, now=NOW)
    options.save_mailbox(box(144, password=""), by=MASTER, now=NOW)
    kept = options.mailbox()
    assert kept is not None and (kept.port, kept.password) == (144, "secret")
    options.save_mailbox(box(144, password="", host="evil.test"), by=MASTER, now=NOW)
    kept = options.mailbox()
    assert kept is not None and kept.password == ""
    options.drop_mailbox(by=MASTER, now=NOW)
    assert (options.mailbox(), queries.mailbox()) == (None, None)
    with pytest.raises(Refused):
        options.look_now(by=MASTER, now=NOW)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"host": "a b"}, "delivery.bad_host"), ({"port": 0}, "delivery.bad_port"),
     ({"security": "ssl"}, "delivery.bad_security"), ({"folder": 'IN"BOX'}, "delivery.bad_folder"),
     ({"folder": "a\r\nb"}, "delivery.bad_folder"), ({"every_s": 9}, "delivery.bad_interval"),
     ({"user": "a\r\nb"}, "delivery.line_break"), ({"source_id": 8}, "delivery.no_mail_source")],
)  # fmt: skip
def test_what_cannot_be_a_mailbox_is_refused_and_nothing_is_kept(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        options.save_mailbox(box(143, **changed), by=MASTER, now=NOW)
    assert (refused.value.code, options.mailbox(), Job.objects.count()) == (code, None, 0)


def test_a_look_that_was_lost_is_put_back() -> None:
    options.save_mailbox(box(143), by=MASTER, now=NOW)
    Job.objects.all().delete()
    polling.look([], NOW + timedelta(minutes=1))
    assert Job.objects.count() == 0
    polling.look([], NOW + timedelta(minutes=3))
    assert Job.objects.get().key == "mailbox"
