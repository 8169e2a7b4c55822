"""Whatever is typed, posted or sent: an answer in words, nothing lost, nothing changed, and never a fault."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import OperationalError

from tests.doors import audiences, forms, walk, world
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.customers import rules
from tomei.kernel.text import Text
from tomei.signals import actions as signals
from tomei.signals.tests import bodies

pytest_plugins = ["tests.doors.fixtures"]
pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
# Their own forms, made by allauth; ending the session of the visitor ends the walk.
NOT_OURS = ("/account/", "/me/sign-out-everywhere/", "/demo/", "/room/sign-out/", "/room/sign-in/")


def who(url: str) -> str:
    """The customers' side is walked by a contact, everything else by whoever may do most."""
    return "guest" if url.startswith("/room/") else "master"


def pages(doors: world.World) -> Iterator[tuple[str, walk.Answer]]:
    for route, (may_get, _post) in audiences.PAGES.items():
        if may_get != audiences.NOBODY and not route.startswith(("account/", "in/", "demo/", "healthz", "files/")):
            url = walk.filled(route, doors, doors.open)
            yield url, doors.visitors[who(url)].ask("GET", url)
    for name in ("house", "address", "mail", "catalogue", "signal"):
        yield f"/setup/{name}/", doors.visitors["master"].ask("GET", f"/setup/{name}/")


def all_forms(doors: world.World) -> list[forms.Form]:
    """Every form of every page once: a new form is met without being named here."""
    found: dict[tuple[str, ...], forms.Form] = {}
    for url, answer in pages(doors):
        if answer.status == 200 and answer.response.get("Content-Type", "").startswith("text/html"):
            for form in forms.read(answer.text, url):
                if not form.action.startswith(NOT_OURS):
                    found.setdefault(form.key, form)
    return list(found.values())


def encoded(sent: dict[str, list[str]]) -> str:
    pairs = [(name, value) for name, values in sent.items() for value in values]
    return "&".join(f"{quote_plus(name)}={quote_plus(value, errors='surrogatepass')}" for name, value in pairs)


def send(doors: world.World, form: forms.Form, sent: dict[str, list[str]]) -> walk.Answer:
    answer: walk.Answer = doors.visitors[who(form.action)].ask("POST", form.action, encoded(sent), content_type=FORM)
    return answer


def lost(answer: walk.Answer, form: forms.Form, name: str, sent: dict[str, list[str]]) -> bool:
    """Whether something that was typed in another field than the wrong one stands nowhere on the page."""
    kept = [one.name for one in form.fields if one.is_text and one.kind != "password" and one.name != name]
    return any(forms.TYPED in sent.get(other, []) for other in kept) and forms.TYPED not in answer.text


def test_every_form_gone_wrong_one_field_at_a_time(doors: world.World) -> None:
    found, wrong = all_forms(doors), []
    assert len(found) > 60
    for form in found:
        for name, what, sent in forms.wrong(form):
            answer = send(doors, form, sent)
            where = f"{form.action} {name} {what}: {answer.status}"
            if answer.status >= 500:
                wrong.append(where)
            elif answer.status >= 400 and answer.changed:
                wrong.append(f"{where} changed {answer.wrote}")
            elif answer.status in (400, 409, 422) and lost(answer, form, name, sent):
                wrong.append(f"{where} lost what was typed")
            elif forms.SCRIPT in answer.text:
                wrong.append(f"{where} shows a script")
    assert not wrong, "\n".join(wrong)


def is_strict(policy: str) -> bool:
    """Nothing but our own files runs, and nothing that stands in the page itself."""
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    return rules["default-src"] == "'none'" and rules.get("script-src", "'self'") == "'self'" and "unsafe" not in policy


