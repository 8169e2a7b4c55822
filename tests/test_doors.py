"""Every door, as every standing person: pages, API, front, files, live topics. A door without an audience fails."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.doors import audiences, walk, world
from tests.doors.bodies import body_of
from tomei import wiring
from tomei.accounts.models import User
from tomei.api.door import described
from tomei.wiring import listening

pytest_plugins = ["tests.doors.fixtures"]
pytestmark = pytest.mark.django_db
# Evidence and exports are read under audit; allauth puts a reset key into the session.
AUDITED_READS = (
    "incidents/export", "timeline/export", "files/", "evidence/", "settings/audit/", "in/heartbeat/", "load/export",
    "claims/export", "questions/export",
    "credit/export",
)  # fmt: skip
# Refused after a field was judged: 4xx and nothing changed, but no 403 for a body that says nothing.
JUDGED_LATER = {
    "PATCH /incidents/{key}",
    "POST /incidents/{key}/undo",
    "POST /incidents/{key}/duplicate",
    "POST /incidents/{key}/files",
    "POST /incidents/{key}/updates",
    "POST /incidents/{key}/heartbeat",
    "POST /policies/{pk}/versions",
}


@cache
def document() -> dict[str, Any]:
    walk.page_routes()  # the API is joined when the URL table is read
    return described()


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path.removeprefix("/api/v1"), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_page_has_an_audience() -> None:
    assert set(walk.page_routes()) == set(audiences.PAGES)


def test_every_operation_has_an_audience() -> None:
    assert {f"{method} {path}" for method, path, _one in operations()} == set(audiences.API)


def test_every_live_topic_has_an_audience() -> None:
    assert set(audiences.TOPICS) == set(listening.OPEN_TO_STAFF)


def turned_away(name: str, answer: walk.Answer, route: str = "") -> bool:
    """Neither page nor data: who is not signed in goes to sign in, everybody else is told no."""
    if route.startswith("room/"):  # our own people too: their session opens no room
        return answer.status == 303 and answer.response["Location"].startswith("/room/sign-in/")
    if name in ("nobody", "outsider", "reads", "borrowed", "gone", *walk.GUESTS):
        return answer.status == 302 and answer.response["Location"].startswith("/account/login/")
    return answer.status in (403, 404)


@pytest.mark.parametrize("name", walk.STANDINGS)
def test_pages_let_in_whom_they_are_for(doors: world.World, name: str) -> None:
    wrong = []
    for route, (may_get, may_post) in audiences.PAGES.items():
        url = walk.filled(route, doors, doors.open)
        for method, audience in (("GET", may_get), ("POST", may_post)):
            answer = doors.visitors[name].ask(method, url)
            if name in audiences.LETS_IN[audience]:
                signs_in = answer.status == 302 and answer.response["Location"].startswith("/account/login/")
                well = answer.status not in (401, 403, 405) and (not signs_in or "account/" in route)
            elif (audience == audiences.NOBODY and name in walk.SIGNED_IN) or (
                audience == audiences.NOBODY and answer.status == 405
            ):
                well = answer.status in (403, 404, 405) and not answer.changed
            else:
                well = turned_away(name, answer, route) and not answer.changed
            reads = method == "GET" and answer.changed
            if reads and not any(part in url for part in AUDITED_READS) and "password/reset/key" not in url:
                well = False
            if not well or (answer.status >= 500 and route != "healthz"):
                wrong.append(f"{method} {route} for {audience}: {answer.status} wrote {answer.wrote}")
    assert wrong == []


@pytest.mark.parametrize("name", ["reads", "borrowed", "gone"])
def test_a_token_opens_no_page(doors: world.World, name: str) -> None:
    for route, (may_get, _post) in audiences.PAGES.items():
        if may_get not in (audiences.PUBLIC, audiences.NOBODY):
            answer = doors.visitors[name].ask("GET", walk.filled(route, doors, doors.open))
            assert turned_away(name, answer, route), route


def call(doors: world.World, name: str, method: str, path: str, operation: dict[str, Any], hanging: Any) -> walk.Answer:
    body = body_of(operation, document()["components"]["schemas"])
    url = walk.filled(f"/api/v1{path}", doors, hanging)
    given = {} if body is None or method == "GET" else {"data": json.dumps(body), "content_type": "application/json"}
    answer: walk.Answer = doors.visitors[name].ask(method, url, **given)
    return answer


@pytest.mark.parametrize("name", walk.STANDINGS)
def test_the_api_lets_in_whom_it_is_for(doors: world.World, name: str) -> None:
    wrong = []
    for method, path, operation in operations():
        audience = audiences.API[f"{method} {path}"]
        if path == "/people/{user_id}/sign-out" and name == "watcher":
            continue  # these are the watcher's own sessions
        answer = call(doors, name, method, path, operation, doors.open)
        if name in audiences.LETS_IN[audience]:
            well = answer.status not in (401, 403)
        elif name in ("nobody", "outsider", *walk.GUESTS):
            well = answer.status == 401 and answer.response["Content-Type"].startswith("application/json")
        elif f"{method} {path}" in JUDGED_LATER:
            well = True
        else:
            well = answer.status in (403, 404)
        read = method == "GET" and not any(part in path for part in AUDITED_READS)
        changed = answer.changed and (read or name not in audiences.LETS_IN[audience])
        if not well or changed or answer.status >= 500:
            wrong.append(f"{method} {path} for {audience}: {answer.status} wrote {answer.wrote}")
    assert wrong == []


def test_tokens_reach_as_far_as_their_scopes_and_their_makers_rights(doors: world.World) -> None:
    def note(name: str) -> int:
        url, body = f"/api/v1/incidents/{doors.open.incident.key}/notes", json.dumps({"body": "seen"})
        return int(doors.visitors[name].ask("POST", url, body, content_type="application/json").status)

    assert [note(name) for name in ("reads", "borrowed", "gone")] == [403, 201, 401]
    User.objects.filter(pk=doors.people["second"].pk).update(role="observer")
    assert note("borrowed") == 403
    User.objects.filter(pk=doors.people["second"].pk).update(is_active=False)
    assert note("borrowed") == 401
    for method, path, operation in operations():
        for name, least in (("reads", 0), ("gone", 401)):
            answer = call(doors, name, method, path, operation, doors.open)
            assert answer.status < 500 and (method == "GET" or not answer.changed), (name, method, path)
            assert not least or answer.status == least, (name, method, path)


def hangs_on_incident(route: str) -> bool:
    return any(
        part in route
        for part in (
            "incidents/<str:key>",
            "cases/<str:key>",
            "promises/<int:pk>",
            "files/<int:file_id>",
            "incidents/{key}",
            "cases/{key}",
            "promises/{pk}",
        )
    )


def leaks(answer: walk.Answer, doors: world.World, *, echoes: bool = False) -> bool:
    """Whether the hidden incident shows; a search page `echoes` the words that were asked, so there its links count."""
    if answer.status == 404:
        return world.MARK in answer.text  # the page that is not there repeats what was asked
    text = answer.text
    named = f'{doors.hidden.incident.key}"', f"{doors.hidden.incident.key}/", f"{doors.hidden.case.key}/"
    spoken = not echoes and (world.MARK in text or world.MARK_JA in text)
    return spoken or any(one in text for one in named)


@pytest.mark.parametrize("name", ["watcher", "colleague", "second", "nobody", "guest"])
def test_a_restricted_incident_is_not_there_for_others(doors: world.World, name: str) -> None:
    wrong = []
    for route, (may_get, may_post) in audiences.PAGES.items():
        url = walk.filled(route, doors, doors.hidden)
        for method, audience in (("GET", may_get), ("POST", may_post)):
            if audience == audiences.NOBODY or name not in audiences.LETS_IN[audience]:
                continue
            answer = doors.visitors[name].ask(method, url)
            if route.startswith(("in/", "account/")):
                continue  # no incident behind it
            hidden = answer.status == 404 or not hangs_on_incident(route)
            if (method == "GET" and leaks(answer, doors)) or not hidden:
                wrong.append(f"{method} {url}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize("name", ["watcher", "colleague", "second", "borrowed"])
def test_the_api_hides_a_restricted_incident(doors: world.World, name: str) -> None:
    wrong = []
    for method, path, operation in operations():
        answer = call(doors, name, method, path, operation, doors.hidden)
        if leaks(answer, doors) and method == "GET":
            wrong.append(f"{method} {path} shows it")
        unread = answer.status == 422 and path.endswith(
            "/files"
        )  # no form with a file: refused before anything is sought
        if hangs_on_incident(path) and answer.status not in (403, 404) and not unread:
            wrong.append(f"{method} {path}: {answer.status}")
        if hangs_on_incident(path) and answer.changed:
            wrong.append(f"{method} {path} changed it")
    assert wrong == []


LISTS = (
    "/",
    "/incidents/",
    "/incidents/?state=all",
    "/incidents/export.csv",
    "/incidents/export.json",
    "/claims/?state=all",
    "/claims/export.csv?state=all",
    "/claims/export.json?state=all",
    "/questions/?which=all",
    "/questions/export.csv?which=all",
    "/questions/export.json?which=all",
    "/room/questions/",
    "/cases/",
    "/promises/",
    "/promises/open/",
    "/promises/ended/",
    "/promises/promises.csv",
    "/promises/promises.json",
    f"/search/?q={world.MARK}",
    f"/search/?q={world.MARK_JA}",
    "/search/?q=INC-2",
    "/customers/",
    "/status/",
    "/status/history/",
    "/status/api/v2/summary.json",
    "/status/api/v2/incidents.json",
    "/status/feed.atom",
    "/status/feed.rss?lang=en",
    "/status/components/orders/feed.json",
    "/api/v1/incidents",
    "/api/v1/promises",
    f"/api/v1/search?q={world.MARK}",
    "/api/v1/promises/ledger",
    "/health/",
    "/signals/",
    "/room/",
    "/room/status/",
    "/room/devices/",
)


@pytest.mark.parametrize("name", ["watcher", "colleague", "second", "nobody", "guest"])
def test_lists_searches_and_exports_leave_it_out(doors: world.World, name: str) -> None:
    found = [url for url in LISTS if leaks(doors.visitors[name].ask("GET", url), doors, echoes="search" in url)]
    assert found == []


@pytest.mark.parametrize("name", ["lead", "admin"])
def test_holders_and_administrators_find_it(doors: world.World, name: str) -> None:
    visitor = doors.visitors[name]
    gone = [
        walk.filled(route, doors, doors.hidden)
        for route, (may_get, _post) in audiences.PAGES.items()
        if hangs_on_incident(route)
        and name in audiences.LETS_IN[may_get]
        and not route.startswith(("status/",))
        and "<str:upload_key>" not in route  # nobody has begun one
        and visitor.ask("GET", walk.filled(route, doors, doors.hidden)).status != 200
    ]
    assert gone == []
    for url in ("/incidents/", "/incidents/export.csv", f"/search/?q={world.MARK}", "/api/v1/incidents"):
        assert leaks(visitor.ask("GET", url), doors), url


def test_live_topics(doors: world.World) -> None:
    hidden, shown = f"incident:{doors.hidden.incident.id}", f"incident:{doors.open.incident.id}"
    own = {name: f"person:{doors.people[name].pk}" for name in walk.SIGNED_IN}
    asked = [*audiences.TOPICS, hidden, shown, *own.values(), "incident:9999", "incident:x", "unknown"]
    for name in walk.STANDINGS:
        cookie = f"tomei_session={doors.visitors[name].session}".encode()
        heard = wiring.may_listen([(b"cookie", cookie)], asked)
        if name in ("nobody", "outsider", *walk.GUESTS):
            assert heard is None, name
            continue
        expected = {*audiences.TOPICS, shown, own[name]} | ({hidden} if name in ("lead", "admin") else set())
        assert heard is not None and heard - {"incident:9999"} == expected, name


NESTED = (
    ("GET", "/customers/{other_organisation}/contacts/{organisation.contact}/"),
    ("POST", "/customers/{other_organisation}/contacts/{organisation.contact}/"),
    ("POST", "/customers/{other_organisation}/contacts/{organisation.contact}/archive/"),
    ("GET", "/customers/{other_organisation}/contracts/{organisation.contract}/"),
    ("POST", "/customers/{other_organisation}/contracts/{organisation.contract}/"),
    ("POST", "/customers/{other_organisation}/contracts/{organisation.contract}/archive/"),
    ("GET", "/signals/sources/{source.alertmanager}/received/{received.generic}/"),
    ("GET", "/api/v1/sources/{source.alertmanager}/received/{received.generic}"),
    ("GET", "/incidents/INC-1/updates/77/correct/"),
    ("GET", "/incidents/INC-1/update/?draft={hidden_draft}"),
    ("GET", "/api/v1/incidents/INC-1/updates/77"),
)


@pytest.mark.parametrize(("method", "url"), NESTED)
def test_ids_of_another_parent_are_not_there(doors: world.World, method: str, url: str) -> None:
    ids = {**doors.ids, "hidden_draft": doors.hidden.draft_id}
    for key, value in ids.items():
        url = url.replace("{" + key + "}", str(value))
    answer = doors.visitors["lead"].ask(
        method, url, {"seen": "1", "name": "x", "policy": str(doors.ids["policy"])} if method == "POST" else None
    )
    assert answer.status == 404 or "organisation.not_theirs" in answer.text, answer.status
    assert not answer.changed
