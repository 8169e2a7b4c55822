"""Silences: received, grouped and shown, and nobody is called until they end."""

from __future__ import annotations

import fnmatch
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW, signed_in
from tomei.clock.handlers import JobFacts
from tomei.clock.models import Job
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.promises.models import Promise
from tomei.signals import actions, silences
from tomei.signals.models import Group, Signal, Silence
from tomei.signals.rules import silencing
from tomei.signals.tests.bodies import alert, alertmanager
from tomei.signals.tests.conftest import World

UNTIL = NOW + timedelta(hours=2)
BY = Actor("user", 1, "Lead", rights=frozenset({"signal.triage"}))


@given(st.text("aB*.-", max_size=8), st.text("aAb.-", max_size=10))
def test_a_pattern_fits_what_a_shell_would_take(pattern: str, text: str) -> None:
    shell = re.compile(fnmatch.translate(pattern.casefold()))
    assert silencing.fits(pattern, text) == (shell.match(text.casefold()) is not None)


def test_all_lines_must_hold_and_a_missing_label_is_empty() -> None:
    read = silencing.parse("component = orders\nenv != test\nhost=web-*")
    about = silencing.subject("本番", "orders", {"host": "WEB-1", "component": "said"})
    assert silencing.matches(read, about)
    assert not silencing.matches(read, {**about, "env": "test"})
    assert not silencing.matches(read, {**about, "component": "said"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "silence.everything"),
        ("env != test", "silence.everything"),
        ("source = *", "silence.everything"),
        ("orders", "silence.bad_line"),
        ("= x", "silence.bad_line"),
        ("\n".join(["a = b"] * 11), "silence.too_many"),
    ],
)
def test_what_cannot_be_read_or_means_everything_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as error:
        silencing.parse(text)
    assert error.value.code == code


def silence(matchers: str = "component = orders", until: Any = UNTIL, reason: str = "Move", by: Actor = BY) -> int:
    return actions.add_silence(matchers, until, reason, by=by, now=NOW)


def look(pk: int, now: Any) -> None:
    row = Job.objects.get(key=f"silence:{pk}")
    assert row.due_at <= now
    facts = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
    row.delete()
    actions.run_look([facts], now)


def owed() -> int:
    return Promise.objects.filter(kind="triage", state="open").count()


@pytest.mark.django_db
def test_nobody_is_called_until_it_ends_and_then_what_still_fires_is_proposed(world: World) -> None:
    pk = silence()
    world.send(alertmanager(alert(), key="one"))
    world.send(alertmanager(alert("Other", labels={"component": "else"}), key="two"))
    assert dict(Group.objects.values_list("key", "triage")) == {"one": "none", "two": "proposed"}
    assert (owed(), Signal.objects.count(), silences.firing_in_silence(NOW)) == (1, 2, 1)
    look(pk, UNTIL)
    assert (Group.objects.get(key="one").triage, owed()) == ("proposed", 2)
    assert silences.firing_in_silence(UNTIL) == 0


@pytest.mark.django_db
def test_ended_early_once_and_what_resolved_meanwhile_calls_nobody(world: World) -> None:
    pk = silence()
    world.send(alertmanager())
    later = NOW + timedelta(minutes=5)
    world.send(alertmanager(alert(status="resolved", startsAt="2026-11-18T05:02:00Z"), key="x"), later)
    world.send(alertmanager(alert(status="resolved")), later)
    actions.end_silence(pk, by=BY, now=later)
    look(pk, later)
    assert (owed(), Silence.objects.get().ended_by) == (0, "Lead")
    with pytest.raises(Stale):
        actions.end_silence(pk, by=BY, now=later)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": NOW}, "silence.until"),
        ({"until": NOW + timedelta(days=31)}, "silence.until"),
        ({"reason": " "}, "silence.no_reason"),
        ({"by": Actor("user", 2, "Reader", rights=frozenset({"read"}))}, "rights.missing"),
    ],
)
def test_a_silence_that_is_refused_leaves_nothing(world: World, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as error:
        silence(**changes)
    assert (error.value.code, Silence.objects.count(), Job.objects.filter(kind=actions.LOOK).count()) == (code, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("ja", "Lead が静かにしています"), ("en", "silenced by Lead")])
def test_pages_and_api_say_so(world: World, lead: Any, language: str, words: str) -> None:
    now = time.now()
    actions.add_silence("component = orders", now + timedelta(days=1), "Move", by=BY, now=now)
    world.send(alertmanager())
    client = signed_in(lead)
    group = Group.objects.get()
    for url in ("/signals/", f"/signals/{group.pk}/"):
        shown = client.get(f"{url}?lang={language}").content.decode()
        assert words in shown, url
    assert "component = orders" in client.get("/signals/silences/").content.decode()
    bad = client.post("/signals/silences/", {"matchers": "typed", "until": "2026-11-19T10:00", "reason": "x"})
    assert bad.status_code == 422 and "typed" in bad.content.decode()
    given = {"matchers": "env = lab", "until": (now + timedelta(days=20)).isoformat(), "reason": "Lab"}
    made = client.post("/api/v1/silences", json.dumps(given), content_type="application/json")
    assert (made.status_code, made.json()["firing"], len(made.json()["items"])) == (201, 1, 2)
    pk = made.json()["items"][0]["id"]
    assert client.post(f"/signals/silences/{pk}/end/").status_code == 303
    assert client.post(f"/api/v1/silences/{pk}/end").status_code == 409
