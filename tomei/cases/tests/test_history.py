"""The fold of the timeline equals the row; sentences exist in both languages; chains hold under many writers."""

from __future__ import annotations

import string
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import NOW
from tomei.accounts import doors
from tomei.accounts.models import User
from tomei.cases import actions, history, queries, sentences, timeline
from tomei.cases.facts import STAMPS
from tomei.cases.models import Entry, HandOver
from tomei.cases.playbooks import actions as playbooks
from tomei.cases.playbooks.rules import Step
from tomei.cases.rules import State, replay
from tomei.cases.rules.impacts import Change
from tomei.cases.rules.replay import OWN
from tomei.cases.rules.states import moves_from
from tomei.cases.tests.factories import component, declared, organisation, product, rows
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promise_actions

pytestmark = pytest.mark.django_db


def assert_fold_is_row(incident_id):
    """What the entries say is what the rows hold."""
    known, row = replay(history.everything(incident_id)), queries.incident(incident_id)
    values = {
        "title": row.title.as_json(), "severity": str(row.severity), "state": row.state, "owner_id": row.owner_id,
        "product_id": row.product_id, "policy_version_id": row.policy_version_id, "drill": row.drill,
        "restricted": row.restricted,
    }  # fmt: skip
    assert {name: known.values.get(name) for name in values} == values
    assert known.values.get("duplicate_of") == row.duplicate_of_id
    assert known.values.get("slow_cadence_s") == row.slow_cadence_s
    assert {role: sorted(held) for role, held in known.roles.items() if held} == {
        role: sorted(held) for role, held in queries.holders(incident_id).items()
    }
    stamps = {name: at.isoformat(timespec="microseconds") for name, at in row.stamps.items() if at}
    assert {name: at for name, at in known.stamps.items() if at} == stamps
    cases = {case.id: case for case in queries.cases_of(incident_id, withdrawn=True)}
    here = {pk: case for pk, case in known.cases.items() if case["state"] != "moved"}
    assert {pk: (case["state"], case["severity"], case["organisation_id"]) for pk, case in here.items()} == {
        pk: (case.state, str(case.severity), case.organisation_id) for pk, case in cases.items()
    }
    hurt = {one.component_id: one.impact for one in queries.components_of(incident_id) if one.until_at is None}
    if row.is_working:
        assert known.components == hurt
    assert known.hand_overs == dict(HandOver.objects.filter(incident=incident_id).values_list("pk", "state"))


VERBS = ("move", "move", "severity", "role", "role", "leave", "leave", "undo", "stamp", "case", "case", "case", "spoke",
         "title", "restrict", "cadence", "components", "case_severity", "note", "left_us", "hand",
         "hand", "accept")  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 59), st.integers(0, 12)), min_size=12, max_size=24)
CASE_VERBS = {
    "open": (actions.resume_case, actions.close_case, actions.withdraw_case, actions.acknowledge_case),
    "resumed": (actions.close_case, actions.reopen_case),
    "closed": (actions.reopen_case,),
    "withdrawn": (actions.reopen_case,),
}


