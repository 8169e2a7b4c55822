"""Mail that comes in, from the raw message to what everybody sees of it: tied together as the house runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.cases import timeline
from tomei.clock.engine import Engine
from tomei.customers import actions as customers
from tomei.delivery import actions as delivery
from tomei.delivery import handlers, hold
from tomei.delivery import queries as outbox
from tomei.delivery.inbound import actions, options, queries, returns
from tomei.delivery.inbound.options import Options
from tomei.delivery.inbound.tests import letters
from tomei.delivery.inbound.tests.letters import letter, report
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.signals import actions as signals
from tomei.signals import queries as groups

pytestmark = pytest.mark.django_db
MASTER = Actor("user", 1, "Master", rights=frozenset({"customer.edit", "house.configure", "delivery.release"}))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class World:
    source_id: int
    key: str
    organisation_id: int
    component_id: int
    engine: Engine

    def came(self, raw: bytes, now: datetime = NOW) -> queries.InboundFacts:
        """Taken and read, as by the clock."""
        pk, _known = actions.store(raw, source_id=self.source_id, via="door", now=now)
        self.engine.drain(now)
        return queries.one(pk)

    def tick(self, now: datetime = NOW) -> None:
        self.engine.drain(now)


@pytest.fixture
def world(house: Any, lead: Any) -> World:
    product = customers.add_product(Text("受注", "Orders"), owner_id=lead.pk, by=MASTER, now=NOW)
    part = customers.add_component(product, name=Text("受注", "Orders"), slug="orders", by=MASTER, now=NOW)
    acme = customers.add_organisation("customer", name=Text("東和", "Towa"), by=MASTER, now=NOW).id
    customers.add_contact(acme, name="加藤", mail="kato@acme.test", by=MASTER, now=NOW)
    source, key = signals.add_source("mail", "サポート窓口", part, by=MASTER, now=NOW)
    return World(source.id, key, acme, part, Engine(handlers.HANDLERS))


def mails() -> list[Any]:
    return list(apps.get_model("delivery", "Message").objects.filter(purpose="answer").order_by("pk"))


@pytest.fixture
def incident(world: World, by_lead: Actor) -> Any:
    return cases.declare(title=Text("受注停止", "Orders fail"), severity="SEV2", by=by_lead, now=NOW)


def told(incident: Any, world: World, now: datetime = NOW, **columns: Any) -> outbox.MessageFacts:
    """An update that the customer's server accepted."""
    given = {
        "to": "kato@acme.test", "subject": "Update 1", "text": "We work on it.", "key": "update:1:kato",
        "purpose": "update", "incident_id": incident.id, "organisation_id": world.organisation_id, "now": now,
    }  # fmt: skip
    pk = delivery.queue_mail(**{**given, **columns})
    apps.get_model("delivery", "Message").objects.filter(pk=pk).update(state="sent", accepted_at=now, via="mx")
    return outbox.message(pk)


def mail_id(pk: int) -> str:
    return str(apps.get_model("delivery", "Message").objects.get(pk=pk).message_id)


def entries(incident: Any, code: str) -> list[Any]:
    rows = apps.get_model("cases", "Entry").objects.filter(incident_id=incident.id, code=code).order_by("seq")
    return list(rows)


# -- the door ---------------------------------------------------------------------------------------------------------


def test_the_door_keeps_a_mail_before_it_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "now", lambda: NOW)
    post: Callable[..., Any] = lambda body, key=world.key: Client().post(  # noqa: E731
        f"/in/mail/{key}", body, content_type="message/rfc822"
    )
    first, again = post(letter()), post(b"Received: from elsewhere\r\n" + letter())
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {"received": queries.page()[0][0].id, "repeated": False}
    assert again.json() == {"received": first.json()["received"], "repeated": True}
    world.tick()
    assert [(mail.kind, mail.verdict) for mail in queries.page()[0]] == [("declaration", "signal")]
    assert groups.source(world.source_id).first_received_at == NOW


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", (400, "signal.no_mail")), (b"x" * (5 * 1024 * 1024 + 1), (413, "signal.too_large")),
     (b"x" * (7 * 1024 * 1024), (413, "signal.too_large"))],
)  # fmt: skip
def test_what_the_door_does_not_take(world: World, body: bytes, said: tuple[int, str]) -> None:
    response = Client().post(f"/in/mail/{world.key}", body, content_type="message/rfc822")
    assert (response.status_code, response.json()["code"]) == said
    assert queries.page()[0] == []


def test_a_wrong_key_and_an_archived_source_open_nothing(world: World, by_admin: Actor) -> None:
    assert Client().post("/in/mail/in_wrong", letter(), content_type="message/rfc822").status_code == 404
    assert Client().get(f"/in/mail/{world.key}").status_code == 405
    signals.archive_source(world.source_id, by=by_admin, now=NOW)
    assert Client().post(f"/in/mail/{world.key}", letter(), content_type="message/rfc822").status_code == 404
    assert queries.page()[0] == []


