"""A role passes from one person to another, and the one who had it answers until "I have it"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.cases import actions, history, pack, queries, spoken_pack
from tomei.cases.models import Entry, HandOver, RoleHolding
from tomei.cases.queries import hand_overs
from tomei.cases.tests.factories import component, declared, organisation, product
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


@pytest.fixture
def burning(house, by_lead, lead):
    towa = organisation()
    part = component(product(), used_by=[towa])
    made = declared(by_lead, component_ids=[part.pk])
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    return queries.incident(made.id)


@pytest.fixture
def by_colleague(colleague):
    return doors.actor(colleague)


def state_of(incident_id):
    return (
        list(HandOver.objects.values()), list(RoleHolding.objects.values()), Entry.objects.count(),
        [one.owner_id for one in promises.open_of(incident_id)],
    )  # fmt: skip


def refused(code, act, incident_id):
    before = state_of(incident_id)
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert state_of(incident_id) == before


def test_from_the_offer_to_i_have_it(burning, lead, colleague, by_lead, by_colleague):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW + MINUTE)
    assert queries.holders(burning.id) == {"commander": [lead.pk]}
    assert queries.incident(burning.id).owner_id == lead.pk
    words = {"changes": "CHG-5512 戻し中。失敗すれば再起動", "mood": "東和精機は落ち着いている", "hypotheses": ""}
    actions.describe_hand_over(
        burning.id, over.id, words, decide_at=NOW + 30 * MINUTE, by=by_lead, now=NOW + 2 * MINUTE
    )
    actions.ask_hand_over(burning.id, over.id, "戻しはだれが見ていますか", by=by_colleague, now=NOW + 3 * MINUTE)
    asked = Entry.objects.get(code="hand_over.asked")
    actions.answer_hand_over(burning.id, over.id, "岡田さん", of=asked.seq, by=by_lead, now=NOW + 4 * MINUTE)
    done = actions.accept_hand_over(burning.id, over.id, by=by_colleague, now=NOW + 5 * MINUTE)
    assert (done.state, done.ended_at, done.decide_at) == ("accepted", NOW + 5 * MINUTE, NOW + 30 * MINUTE)
    assert queries.holders(burning.id) == {"commander": [colleague.pk]}
    assert queries.incident(burning.id).owner_id == colleague.pk
    assert {one.owner_id for one in promises.open_of(burning.id)} == {colleague.pk}
    said = hand_overs.words_of(done)
    assert {part: one.body for part, one in said.parts.items()} == {k: v for k, v in words.items() if v}
    assert [(q.body, [a.body for a in answers]) for q, answers in said.questions] == [
        ("戻しはだれが見ていますか", ["岡田さん"])
    ]


def test_the_timeline_says_it_in_both_languages_and_folds(burning, colleague, by_lead, by_colleague):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.describe_hand_over(burning.id, over.id, {"mood": "calm"}, by=by_lead, now=NOW)
    actions.accept_hand_over(burning.id, over.id, by=by_colleague, now=NOW + MINUTE)
    lines = {
        language: [
            line.sentence for line in history.page(burning.id, language=language, zone="Asia/Tokyo").items
            if line.entry.code.startswith("hand_over.")
        ]
        for language in ("ja", "en")
    }  # fmt: skip
    assert lines["en"] == [
        "Anna Kovač accepted Commander from 佐藤 明 (“I have it”)",
        "Hand-over of Commander, in writing: Mood at the customers (organisations, not persons)",
        "Hand-over of Commander from 佐藤 明 to Anna Kovač begun; 佐藤 明 answers until it is accepted",
    ]
    assert lines["ja"][0] == "Anna Kovačが指揮者を佐藤 明から引き継ぎました(「引き受けました」と宣言)"
    known = history.known_at(burning.id, NOW + MINUTE)
    assert (known.roles["commander"], known.hand_overs, known.owner_id) == (
        [colleague.pk],
        {over.id: "accepted"},
        colleague.pk,
    )
    assert history.known_at(burning.id, NOW).hand_overs == {over.id: "open"}


def test_what_is_refused_changes_nothing(burning, lead, colleague, watcher, outsider, admin, by_lead, by_colleague):
    start = actions.start_hand_over
    by_admin = doors.actor(admin)
    for code, act in (
        ("hand_over.to_oneself", lambda: start(burning.id, "commander", to_id=lead.pk, by=by_lead, now=NOW)),
        ("role.nobody", lambda: start(burning.id, "commander", to_id=watcher.pk, by=by_lead, now=NOW)),
        ("role.nobody", lambda: start(burning.id, "commander", to_id=outsider.pk, by=by_lead, now=NOW)),
        ("role.nobody", lambda: start(burning.id, "commander", to_id=None, by=by_lead, now=NOW)),
        ("role.unknown", lambda: start(burning.id, "king", to_id=colleague.pk, by=by_lead, now=NOW)),
        ("role.not_held", lambda: start(burning.id, "scribe", to_id=colleague.pk, by=by_lead, now=NOW)),
        ("role.not_held", lambda: start(burning.id, "commander", to_id=lead.pk, by=by_colleague, now=NOW)),
        ("rights.missing", lambda: start(
            burning.id, "commander", to_id=colleague.pk, from_id=lead.pk, reason="x", by=by_admin, now=NOW)),
        ("rights.missing", lambda: start(
            burning.id, "commander", to_id=colleague.pk, by=doors.actor(watcher), now=NOW)),
    ):  # fmt: skip
        refused(code, act, burning.id)
    over = start(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    for code, act in (
        ("hand_over.open_already", lambda: start(burning.id, "commander", to_id=admin.pk, by=by_lead, now=NOW)),
        ("hand_over.not_for_you", lambda: actions.accept_hand_over(burning.id, over.id, by=by_lead, now=NOW)),
        ("hand_over.not_for_you", lambda: actions.decline_hand_over(
            burning.id, over.id, reason="x", by=by_admin, now=NOW)),
        ("hand_over.no_reason", lambda: actions.decline_hand_over(
            burning.id, over.id, reason=" ", by=by_colleague, now=NOW)),
        ("rights.missing", lambda: actions.withdraw_hand_over(burning.id, over.id, by=by_admin, now=NOW)),
        ("rights.missing", lambda: actions.describe_hand_over(
            burning.id, over.id, {"mood": "x"}, by=by_colleague, now=NOW)),
        ("field.missing", lambda: actions.ask_hand_over(burning.id, over.id, " ", by=by_colleague, now=NOW)),
        ("hand_over.no_question", lambda: actions.answer_hand_over(
            burning.id, over.id, "x", of=1, by=by_lead, now=NOW)),
    ):  # fmt: skip
        refused(code, act, burning.id)
    with pytest.raises(Missing):
        actions.accept_hand_over(burning.id, over.id + 1, by=by_colleague, now=NOW)


def test_a_lead_starts_it_for_who_cannot_be_reached(burning, lead, colleague, admin, by_lead, by_colleague):
    actions.take_role(burning.id, "scribe", by=by_colleague, now=NOW)
    start = actions.start_hand_over
    refused(
        "hand_over.no_reason",
        lambda: start(burning.id, "scribe", to_id=admin.pk, from_id=colleague.pk, by=by_lead, now=NOW),
        burning.id,
    )
    over = start(
        burning.id, "scribe", to_id=admin.pk, from_id=colleague.pk, reason="連絡が取れない", by=by_lead, now=NOW
    )
    actions.describe_hand_over(burning.id, over.id, {"more": "電話に出ない"}, by=by_lead, now=NOW)
    actions.accept_hand_over(burning.id, over.id, by=doors.actor(admin), now=NOW)
    assert queries.holders(burning.id)["scribe"] == [admin.pk]


def test_declined_and_withdrawn_leave_the_role(burning, lead, colleague, by_lead, by_colleague):
    for end, by, reason in (
        (actions.decline_hand_over, by_colleague, "移動中"),
        (actions.withdraw_hand_over, by_lead, "続けられる"),
    ):
        over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
        done = end(burning.id, over.id, reason=reason, by=by, now=NOW + MINUTE)
        assert done.state in ("declined", "withdrawn") and queries.holders(burning.id) == {"commander": [lead.pk]}
        assert Entry.objects.filter(incident=burning.id).order_by("-seq")[0].body == reason
        again = lambda pk=over.id: actions.accept_hand_over(burning.id, pk, by=by_colleague, now=NOW)  # noqa: E731
        refused("hand_over.over", again, burning.id)


def test_a_role_that_goes_another_way_ends_it(burning, colleague, by_lead, by_colleague):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.leave_role(burning.id, "commander", by=by_lead, now=NOW + MINUTE)
    assert hand_overs.one(burning.id, over.id).state == "withdrawn"
    assert history.known_at(burning.id, NOW + MINUTE).hand_overs == {over.id: "withdrawn"}
    actions.undo(burning.id, "role", by=by_lead, now=NOW + MINUTE)
    assert hand_overs.one(burning.id, over.id).state == "withdrawn"


def test_an_acceptance_overtakes_an_undo(burning, colleague, by_lead, by_colleague):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.accept_hand_over(burning.id, over.id, by=by_colleague, now=NOW)
    refused("undo.overtaken", lambda: actions.undo(burning.id, "role", by=by_lead, now=NOW), burning.id)


def test_a_restricted_incident_is_handed_to_who_is_inside(burning, lead, colleague, admin, by_lead):
    actions.set_restricted(burning.id, True, by=by_lead, now=NOW)
    start = actions.start_hand_over
    refused(
        "hand_over.outside",
        lambda: start(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW),
        burning.id,
    )
    actions.take_role(burning.id, "expert", user_id=colleague.pk, by=by_lead, now=NOW)
    assert start(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW).state == "open"


def test_the_pack_stands_as_it_was_accepted(burning, colleague, by_lead, by_colleague):
    actions.note(burning.id, "East 2 だけで失敗", kind="fact", by=by_lead, now=NOW)
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.accept_hand_over(burning.id, over.id, by=by_colleague, now=NOW + MINUTE)
    actions.move(burning.id, "identify", by=by_lead, now=NOW + 2 * MINUTE)
    actions.note(burning.id, "later", kind="fact", by=by_lead, now=NOW + 2 * MINUTE)
    whole = spoken_pack.whole(
        queries.incident(burning.id), hand_overs.one(burning.id, over.id), NOW + 9 * MINUTE, "en", "Asia/Tokyo"
    )
    assert (whole.pack.state, whole.pack.at) == ("Investigating", NOW + MINUTE)
    assert "later" not in [line.entry.body for line in whole.pack.lines]
    text = spoken_pack.as_text(whole, "ja", "Asia/Tokyo")
    assert text.splitlines()[0] == "Commanderの引き継ぎ: 佐藤 明 → Anna Kovač(accepted)"
    assert "East 2 だけで失敗" in text and "東和精機 SEV2" in text
    plain = spoken_pack.as_plain(whole)
    assert (plain["as_known_at"], plain["severity"]) == ((NOW + MINUTE).isoformat(timespec="seconds"), "SEV2")
    now = pack.build(queries.incident(burning.id), NOW + 9 * MINUTE, past=False, language="en", zone="UTC")
    assert now.state == "Cause identified" or now.state == "Identified"


def test_erased_words_are_gone_from_the_pack(burning, admin, colleague, by_lead):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.describe_hand_over(burning.id, over.id, {"mood": "secret"}, by=by_lead, now=NOW)
    from tomei.cases import timeline  # only here

    entry = Entry.objects.get(code="hand_over.described")
    timeline.erase(burning.id, entry.seq, reason="person", by=doors.actor(admin), now=NOW)
    assert hand_overs.words_of(hand_overs.one(burning.id, over.id)).parts == {}
    assert timeline.verify(burning.id).holds


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages(burning, colleague, client_of, lead, watcher, by_lead, language):
    over = actions.start_hand_over(burning.id, "commander", to_id=colleague.pk, by=by_lead, now=NOW)
    actions.describe_hand_over(burning.id, over.id, {"mood": "<script>x"}, by=by_lead, now=NOW)
    for user in (lead, colleague, watcher):
        for url in (f"{burning.url}hand-over/", f"{burning.url}hand-over/{over.id}/"):
            answer = client_of(user).get(url, {"lang": language})
            assert answer.status_code == 200 and len(answer.content) < 50_000
            assert b"<script>x" not in answer.content and b"style=" not in answer.content
    client = client_of(lead)
    assert client.get(f"{burning.url}hand-over/{over.id}/pack.txt").status_code == 200
    assert client.get(f"{burning.url}hand-over/{over.id}/pack.json").json()["state"] == "open"
    assert client.get(f"{burning.url}hand-over/{over.id + 1}/").status_code == 404


def test_by_the_pages_from_begin_to_accept(burning, colleague, client_of, lead):
    mine, theirs = client_of(lead), client_of(colleague)
    begun = mine.post(f"{burning.url}hand-over/start/", {"role": "commander", "to": str(colleague.pk)})
    over = HandOver.objects.get()
    here = f"{burning.url}hand-over/{over.pk}/"
    assert (begun.status_code, begun["Location"]) == (303, here)
    for client, verb, fields in (
        (mine, "describe", {"mood": "calm", "decide_at": "2026-11-18T15:00"}),
        (theirs, "ask", {"question": "who?"}),
    ):
        assert client.post(f"{here}{verb}/", fields)["Location"] == here
    asked = Entry.objects.get(code="hand_over.asked")
    assert mine.post(f"{here}answer/", {"of": asked.seq, "answer": "me"}).status_code == 303
    assert mine.post(f"{here}accept/").status_code == 409
    assert mine.post(f"{here}burn/").status_code == 404
    assert theirs.post(f"{here}accept/").status_code == 303
    assert queries.holders(burning.id) == {"commander": [colleague.pk]}


def test_by_the_api(burning, colleague, client_of, lead):
    root, mine, theirs = f"/api/v1/incidents/{burning.key}/hand-overs", client_of(lead), client_of(colleague)
    given = {"role": "commander", "to_id": colleague.pk}
    made = mine.post(root, given, content_type="application/json")
    assert made.status_code == 201
    one = f"{root}/{made.json()['id']}"
    body = {"verb": "describe", "words": {"mood": "calm"}, "decide_at": "2026-11-18T15:00:00+09:00"}
    assert mine.post(one, body, content_type="application/json").status_code == 200
    assert theirs.post(one, {"verb": "accept"}, content_type="application/json").json()["state"] == "accepted"
    assert mine.get(one).json()["words"] == {"mood": "calm"}
    assert [item["state"] for item in mine.get(root).json()] == ["accepted"]
    assert mine.post(one, {"verb": "accept"}, content_type="application/json").status_code == 409


def test_after_a_night_a_role_needs_a_reason(burning, client_of, by_lead, lead):
    tired = person("眠い 人", "tired@tomei.test", "responder")
    night = NOW - timedelta(hours=9)  # 05:00 in Tokyo
    made = declared(by_lead, now=night - timedelta(hours=3), title=Text("夜", "night"))
    by = doors.actor(tired)
    actions.take_role(made.id, "scribe", by=by, now=night - timedelta(hours=3))
    actions.leave_role(made.id, "scribe", by=by, now=night)
    refused("role.too_little_rest", lambda: actions.take_role(burning.id, "scribe", by=by, now=NOW), burning.id)
    client = client_of(tired)
    page = client.post(f"{burning.url}role/", {"role": "scribe"})
    assert page.status_code == 422 and 'name="reason"' in page.content.decode()
    assert client.post(f"{burning.url}role/", {"role": "scribe", "reason": "ほかにいない"}).status_code == 303
    entry = Entry.objects.filter(incident=burning.id, code="role.taken").order_by("-seq")[0]
    assert (entry.body, entry.data["rest_h"]) == ("ほかにいない", "9.0")
