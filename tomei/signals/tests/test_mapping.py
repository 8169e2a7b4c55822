"""A generic source whose bodies are read by a mapping, and what was not understood read again."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import NOW, signed_in
from tomei.clock.handlers import JobFacts
from tomei.clock.models import Job
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.promises.models import Promise
from tomei.signals import actions, rules, told
from tomei.signals.models import Group, Mapping, Received, Signal, Source
from tomei.signals.rules import mapping
from tomei.signals.tests.bodies import alertmanager
from tomei.signals.tests.conftest import MASTER, World

LATER = NOW + timedelta(hours=1)
PATHS = {
    "events": "checks[?notify]", "title": "join(' on ', [name, $h])".replace("$h", "host"), "status": "state",
    "key": "id", "severity": "level", "at": "$.sent", "labels": "tags", "url": "link",
}  # fmt: skip
TABLES = {"status": "CRITICAL = firing\nOK = resolved", "severity": "1 = critical\n* = warning"}


def check(state: str = "CRITICAL", pk: str = "c1", **changes: Any) -> dict[str, Any]:
    return {
        "notify": True, "name": "Orders", "host": "web1", "state": state, "id": pk, "level": 1,
        "tags": {"component": "orders"}, **changes,
    }  # fmt: skip


def body(*checks: dict[str, Any], sent: str | None = "2026-11-18T05:00:00Z") -> bytes:
    return json.dumps({"sent": sent, "checks": list(checks) or [check()]}).encode()


def read() -> mapping.Mapping:
    return mapping.checked(PATHS, TABLES)


def refused(code: str, *given: Any) -> Refused:
    with pytest.raises(Refused) as error:
        mapping.checked(*given)
    assert error.value.code == code
    return error.value


def test_every_field_is_found_and_turned_into_ours() -> None:
    parsed = mapping.map_body(read(), body(check(), check("OK", "c2", level=3), check("?", "c3", notify=False)))
    first, second = parsed.events
    assert (first.status, first.title, first.group_key, first.severity) == (
        "firing",
        "Orders on web1",
        "c1",
        "critical",
    )
    assert (first.component, first.labels) == ("orders", {"component": "orders"})
    assert first.at is not None and first.at.isoformat() == "2026-11-18T05:00:00+00:00"
    assert (second.status, second.severity) == ("resolved", "warning")


def test_what_is_missing_is_named_and_nothing_of_the_list_is_taken() -> None:
    given = body(check(), check("UNKNOWN", "c2", link="javascript:alert(1)"))
    one, two = mapping.try_out(read(), given)
    assert one.event is not None and set(one.missing) == {"url"}
    assert (two.event, two.missing) == (None, {"status": "UNKNOWN", "url": "javascript:alert(1)"})
    with pytest.raises(Refused) as error:
        mapping.map_body(read(), given)
    assert (error.value.code, error.value.facts) == ("mapping.missing", {"where": "2: status", "found": "UNKNOWN"})


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a[", "mapping.unreadable"),
        ("", "mapping.no_title"),
        ("a" * 501, "mapping.too_long"),
        ("(" * 400, "mapping.unreadable"),
        ("!" * 300 + "a", "mapping.too_complex"),
        ("[@,@]|[@,@]|[@,@]", "mapping.too_complex"),
        ("{a: @, b: @}", "mapping.too_complex"),
        ("to_string(@)", "mapping.too_complex"),
        ("map(&a, @)", "mapping.too_complex"),
        ("join('', [join('', [[@,@]])])", "mapping.too_complex"),
    ],
)
def test_an_expression_that_asks_for_too_much_is_refused(path: str, code: str) -> None:
    error = refused(code, {"title": path, "status": "a"}, {})
    assert error.facts["field"] == "title"


@pytest.mark.parametrize(
    "line", ["CRITICAL", "= firing", "x = burning", "x =", "\n".join(f"a{n}=firing" for n in range(51))]
)
def test_a_line_of_a_table_that_cannot_be_read_is_refused(line: str) -> None:
    assert refused("mapping.bad_line", {"title": "a"}, {"status": line}).facts["field"] == "status_values"


SIXTEEN = "`[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]`"
NESTED = "`1`"
for _turn in range(6):
    NESTED = f"length(sort_by({SIXTEEN}, &{NESTED}))"
HOSTILE = [
    NESTED,
    "join('', [a, a, a]) " + "| join('', [@, @, @, @]) " * 8,
    "@[?@ == @][?@ == @][?@ == @]",
    "sort_by(@, &@)[*][*][*]",
    "*.*.*.*.*.*",
    "@[][][][][][]",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_expression_over_a_large_body_ends_soon(path: str) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    for whole in ({"a": "y" * 900_000}, [[n, {"b": [n]}] for n in range(30_000)], deep, [deep] * 50):
        started = process_time()
        try:
            tried = mapping.try_out(mapping.checked({"title": path}, {}), json.dumps(whole).encode())
            assert len(tried) == 1
        except Refused as error:
            assert error.code in ("mapping.too_much_work", "mapping.too_complex")
        assert process_time() - started < 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "checks"]), inner, max_size=3)
    ),
    max_leaves=20,
)
pieces = st.sampled_from(
    ["a", "b", ".", "[", "]", "*", "[?", "@", "|", "(", ")", "&", "!", "==", "`1`", "length(", "sort_by(", ",", "$."]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=8).map("".join), json_values)
def test_whatever_is_typed_is_refused_or_ends(path: str, whole: Any) -> None:
    try:
        one = mapping.checked({"title": path, "status": path, "events": path, "labels": path}, {})
        for tried in mapping.try_out(one, json.dumps(whole).encode()):
            assert tried.event is None or tried.event.title
    except Refused as error:
        assert error.code.startswith(("mapping.", "signal."))


# -- saved, in force, read again -------------------------------------------------------------------------------------


def save(world: World, seen: int = 0, by: Actor = MASTER, **paths: str) -> int:
    return actions.save_mapping(world.generic, paths or PATHS, TABLES if not paths else {}, seen=seen, by=by, now=NOW)


def tick(now: Any = LATER) -> None:
    """Run what waits of replays until nothing waits."""
    for _turn in range(50):
        rows = list(Job.objects.filter(kind__in=(actions.REPLAY, actions.LOOK)).order_by("pk"))
        if not rows:
            return
        for row in rows:
            facts = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
            row.delete()
            (actions.run_replay if facts.kind == actions.REPLAY else actions.run_look)([facts], now)
    raise AssertionError("the replay does not end")


@pytest.mark.django_db
def test_a_mapping_counts_from_its_saving_and_keeps_its_versions(world: World) -> None:
    assert world.send(body(), kind="generic").status == 400
    assert save(world) == 1
    reply = world.send(body(), kind="generic")
    assert (reply.status, reply.json["new"]) == (200, 1)
    assert save(world, 1, title="name") == 2
    assert [(one.version, one.saved_by) for one in told.mappings_of(world.generic)] == [(2, "Master"), (1, "Master")]
    assert world.send(json.dumps({"name": "x"}).encode(), kind="generic").status == 200


@pytest.mark.django_db
def test_who_is_late_overwrites_nothing_and_who_may_not_saves_nothing(world: World) -> None:
    save(world)
    before = Source.objects.get(pk=world.generic).mapping
    with pytest.raises(Stale) as error:
        save(world, 0, title="other")
    assert (error.value.code, error.value.facts["who"], error.value.facts["version"]) == ("mapping.stale", "Master", 1)
    with pytest.raises(Refused):
        save(world, 1, by=Actor("user", 2, "Reader", rights=frozenset({"read"})))
    with pytest.raises(Refused) as other:
        actions.save_mapping(world.alertmanager, PATHS, TABLES, seen=0, by=MASTER, now=NOW)
    assert other.value.code == "mapping.not_generic"
    assert (Source.objects.get(pk=world.generic).mapping, Mapping.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_read_again_each_counts_once_and_keeps_its_time(world: World) -> None:
    for number in range(45):
        world.send(body(check(pk=f"c{number}"), sent=None), NOW + timedelta(seconds=number), kind="generic")
    save(world)
    assert actions.replay(world.generic, by=MASTER, now=LATER) == 45
    assert actions.replay(world.generic, by=MASTER, now=LATER) == 45  # pressed twice: the same job
    tick()
    assert Received.objects.filter(verdict="understood", replayed_at=LATER).count() == 45
    assert [row.at for row in Received.objects.order_by("pk")[:2]] == [NOW, NOW + timedelta(seconds=1)]
    assert (Group.objects.filter(state="firing", triage="proposed").count(), Signal.objects.count()) == (45, 45)
    assert Signal.objects.order_by("pk")[0].at == NOW
    with pytest.raises(Refused) as error:
        actions.replay(world.generic, by=MASTER, now=LATER)
    assert error.value.code == "replay.nothing"
    tick()
    assert Signal.objects.count() == 45


@pytest.mark.django_db
def test_what_resolved_since_calls_nobody(world: World) -> None:
    world.send(body(check(), sent=None), kind="generic")
    world.send(body(check("OK"), sent=None), NOW + timedelta(minutes=5), kind="generic")
    save(world)
    actions.replay(world.generic, by=MASTER, now=LATER)
    tick()
    row = Group.objects.get()
    assert (row.state, row.triage, row.events) == ("resolved", "none", 2)
    assert Promise.objects.filter(kind="triage").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [None, "2026-11-18T05:30:00Z"])
def test_an_old_firing_changes_nothing_about_what_stands_now(world: World, sent: str | None) -> None:
    world.send(body(check(), sent=None), kind="generic")
    save(world)
    world.send(body(check("OK"), sent=sent), NOW + timedelta(minutes=40), kind="generic")
    actions.replay(world.generic, by=MASTER, now=LATER)
    tick()
    assert (Group.objects.get().state, Promise.objects.filter(kind="triage").count()) == ("resolved", 0)
    assert list(Signal.objects.order_by("pk").values_list("status", "is_late")) == [
        ("resolved", False),
        ("firing", True),
    ]


@pytest.mark.django_db
def test_what_is_still_not_understood_stays_with_the_newer_reason(world: World) -> None:
    world.send(body(check("ODD")), kind="generic")
    world.send(b"{", kind="generic")
    save(world)
    actions.replay(world.generic, by=MASTER, now=LATER)
    tick()
    first, second = Received.objects.order_by("pk")
    assert (first.verdict, first.error) == ("not_understood", "mapping.missing where: 1: status, found: ODD")
    assert (second.verdict, second.replayed_at) == ("not_understood", LATER)
    assert Group.objects.count() == 0


@pytest.mark.django_db
def test_any_kind_is_read_again_after_its_parser_was_mended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_body: bytes) -> rules.Parsed:
        raise Refused("signal.wrong_shape", where="alerts")

    with monkeypatch.context() as older:
        older.setattr(rules, "PARSERS", {**rules.PARSERS, "alertmanager": broken})
        assert world.send(alertmanager()).status == 400
    assert told.unread_of(world.alertmanager)[0] == 1
    actions.replay(world.alertmanager, by=MASTER, now=LATER)
    tick()
    assert (Group.objects.get().triage, told.unread_of(world.alertmanager)[0]) == ("proposed", 0)


# -- pages and API ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("ja", ("対応付け", "見つかりません")), ("en", ("Mapping", "missing"))]
)
def test_the_page_tries_saves_and_reads_again(world: World, admin: Any, language: str, words: tuple[str, str]) -> None:
    world.send(body(check(link="nowhere")), kind="generic")
    client, url = signed_in(admin), f"/signals/sources/{world.generic}/mapping/"
    client.cookies["django_language"] = language
    shown = client.get(f"{url}?lang={language}").content.decode()
    assert words[0] in shown and "web1" in shown  # what was not understood is the example
    form = {**PATHS, **{f"{name}_values": text for name, text in TABLES.items()}, "seen": "0"}
    tried = client.post(f"{url}?lang={language}", {**form, "example": body(check(link="nowhere")).decode(), "try": "1"})
    assert tried.status_code == 200 and words[1] in tried.content.decode()
    assert "Orders on web1" in tried.content.decode() and Mapping.objects.count() == 0
    assert client.post(url, {**form, "save": "1"}).status_code == 303
    stale = client.post(url, {**form, "title": "typed", "save": "1"})
    assert stale.status_code == 422 and 'value="typed"' in stale.content.decode()
    bad = client.post(url, {**form, "title": "a[", "seen": "1", "save": "1"})
    assert bad.status_code == 422 and Mapping.objects.count() == 1
    assert client.post(f"/signals/sources/{world.generic}/replay/").status_code == 303
    assert Job.objects.get(kind=actions.REPLAY).payload["source_id"] == world.generic
    tick()
    assert client.get(f"/signals/sources/{world.alertmanager}/mapping/").status_code == 404


@pytest.mark.django_db
def test_the_page_suggests_a_mapping_from_what_arrived_and_saves_nothing(world: World, admin: Any) -> None:
    world.send(b'{"alarm": {"name": "Down", "state": "OPEN"}}', kind="generic")
    shown = signed_in(admin).get(f"/signals/sources/{world.generic}/mapping/").content.decode()
    assert 'value="alarm.name"' in shown and "open = firing" in shown and "<dt><code>alarm.state</code></dt>" in shown
    assert Mapping.objects.count() == 0


@pytest.mark.django_db
def test_the_api_says_the_same(world: World, admin: Any) -> None:
    client, url = signed_in(admin), f"/api/v1/sources/{world.generic}"
    world.send(body(), kind="generic")
    tables = {"status": {"CRITICAL": "firing", "OK": "resolved"}, "severity": {"1": "critical"}}
    given = {"paths": PATHS, "tables": tables}

    def send(method: str, path: str, data: Any = None) -> Any:
        return getattr(client, method)(f"{url}{path}", json.dumps(data), content_type="application/json")

    found = send("post", "/mapping/try", {**given, "body": body().decode()})
    assert (found.status_code, found.json()["items"][0]["understood"]) == (200, True)
    saved = send("put", "/mapping", {**given, "seen": 0})
    assert (saved.status_code, saved.json()["version"], saved.json()["not_understood"]) == (200, 1, 1)
    assert send("put", "/mapping", {**given, "seen": 0}).status_code == 409
    assert client.get(f"{url}/mapping").json()["tables"]["status"] == {"critical": "firing", "ok": "resolved"}
    again = send("post", "/replay")
    assert (again.status_code, again.json()) == (202, {"count": 1})


def test_the_library_is_loaded_only_where_a_mapping_is_used() -> None:
    code = "import sys; from tomei.signals import rules; print('jmespath' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