# -- somebody writes to us --------------------------------------------------------------------------------------------


def test_a_mail_becomes_a_signal_that_nobody_believes_yet(world: World) -> None:
    mail = world.came(letter())
    group = groups.group(mail.group_id or 0)
    assert (group.title, group.severity, group.state, group.triage) == ("Orders fail", "warning", "firing", "none")
    assert group.labels == {"from": "kato@acme.test", "verified": "no"}
    assert group.link.endswith(f"/mail-in/{mail.id}/")
    assert [signal.text for signal in groups.signals_of(group.id)] == ["Orders fail since noon."]
    assert promises.owed(promises.Filters(), by=Actor("user", 1, rights=frozenset({"read"}))).items == []


def test_a_source_that_calls_makes_it_a_promise_of_triage(world: World) -> None:
    options.save_sources({world.source_id: Options(calls=True)}, "", by=MASTER, now=NOW)
    group = groups.group(world.came(letter()).group_id or 0)
    assert (group.severity, group.triage, group.triage_due_at) == ("critical", "proposed", NOW + 5 * MINUTE)


def test_no_mail_declares_by_itself(world: World) -> None:
    parts = apps.get_model("customers", "Component").objects
    assert parts.filter(pk=world.component_id).update(declares=True, declares_as="SEV1b") == 1
    options.save_sources({world.source_id: Options(calls=True)}, "", by=MASTER, now=NOW)
    assert groups.group(world.came(letter()).group_id or 0).triage == "proposed"
    assert apps.get_model("cases", "Incident").objects.count() == 0


def test_a_flood_calls_ten_times_an_hour(world: World) -> None:
    options.save_sources({world.source_id: Options(calls=True)}, "", by=MASTER, now=NOW)
    came = [world.came(letter(f"Message-ID: <{n}@acme.test>"), NOW + n * MINUTE) for n in range(12)]
    said = [groups.group(mail.group_id or 0).severity for mail in came]
    assert said == ["critical"] * 10 + ["warning"] * 2
    later = world.came(letter("Message-ID: <later@acme.test>"), NOW + 3 * HOUR)
    assert groups.group(later.group_id or 0).severity == "critical"


def test_a_known_contact_gets_one_answer_an_hour_that_quotes_nothing(world: World) -> None:
    options.save_sources({world.source_id: Options()}, "03-1234-5678", by=MASTER, now=NOW)
    mail = world.came(letter("Subject: SECRET-SUBJECT", body="SECRET-WORDS", sender="EVIL-NAME <Kato@Acme.test>"))
    [answer] = mails()
    assert (answer.address, answer.organisation_id) == ("kato@acme.test", world.organisation_id)
    whole = answer.subject + answer.text + str(answer.headers)
    assert not any(word in whole for word in ("SECRET", "EVIL"))
    assert f"/mail-in/{mail.id}/" in answer.text
    assert ("2026-11-18 14:00" in answer.text, "03-1234-5678" in answer.text) == (True, True)
    world.came(letter("Message-ID: <2@acme.test>"), NOW + 59 * MINUTE)
    assert len(mails()) == 1
    world.came(letter("Message-ID: <3@acme.test>"), NOW + 61 * MINUTE)
    assert len(mails()) == 2


@pytest.mark.parametrize(
    "raw",
    [
        letter(sender="stranger@elsewhere.test"),
        letter(sender="nobody"),
        letter("Auto-Submitted: auto-generated"),
        letter("List-Id: <x.acme.test>"),
        letter("Precedence: bulk"),
        letter("Return-Path: <>"),
        letter("X-Tomei-Loop: 1"),
        report(*letters.POSTFIX, head="Reply-To: kato@acme.test"),
    ],
)
def test_nobody_else_is_ever_answered(world: World, raw: bytes) -> None:
    world.came(raw)
    assert mails() == []


def test_a_source_may_answer_nobody(world: World) -> None:
    options.save_sources({world.source_id: Options(answers=False)}, "", by=MASTER, now=NOW)
    assert (world.came(letter()).verdict, mails()) == ("signal", [])


def test_an_alarm_by_mail_is_a_signal_where_its_source_says_so(world: World) -> None:
    assert world.came(letter("Auto-Submitted: auto-generated")).verdict == "noted"
    options.save_sources({world.source_id: Options(machines=True)}, "", by=MASTER, now=NOW)
    mail = world.came(letter("Auto-Submitted: auto-generated", "Message-ID: <2@acme.test>"))
    assert (mail.kind, mail.verdict, mails()) == ("declaration", "signal", [])
    away = world.came(letter("Auto-Submitted: auto-replied", "Message-ID: <3@acme.test>"))
    assert (away.kind, away.verdict) == ("auto", "noted")


