"""The door for signals in the front: the same answers as through Django, many senders at once."""

from __future__ import annotations

import json
import threading

import pytest
from django.core.wsgi import get_wsgi_application

from tests.people import NOW
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.customers import actions as customers
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals import actions, door
from tomei.signals.models import Group, Received
from tomei.signals.tests.bodies import alert, alertmanager
from tomei.site.front.app import Front
from tomei.site.front.inbound import Inbound
from tomei.site.tests.serving import ask, served

pytestmark = pytest.mark.usefixtures("shared_db")
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure"}))


@pytest.fixture
def running(shared_db, tmp_path):  # noqa: F811 - the database comes first
    """Port and key of a front whose pages are Django's."""
    customers.found(Text("自社", "Ours"), zone="Asia/Tokyo", language="ja", now=NOW)
    source, key = actions.add_source("alertmanager", "本番", by=MASTER, now=NOW)

    class Running:
        source_id = source.id
        opens = key
        front = Front(get_wsgi_application(), files=tmp_path, static=tmp_path, inbound=Inbound())

    with served(Running.front) as Running.port:
        yield Running


def post(port, key, body, *headers, path="/in/alertmanager/{}"):
    lines = "".join(f"{line}\r\n" for line in headers)
    head = f"POST {path.format(key)} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return ask(port, head.encode() + body)


def quiet(name):
    return alertmanager(alert(name, labels={"severity": "warning"}), key=name)


def through_django(monkeypatch):
    monkeypatch.setattr(Inbound, "takes", lambda self, scope: False)


@pytest.mark.parametrize("language", ["ja", "en", "fr;q=1, ja-JP;q=0.5", "xx"])
@pytest.mark.parametrize(("body", "key", "status"), [(None, None, 200), (b"{", None, 400), (b"{}", "in_guess", 404)])
def test_the_answer_is_the_one_through_django(running, monkeypatch, language, body, key, status):
    sent = (
        running.port,
        key or running.opens,
        body if body is not None else quiet("a"),
        f"Accept-Language: {language}",
    )
    own = post(*sent)
    through_django(monkeypatch)
    theirs = post(*sent)
    assert own[0] == theirs[0] == status
    for _status, headers, _body in (own, theirs):
        headers.pop("date")
        headers.pop("content-length")
    assert own[1] == theirs[1]
    told, said = json.loads(own[2]), json.loads(theirs[2])
    assert told.keys() == said.keys()
    assert [told.get(name) for name in ("code", "message", "way_out", "facts")] == [
        said.get(name) for name in ("code", "message", "way_out", "facts")
    ]


def test_what_is_out_of_the_ordinary_goes_to_the_page(running):
    key = running.opens
    english = "Accept-Language: en"
    assert "ja" in post(running.port, "in_guess", b"{}", "Cookie: tomei_lang=ja", english)[1]["content-language"]
    assert (
        "ja"
        in post(running.port, "in_guess", b"{}", english, path="/in/alertmanager/{}?lang=ja")[1]["content-language"]
    )
    assert post(running.port, key, b"{}", path="/in/alertmanager/{}/more")[0] == 404
    assert post(running.port, key, b"{}", path="/in/no-such-kind/{}")[0] == 404
    status, headers, body = ask(running.port, f"GET /in/alertmanager/{key} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (status, headers["allow"], json.loads(body)["code"]) == (405, "POST", "signal.post_only")
    assert Received.objects.count() == 0


def test_what_is_answered_can_be_read_at_once_by_everybody(running):
    """Twelve senders at a time; whoever has the answer finds the row through another connection."""
    wrong = []

    def sender(number):
        for turn in range(5):
            status, _headers, body = post(running.port, running.opens, quiet(f"g{number}-{turn}"))
            told = json.loads(body)
            if (status, told.get("new")) != (200, 1):
                wrong.append((number, turn, status, told))

    threads = [threading.Thread(target=sender, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert wrong == []
    assert (Received.objects.count(), Group.objects.count()) == (60, 60)
    assert door._waiting == 0 and door._bytes_waiting == 0


def test_a_large_body_and_an_archived_key(running):
    body = quiet("a")
    body = body[:-1] + b', "padding": "' + b"x" * (3 * 1024 * 1024) + b'"}'
    assert post(running.port, running.opens, body)[0] == 200
    assert Received.objects.get().size == len(body)
    actions.archive_source(running.source_id, by=MASTER, now=NOW)
    assert post(running.port, running.opens, body)[0] == 404


@pytest.mark.parametrize(("count", "size"), [(door.MOST_WAITING, 0), (1, door.MOST_BYTES_WAITING)])
def test_beyond_the_bounded_queue_come_again(running, monkeypatch, count, size):
    monkeypatch.setattr(door, "_waiting", count)
    monkeypatch.setattr(door, "_bytes_waiting", size)
    status, headers, body = post(running.port, running.opens, quiet("a"), "Accept-Language: ja")
    assert (status, headers["retry-after"], json.loads(body)["code"]) == (429, "5", "signal.busy")
    assert not json.loads(body)["message"].isascii()
    assert Received.objects.count() == 0


def test_the_end_of_the_front_answers_who_waits(running, monkeypatch):
    """A graceful end comes after the last answer: nothing that was taken in is dropped."""
    began = threading.Event()
    receive_all = door.receive_all

    def slowly(letters, hook):
        began.set()
        threading.Event().wait(0.3)
        return receive_all(letters, hook)

    monkeypatch.setattr(door, "receive_all", slowly)
    found = []
    sender = threading.Thread(target=lambda: found.append(post(running.port, running.opens, quiet("a"))[0]))
    sender.start()
    assert began.wait(30)
    running.front._inbound.stop()
    sender.join(60)
    assert found == [200]
    assert post(running.port, running.opens, quiet("b"))[0] == 429
    assert Group.objects.count() == 1