def act(verb, n, incident, people, organisations, part, now):
    """One verb, chosen among those that are possible: a walk that is refused all the time proves nothing."""
    by, row = people[n % 2], queries.incident(incident)
    cases = queries.cases_of(incident, withdrawn=True)
    one = cases[n % len(cases)]
    held = [(role, user) for role, users in queries.holders(incident).items() for user in users]
    roles = ("commander", "deputy", "expert")

    def on_case():
        if n % 7 == 0:
            return actions.add_case(incident, organisations[n % 3], by=by, now=now)
        choices = CASE_VERBS[one.state]
        chosen = choices[n % len(choices)]
        reason = {"reason": "r"} if chosen in (actions.reopen_case, actions.withdraw_case) else {}
        return chosen(one.id, **reason, by=by, now=now)

    def leave():
        role, user = held[n % len(held)]
        return actions.leave_role(incident, role, user_id=user, by=by, now=now)

    moves = moves_from(State(row.state))
    table = {
        "move": lambda: actions.move(incident, moves[n % len(moves)], proof="p", reason="r", by=by, now=now),
        "severity": lambda: actions.set_severity(
            incident, ["SEV1a", "SEV1b", "SEV2", "SEV3", "SEV4"][n % 5], reason="r", by=by, now=now
        ),
        "role": lambda: actions.take_role(incident, roles[n % 3], user_id=people[n // 3 % 2].id, by=by, now=now),
        "leave": leave if held else lambda: None,
        "left_us": lambda: actions.person_left(people[n % 2].id, people[(n + 1) % 2].id, now=now),
        "undo": lambda: actions.undo(incident, by=by, now=now),
        "stamp": lambda: actions.stamp(incident, STAMPS[n % 11], at=now - timedelta(hours=n), by=by, now=now),
        "case": on_case,
        "spoke": lambda: actions.spoke(incident, [one.organisation_id], by=by, now=now),
        "title": lambda: actions.retitle(incident, Text(f"t{n}"), by=by, now=now),
        "restrict": lambda: actions.set_restricted(incident, n % 2 == 0, by=by, now=now),
        "cadence": lambda: actions.announce_cadence(incident, 3600 * (n % 5) or None, agreed=True, by=by, now=now),
        "components": lambda: actions.edit_affected(
            incident, components={part: ("partial", "major")[n % 2]} if n % 3 else {}, by=by, now=now
        ),
        "case_severity": lambda: actions.set_case_severity(
            one.id, ["SEV1a", "SEV2", "SEV4"][n % 3], reason="r", by=by, now=now
        ),
        "note": lambda: actions.note(incident, f"n{n}", by=by, now=now),
        "hand": lambda: actions.start_hand_over(incident, roles[n % 3], to_id=people[(n + 1) % 2].id, by=by, now=now),
        "accept": lambda: actions.accept_hand_over(
            incident, HandOver.objects.filter(incident=incident, to_user=by.id).latest("pk").pk, by=by, now=now
        ),
    }  # fmt: skip
    table[verb]()


# What the fold says does not depend on the database, so PostgreSQL tries fewer.
@settings(
    max_examples=30 if connection.vendor == "sqlite" else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_the_fold_of_all_equals_the_row(house, numbers_are_no_ids, by_lead, lead, steps):
    second, _ = User.objects.get_or_create(email="two@tomei.test", defaults={"name": "二人目", "role": "commander"})
    people = (by_lead, doors.actor(second))
    made = [organisation(f"客{n}").pk for n in range(3)]
    part = component(product(owner=lead), slug=f"s{organisation('x').pk}")
    incident = declared(by_lead, organisation_ids=made[:2], component_ids=[part.pk]).id
    now = NOW
    for verb, n, seconds in steps:
        now += timedelta(seconds=seconds)
        with suppress(Refused, Missing, HandOver.DoesNotExist):
            act(verb, n, incident, people, made, part.pk, now)
        assert_fold_is_row(incident)
    assert timeline.verify(incident).holds
    for case in queries.cases_of(incident, withdrawn=True):
        assert timeline.verify(case_id=case.id).holds


def _seq(incident_id, code):
    return Entry.objects.get(incident=incident_id, code=code).seq


def handed(i, giver, taker):
    """Every way of a hand-over, and two long duties."""
    later = NOW + timedelta(minutes=1)

    def start():
        return actions.start_hand_over(i, "commander", to_id=taker.id, by=giver, now=later).id

    def talked():
        over = start()
        actions.describe_hand_over(i, over, {"mood": "m"}, by=giver, now=later)
        actions.ask_hand_over(i, over, "q", by=taker, now=later)
        actions.answer_hand_over(i, over, "a", of=_seq(i, "hand_over.asked"), by=giver, now=later)
        actions.accept_hand_over(i, over, by=taker, now=later)

    return [
        lambda: actions.decline_hand_over(i, start(), reason="r", by=taker, now=later),
        lambda: actions.withdraw_hand_over(i, start(), by=giver, now=later),
        talked,
        lambda: actions.run_shifts([], NOW + timedelta(hours=9)),
        lambda: actions.join(i, "logs", by=giver, now=later),
        lambda: actions.go(i, by=giver, now=later),
        lambda: actions.take_measure(i, "vendor", "w", by=giver, now=later),
        lambda: actions.judge_measure(i, _seq(i, "measure.taken"), "helped", by=giver, now=later),
        lambda: playbooks.mark_step(i, "scribe", 1, by=giver, now=later),
        lambda: playbooks.save_playbook("scribe", [Step(1, Text("一"))], by=giver, now=later),
        lambda: playbooks.adopt_playbook(i, "scribe", by=giver, now=later),
        lambda: actions.take_role(i, "commander", by=giver, now=later),
    ]


def stakes_of(one, two, by):
    """A deadline that is moved and withdrawn, one that is met, one that is missed; a workaround that ends."""
    minute, hour, given = timedelta(minutes=1), timedelta(hours=1), {"by": by, "now": NOW + timedelta(minutes=1)}
    last = lambda: rows("cases", "Deadline").latest("pk").pk  # noqa: E731
    return [
        lambda: actions.add_deadline(one, NOW + hour, **given),
        lambda: actions.move_deadline(last(), NOW + 2 * hour, reason="r", **given),
        lambda: actions.drop_deadline(last(), reason="r", **given),
        lambda: actions.add_deadline(one, NOW + hour, **given),
        lambda: actions.set_workaround(one, words="紙", **given),
        lambda: actions.add_deadline(two, NOW + 2 * minute, **given),
        lambda: actions.resume_case(two, by=by, now=NOW + 5 * minute),
    ]


def test_every_verb_in_turn_keeps_the_fold_equal_to_the_row(
    house, numbers_are_no_ids, by_lead, by_admin, lead, colleague
):
    """A scripted walk that writes every code of the feature; the fold is compared after each."""
    first, second, third, fourth = (organisation(f"客{n}").pk for n in range(4))
    part = component(product(owner=lead)).pk
    i = declared(by_lead, organisation_ids=[first, second], component_ids=[part]).id
    original = declared(by_lead, organisation_ids=[fourth]).id
    one, two = (case.id for case in queries.cases_of(i))
    alone = actions.add_case(None, third, severity="SEV4", by=by_lead, now=NOW).id
    version = rows("customers", "PolicyVersion").get()
    newer = rows("customers", "PolicyVersion").create(
        policy=version.policy, number=2, terms=version.terms, calendar=version.calendar, made_at=NOW
    )
    who = {"by": by_lead, "now": NOW + timedelta(minutes=1)}
    walk = [
        lambda: actions.set_drill(i, True, **who),
        lambda: actions.set_drill(i, False, **who),
        lambda: actions.take_role(i, "commander", **who),
        lambda: actions.take_role(i, "scribe", user_id=colleague.pk, **who),
        lambda: actions.take_role(i, "commander", user_id=colleague.pk, **who),
        lambda: actions.undo(i, **who),
        lambda: actions.leave_role(i, "scribe", user_id=colleague.pk, **who),
        *handed(i, by_lead, doors.actor(colleague)),
        lambda: actions.set_severity(i, "SEV1b", **who),
        lambda: actions.undo(i, **who),
        lambda: actions.set_case_severity(one, "SEV1a", **who),
        lambda: actions.set_case_severity(one, "SEV4", reason="r", **who),
        lambda: actions.set_severity(i, "SEV2", reason="r", **who),
        *(lambda kind=kind: actions.note(i, "x", kind=kind, **who) for kind in ("note", "fact", "decision")),
        lambda: actions.stamp(i, "began", at=NOW - timedelta(hours=1), **who),
        lambda: timeline.correct_time(i, 2, at=NOW, **who),
        lambda: timeline.erase(
            i, Entry.objects.get(incident=i, code="note.fact").seq, reason="r", by=by_admin, now=NOW
        ),
        lambda: actions.retitle(i, Text("別の件名"), **who),
        lambda: actions.set_restricted(i, True, **who),
        lambda: actions.set_restricted(i, False, **who),
        lambda: actions.apply_policy(i, newer.pk, **who),
        lambda: actions.announce_cadence(i, 7200, **who),
        lambda: actions.edit_affected(i, components={part: "degraded"}, **who),
        lambda: actions.set_impacts(i, [Change(part, "partial")], **who),
        lambda: actions.correct_impact(i, queries.components_of(i)[-1].id, impact="major", reason="r", **who),
        lambda: actions.link_case(alone, i, **who),
        lambda: actions.withdraw_case(alone, reason="r", **who),
        lambda: actions.reopen_case(alone, reason="r", **who),
        lambda: actions.spoke(i, [first], **who),
        lambda: actions.promise(
            incident_id=i,
            whose="theirs",
            organisation_id=first,
            what=Text("回答"),
            due_at=NOW + timedelta(days=1),
            **who,
        ),
        lambda: actions.threat(one, "解約", **who),
        lambda: actions.acknowledge_case(one, **who),
        lambda: actions.describe_case(one, words="w", **who),
        *stakes_of(one, two, by_lead),
        lambda: actions.hand_on_case(two, remaining_owner="高橋", **who),
        lambda: actions.resume_case(one, **who),
        lambda: actions.close_case(one, **who),
        *(
            lambda move=move: actions.move(i, move, **who)
            for move in ("identify", "mitigate", "monitor", "investigate")
        ),
        lambda: actions.restore(i, proof="p", **who),
        lambda: actions.reopen(i, reason="r", **who),
        lambda: actions.add_case(original, second, **who),
        lambda: actions.duplicate(i, original, **who),
        lambda: actions.restore(original, proof="p", **who),
        *(lambda pk=pk: promise_actions.settle_for_close(pk, notice="n", **who) for pk in (original,)),
        lambda: [actions.close_case(case.id, **who) for case in queries.cases_of(original)],
        lambda: actions.close(original, **who),
    ]
    for step in walk:
        step()
        for incident in (i, original):
            assert_fold_is_row(incident)
    written = Entry.objects.exclude(incident=None).exclude(code__startswith="promise.")  # those are lent by wiring
    assert set(written.values_list("code", flat=True)) == OWN
    for incident in (i, original):
        assert timeline.verify(incident).holds


def test_as_known_at_leaves_out_what_came_to_be_known_later(house, by_lead):
    made = declared(by_lead)
    actions.stamp(made.id, "began", at=NOW - timedelta(hours=1), by=by_lead, now=NOW + timedelta(hours=2))
    actions.set_severity(made.id, "SEV1b", by=by_lead, now=NOW + timedelta(hours=1))
    then = history.known_at(made.id, NOW + timedelta(minutes=90))
    assert (then.severity, then.state, "began" in then.stamps, then.owner_id) == (
        "SEV1b",
        "investigating",
        False,
        made.owner_id,
    )
    assert history.known_at(made.id, NOW - timedelta(seconds=1)).state == ""


def test_a_wrong_time_is_corrected_beside_the_old_one(house, by_lead):
    made = declared(by_lead)
    note = actions.note(made.id, "切替", by=by_lead, now=NOW)
    timeline.correct_time(made.id, note.seq, at=NOW - timedelta(minutes=4), by=by_lead, now=NOW)
    [corrected, old, _] = history.page(made.id, language="ja", zone="Asia/Tokyo").items
    assert (old.entry.at, old.corrected) == (NOW - timedelta(minutes=4), True)
    assert "13:56 JST" in corrected.sentence and "14:00 JST" in corrected.sentence
    assert Entry.objects.get(incident=made.id, seq=note.seq).at == NOW
    with pytest.raises(Refused, match=r"timeline\.no_such_entry"):
        timeline.correct_time(made.id, 99, at=NOW, by=by_lead, now=NOW)


def test_every_code_has_both_sentences():
    assert set(sentences.SENTENCES) == OWN
    known = {"severity", "title", "was_state", "was_severity", "joined", "left", "left_note", "joined_note", "of",
             "undone_note", "organisations", "channel", "stamps", "was_stamps", "policy", "number", "cadence",
             "original", "duplicate", "components", "case_severity", "case", "to", "reason", "corrected",
             "was_at", "owed_by", "owed_to", "due", "giver", "taker", "role", "part", "duty", "rest_note",
             "step", "step_number", "mark", "version", "measure", "outcome", "deadline", "deadline_kind",
             "was_deadline", "cost", "changes", "was_impact", "said_note"}  # fmt: skip
    for code, text in sentences.SENTENCES.items():
        assert text.ja and text.en, code
        for side in (text.ja, text.en):
            assert {name for _, name, _, _ in string.Formatter().parse(side) if name} <= known, code


def test_sentences_are_in_the_readers_language(house, by_lead, lead, colleague):
    towa = organisation("東和精機")
    made = declared(by_lead, organisation_ids=[towa.pk])
    actions.take_role(made.id, "commander", user_id=colleague.pk, by=by_lead, now=NOW)
    actions.spoke(made.id, [towa.pk], channel="phone", line="説明", by=by_lead, now=NOW)

    def said(language):
        lines = history.page(made.id, language=language, zone="Asia/Tokyo").items
        return [line.sentence for line in lines if line.entry.code in OWN]

    assert said("ja") == [
        "東和精機に連絡(電話)",
        "着任: Anna Kovač (指揮者)",
        "SEV2 を宣言: 出荷できない",
    ]
    assert said("en") == [
        "Spoke to 東和精機 (telephone)",
        "Role taken: Anna Kovač (Commander)",
        "Declared SEV2: Shipping fails",
    ]


def test_many_steps_of_many_chains_are_written_in_a_few_statements(house, by_lead, django_assert_max_num_queries):
    made = [declared(by_lead).id for _ in range(20)]
    new = [
        timeline.NewEntry("promise.warned", CLOCK, NOW, NOW, incident_id, data={"promise_id": n, "late_s": n / 3})
        for n, incident_id in enumerate(made * 5)
    ]
    with django_assert_max_num_queries(6):
        written = timeline.add_many(new)
    assert [one.data["promise_id"] for one in written] == list(range(100))
    assert [one.seq for one in written[:20]] == [2] * 20 and [one.seq for one in written[80:]] == [6] * 20
    assert all(timeline.verify(incident_id).holds for incident_id in made)
    with pytest.raises(Missing), transaction.atomic():
        timeline.add_many([timeline.NewEntry("promise.warned", CLOCK, NOW, NOW, 10**9)])
    assert timeline.verify_key(f"INC-{queries.incident(made[0]).number}")
    assert queries.chain_keys(4)[:2] == ["INC-20", "INC-19"]