def test_what_is_typed_never_runs(doors: world.World) -> None:
    """A script in every text field of every form, really saved; then every page, export and mail is read."""
    for form in all_forms(doors):
        sent = form.filled()
        for one in form.fields:
            if one.is_text and one.kind not in ("url", "email") and "zone" not in one.name:
                sent[one.name] = [forms.SCRIPT]
        if not form.action.rstrip("/").endswith(("deactivate", "archive", "remove", "revoke", "sign-out", "erase")):
            doors.visitors[who(form.action)].keep("POST", form.action, encoded(sent), content_type=FORM)
    assert walk.snapshot() != doors.rows
    for url, answer in pages(doors):
        if answer.response.get("Content-Type", "").startswith("text/html"):
            assert forms.SCRIPT not in answer.text, url
            assert is_strict(answer.response["Content-Security-Policy"]), url
    mails = world.rows("delivery", "Message").exclude(html="").values_list("html", flat=True)
    assert len(mails) > 2
    assert not [html for html in mails if forms.SCRIPT in html]
    shown = [url for url, answer in pages(doors) if "&lt;script&gt;alert(1)" in answer.text]
    assert len(shown) > 8, shown


def test_an_update_with_a_script_reaches_mail_and_status_page_as_text(doors: world.World) -> None:
    by, key = doors.by("lead"), doors.open.incident.id
    told = UpdateInput(
        parts={"effect": Text(f"注文の6割が失敗。{forms.SCRIPT}", f"60 % of orders fail. {forms.SCRIPT}")},
        state="investigating",
        audiences=("affected", "public", "internal"),
        next_at=world.LATER + 15 * world.MINUTE,
    )
    update = comms.publish(key, told, by=by, now=world.LATER, confirmed=True)
    sent = world.rows("delivery", "Message").filter(about=f"update:{update.id}").exclude(html="")
    assert sent.count() >= 2
    assert all(forms.SCRIPT not in mail.html and "&lt;script&gt;" in mail.html for mail in sent)
    for url in (
        "/status/",
        "/status/?lang=en",
        f"/status/incidents/{doors.open.incident.key}/",
        "/incidents/INC-1/updates/",
    ):
        page = doors.visitors["lead"].ask("GET", url)
        assert forms.SCRIPT not in page.text and "&lt;script&gt;alert(1)" in page.text, url
        assert is_strict(page.response["Content-Security-Policy"]), url


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"body": "\\ud800"}', "application/json"),
        (b'{"body": 7}', "application/json"),
        (b"body=x", FORM),
        (b"", "application/json"),
        (b'{"body": "x", "at": "2026-03-29T02:30"}', "application/json"),
        (b"[" * 20000, "application/json"),
        (json.dumps({"body": "x" * 100_000}).encode(), "application/json"),
    ],
)
def test_the_api_answers_every_body_in_words(doors: world.World, body: bytes, kind: str) -> None:
    answer = doors.visitors["master"].ask("POST", "/api/v1/incidents/INC-1/notes", body, content_type=kind)
    assert 400 <= answer.status < 500, answer.text
    assert {"code", "message", "way_out", "facts"} == set(json.loads(answer.text)), answer.text
    assert not answer.changed


@pytest.mark.parametrize("text", ["a\x00b", "\U0001f525", "\u202etxt", "<script>alert(1)</script>"])
def test_odd_text_through_the_api_is_kept_or_refused(doors: world.World, text: str) -> None:
    answer = doors.visitors["master"].ask(
        "POST", "/api/v1/incidents/INC-1/notes", json.dumps({"body": text}), content_type="application/json"
    )
    assert answer.status in (201, 409, 422), answer.text


@pytest.mark.parametrize("verb", ["withdraw", "fulfil"])
def test_what_no_database_keeps_is_refused_everywhere(doors: world.World, verb: str) -> None:
    listed = json.loads(doors.visitors["master"].ask("GET", "/api/v1/promises").text)
    for promise in listed["items"][:3]:
        answer = doors.visitors["master"].ask(
            "POST", f"/api/v1/promises/{promise['id']}/{verb}",
            json.dumps({"reason": "a\x00b", "line": "a\x00b"}), content_type="application/json",
        )  # fmt: skip
        assert answer.status == 422 and not answer.changed, answer.text
        assert json.loads(answer.text)["facts"]["field"] in ("reason", "line")


