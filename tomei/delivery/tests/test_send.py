from datetime import timedelta

import pytest
from django.db import transaction

from tomei.clock.handlers import JobFacts
from tomei.clock.models import Job
from tomei.delivery import actions, queries, send, server, smtp
from tomei.delivery.models import Message, Suppression
from tomei.delivery.tests.servers import Kept, free_port, http_server, only, smtp_server
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_server(settings):
    def use(port, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        settings.TOMEI_MAIL_URL = f"smtp://127.0.0.1:{port}/?from=support@example.com&name=Tomei{more}"

    return use


def row(number):
    return Message.objects.get(pk=number)


def test_the_same_key_is_the_same_message(mail, now):
    first = mail()
    assert mail(subject="anders") == first
    assert Message.objects.count() == 1
    assert row(first).subject == "件名"
    job = Job.objects.get()
    assert (job.kind, job.key, job.rank, job.due_at) == ("delivery.send", f"message:{first}", 0, now)


def test_a_message_lives_and_dies_with_its_transaction(mail):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail()
        raise ZeroDivisionError
    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "bad",
    [{"to": "a@b.c\r\nBcc: x@y.z"}, {"subject": "x\nBcc: x@y.z"}, {"headers": {"References": "<a>\r\nBcc: b@c.d"}},
     {"headers": {"Bcc": "b@c.d"}}, {"purpose": "spam"}, {"text": "x" * 400_001}],
)  # fmt: skip
def test_what_must_not_leave_is_never_queued(mail, bad):
    with pytest.raises(Refused):
        mail(**bad)
    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


def test_a_mail_arrives_as_it_was_meant(mail, tick, told, to_server, now):
    subject = "【重要】決済サービスの障害について、次の報告は本日 14:13 JST です（INC-12・第3報）" * 3
    thread = [queries.mail_id("update:1"), queries.mail_id("update:2")]
    with smtp_server() as (box, port):
        to_server(port)
        number = mail(
            subject=subject, text="本文です。\n. 点で始まる行\n" + "長" * 2000, html="<p>本文です。</p>",
            headers={"In-Reply-To": thread[1], "References": " ".join(thread)}, incident_id=12, about="update:3",
        )  # fmt: skip
        tick(now)
    got = box.mails[0]
    assert (got["Subject"], got["To"], got["Auto-Submitted"]) == (subject, "a@example.com", "auto-generated")
    assert str(got["From"]) == "Tomei <support@example.com>"
    assert got["Message-ID"] == row(number).message_id == queries.mail_id("k:1")
    assert (got["In-Reply-To"], got["References"].split()) == (thread[1], thread)
    assert (
        got.get_body(("plain",)).get_content().replace("\r\n", "\n")
        == "本文です。\n. 点で始まる行\n" + "長" * 2000 + "\n"
    )
    assert got.get_body(("html",)).get_content().rstrip() == "<p>本文です。</p>"
    assert max(len(line) for line in box.raw[0].split(b"\r\n")) <= 998
    kept = row(number)
    assert (kept.state, kept.accepted_at, kept.via, kept.attempts) == ("sent", now, "127.0.0.1", 1)
    assert told == [
        ("message.accepted", {"message_id": number, "purpose": "page", "about": "update:3", "organisation_id": None,
                              "incident_id": 12, "promise_id": None, "user_id": None, "endpoint_id": None})
    ]  # fmt: skip
    assert Job.objects.count() == 0


def test_long_domains_keep_the_ids_of_messages_whole(mail, tick, to_server, settings, now):
    settings.TOMEI_URL = "https://" + "a" * 60 + "." + "b" * 60 + ".example.com"
    ids = [queries.mail_id(f"update:{n}") for n in range(5)]
    with smtp_server() as (box, port):
        to_server(port)
        mail(headers={"References": " ".join(ids)})
        tick(now)
    assert box.mails[0]["References"].split() == ids
    assert box.mails[0]["Message-ID"] == queries.mail_id("k:1")


def test_one_connection_carries_a_batch(mail, tick, to_server, now):
    with smtp_server() as (box, port):
        to_server(port)
        for n in range(5):
            mail(key=f"k:{n}")
        tick(now)
        smtp.close()
    assert (len(box.mails), len(box.sessions)) == (5, 1)


