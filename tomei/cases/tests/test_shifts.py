"""Hours on duty: arithmetic of intervals, and what the clock does when a duty gets long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW, person
from tomei import wiring
from tomei.accounts import doors
from tomei.cases import actions, queries
from tomei.cases.models import Entry, RoleHolding
from tomei.cases.queries import load
from tomei.cases.rules import shifts as rules
from tomei.cases.rules.shifts import Limits
from tomei.cases.tests.factories import declared, rows
from tomei.kernel.errors import Refused
from tomei.promises import queries as promises

HOUR, TOKYO, BERLIN = timedelta(hours=1), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 1, tzinfo=UTC)
moments = st.integers(0, 60 * 24 * 40).map(lambda minutes: START + timedelta(minutes=minutes))
stretches = st.lists(st.tuples(moments, moments), max_size=12)


@given(stretches)
def test_a_union_covers_each_minute_once(given_stretches):
    joined = rules.union(given_stretches)
    minutes = {
        n for a, b in given_stretches
        for n in range(int((a - START).total_seconds() // 60), int((b - START).total_seconds() // 60))
    }  # fmt: skip
    assert rules.length(given_stretches) == timedelta(minutes=len(minutes))
    assert all(a[1] < b[0] for a, b in pairwise(joined))
    assert rules.union(joined) == joined


@given(stretches, moments, moments)
def test_parts_add_up(given_stretches, one, other):
    start, end = sorted((one, other))
    total = rules.length(given_stretches)
    before, within, after = (
        rules.length(rules.clip(given_stretches, *window))
        for window in ((START, start), (start, end), (end, START + 60 * 24 * HOUR))
    )
    assert before + within + after == total


@given(stretches, moments, st.sampled_from([TOKYO, BERLIN]))
def test_nights_and_days_never_exceed_the_calendar(given_stretches, now, zone):
    known = [(a, b) for a, b in given_stretches if b <= now]
    evenings = rules.nights(known, Limits(), zone)
    assert evenings == sorted(set(evenings))
    days = rules.days_in_a_row(known, now, zone)
    assert 0 <= days <= 42
    if not rules.union(known):
        assert (evenings, days) == ([], 0)


@given(stretches, moments)
def test_too_little_rest_is_below_the_limit_and_never_while_on_duty(given_stretches, at):
    short = rules.rested(given_stretches, at, Limits(), TOKYO)
    if short is not None:
        assert timedelta(minutes=30) < short < 11 * HOUR
        assert rules.since(given_stretches, at, timedelta(minutes=30)) is None


def test_a_night_of_the_clock_change_is_as_long_as_it_was():
    spring = datetime(2026, 3, 28, 22, tzinfo=BERLIN), datetime(2026, 3, 29, 5, tzinfo=BERLIN)
    autumn = datetime(2026, 10, 24, 22, tzinfo=BERLIN), datetime(2026, 10, 25, 5, tzinfo=BERLIN)
    assert (rules.length([spring]), rules.length([autumn])) == (6 * HOUR, 8 * HOUR)
    assert rules.nights([spring, autumn], Limits(), BERLIN) == [date(2026, 3, 28), date(2026, 10, 24)]
    assert rules.nights([(spring[1], spring[1] + HOUR)], Limits(), BERLIN) == []


def test_a_night_is_that_of_the_person():
    duty = [(datetime(2026, 11, 18, 13, tzinfo=UTC), datetime(2026, 11, 18, 14, tzinfo=UTC))]  # 22:00 in Tokyo
    assert rules.nights(duty, Limits(), TOKYO) == [date(2026, 11, 18)]
    assert rules.nights(duty, Limits(), BERLIN) == []


def test_days_in_a_row_end_today_or_yesterday():
    duty = [(NOW - n * 24 * HOUR, NOW - n * 24 * HOUR + HOUR) for n in (1, 2, 3, 5)]
    assert rules.days_in_a_row(duty, NOW, TOKYO) == 3
    assert rules.days_in_a_row(duty, NOW + 24 * HOUR, TOKYO) == 0


def test_a_short_day_duty_tires_nobody_and_a_pause_is_no_break():
    morning = [(NOW - 4 * HOUR, NOW - 3 * HOUR)]
    assert rules.rested(morning, NOW, Limits(), TOKYO) is None
    long = [(NOW - 9 * HOUR, NOW - 6 * HOUR), (NOW - 6 * HOUR + timedelta(minutes=20), NOW - 4 * HOUR)]
    assert rules.rested(long, NOW, Limits(), TOKYO) == 4 * HOUR
    assert rules.since([*long, (NOW - 4 * HOUR, NOW)], NOW, timedelta(minutes=30)) == NOW - 9 * HOUR


@pytest.mark.parametrize("values", [{"offer": 8.0}, {"insist": 30.0}, {"rest": -1.0}, {"offer": 0.0}, {"rank": 9}])
def test_limits_that_do_not_fit_are_refused(values):
    with pytest.raises(Refused) as caught:
        rules.check(Limits(**values))
    assert caught.value.code == "shift.limits"


@pytest.fixture
def wired(monkeypatch):
    """As in production: pages go out when a duty gets long."""
    wiring.connect()


def woken():
    return sorted(set(rows("delivery", "Message").filter(purpose="page", subject__contains="INC-").values_list(
        "user_id", "key")))  # fmt: skip


@pytest.mark.django_db
def test_offered_at_four_hours_insisted_on_at_eight(house, by_lead, lead, colleague, wired):
    made = declared(by_lead)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    actions.take_role(made.id, "deputy", by=doors.actor(colleague), now=NOW + 3 * HOUR)
    actions.run_shifts([], NOW + 4 * HOUR - timedelta(seconds=1))
    assert not Entry.objects.filter(code__startswith="shift.").exists()
    for _ in range(2):
        actions.run_shifts([], NOW + 4 * HOUR)
    [owed] = [one for one in promises.open_of(made.id) if one.kind == "hand_over"]
    assert (owed.due_at, owed.owner_id, owed.about) == (NOW + 8 * HOUR, lead.pk, f"role:commander:{lead.pk}")
    holding = RoleHolding.objects.get(role="commander", left_at=None)
    assert [key for user, key in woken() if key.startswith(f"shift:{holding.pk}:offer") and user == lead.pk]
    for _ in range(2):
        actions.run_shifts([], NOW + 8 * HOUR)
    codes = list(Entry.objects.filter(code__startswith="shift.").order_by("seq").values_list("code", "data__role"))
    assert codes == [("shift.offered", "commander"), ("shift.insisted", "commander"), ("shift.offered", "deputy")]
    assert colleague.pk in {user for user, key in woken() if key.startswith(f"shift:{holding.pk}:insist")}
    over = actions.start_hand_over(made.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW + 8 * HOUR)
    actions.accept_hand_over(made.id, over.id, by=doors.actor(colleague), now=NOW + 8 * HOUR + timedelta(minutes=9))
    [ended] = [one for one in promises.of_incident(made.id) if one.about == owed.about]
    assert (ended.state, ended.late_s) == ("late", 540.0)


@pytest.mark.django_db
def test_an_offer_that_is_taken_up_in_time_is_kept(house, by_lead, colleague, lead):
    made = declared(by_lead)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    actions.run_shifts([], NOW + 4 * HOUR)
    actions.leave_role(made.id, "commander", by=by_lead, now=NOW + 5 * HOUR)
    assert [one.state for one in promises.of_incident(made.id) if one.kind == "hand_over"] == ["kept"]


@pytest.mark.django_db
def test_small_failures_and_what_is_over_are_no_duty(house, by_lead, lead):
    small, over = declared(by_lead, severity="SEV3"), declared(by_lead)
    for one in (small, over):
        actions.take_role(one.id, "commander", by=by_lead, now=NOW)
    actions.restore(over.id, proof="0 failures", by=by_lead, now=NOW + HOUR)
    actions.run_shifts([], NOW + 9 * HOUR)
    assert not Entry.objects.filter(code__startswith="shift.").exists()
    mine = load.of_person(lead.pk, NOW + 9 * HOUR)
    assert (mine.day, mine.since, mine.rest) == (HOUR, None, 8 * HOUR)


@pytest.mark.django_db
def test_changing_roles_does_not_begin_a_duty_anew(house, by_lead, lead):
    made = declared(by_lead)
    actions.take_role(made.id, "scribe", by=by_lead, now=NOW)
    actions.leave_role(made.id, "scribe", by=by_lead, now=NOW + 3 * HOUR)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW + 3 * HOUR + timedelta(minutes=10))
    actions.run_shifts([], NOW + 4 * HOUR)
    assert Entry.objects.filter(code="shift.offered", data__role="commander").count() == 1


@pytest.mark.django_db
def test_limits_are_settings_of_the_house(house, admin, by_lead, lead):
    with pytest.raises(Refused):
        actions.set_shift_limits(Limits(offer=1, insist=2), by=by_lead, now=NOW)
    actions.set_shift_limits(Limits(offer=1, insist=2), by=doors.actor(admin), now=NOW)
    made = declared(by_lead)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    actions.run_shifts([], NOW + HOUR)
    assert Entry.objects.filter(code="shift.offered").count() == 1
    assert queries.incident(made.id).owner_id == lead.pk


@pytest.mark.django_db
def test_a_page_at_night_is_load(house, db):
    one = person("呼ばれた 人", "woken@tomei.test", "responder")
    rows("delivery", "Message").create(
        channel="mail", address="x", key="k", purpose="page", user_id=one.pk,
        created_at=datetime(2026, 11, 17, 17, tzinfo=UTC),
    )  # fmt: skip
    found = load.of_person(one.pk, NOW)
    assert (found.day, found.nights_count) == (timedelta(minutes=15), 1)


@pytest.mark.django_db
def test_the_page_shows_leads_their_people_and_everybody_themselves(
    house, client_of, lead, colleague, admin, watcher, by_lead, monkeypatch
):
    made = declared(by_lead)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    monkeypatch.setattr("tomei.kernel.time.now", lambda: NOW + 5 * HOUR)
    shown = {
        user.pk: [one["name"] for one in client_of(user).get("/people/load/export.json").json()]
        for user in (lead, colleague, watcher)
    }
    assert shown[lead.pk][0] == lead.name and len(shown[lead.pk]) >= 3
    assert (shown[colleague.pk], shown[watcher.pk]) == ([colleague.name], [watcher.name])
    assert client_of(colleague).get("/api/v1/load").json()[0]["hours_24h"] == 0.0
    for language in ("ja", "en"):
        page = client_of(lead).get("/people/load/", {"lang": language})
        assert page.status_code == 200 and b"style=" not in page.content
    assert "5.0" in page.content.decode() and "hand over soon" in page.content.decode()
    assert client_of(lead).get("/people/load/export.csv").content.decode("utf-8-sig").startswith("user_id,name")
    client = client_of(admin)
    for bad in ("x", "nan", "-1", "1e9"):
        assert client.post("/people/load/limits/", {"offer": bad, "insist": "8", "rest": "11"}).status_code == 409
    assert client.post("/people/load/limits/", {"offer": "3", "insist": "6", "rest": "10"}).status_code == 303
    assert (load.limits().offer, load.limits().rest) == (3.0, 10.0)
    assert client_of(lead).post("/people/load/limits/", {"offer": "3"}).status_code == 403


@pytest.mark.django_db
def test_the_page_costs_the_same_for_many_people(house, client_of, lead, django_assert_max_num_queries):
    for n in range(30):
        person(f"人 {n}", f"p{n}@tomei.test", "responder")
    client = client_of(lead)
    client.get("/people/load/")
    with django_assert_max_num_queries(12):
        assert client.get("/people/load/").status_code == 200


@pytest.mark.django_db
def test_a_long_failure_told_once_a_day_is_no_watch(house, by_lead, lead):
    made = declared(by_lead)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    actions.announce_cadence(made.id, 86400, by=by_lead, now=NOW)
    actions.run_shifts([], NOW + 9 * HOUR)
    assert not Entry.objects.filter(code__startswith="shift.").exists()
    assert load.of_person(lead.pk, NOW + 9 * HOUR).day == timedelta(0)
