"""A guest declares: what is kept, who is woken, who may read it, what is refused, and what staff answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.people import NOW
from tomei.accounts import settings as house_settings
from tomei.cases import actions as cases
from tomei.cases import queries
from tomei.cases.declared import actions as declared
from tomei.cases.declared import queries as declarations
from tomei.cases.declared import views
from tomei.cases.declared.rules import Said
from tomei.cases.models import Case, Entry
from tomei.customers import actions as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.room import declaring
from tomei.room import queries as rooms_of
from tomei.room.models import Device
from tomei.room.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.wired]
TYPED = {
    "words": "The kiosk screen is white <b>", "stop": "we cannot open any kiosk", "test": "SEV1a",
    "began": "", "deadline": "", "users": "40", "service": "", "lead": "",
}  # fmt: skip


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any) -> world.Rooms:
    made = world.build(by_lead)
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    return made


@pytest.fixture
def guest(rooms: world.Rooms) -> Client:
    return world.enter(rooms.contacts["a"])


def local(at: Any) -> str:
    return str(at.astimezone(time.zone("Asia/Tokyo")).strftime("%Y-%m-%dT%H:%M"))


def declare(client: Client, **more: str) -> Any:
    return client.post("/room/declare/", {**TYPED, "began": local(NOW), **more})


def newest() -> Case:
    return Case.objects.order_by("-pk")[0]


def wake(case: Case) -> set[str]:
    rows = apps.get_model("delivery", "Message").objects.filter(purpose="page")
    return {row.address for row in rows if f"CASE-{case.number}" in row.subject}


def test_one_page_opens_a_case_and_owes_a_person(rooms: world.Rooms, guest: Client) -> None:
    assert "Our business stands still" in guest.get("/room/").content.decode()
    assert guest.get("/room/declare/").status_code == 200
    answer = declare(guest, lead=str(rooms.contacts["a"]))
    case = newest()
    assert (answer.status_code, answer["Location"]) == (303, f"/room/cases/CASE-{case.number}/?sent=1")
    assert (case.organisation_id, case.incident_id, case.severity, case.stop) == (rooms.a, None, "SEV1a", TYPED["stop"])
    assert (case.words, case.opened_by_kind, case.opened_by_id) == (TYPED["words"], "contact", rooms.contacts["a"])
    one = declarations.of_case(case.pk)
    assert one is not None
    assert (one.test, one.began_at, one.users, one.lead_id, one.lead_at) == (
        "SEV1a", NOW, 40, rooms.contacts["a"], world.LATER,
    )  # fmt: skip
    [owed] = promises.open_of_case(case.pk)
    assert (owed.kind, owed.told, owed.owed_to_id, owed.rank) == ("acknowledgement", True, rooms.a, 0)
    assert wake(case)
    codes = list(Entry.objects.filter(case=case).order_by("seq").values_list("code", flat=True))
    assert codes == ["case.opened", "case.leads"]
    page = guest.get(answer["Location"]).content.decode()
    for said in ("A person answers by", "data-countdown", "SEV1a", "&lt;b&gt;", "Quokka Person", "data-draft-sent"):
        assert said in page, said
    assert TYPED["stop"] in guest.get("/room/").content.decode()


def test_another_organisation_finds_nothing_of_it(rooms: world.Rooms, guest: Client) -> None:
    declare(guest)
    case, other = newest(), world.enter(rooms.contacts["b"])
    key = f"CASE-{case.number}"
    for url in (f"/room/cases/{key}/", "/room/cases/CASE-0/", "/room/cases/x/", "/room/cases/%00/"):
        assert other.get(url).status_code == 404, url
    for verb, sent in (("contest", {"test": "SEV4", "words": "x"}), ("lead", {"leads": "yes"})):
        assert other.post(f"/room/cases/{key}/{verb}/", sent).status_code == 404
    assert TYPED["stop"] not in other.get("/room/").content.decode()
    assert f"{key} {TYPED['stop']}" not in other.get("/room/declare/").content.decode()
    assert Client().get(f"/room/cases/{key}/").status_code == 303
    with pytest.raises(Missing):
        views.one(key, rooms.b)
    assert Entry.objects.filter(case=case).count() == 1


def test_cases_that_we_opened_stay_ours(rooms: world.Rooms, guest: Client, by_lead: Actor) -> None:
    """Their words were typed by us and not meant to be read there."""
    made = cases.add_case(None, rooms.a, words=world.SECRETS[2], stop="inside", reported=True, by=by_lead, now=NOW)
    assert guest.get(f"/room/cases/{made.key}/").status_code == 404
    assert "inside" not in guest.get("/room/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("words", "", "What stopped"), ("stop", "", "What your business cannot do"), ("test", "", ""),
        ("test", "SEV9", ""),
        ("began", "", "Since when"), ("began", "x", ""), ("began", "2031-01-01T00:00", ""),
        ("began", "1999-01-01T00:00", "more than a year"), ("deadline", "2026-01-01T00:00", "deadline lies before"),
        ("users", "0", ""), ("users", "many", ""), ("users", "9" * 30, ""), ("service", "c999999", ""),
        ("service", "x", ""), ("lead", "999999", ""), ("words", "x" * 4001, ""), ("stop", "\x00", ""),
    ],
)  # fmt: skip
def test_a_wrong_field_keeps_all_and_changes_nothing(
    guest: Client, rooms: world.Rooms, field: str, value: str, said: str
) -> None:
    before = Case.objects.count()
    answer = declare(guest, **{"words": "Typed words", "stop": "Typed stop", "users": "40", field: value})
    page = answer.content.decode()
    assert (answer.status_code, Case.objects.count()) == (422, before)
    assert said in page and ("Typed stop" in page or field == "stop") and ("Typed words" in page or field == "words")


def test_services_and_people_of_others_are_refused(rooms: world.Rooms, guest: Client) -> None:
    part = apps.get_model("customers", "Component").objects.get(slug=f"edi-{world.THEIRS}".lower())
    before = Case.objects.count()
    assert declare(guest, service=f"c{part.pk}").status_code == 422
    assert declare(guest, lead=str(rooms.contacts["b"])).status_code == 422
    assert Case.objects.count() == before
    by = rooms_of.guest(Device.objects.get()).actor  # type: ignore[union-attr]
    wrong: tuple[tuple[Any, str], ...] = (
        ({"component_id": part.pk}, "unknown_service"),
        ({"lead_id": rooms.contacts["b"]}, "unknown_colleague"),
    )
    for more, code in wrong:
        with pytest.raises(Refused) as refused:
            declared.declare(Said("w", "s", Severity.SEV2, NOW, **more), by=by, now=world.LATER)
        assert refused.value.code == f"declared.{code}"
    assert Case.objects.count() == before


def test_the_second_within_half_an_hour_is_shown_the_first(rooms: world.Rooms, guest: Client) -> None:
    declare(guest)
    key, before = f"CASE-{newest().number}", Case.objects.count()
    answer = declare(guest, words="Again typed")
    page = answer.content.decode()
    assert (answer.status_code, Case.objects.count()) == (422, before)
    assert f"Open {key}" in page and "Again typed" in page and 'name="another"' in page
    assert declare(guest, another="1").status_code == 303 and Case.objects.count() == before + 1


def test_no_more_than_ten_an_hour(rooms: world.Rooms, guest: Client) -> None:
    for _ in range(10):
        assert declare(guest, another="1").status_code == 303
    before = Case.objects.count()
    answer = declare(guest, another="1", words="The eleventh")
    assert answer.status_code == 422 and b"10 times an hour" in answer.content and b"The eleventh" in answer.content
    assert Case.objects.count() == before
    assert declare(world.enter(rooms.contacts["b"])).status_code == 303  # another organisation is not kept out


def test_a_refused_declaration_uses_up_nothing(rooms: world.Rooms, guest: Client) -> None:
    declare(guest)
    for _ in range(12):
        assert declare(guest).status_code == 422
    assert declare(guest, another="1").status_code == 303


def test_readers_may_unless_the_house_says_no(rooms: world.Rooms, guest: Client) -> None:
    house_settings.put(declaring.READERS, False, by=world.EDITOR, now=NOW)
    before = Case.objects.count()
    answer = declare(guest)
    assert answer.status_code == 422 and Case.objects.count() == before
    assert 'href="/room/declare/"' not in guest.get("/room/").content.decode()
    apps.get_model("customers", "Contact").objects.filter(pk=rooms.contacts["a"]).update(room_role="answerer")
    assert declare(guest).status_code == 303


def test_a_removed_contact_declares_nothing(rooms: world.Rooms, guest: Client) -> None:
    apps.get_model("customers", "Contact").objects.filter(pk=rooms.contacts["a"]).update(archived_at=NOW)
    before = Case.objects.count()
    assert declare(guest).status_code == 303 and Case.objects.count() == before


def test_acknowledged_by_whom_and_mail_that_quotes_nothing(rooms: world.Rooms, guest: Client, by_lead: Actor) -> None:
    declare(guest)
    case = newest()
    cases.acknowledge_case(case.pk, by=by_lead, now=world.LATER)
    assert promises.open_of_case(case.pk) == []
    page = guest.get(f"/room/cases/CASE-{case.number}/").content.decode()
    assert "佐藤 明 has it" in page and 'data-state="kept"' in page
    sent = apps.get_model("delivery", "Message").objects.get(about=f"case:{case.pk}")
    assert sent.address == "quokka@customer.test" and f"/room/cases/CASE-{case.number}/" in sent.text
    assert TYPED["stop"] not in sent.text + sent.subject


def test_a_contest_is_a_promise_until_it_is_answered(rooms: world.Rooms, guest: Client, by_lead: Actor) -> None:
    declare(guest, test="SEV3")
    case = newest()
    url = f"/room/cases/CASE-{case.number}/"
    for sent in ({"test": "", "words": "x"}, {"test": "SEV3", "words": "x"}, {"test": "SEV1a", "words": ""}):
        assert guest.post(url + "contest/", sent).status_code == 422
    assert guest.post(url + "contest/", {"test": "SEV1a", "words": "Everything stands"}).status_code == 303
    assert {one.kind: one.told for one in promises.open_of_case(case.pk)}["severity_answer"] is True
    assert guest.post(url + "contest/", {"test": "SEV2", "words": "again"}).status_code == 422
    page = guest.get(url).content.decode()
    assert "Answer about the severity" in page and "Everything stands" in page
    with pytest.raises(Refused) as refused:
        cases.set_case_severity(case.pk, "SEV1a", by=by_lead, now=world.LATER)
    assert refused.value.code == "declared.no_reason" and newest().severity == "SEV3"
    with pytest.raises(Refused):
        declared.answer(case.pk, "SEV2", words=" ", by=by_lead, now=world.LATER)
    declared.answer(case.pk, "SEV3", words="A way round exists", by=by_lead, now=world.LATER)
    assert "severity_answer" not in {one.kind for one in promises.open_of_case(case.pk)}
    assert "A way round exists" in guest.get(url).content.decode()
    guest.post(url + "contest/", {"test": "SEV1a", "words": "No way"})
    cases.set_case_severity(case.pk, "SEV1a", reason="You are right", by=by_lead, now=world.LATER)
    assert "severity_answer" not in {one.kind for one in promises.open_of_case(case.pk)}
    page = guest.get(url).content.decode()
    assert "from SEV3 to SEV1a" in page and "You are right" in page
    with pytest.raises(Refused) as refused:
        declared.answer(case.pk, "SEV1a", words="late", by=by_lead, now=world.LATER)
    assert refused.value.code == "declared.not_contested"


def test_words_told_are_read_and_count_as_a_word(rooms: world.Rooms, guest: Client, by_lead: Actor) -> None:
    declare(guest)
    case = newest()
    declared.tell(case.pk, "We look at your kiosk", by=by_lead, now=world.LATER)
    assert "We look at your kiosk" in guest.get(f"/room/cases/CASE-{case.number}/").content.decode()
    assert newest().first_word_at == world.LATER
    ours = cases.add_case(None, rooms.a, by=by_lead, now=NOW)
    with pytest.raises(Refused) as refused:
        declared.tell(ours.id, "x", by=by_lead, now=NOW)
    assert refused.value.code == "declared.not_theirs"
    with pytest.raises(Refused):
        declared.tell(case.pk, "x", by=Actor("user", 1), now=NOW)


def test_a_named_colleague_confirms_by_signing_in(rooms: world.Rooms, guest: Client) -> None:
    other = customers.add_contact(
        rooms.a, name="Colleague", mail="c@customer.test", language="en", by=world.EDITOR, now=NOW
    )
    declare(guest, lead=str(other))
    case, url = newest(), f"/room/cases/CASE-{newest().number}/"
    assert "to be confirmed" in guest.get(url).content.decode()
    theirs = world.enter(other)
    assert "Yes, I lead on our side" in theirs.get(url).content.decode()
    assert theirs.post(url + "lead/", {"leads": "maybe"}).status_code == 422
    assert theirs.post(url + "lead/", {"leads": "yes"}).status_code == 303
    one = declarations.of_case(case.pk)
    assert one is not None and (one.lead_id, one.lead_at) == (other, world.LATER)
    assert guest.post(url + "lead/", {"leads": "no"}).status_code == 303  # not theirs to say
    assert declarations.of_case(case.pk) == one
    assert theirs.post(url + "lead/", {"leads": "no"}).status_code == 303
    one = declarations.of_case(case.pk)
    assert one is not None and one.lead_id is None
    codes = list(
        Entry.objects.filter(case=case, code__startswith="case.lead").order_by("seq").values_list("code", flat=True)
    )
    assert codes == ["case.lead_named", "case.leads", "case.lead_declined"]


def test_an_incident_from_it_says_who_noticed_first(rooms: world.Rooms, guest: Client, by_lead: Actor) -> None:
    declare(guest)
    case = newest()
    later = world.LATER + timedelta(minutes=3)
    late = cases.declare(title=Text("遅い", "Late"), severity="SEV3", by=by_lead, now=later)
    cases.link_case(case.pk, late.id, by=by_lead, now=later)
    facts = queries.incident(late.id)
    assert (facts.detected_by, facts.detected_at, str(facts.severity)) == ("customer", world.LATER, "SEV1a")
    page = guest.get(f"/room/cases/CASE-{case.number}/").content.decode()
    assert facts.key not in page  # nothing of it was told yet
    declare(world.enter(rooms.contacts["b"]))
    early = queries.incident(rooms.ids["a"])
    cases.link_case(newest().pk, early.id, by=by_lead, now=later)
    assert queries.incident(rooms.ids["a"]).detected_by == early.detected_by  # we saw it before they called


def test_declaring_from_the_case_makes_no_second_one(
    rooms: world.Rooms, guest: Client, client_of: Any, lead: Any
) -> None:
    declare(guest, service=f"c{apps.get_model('customers', 'Component').objects.get(slug='shared').pk}")
    case, page = newest(), client_of(lead)
    assert f"CASE-{case.number}" in page.get("/").content.decode()
    form = page.get(f"/incidents/declare/?case=CASE-{case.number}").content.decode()
    assert TYPED["stop"] in form and f'value="CASE-{case.number}"' in form
    sent = {
        "title.en": "Kiosk", "severity": "SEV2", "case": f"CASE-{case.number}", "by_customer": "1",
        "components": str(declarations.of_case(case.pk).component_id),  # type: ignore[union-attr]
    }  # fmt: skip
    answer = page.post("/incidents/declare/", sent)
    assert answer.status_code == 303, answer.content
    case = Case.objects.get(pk=case.pk)
    assert case.incident_id is not None
    assert Case.objects.filter(incident=case.incident_id, organisation=rooms.a).count() == 1
    made = queries.incident(case.incident_id)
    assert (made.detected_by, made.detected_at, str(made.severity)) == ("customer", world.LATER, "SEV1a")
    assert page.post("/incidents/declare/", sent).status_code == 422  # it hangs there already


def test_queries_of_the_pages(rooms: world.Rooms, guest: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        declare(guest, another="1")
    with django_assert_max_num_queries(30):
        guest.get("/room/declare/")
    with django_assert_max_num_queries(32):
        guest.get(f"/room/cases/CASE-{newest().number}/")