def test_a_server_that_was_down_gets_everything_when_it_is_back(mail, tick, told, to_server, now):
    port = free_port()
    to_server(port)
    numbers = [mail(key=f"k:{n}") for n in range(3)]
    tick(now)
    assert {row(n).state for n in numbers} == {"waiting"}
    assert {row(n).next_try_at for n in numbers} == {now + timedelta(minutes=1)}
    assert "refused" in row(numbers[0]).last_error.lower()
    tick(now + timedelta(minutes=1))
    assert {row(n).next_try_at for n in numbers} == {now + timedelta(minutes=3)}
    with smtp_server(port) as (box, _):
        tick(now + timedelta(minutes=3))
    assert {row(n).state for n in numbers} == {"sent"}
    assert {row(n).attempts for n in numbers} == {3}
    assert len(box.mails) == 3
    assert [name for name, _ in told] == ["message.accepted"] * 3


def test_killed_between_acceptance_and_settlement_it_goes_again_with_the_same_id(mail, tick, to_server, now):
    with smtp_server() as (box, port):
        to_server(port)
        number = mail()
        job = Job.objects.get()
        facts = JobFacts(job.pk, job.kind, job.key, job.rank, job.due_at, job.payload, 0, 1)
        assert send.do(facts).said == "accepted"  # and here the process dies: nothing was written
        smtp.close()
        assert row(number).state == "waiting"
        tick(now)
    assert len(box.mails) == 2
    assert box.raw[0] == box.raw[1]
    assert row(number).state == "sent"


def test_settled_twice_it_is_told_once(mail, told, now):
    number = mail()
    job = Job.objects.get()
    facts = JobFacts(job.pk, job.kind, job.key, job.rank, job.due_at, job.payload, 0, 1)
    send.settle(facts, send.Outcome("accepted", "x"), now)
    send.settle(facts, send.Outcome("accepted", "x"), now + timedelta(minutes=1))
    send.settle(facts, send.Outcome("permanent", "x"), now + timedelta(minutes=1))
    assert (row(number).state, row(number).accepted_at, len(told)) == ("sent", now, 1)


@pytest.mark.parametrize(
    ("says", "state"),
    [("550 5.1.1 no such user", "failed"), ("451 4.7.1 greylisted", "waiting"), ("450 busy", "waiting")],
)
def test_permanent_and_temporary(mail, tick, told, to_server, now, says, state):
    with smtp_server() as (box, port):
        to_server(port)
        box.says["a@example.com"] = says
        number = mail(purpose="update")
        tick(now)
        assert row(number).state == state
        assert says[:3] in row(number).last_error
        assert [name for name, _ in told] == (["message.failed"] if state == "failed" else [])
        assert queries.is_suppressed("A@example.com") is (state == "failed")


def test_a_page_is_never_suppressed(mail, tick, to_server, now):
    Suppression.objects.create(address="a@example.com", reason="bounced", at=now)
    with smtp_server() as (box, port):
        to_server(port)
        page, update = mail(), mail(key="k:2", purpose="update")
        tick(now)
    assert (row(page).state, row(update).state) == ("sent", "failed")
    assert row(update).last_error == "suppressed: bounced"
    assert len(box.mails) == 1


def test_given_up_after_72_hours_and_tried_again_by_a_person(mail, tick, told, to_server, now, by_admin, by_lead):
    to_server(free_port())
    number = mail()
    at = now
    while row(number).state == "waiting":
        tick(at)
        at = row(number).next_try_at or at
    assert now + timedelta(hours=71) < at <= now + timedelta(hours=72)
    assert (row(number).state, row(number).ended_at, told[0][0]) == ("failed", at, "message.failed")
    assert Job.objects.count() == 0
    with pytest.raises(Refused):
        actions.retry(number, by=by_lead, now=at)
    actions.retry(number, by=by_admin, now=at)
    assert (row(number).state, row(number).attempts, Job.objects.get().due_at) == ("waiting", 0, at)
    with pytest.raises(Refused) as refusal:
        actions.retry(number, by=by_admin, now=at)
    assert refusal.value.code == "delivery.not_failed"


