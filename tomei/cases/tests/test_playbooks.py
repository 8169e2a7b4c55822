"""Checklists of roles: shipped, in versions, ticked in the timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW
from tomei.accounts import doors
from tomei.cases import history, queries
from tomei.cases.models import Entry
from tomei.cases.playbooks import actions, rules, shipped
from tomei.cases.playbooks import queries as books
from tomei.cases.playbooks.models import PlaybookVersion
from tomei.cases.playbooks.rules import Step
from tomei.cases.rules.replay import replay
from tomei.cases.tests.factories import declared, product
from tomei.kernel import time
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text

MINUTE = timedelta(minutes=1)
steps = st.lists(
    st.builds(Step, st.integers(0, 9), st.builds(Text, st.sampled_from(["あ", ""])), st.none(), st.integers(0, 4)),
    min_size=1, max_size=9,
)  # fmt: skip


@given(steps)
def test_keys_are_one_each_and_stay(some):
    if not any(one.text for one in some):
        with pytest.raises(Refused):
            rules.check(some)
        return
    kept = rules.check(some)
    keys = [one.key for one in kept]
    assert len(keys) == len(set(keys)) and min(keys) > 0
    assert rules.check(kept) == kept and rules.diff(kept, kept) == []


def test_shipped_ones_are_in_both_languages_in_order_of_their_minutes():
    assert set(shipped.STEPS) == set(rules.ROLES)
    for role, found in shipped.STEPS.items():
        assert rules.check(found) == found, role
        assert all(one.text.ja and one.text.en for one in found), role
        marks = [one.minute for one in found if one.minute is not None]
        assert marks == sorted(marks), role


def test_a_difference_says_what_came_went_changed_and_moved():
    a, b, c = (Step(n, Text(str(n))) for n in (1, 2, 3))
    assert rules.diff([a, b], [b, replace(a, minute=5), c]) == [
        ("moved", b, b),
        ("changed", a, replace(a, minute=5)),
        ("added", None, c),
    ]
    assert rules.diff([a, b], [a]) == [("removed", b, None)]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


def edited(role, **change):
    first, *rest = books.newest(role).steps
    return [replace(first, **change), *rest]


@pytest.mark.django_db
def test_an_incident_keeps_its_version_until_it_adopts_another(house, by_lead):
    old = declared(by_lead, now=NOW)
    actions.save_playbook("scribe", edited("scribe", text=Text("新", "new")), by=by_lead, now=NOW + MINUTE)
    young = declared(by_lead, now=NOW + 2 * MINUTE)
    [kept], [fresh] = (books.checklists(one, ["scribe"]) for one in (old, young))
    assert (kept.version.number, kept.newer.number, fresh.version.number, fresh.newer) == (0, 1, 1, None)
    actions.mark_step(old.id, "scribe", 2, by=by_lead, now=NOW + 3 * MINUTE)
    adopted = actions.adopt_playbook(old.id, "scribe", by=by_lead, now=NOW + 3 * MINUTE)
    assert (adopted.version.number, adopted.newer, adopted.done) == (1, None, 1)
    with pytest.raises(Refused, match="nothing_newer"):
        actions.adopt_playbook(old.id, "scribe", by=by_lead, now=NOW + 3 * MINUTE)


@pytest.mark.django_db
def test_a_product_may_have_its_own(house, by_lead):
    orders = product()
    actions.save_playbook("expert", [Step(0, Text("専用", "own"))], product_id=orders.pk, by=by_lead, now=NOW - MINUTE)
    mine, other = declared(by_lead, product_id=orders.pk), declared(by_lead)
    assert [len(books.checklists(one, ["expert"])[0].version.steps) for one in (mine, other)] == [
        1,
        len(shipped.STEPS["expert"]),
    ]


@pytest.mark.django_db
def test_a_tick_is_an_entry_with_its_number_and_folds(house, by_lead, colleague):
    made = declared(by_lead, severity="SEV1a")
    by = doors.actor(colleague)
    actions.mark_step(made.id, "commander", 1, by=by, now=NOW)
    actions.mark_step(made.id, "commander", 1, by=by, now=NOW)  # once
    actions.mark_step(made.id, "commander", 2, "skipped", reason="演習", by=by, now=NOW)
    actions.mark_step(made.id, "commander", 1, "open", by=by, now=NOW)
    entries = list(Entry.objects.filter(code="step.marked").order_by("seq"))
    assert [(one.data["step_number"], one.data["mark"], one.body) for one in entries] == [
        (1, "done", ""), (2, "skipped", "演習"), (1, "open", ""),
    ]  # fmt: skip
    known = replay(history.everything(made.id))
    assert known.steps == {("commander", 1): "open", ("commander", 2): "skipped"}
    assert known.state == "investigating"
    line = history.page(made.id, language="en", zone="UTC").items[1]
    assert line.sentence.startswith("Commander, step 2 “Say in one sentence") and line.sentence.endswith("not needed")
    [found] = books.checklists(queries.incident(made.id), ["commander"])
    assert (found.done, found.ticks[0].due_at) == (1, NOW + MINUTE)


@pytest.mark.django_db
def test_what_is_refused_changes_nothing(house, by_lead, colleague, watcher):
    made = declared(by_lead, severity="SEV4")
    before = Entry.objects.count()
    by = doors.actor(colleague)
    for code, act in (
        ("playbook.no_reason", lambda: actions.mark_step(made.id, "scribe", 1, "skipped", by=by, now=NOW)),
        ("playbook.no_such_mark", lambda: actions.mark_step(made.id, "scribe", 1, "burnt", by=by, now=NOW)),
        ("playbook.no_such_step", lambda: actions.mark_step(made.id, "scribe", 99, by=by, now=NOW)),
        ("playbook.no_such_step", lambda: actions.mark_step(made.id, "commander", 4, by=by, now=NOW)),  # SEV2 only
        ("role.unknown", lambda: actions.mark_step(made.id, "king", 1, by=by, now=NOW)),
        ("rights.missing", lambda: actions.mark_step(made.id, "scribe", 1, by=doors.actor(watcher), now=NOW)),
        ("rights.missing", lambda: actions.save_playbook("scribe", [Step(0, Text("x"))], by=by, now=NOW)),
        ("playbook.no_steps", lambda: actions.save_playbook("scribe", [], by=by_lead, now=NOW)),
        ("playbook.bad_step", lambda: actions.save_playbook(
            "scribe", [Step(0, Text("x"), -1)], by=by_lead, now=NOW)),
        ("incident.unknown_product", lambda: actions.save_playbook(
            "scribe", [Step(0, Text("x"))], product_id=99, by=by_lead, now=NOW)),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == code
    with pytest.raises(Stale):
        actions.save_playbook("scribe", [Step(0, Text("x"))], seen=7, by=by_lead, now=NOW)
    assert (Entry.objects.count(), PlaybookVersion.objects.count()) == (before, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages(house, by_lead, client_of, lead, watcher, language):
    made = declared(by_lead, severity="SEV1a")
    client = client_of(lead)
    here = f"{made.url}checklist/"
    for url in (here, f"{here}?role=scribe", f"{here}?role=x", "/settings/playbooks/", "/settings/playbooks/scribe/"):
        page = client.get(url, {"lang": language} if "?" not in url else {})
        assert page.status_code == 200 and len(page.content) < 50_000 and b"style=" not in page.content
    assert client_of(watcher).get(here).status_code == 200
    assert client.get("/settings/playbooks/king/").status_code == 404
    assert client.post(f"{here}mark/", {"role": "scribe", "step": "1"}).status_code == 303
    assert client.post(f"{here}adopt/", {"role": "scribe"}).status_code == 409
    form = {
        "seen": "0",
        "reason": "短く",
        "step.0.ja": "一",
        "step.0.key": "1",
        "step.1.en": "two",
        "step.1.minute": "5",
    }
    assert client.post("/settings/playbooks/scribe/", form).status_code == 303
    assert [(one.key, one.text, one.minute) for one in books.newest("scribe").steps] == [
        (1, Text("一"), None),
        (2, Text("", "two"), 5),
    ]
    page = client.get("/settings/playbooks/scribe/?version=1").content.decode()
    assert "<del>" in page and "<ins>" in page
    assert client.post("/settings/playbooks/scribe/", form).status_code == 409
    assert client_of(watcher).post("/settings/playbooks/scribe/", form).status_code == 403


@pytest.mark.django_db
def test_by_the_api(house, by_lead, client_of, lead):
    made = declared(by_lead)
    client, root = client_of(lead), "/api/v1"
    kind = {"content_type": "application/json"}
    one = {"steps": [{"text": {"ja": "一"}, "minute": 3}]}
    assert client.put(f"{root}/playbooks/expert", one, **kind).json()["number"] == 1
    assert len(client.get(f"{root}/playbooks").json()) == len(rules.ROLES)
    lists = f"{root}/incidents/{made.key}/checklists"
    assert (
        client.post(lists, {"role": "scribe", "step": 1, "mark": "done"}, **kind).json()["ticks"][0]["mark"] == "done"
    )
    assert [item["role"] for item in client.get(lists).json()] == list(rules.ROLES)
    assert client.post(lists, {"role": "scribe"}, **kind).status_code == 409