def test_the_answer_is_marked_and_its_return_starts_no_loop(world: World, settings: Any) -> None:
    from tomei.delivery.tests.servers import smtp_server  # only here

    with smtp_server() as (box, port):
        settings.TOMEI_MAIL_URL = f"smtp://127.0.0.1:{port}/?from=support@tomei.test&bounces=bounces@tomei.test"
        world.came(letter())
        world.tick()
    [sent] = box.mails
    assert (sent["Auto-Submitted"], len(sent["X-Tomei-Loop"])) == ("auto-replied", 16)
    back = world.came(box.raw[0].replace(b"To: ", b"X-Was-To: "))
    assert (back.kind, back.verdict, len(mails())) == ("loop", "noted", 1)


def test_whoever_signs_in_confirms_once(world: World, by_colleague: Actor, by_watcher: Actor) -> None:
    mail = world.came(letter())
    with pytest.raises(Refused):
        actions.confirm(mail.id, by=by_watcher, now=NOW)
    assert queries.one(mail.id).confirmed_at is None
    actions.confirm(mail.id, by=by_colleague, now=NOW + MINUTE)
    assert (queries.one(mail.id).confirmed_at, queries.one(mail.id).confirmed_by) == (NOW + MINUTE, by_colleague.name)
    assert groups.group(mail.group_id or 0).labels["verified"] == by_colleague.name
    with pytest.raises(Stale):
        actions.confirm(mail.id, by=by_colleague, now=NOW + HOUR)


# -- replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_stands_on_the_timeline_and_wakes_whoever_speaks(
    world: World, incident: Any, lead: Any, colleague: Any, by_colleague: Actor
) -> None:
    cases.take_role(incident.id, "communications", by=by_colleague, now=NOW)
    message = told(incident, world)
    mail = world.came(letter(f"In-Reply-To: {mail_id(message.id)}", body="Still down.\r\n> We work on it."))
    assert (mail.kind, mail.verdict, mail.incident_id, mail.message_id) == (
        "reply",
        "timeline",
        incident.id,
        message.id,
    )
    [entry] = entries(incident, "mail.replied")
    assert (entry.audience, entry.body) == ("internal", "kato@acme.test / Orders fail\n\nStill down.")
    assert entry.data == {"inbound_id": mail.id, "message_id": message.id, "organisation_ids": [world.organisation_id]}
    assert timeline.verify_key(incident.key)
    pages = apps.get_model("delivery", "Message").objects.filter(key__contains="mail-reply:")
    assert {page.user_id for page in pages} == {colleague.pk}
    world.came(letter(f"References: {mail_id(message.id)}", "Message-ID: <2@acme.test>"), NOW + MINUTE)
    assert (len(entries(incident, "mail.replied")), pages.count()) == (2, 1)
    assert (mails(), groups.page(groups.Filter())[0]) == ([], [])


def test_a_reply_to_no_message_of_ours_is_somebody_who_writes(world: World, incident: Any) -> None:
    mail = world.came(letter(f"In-Reply-To: {letters.OURS}"))
    assert (mail.kind, mail.incident_id, mail.message_id) == ("declaration", None, None)
    assert entries(incident, "mail.replied") == []


def test_an_automatic_answer_to_ours_is_noted_and_wakes_nobody(world: World, incident: Any) -> None:
    message = told(incident, world)
    mail = world.came(letter(f"In-Reply-To: {mail_id(message.id)}", "Auto-Submitted: auto-replied"))
    assert (mail.kind, mail.verdict, mail.message_id) == ("auto", "noted", message.id)
    assert (entries(incident, "mail.replied"), mails()) == ([], [])


def test_a_reply_to_our_short_answer_is_not_lost(world: World) -> None:
    world.came(letter())
    [answer] = mails()
    mail = world.came(letter(f"In-Reply-To: {answer.message_id}", "Message-ID: <2@acme.test>"), NOW + 2 * HOUR)
    assert (mail.kind, mail.verdict) == ("declaration", "signal")


# -- bounces ----------------------------------------------------------------------------------------------------------


def test_a_lasting_bounce_is_shown_everywhere_and_ends_updates_to_the_address(world: World, incident: Any) -> None:
    message = told(incident, world)
    mail = world.came(report(*letters.POSTFIX, returned=mail_id(message.id)))
    assert (mail.kind, mail.verdict, mail.message_id) == ("bounce", "suppressed", message.id)
    now = outbox.message(message.id)
    assert (now.state, now.last_error) == (
        "failed", "bounced: 5.1.1 550 5.1.1 <it@acme.test>: nobody of that name",
    )  # fmt: skip
    assert outbox.is_suppressed("kato@acme.test")
    [entry] = entries(incident, "message.bounced")
    assert entry.body == f"kato@acme.test: {now.last_error}"
    assert incidents.incident(incident.id).id == incident.id
    again = world.came(report(*letters.POSTFIX, returned=mail_id(message.id), text="Once more."))
    assert (again.verdict, len(entries(incident, "message.bounced"))) == ("repeated", 1)


