"""First notices by the clock: sent once, marked, held back, or a person is asked instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.comms import actions, queries, words
from tomei.comms.beforehand import actions as firsts
from tomei.comms.beforehand import queries as waiting
from tomei.comms.beforehand.rules import FirstText
from tomei.comms.models import FirstNotice, Update
from tomei.comms.models import FirstText as Row
from tomei.comms.tests.beforehand import DUE, TEXT, approved, switch_on, tick
from tomei.comms.tests.factories import MINUTE, World, rows, update, world
from tomei.comms.views import customer_view
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


@pytest.fixture
def by_second(db: None) -> Actor:
    """Another commander."""
    return doors.actor(person("伊藤 遥", "second@tomei.test", "commander"))


@pytest.fixture
def text(house: Any, by_lead: Actor, by_second: Actor) -> FirstText:
    """Written by one commander, approved by another."""
    return approved(by=by_lead, of=by_second)


@pytest.fixture
def here(text: FirstText, by_lead: Actor, lead: Any) -> World:
    switch_on()
    return world(by_lead, owner=lead)


def state(here: World) -> str:
    found = waiting.of_incident(here.incident.id)
    return found.state if found else ""


@pytest.mark.django_db
def test_nothing_waits_unless_the_policy_says_so(text: FirstText, by_lead: Actor, lead: Any) -> None:
    here = world(by_lead, owner=lead)
    tick(NOW + 30 * MINUTE)
    assert (FirstNotice.objects.count(), queries.of_incident(here.incident.id)) == (0, [])


@pytest.mark.django_db
def test_it_goes_by_itself_once_marked_and_keeps_the_promise(here: World, text: FirstText, by_lead: Actor) -> None:
    tick(DUE - timedelta(seconds=1))
    assert (state(here), Update.objects.count()) == ("waiting", 0)
    tick(DUE)
    tick(DUE + MINUTE)
    [told] = queries.of_incident(here.incident.id)
    assert (told.automatic, told.author_id, told.author_name) == (True, None, "Tomei")
    assert (told.approved_by_id, told.template, told.unapproved) == (by_lead.user_id, "first v1", False)
    assert (told.audiences, told.next_at) == (("affected",), DUE + 15 * MINUTE)
    assert told.parts["doing"].en == "We write again by 14:19 JST (05:19 UTC)."
    assert state(here) == "sent"
    promise = rows("promises", "Promise").get(incident=here.incident.id, kind="first_notice")
    assert (promise.state, promise.automatic, promise.act) == ("kept", True, f"update:{told.id}")
    nexts = rows("promises", "Promise").filter(incident=here.incident.id, kind="next_update", state="open")
    assert [one.due_at for one in nexts] == [DUE + 15 * MINUTE]
    entry = rows("cases", "Entry").get(incident=here.incident.id, code="update.published")
    assert (entry.data["automatic"], entry.data["approved_by_id"]) == (True, by_lead.user_id)
    assert rows("delivery", "Message").filter(key__contains=f"update:{told.id}").exists()


@pytest.mark.django_db
def test_readers_see_that_it_was_automatic_and_not_who_approved_it(here: World, by_lead: Actor) -> None:
    tick(DUE)
    [told] = queries.of_incident(here.incident.id)
    view = customer_view(told, customers.organisations([here.towa.pk])[here.towa.pk])
    assert "自動でお送りしています" in words.plain(view, "ja")
    assert "went out automatically" in words.plain(view, "en")
    assert by_lead.name not in words.plain(view, "ja") + words.plain(view, "en")
    mail = rows("delivery", "Message").filter(subject__contains="INC-").first()
    assert mail is None or by_lead.name not in str(mail.text)


@pytest.mark.django_db
def test_the_commander_hears_at_once(here: World, by_lead: Actor) -> None:
    tick(DUE)
    subjects = [str(one.subject) for one in rows("delivery", "Message").all()]
    assert any("自動で送りました" in one or "went out by itself" in one for one in subjects)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["update", "telephone"])
def test_a_person_who_spoke_first_ends_it(here: World, by_lead: Actor, how: str) -> None:
    if how == "update":
        actions.publish(here.incident.id, update(), by=by_lead, now=NOW + MINUTE, confirmed=True)
    else:
        both = [here.towa.pk, here.aoba.pk]
        cases.spoke(here.incident.id, organisation_ids=both, channel="phone", by=by_lead, now=NOW + MINUTE)
    assert state(here) == "spoken"
    tick(DUE)
    assert [one.automatic for one in queries.of_incident(here.incident.id)] == ([False] if how == "update" else [])
    assert not rows("promises", "Promise").filter(automatic=True).exists()


@pytest.mark.django_db
def test_a_word_inside_the_house_does_not_end_it(here: World, by_lead: Actor) -> None:
    inside = update(audiences=("internal",))
    actions.publish(here.incident.id, inside, by=by_lead, now=NOW + MINUTE, confirmed=True)
    tick(DUE)
    assert [one.automatic for one in queries.of_incident(here.incident.id)] == [True, False]


@pytest.mark.django_db
def test_a_person_holds_it_back_with_a_reason(here: World, by_colleague: Actor, by_lead: Actor) -> None:
    with pytest.raises(Refused, match=r"first\.no_reason"):
        firsts.hold_back(here.incident.id, " \x00", by=by_colleague, now=NOW)
    with pytest.raises(Refused, match=r"first\.reason_too_long"):
        firsts.hold_back(here.incident.id, "x" * 1001, by=by_colleague, now=NOW)
    assert state(here) == "waiting"
    held = firsts.hold_back(here.incident.id, "お客様と電話中", by=by_colleague, now=NOW + MINUTE)
    assert (held.state, held.why, held.who) == ("held", "お客様と電話中", by_colleague.name)
    with pytest.raises(Refused, match=r"first\.not_waiting"):
        firsts.hold_back(here.incident.id, "again", by=by_lead, now=NOW + MINUTE)
    tick(DUE)
    assert Update.objects.count() == 0
    assert rows("cases", "Entry").filter(incident=here.incident.id, code="update.first_held").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["drill", "restricted", "dismissed"])
def test_never_of_a_drill_a_restricted_or_a_dismissed_one(here: World, by_lead: Actor, what: str) -> None:
    if what == "dismissed":
        cases.move(here.incident.id, "dismiss", reason="test alert", by=by_lead, now=NOW + MINUTE)
    else:
        rows("cases", "Incident").filter(pk=here.incident.id).update(**{what: True})
    tick(DUE)
    assert Update.objects.count() == 0
    assert state(here) == "dropped"


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "went"), [(timedelta(minutes=14, seconds=59), True), (timedelta(minutes=16), False)])
def test_after_a_stand_still_it_goes_late_or_a_person_is_asked(here: World, late: timedelta, went: bool) -> None:
    tick(DUE + late)
    if went:
        promise = rows("promises", "Promise").get(incident=here.incident.id, kind="first_notice")
        assert (Update.objects.count(), promise.state, promise.automatic) == (1, "late", True)
        return
    found = waiting.of_incident(here.incident.id)
    assert found is not None
    assert (Update.objects.count(), found.state, found.why) == (0, "asked", "first.late")
    subjects = [str(one.subject) for one in rows("delivery", "Message").all()]
    assert any("第一報を書いてください" in one or "Write the first notice now" in one for one in subjects)


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["first.no_text", "first.nobody", "first.liability"])
def test_what_cannot_go_asks_a_person(here: World, by_lead: Actor, why: str) -> None:
    if why == "first.no_text":
        firsts.archive_text("first", seen=1, by=by_lead, now=NOW)
    elif why == "first.nobody":
        rows("customers", "Contact").all().delete()
    else:
        parts = {**Row.objects.get().parts, "known": {"ja": "損害を賠償いたします。", "en": "We will compensate you."}}
        Row.objects.update(parts=parts)
    tick(DUE)
    found = waiting.of_incident(here.incident.id)
    assert found is not None
    assert (Update.objects.count(), found.state, found.why) == (0, "asked", why)
    assert rows("promises", "Promise").get(incident=here.incident.id, kind="first_notice").state == "open"


@pytest.mark.django_db
def test_a_worse_severity_brings_it_forward_and_a_milder_never_back(text: FirstText, by_lead: Actor, lead: Any) -> None:
    switch_on()
    here = world(by_lead, owner=lead, severity="SEV3")
    assert waiting.of_incident(here.incident.id).due_at == NOW + 48 * MINUTE  # type: ignore[union-attr]
    seen = case_queries.incident(here.incident.id).severity_v
    cases.set_severity(here.incident.id, "SEV1a", reason="x", seen=seen, by=by_lead, now=NOW + 10 * MINUTE)
    assert waiting.of_incident(here.incident.id).due_at == NOW + 14 * MINUTE  # type: ignore[union-attr]
    tick(NOW + 14 * MINUTE)
    tick(NOW + 48 * MINUTE)
    assert [one.automatic for one in queries.of_incident(here.incident.id)] == [True]


@pytest.mark.django_db
def test_the_policy_names_its_own_minutes_and_the_page_too_is_told(
    text: FirstText, by_lead: Actor, by_second: Actor, lead: Any
) -> None:
    switch_on(first_alone_s=120)
    firsts.save_text(replace(TEXT, public=True), seen=1, by=by_second, now=NOW)
    firsts.approve_text("first", seen=2, by=by_lead, now=NOW)
    here = world(by_lead, owner=lead)
    tick(NOW + 2 * MINUTE)
    [told] = queries.of_incident(here.incident.id)
    assert (told.audiences, told.published_at) == (("affected", "public"), NOW + 2 * MINUTE)