def test_without_a_mail_server_messages_wait_and_are_sent_when_one_is_set(mail, tick, now, by_admin, settings):
    number = mail()
    tick(now)
    assert (row(number).state, row(number).attempts) == ("waiting", 0)
    assert queries.mail_is_set() is False
    later = now + timedelta(days=9)  # waiting for a server uses up no patience
    tick(later)
    with smtp_server() as (box, port):
        where = server.rules.mail_server(
            host="127.0.0.1", port=port, user="", password="", security="none", sender="a@b.jp"
        )
        server.save(where, by=by_admin, now=later)
        tick(later)
    assert (row(number).state, len(box.mails)) == ("sent", 1)


def test_a_password_is_checked_and_kept_sealed(mail, tick, now, by_admin):
    options = {"authenticator": only("u", "geheim"), "auth_require_tls": False}
    with smtp_server(**options) as (_, port):
        base = {"host": "127.0.0.1", "port": port, "user": "u", "security": "none", "sender": "a@b.jp"}
        server.save(server.rules.mail_server(password="falsch", **base), by=by_admin, now=now)
        number = mail()
        tick(now)
        assert (row(number).state, row(number).last_error[:3]) == ("waiting", "535")
        server.save(server.rules.mail_server(password="geheim", **base), by=by_admin, now=now)
        server.save(server.rules.mail_server(password="", **base), by=by_admin, now=now)
        tick(now)
    assert row(number).state == "sent"
    assert server.current().password == "geheim"


def test_a_stored_password_never_goes_to_another_host(now, by_admin):
    base = {"port": 25, "user": "u", "security": "none", "sender": "a@b.jp"}
    server.save(server.rules.mail_server(host="one.example", password="geheim", **base), by=by_admin, now=now)
    server.save(server.rules.mail_server(host="two.example", password="", **base), by=by_admin, now=now)
    assert server.current().password == ""


def test_starttls_that_is_demanded_is_never_done_without(mail, tick, to_server, now):
    with smtp_server() as (box, port):
        to_server(port, security="starttls")
        number = mail()
        tick(now)
    assert (row(number).state, box.mails) == ("waiting", [])
    assert "STARTTLS" in row(number).last_error


def test_the_demo_takes_mail_into_its_own_mailbox(mail, tick, told, settings, now):
    settings.DEMO = True
    number = mail()
    tick(now)
    assert (row(number).state, row(number).via, told[0][0]) == ("sent", "demo mailbox", "message.accepted")


@pytest.fixture
def hook(settings, now):
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]

    def queue(url, key="w:1", template="generic"):
        sealed, hint = actions.seal_address(template, url)
        return actions.queue_webhook(
            template=template, url_sealed=sealed, hint=hint, key=key, purpose="page", rank=1,
            data={"title": "題", "text": "文", "facts": [["a", "b"]]}, now=now,
        )  # fmt: skip

    return queue


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "sent"), (202, "sent"), (204, "sent"), (302, "failed"), (400, "failed"), (404, "failed"), (408, "waiting"),
     (429, "waiting"), (500, "waiting"), (503, "waiting")],
)  # fmt: skip
def test_what_a_webhook_answers_decides(hook, tick, now, status, state):
    kept = Kept()
    kept.answers = [(status, {"Retry-After": "120"} if status == 429 else {}, b"")]
    with http_server(kept) as (_, port):
        number = hook(f"http://127.0.0.1:{port}/x")
        tick(now)
    assert row(number).state == state
    if status == 429:
        assert row(number).next_try_at == now + timedelta(seconds=120)


def test_the_address_of_a_webhook_is_nowhere_in_the_clear(hook):
    number = hook("http://127.0.0.1:9/hooks/very-secret-part")
    kept = row(number)
    assert "very-secret-part" not in kept.address and kept.address_hint == "127.0.0.1"


def test_a_webhook_into_the_house_is_refused_when_sent(hook, tick, settings, now):
    number = hook("http://127.0.0.1:9/x")
    settings.TOMEI_PRIVATE_NETWORKS = []
    tick(now)
    assert (row(number).state, row(number).last_error[:24]) == ("failed", "delivery.private_address")