def test_huge_headers_and_addresses(doors: world.World) -> None:
    visitor = doors.visitors["master"]
    for headers in (
        {"X-Long": "x" * 60_000},
        {"Accept-Language": "ja," * 20_000},
        {"Idempotency-Key": "k" * 9000},
        {"Authorization": "Bearer " + "x" * 60_000},
        {"Last-Event-ID": "\u00ff" * 999},
    ):
        assert visitor.ask("GET", "/incidents/", headers=headers).status < 500
        assert visitor.ask("GET", "/api/v1/incidents", headers=headers).status < 500
    odd = (
        str(2**63),
        "9" * 400,
        "-1",
        "%00",
        "%ed%a0%80",
        "INC-1%00",
        "INC-" + "9" * 400,
        "INC-１",
        "..%2f..",
        "%F0%9F%94%A5",
    )
    for route in audiences.PAGES:
        if "<" in route and "^" not in route:
            for text in odd:
                url = "/" + walk._PARAMETER.sub(text, route)
                assert visitor.ask("GET", url).status < 500, url
    for text in odd:
        for url in (
            f"/?lang={text}",
            f"/incidents/?after={text}&state={text}",
            f"/promises/?from={text}&to={text}&period={text}",
            f"/search/?q={text}",
            f"/incidents/INC-1/timeline/?at={text}&before={text}",
            f"/customers/?after={text}",
            f"/settings/audit/?after={text}",
            f"/signals/?after={text}",
            f"/status/history/?month={text}",
            f"/incidents/INC-1/update/?draft={text}",
            f"/incidents/declare/?group={text}",
        ):
            assert visitor.ask("GET", url).status < 500, url


# What the second of two is told: who changed it, to what; and what they typed is on the page.
STALE = (
    ("/incidents/INC-1/severity/", {"severity": "SEV1a", "reason": forms.TYPED, "seen": "0"}, "SEV1b"),
    ("/incidents/INC-1/move/", {"move": "identify", "reason": forms.TYPED, "seen": "0"}, ""),
    ("/incidents/INC-1/role/", {"role": "commander", "seen": "0", "note": forms.TYPED}, ""),
    ("/incidents/INC-1/title/", {"title.en": forms.TYPED, "seen": "0"}, ""),
)


def first_one_acts(doors: world.World) -> None:
    by, pk, now = doors.by("second"), doors.open.incident.id, world.LATER
    cases.set_severity(pk, "SEV1b", reason="checked", by=by, now=now)
    cases.move(pk, "mitigate", by=by, now=now)
    cases.retitle(pk, Text("別の題", "Another title"), by=by, now=now)
    cases.take_role(pk, "commander", by=by, now=now)


@pytest.mark.parametrize(("url", "sent", "value"), STALE)
def test_the_second_of_two_commanders(doors: world.World, url: str, sent: dict[str, str], value: str) -> None:
    first_one_acts(doors)
    before = incidents.incident(doors.open.incident.id)
    answer = doors.visitors["lead"].ask("POST", url, sent)
    assert answer.status == 409, answer.text[:500]
    assert "二人目の指揮者" in answer.text and forms.TYPED in answer.text and value in answer.text
    assert incidents.incident(doors.open.incident.id) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("severity", {"severity": "SEV1a", "reason": "typed", "seen": 0}),
        ("move", {"move": "identify", "seen": 0}),
        ("roles", {"role": "commander", "seen": 0}),
    ],
)
def test_the_second_of_two_programs(doors: world.World, path: str, body: dict[str, Any]) -> None:
    first_one_acts(doors)
    answer = doors.visitors["lead"].ask(
        "POST", f"/api/v1/incidents/INC-1/{path}", json.dumps(body), content_type="application/json"
    )
    told = json.loads(answer.text)
    assert answer.status == 409 and told["facts"]["who"] == "二人目の指揮者" and told["facts"]["value"], told


