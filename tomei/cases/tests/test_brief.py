"""The joining brief fits into 30 seconds; measures are entries with what changed after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW
from tomei.accounts import doors
from tomei.cases import actions, brief, history, queries
from tomei.cases.models import Entry
from tomei.cases.queries import measures
from tomei.cases.rules import brief as rules
from tomei.cases.tests.factories import MINUTE, component, declared, organisation, product
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text


@given(st.text(max_size=400), st.integers(2, 40))
def test_what_is_cut_fits(text, most):
    assert rules.count(rules.cut(text, most)) <= most


@given(st.lists(st.text(max_size=200), max_size=12))
def test_what_fits_is_at_most_120_words(lines):
    assert sum(rules.count(line) for line in rules.fit(lines)) <= 120


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


@pytest.fixture
def burning(house, by_lead):
    several = [organisation(f"東和精機 第{n}工場の長い名前をもつ会社") for n in range(9)]
    part = component(product(), used_by=several)
    title = Text("出荷確定がほぼすべて失敗し出荷できない" * 3, "Almost every shipment confirmation fails " * 6)
    made = declared(by_lead, component_ids=[part.pk], title=title)
    actions.take_role(made.id, "commander", by=by_lead, now=NOW)
    actions.note(made.id, "the job of last night " * 50, kind="fact", by=by_lead, now=NOW)
    return queries.incident(made.id)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_full_room_still_fits(burning, by_lead, language):
    for n in range(5):
        actions.take_measure(burning.id, "people", f"team {n} of the night shift joins now", by=by_lead, now=NOW)
    built = brief.build(burning, NOW + 9 * MINUTE, language, "Asia/Tokyo")
    assert rules.count(built.text) <= 120
    labels = [label for label, _ in built.lines]
    for name in ("impact", "since", "next", "roles", "hypothesis"):
        assert brief.LABELS[name].said_in(language) in labels


@pytest.mark.django_db
def test_a_measure_and_what_changed(burning, by_lead, colleague):
    entry = actions.take_measure(
        burning.id, "vendor", "called their duty manager", expected="an engineer by 15:00", at=NOW - MINUTE,
        by=by_lead, now=NOW,
    )  # fmt: skip
    actions.judge_measure(burning.id, entry.seq, "none", "nobody called back", by=by_lead, now=NOW + MINUTE)
    actions.judge_measure(burning.id, entry.seq, "helped", "they joined", by=by_lead, now=NOW + 2 * MINUTE)
    [one] = measures.measures(burning.id)
    assert (one.kind, one.what, one.expected, one.outcome) == (
        "vendor", "called their duty manager", "an engineer by 15:00", "helped",
    )  # fmt: skip
    assert measures.measures(burning.id, NOW)[0].outcome == ""
    lines = history.page(burning.id, language="en", zone="UTC").items
    assert [line.sentence for line in lines[:3]] == [
        f"Measure of entry {entry.seq} (vendor pushed): helped",
        f"Measure of entry {entry.seq} (vendor pushed): no effect",
        "Measure taken: vendor pushed",
    ]


@pytest.mark.django_db
def test_what_is_refused_writes_nothing(burning, by_lead, watcher):
    before = Entry.objects.count()
    by = doors.actor(watcher)
    for code, act in (
        ("measure.unknown_kind", lambda: actions.take_measure(burning.id, "x", "y", by=by_lead, now=NOW)),
        ("field.missing", lambda: actions.take_measure(burning.id, "other", " ", by=by_lead, now=NOW)),
        ("time.in_future", lambda: actions.take_measure(
            burning.id, "other", "y", at=NOW + MINUTE, by=by_lead, now=NOW)),
        ("measure.unknown_outcome", lambda: actions.judge_measure(burning.id, 1, "x", by=by_lead, now=NOW)),
        ("measure.not_there", lambda: actions.judge_measure(burning.id, 1, "helped", by=by_lead, now=NOW)),
        ("rights.missing", lambda: actions.take_measure(burning.id, "other", "y", by=by, now=NOW)),
        ("rights.missing", lambda: actions.join(burning.id, by=by, now=NOW)),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == code
    assert Entry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_and_api(burning, client_of, lead, watcher, language):
    client, here = client_of(lead), f"{burning.url}brief/"
    assert client.post(f"{burning.url}join/", {"offer": "<b>logs", "next": here})["Location"] == here
    assert (
        client.post(f"{burning.url}measure/", {"kind": "people", "what": "two more", "next": here}).status_code == 303
    )
    [one] = measures.measures(burning.id)
    judged = {"of": one.taken.seq, "outcome": "helped", "line": "faster", "next": here}
    assert client.post(f"{burning.url}judge/", judged).status_code == 303
    assert client.post(f"{burning.url}go/", {"next": here}).status_code == 303
    for user in (lead, watcher):
        page = client_of(user).get(here, {"lang": language})
        assert page.status_code == 200 and len(page.content) < 50_000 and b"style=" not in page.content
    assert client.get(f"{here}?text").content.decode().startswith("INC-1 SEV2")
    root, kind = f"/api/v1/incidents/{burning.key}", {"content_type": "application/json"}
    assert client.get(f"{root}/brief").json()["text"].startswith("INC-1 SEV2")
    made = client.post(f"{root}/measures", {"kind": "executive", "what": "the CTO"}, **kind)
    assert made.status_code == 201
    after = client.post(f"{root}/measures/{made.json()['seq']}", {"outcome": "unknown"}, **kind)
    assert (
        [item["outcome"] for item in after.json()]
        == ["helped", "unknown"]
        == [item["outcome"] for item in client.get(f"{root}/measures").json()]
    )
    assert client.post(f"{root}/presence", {"verb": "join", "line": "x"}, **kind).status_code == 200