def test_a_full_mailbox_fails_the_message_and_not_the_address(world: World, incident: Any) -> None:
    message = told(incident, world)
    assert world.came(report(*letters.FULL, returned=mail_id(message.id))).verdict == "bounced"
    assert (outbox.message(message.id).state, outbox.is_suppressed("kato@acme.test")) == ("failed", False)


def test_a_delay_is_noted_on_the_message(world: World, incident: Any) -> None:
    message = told(incident, world)
    assert world.came(report(*letters.DELAYED, returned=mail_id(message.id))).verdict == "delayed"
    now = outbox.message(message.id)
    assert (now.state, now.last_error) == ("sent", "delayed: 4.4.1 connect to mx.acme.test: timed out")
    assert not outbox.is_suppressed("kato@acme.test")


def test_a_page_to_one_of_us_that_bounces_suppresses_nobody(world: World, incident: Any, colleague: Any) -> None:
    message = told(incident, world, purpose="page", key="page:1", organisation_id=None, user_id=colleague.pk)
    assert world.came(report(*letters.POSTFIX, returned=mail_id(message.id))).verdict == "bounced"
    assert (len(entries(incident, "message.bounced")), outbox.is_suppressed("kato@acme.test")) == (1, False)


def test_our_own_return_address_names_the_message(world: World, incident: Any) -> None:
    message = told(incident, world)
    to = returns.address("bounces@tomei.test", message.id)
    mail = world.came(letters.exim_words(to.upper()))
    assert (mail.verdict, mail.message_id, mail.detail) == (
        "suppressed", message.id, "5.0.0 host mx.acme.test: 550 Unknown user",
    )  # fmt: skip


def test_a_forged_bounce_changes_nothing(world: World, incident: Any) -> None:
    message = told(incident, world)
    forged = f"bounces+{message.id}-{'0' * 24}@tomei.test"
    taken = [
        world.came(report(*letters.POSTFIX, returned=letters.OURS)),
        world.came(report(*letters.POSTFIX, returned=letters.OURS, to=forged)),
        world.came(letters.exim_words(forged)),
        world.came(letters.exim_words(forged).replace(b"550 Unknown", mail_id(message.id).encode() + b" 550 Unknown")),
    ]
    assert [(mail.kind, mail.verdict, mail.message_id) for mail in taken] == [("bounce", "unproven", None)] * 4
    assert (outbox.message(message.id).state, outbox.is_suppressed("kato@acme.test")) == ("sent", False)
    assert not outbox.is_suppressed("it@acme.test")


def test_the_return_address_is_on_the_envelope(world: World, settings: Any) -> None:
    from tomei.delivery.tests.servers import Mailbox, smtp_server  # only here

    senders: list[str] = []

    class Keeps(Mailbox):
        async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
            senders.append(address)
            envelope.mail_from = address
            return "250 OK"

    with smtp_server(box=Keeps()) as (box, port):
        settings.TOMEI_MAIL_URL = f"smtp://127.0.0.1:{port}/?from=support@tomei.test&bounces=bounces@tomei.test"
        pk = delivery.queue_mail(to="a@b.test", subject="x", text="y", key="k", purpose="update", now=NOW)
        world.tick()
    assert senders == [returns.address("bounces@tomei.test", pk)]
    assert box.mails[0]["From"] == "support@tomei.test"
    assert returns.message_of(returns.token_in(senders)) == pk


# -- what can go wrong ------------------------------------------------------------------------------------------------


def test_a_mail_that_breaks_the_reader_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tomei.delivery.inbound import reading  # only here

    def breaks(_raw: bytes) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(reading, "read", breaks)
    mail = world.came(letter())
    assert (mail.kind, mail.verdict, mail.detail) == ("declaration", "signal", "unreadable")


def test_raw_mail_is_forgotten_after_thirty_days(world: World) -> None:
    mail = world.came(letter())
    row = apps.get_model("delivery", "Inbound").objects
    actions.forget([], NOW + timedelta(days=29))
    assert row.get(pk=mail.id).raw is not None
    actions.forget([], NOW + timedelta(days=31))
    assert (row.get(pk=mail.id).raw, queries.one(mail.id).text) == (None, "Orders fail since noon.")


def test_a_hold_does_not_keep_mail_from_being_read(world: World) -> None:
    hold.begin("restored", now=NOW)
    assert world.came(letter()).verdict == "signal"
    assert [answer.state for answer in mails()] == ["held"]