def test_a_stale_draft_person_and_policy(doors: world.World) -> None:
    lead, second, master = (doors.visitors[name] for name in ("lead", "second", "master"))
    url, typed = "/incidents/INC-1/update/draft/", {"effect.en": forms.TYPED, "draft_id": str(doors.open.draft_id)}
    second.keep("POST", url, {**typed, "effect.en": "theirs", "seen": "1"})
    answer = lead.ask("POST", url, {**typed, "seen": "0"})
    assert (answer.status, json.loads(answer.text)["who"]) == (409, "二人目の指揮者")
    person = f"/people/{doors.people['watcher'].pk}/"
    form = next(one for one in forms.read(master.ask("GET", person).text, person) if one.action == person)
    good = {name: values[0] for name, values in form.filled().items()}
    doors.visitors["admin"].keep("POST", person, {**good, "name": "Changed name"})
    answer = master.ask("POST", person, {**good, "name": forms.TYPED})
    assert answer.status in (409, 422) and "鈴木 一郎" in answer.text and forms.TYPED in answer.text
    versions = f"/api/v1/policies/{doors.ids['policy']}/versions"
    terms = rules.default_terms().as_json()
    for name, minutes in (("admin", 20), ("master", 25)):
        changed = {**terms, "triage_s": minutes * 60}
        body = json.dumps({"terms": changed, "reason": f"by {name}", "seen": 1})
        doors.visitors[name].keep("POST", versions, body, content_type="application/json")
        answer = doors.visitors[name].ask("POST", versions, body, content_type="application/json")
    told = json.loads(answer.text)
    assert answer.status == 409 and (told["facts"]["who"], told["facts"]["value"]) == ("鈴木 一郎", "by admin")


FAULTS = (
    (OperationalError("database is locked"), 503),
    (OperationalError("database or disk is full"), 507),
    (OSError(errno.ENOSPC, "No space left on device"), 507),
)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("fault", "status"), FAULTS)
def test_a_locked_database_and_a_full_disk_are_said_plainly(
    doors: world.World, monkeypatch: Any, fault: Exception, status: int, language: str
) -> None:
    def fail(*_given: Any, **_more: Any) -> None:
        raise fault

    monkeypatch.setattr(cases, "note", fail)
    monkeypatch.setattr(signals, "take_in", fail)
    visitor, said = doors.visitors["lead"], {"Accept-Language": language}
    page = visitor.ask("POST", f"/incidents/INC-1/note/?lang={language}", {"body": forms.TYPED + "<b>"}, headers=said)
    assert (page.status, "Retry-After" in page.response) == (status, True), page.text[:500]
    assert forms.TYPED + "&lt;b&gt;" in page.text and 'lang="ja"' in page.text and 'lang="en"' in page.text
    body = json.dumps({"body": "x"})
    api = visitor.ask(
        "POST", f"/api/v1/incidents/INC-1/notes?lang={language}", body, content_type="application/json", headers=said
    )
    assert (api.status, "Retry-After" in api.response, api.changed) == (status, True, False), api.text
    url = f"/in/alertmanager/{doors.keys['alertmanager']}"
    door = doors.visitors["nobody"].ask(
        "POST", url, bodies.alertmanager(), content_type="application/json", headers=said
    )
    assert (door.status, "Retry-After" in door.response, door.changed) == (status, True, False), door.text
    for answer in (api, door):
        words = json.loads(answer.text)
        assert words["message"].isascii() == (language == "en") and words["way_out"] and words["code"]


@pytest.mark.parametrize(("fault", "status"), FAULTS)
def test_a_database_that_is_away_altogether(
    doors: world.World, monkeypatch: Any, fault: Exception, status: int
) -> None:
    def away(*_given: Any, **_more: Any) -> None:
        raise fault

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    for url in ("/", "/incidents/INC-1/", "/api/v1/incidents"):
        answer = doors.visitors["lead"].ask("GET", url)
        assert (answer.status, "Retry-After" in answer.response) == (status, True), url
    typed = doors.visitors["lead"].ask("POST", "/incidents/INC-1/note/", {"body": forms.TYPED})
    assert typed.status == status and forms.TYPED in typed.text


@pytest.mark.parametrize("mail", ["it@a_b.test", "it@-x.test", "a..b@towa.test", '"a b"@towa.test', "it@[127.0.0.1]"])
def test_an_address_that_cannot_be_sent_to_is_refused_where_it_is_typed(doors: world.World, mail: str) -> None:
    """Else one contact of one customer would keep every update of an incident from going out."""
    url = f"/customers/{doors.ids['organisation']}/contacts/new/"
    answer = doors.visitors["master"].ask("POST", url, {"name": forms.TYPED, "mail": mail, "language": "ja"})
    assert (answer.status, answer.changed, forms.TYPED in answer.text) == (422, False, True)
    answer = doors.visitors["master"].ask(
        "POST", "/people/invite/", {"name": forms.TYPED, "email": mail, "role": "observer"}
    )
    assert answer.status in (409, 422) and not answer.changed
