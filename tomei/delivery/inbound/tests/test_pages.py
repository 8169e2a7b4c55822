"""The pages and the API of mail that comes in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW
from tomei.delivery import hooks
from tomei.delivery.inbound import actions, options, queries, settling
from tomei.delivery.inbound.tests import letters
from tomei.delivery.inbound.tests.letters import letter, report
from tomei.delivery.models import Inbound, Mailbox, Message
from tomei.kernel.actor import Actor

pytestmark = pytest.mark.django_db
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure"}))
BOX = {
    "host": "imap.example.com", "port": "993", "user": "tomei", "password": "hidden-word", "security": "tls",
    "folder": "INBOX", "every_s": "60", "source_id": "7",
}  # fmt: skip


@pytest.fixture(autouse=True)
def mail_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "mail_sources", lambda: [hooks.MailSource(7, "窓口")])


def read(raw: bytes) -> int:
    pk, _known = actions.store(raw, source_id=None, via="door", now=NOW)
    row = Inbound.objects.get(pk=pk)
    job: Any = type("Job", (), {"payload": {"inbound": pk}})()
    settling.settle(job, settling.do(job), NOW)
    row.refresh_from_db()
    return row.pk


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_mailbox_is_set_and_its_password_never_shown(client_of: Any, admin: Any, language: str) -> None:
    client = client_of(admin)
    assert client.post("/settings/mail-in/", BOX).status_code == 303
    kept = options.mailbox()
    assert kept is not None and (kept.host, kept.every_s, kept.source_id) == ("imap.example.com", 60, 7)
    page = client.get(f"/settings/mail-in/?lang={language}").content.decode()
    assert ("imap.example.com" in page, "hidden-word" in page) == (True, False)
    assert client.get("/settings/mail-in/look/").status_code == 200
    assert client.post("/settings/mail-in/look/").status_code == 303
    assert client.post("/settings/mail-in/drop/").status_code == 303
    assert options.mailbox() is None
    assert client.post("/settings/mail-in/look/").status_code == 409


def test_what_is_refused_keeps_what_was_typed(client_of: Any, admin: Any) -> None:
    response = client_of(admin).post("/settings/mail-in/", {**BOX, "every_s": "5", "host": "typed.example.com"})
    assert (response.status_code, "typed.example.com" in response.content.decode()) == (422, True)
    assert (options.mailbox(), Mailbox.objects.count()) == (None, 0)


def test_what_mail_asks_for_is_chosen_per_source(client_of: Any, admin: Any) -> None:
    given = {"calls-7": "1", "machines-7": "1", "calls-8": "1", "phone": "03-1234-5678"}
    assert client_of(admin).post("/settings/mail-in/sources/", given).status_code == 303
    assert options.of(7) == options.Options(calls=True, machines=True, answers=False)
    assert (options.of(8), options.phone()) == (options.Options(), "03-1234-5678")


def test_a_mailbox_that_fails_is_said_on_the_page_and_by_the_checks(client_of: Any, admin: Any, house: Any) -> None:
    from tomei.web import checks  # pages join features: only this test asks

    assert [one for one in checks.examine(NOW) if one.name == "mailbox"] == []
    client_of(admin).post("/settings/mail-in/", BOX)
    Mailbox.objects.update(failed_at=NOW, last_error="wrong <b>password</b>")
    assert "wrong &lt;b&gt;password&lt;/b&gt;" in client_of(admin).get("/settings/incoming/").content.decode()
    [check] = [one for one in checks.examine(NOW) if one.name == "mailbox"]
    assert (check.level, "wrong <b>password</b>" in check.says) == ("fail", True)


def test_what_came_in_is_listed_as_words_that_do_nothing(client_of: Any, admin: Any, colleague: Any) -> None:
    pk = read(letter("Subject: <script>alert(1)</script>", body="<img src=x onerror=alert(1)>"))
    for url in ("/settings/incoming/", f"/mail-in/{pk}/"):
        page = client_of(admin).get(url).content.decode()
        assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
    assert "<img" not in client_of(colleague).get(f"/mail-in/{pk}/").content.decode()


def test_who_may_read_and_confirm(client_of: Any, admin: Any, colleague: Any, watcher: Any) -> None:
    ours = read(letter())
    bounce = read(report(*letters.POSTFIX))
    assert [client_of(one).get(f"/mail-in/{ours}/").status_code for one in (admin, colleague, watcher)] == [200] * 3
    assert [client_of(one).get(f"/mail-in/{bounce}/").status_code for one in (admin, colleague)] == [200, 403]
    assert client_of(watcher).post(f"/mail-in/{ours}/").status_code == 403
    assert queries.one(ours).confirmed_at is None
    assert client_of(colleague).post(f"/mail-in/{ours}/").status_code == 303
    assert queries.one(ours).confirmed_by == colleague.name
    assert client_of(admin).post(f"/mail-in/{bounce}/").status_code == 404


def test_a_message_shows_what_came_back(client_of: Any, admin: Any) -> None:
    message = Message.objects.create(
        channel="mail", address="it@acme.test", address_hint="it@acme.test", key="k", message_id=letters.OURS,
        purpose="update", subject="Update", created_at=NOW, state="sent", accepted_at=NOW,
    )  # fmt: skip
    read(report(*letters.POSTFIX))
    page = client_of(admin).get(f"/settings/outbox/{message.pk}/").content.decode()
    assert "Undelivered Mail Returned to Sender" in page
    message.refresh_from_db()
    assert message.state == "failed"
