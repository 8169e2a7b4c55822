"""The front through a real uvicorn: stalled, broken and hostile clients, and what it serves by itself."""

from __future__ import annotations

import json
import threading
import time

import pytest

from tomei.kernel.errors import Refused
from tomei.site.front import bodies, pages
from tomei.site.front.access import masked
from tomei.site.front.answers import Answer
from tomei.site.front.app import Front
from tomei.site.front.server import PortInUse, listen
from tomei.site.front.static import digest
from tomei.site.tests.serving import ask, get, read, send, served
from tomei.site.texts import REFUSALS
from tomei.ui import refusals

pytestmark = pytest.mark.django_db(transaction=True)


class Application:
    """A WSGI application that says what it saw; `gate` lets a test hold its threads."""

    def __init__(self):
        self.seen, self.gate = [], threading.Event()
        self.gate.set()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read()
        self.seen.append((environ["PATH_INFO"], len(body)))
        if environ["PATH_INFO"] == "/wait":
            self.gate.wait(30)
        if environ["PATH_INFO"] == "/fault":
            raise ValueError("no")
        headers = [("Content-Type", "text/plain")]
        if environ["PATH_INFO"].startswith("/file"):
            headers.append(("X-Tomei-File", environ["QUERY_STRING"]))
            headers.append(("Content-Length", "7"))
        start_response("200 OK", headers)
        if environ["PATH_INFO"] == "/long":
            return (b"x" * 100_000 for _ in range(200))
        if environ["PATH_INFO"] == "/environ":
            shown = {key: value for key, value in environ.items() if isinstance(value, str)}
            return [json.dumps(shown).encode()]
        return [b"page " + str(len(body)).encode()]


@pytest.fixture
def house(tmp_path):
    """Port and application of a running front with static files and files of ours."""
    (tmp_path / "static" / "ui").mkdir(parents=True)
    (tmp_path / "static" / "ui" / "app.css").write_text("body { color: red }\n" * 100)
    (tmp_path / "static" / "big.bin").write_bytes(bytes(20 * 1024 * 1024))
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "cd").write_bytes(b"evidence" * 1_000_000)
    (tmp_path / "secret.key").write_text("secret")
    (tmp_path / "files" / "link").symlink_to(tmp_path / "secret.key")

    class House:
        app = Application()
        folder = tmp_path
        front = Front(
            app,
            files=tmp_path / "files",
            static=tmp_path / "static",
            proxies=["10.0.0.0/8"],
            hot_doors=[lambda scope: Answer(200, [], b"hot") if scope["path"] == "/hot" else None],
        )

    with served(House.front) as House.port:
        yield House


def test_a_page_and_its_headers(house):
    status, headers, body = get(house.port, "/")
    assert (status, body) == (200, b"page 0")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert "server" not in headers


def test_head_has_the_headers_only(house):
    text = get(house.port, "/", method="HEAD")
    assert text.startswith("HTTP/1.1 200")
    assert "content-length: 6" in text
    assert text.endswith("\r\n\r\n")


def test_fifty_stalled_posts_hold_nobody_up(house):
    head = b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
    stalled = [send(house.port, head) for _ in range(50)]
    try:
        began = time.monotonic()
        assert get(house.port, "/")[2] == b"page 0"
        assert time.monotonic() - began < 10  # a second in practice; the machine may be busy
    finally:
        for one in stalled:
            one.close()
    assert house.app.seen == [("/", 0)]


@pytest.mark.parametrize("path", ["/long", "/file?ab/cd", "/static/big.bin"])
def test_fifty_stalled_downloads_hold_nobody_up(house, path):
    stalled = [send(house.port, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) for _ in range(50)]
    try:
        for one in stalled:
            assert one.recv(12) == b"HTTP/1.1 200"  # it has begun, and nobody reads on
        began = time.monotonic()
        assert get(house.port, "/")[2] == b"page 0"
        assert time.monotonic() - began < 10
    finally:
        for one in stalled:
            one.close()


def test_a_stalled_head_is_cut(house, monkeypatch):
    monkeypatch.setattr("tomei.site.front.server.HEAD_S", 0.2)
    with send(house.port, b"GET / HTTP/1.1\r\nHost:") as stalled:
        assert stalled.recv(10) == b""
    assert house.app.seen == []


def test_an_endless_head_is_refused(house):
    assert ask(house.port, b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 500_000)[0] == 400


def test_a_body_that_stops_is_408_and_runs_nothing(house, monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_S", 0.2)
    monkeypatch.setattr(bodies, "LINGER_S", 0.1)
    head = b"POST /api/v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
    status, headers, body = ask(house.port, head)
    assert (status, json.loads(body)["code"], headers["connection"]) == (408, "front.slow_body", "close")
    assert house.app.seen == []


def test_a_client_that_leaves_runs_nothing(house):
    for head in (b"Content-Length: 1000\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"):
        send(house.port, b"POST /in/generic/KEY HTTP/1.1\r\nHost: x\r\n" + head).close()
    assert get(house.port, "/")[0] == 200
    assert house.app.seen == [("/", 0)]


def test_chunked_bodies_are_whole(house):
    data = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    assert ask(house.port, data)[2] == b"page 11"


def test_a_large_body_goes_through_a_file(house):
    data = b"x" * (5 * bodies.MIB)
    head = f"POST /in/generic/KEY HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n".encode()
    assert ask(house.port, head + data)[2] == f"page {len(data)}".encode()


@pytest.mark.parametrize(
    ("path", "kind", "limit"),
    [("/in/generic/K", "application/json", 5), ("/notes/", "text/plain", 6), ("/notes/", "multipart/form-data; x", 32)],
)
def test_what_is_too_large_is_413(house, path, kind, limit):
    size = limit * bodies.MIB + 1
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    status, headers, body = ask(house.port, head.encode())
    assert (status, headers["connection"]) == (413, "close")
    if path.startswith("/in/"):
        assert json.loads(body)["facts"] == {"limit_mib": 5}
    else:
        assert f"at most {limit} MiB".encode() in body
    assert house.app.seen == []


def test_what_grows_too_large_is_413(house):
    with send(house.port, b"POST /in/x/K HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") as connected:
        piece = b"x" * 100_000
        for _ in range(54):
            connected.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        connected.sendall(b"0\r\n\r\n")
        assert read(connected)[0] == 413
    assert house.app.seen == []


def test_a_length_that_is_none_is_refused(house):
    assert ask(house.port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")[0] == 400


def test_files_are_sent_by_the_front(house):
    status, headers, body = get(house.port, "/file?ab/cd")
    assert (status, len(body), headers["content-length"]) == (200, 8_000_000, "8000000")
    assert "x-tomei-file" not in headers
    assert get(house.port, f"/file?{house.folder}/files/ab/cd")[0] == 200


@pytest.mark.parametrize("name", ["../secret.key", "/etc/passwd", "ab/../../secret.key", "link", "ab", "none"])
def test_no_other_file_leaves(house, name):
    status, _, body = get(house.port, f"/file?{name}")
    assert (status, body) == (404, b"Not found")


def test_static_files_are_compressed_kept_and_asked_for_again(house):
    plain = (house.folder / "static" / "ui" / "app.css").read_bytes()
    status, headers, body = get(house.port, "/static/ui/app.css")
    assert (status, body, headers["cache-control"]) == (200, plain, "public, no-cache")
    assert headers["content-type"] == 'text/css; charset="utf-8"'
    status, packed, body = get(house.port, "/static/ui/app.css", "Accept-Encoding: gzip")
    assert (status, packed["content-encoding"], packed["vary"]) == (200, "gzip", "accept-encoding")
    assert len(body) < len(plain) / 5
    assert get(house.port, "/static/ui/app.css", f"If-None-Match: {headers['etag']}")[0] == 304
    versioned = get(house.port, f"/static/ui/app.css?v={digest(plain)}")[1]
    assert versioned["cache-control"] == "public, max-age=31536000, immutable"
    assert house.app.seen == []


@pytest.mark.parametrize("path", ["/static/../secret.key", "/static/%2e%2e/secret.key", "/static//etc/passwd"])
def test_static_names_lead_nowhere_else(house, path):
    assert get(house.port, path)[2].startswith(b"page")  # no file: Django says that it is not there


def test_hot_doors_answer_without_a_thread(house):
    house.app.gate.clear()
    stalled = [send(house.port, b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(2)]
    while len(house.app.seen) < 2:
        time.sleep(0.01)
    assert get(house.port, "/hot")[2] == b"hot"
    assert get(house.port, "/static/ui/app.css")[0] == 200
    house.app.gate.set()
    for one in stalled:
        assert read(one)[2] == b"page 0"
        one.close()


def test_more_than_will_be_answered_is_refused_at_once(house, monkeypatch):
    house.app.gate.clear()
    house.front._pages._room = 3
    stalled = [send(house.port, b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(3)]
    while house.front._pages._inside < 3:
        time.sleep(0.01)
    status, headers, _ = get(house.port, "/")
    assert (status, headers["retry-after"]) == (503, "5")
    house.app.gate.set()
    for one in stalled:
        assert read(one)[0] == 200
        one.close()
    assert get(house.port, "/")[0] == 200
    assert pages.WAITING == 200


def test_a_fault_is_said_plainly(house):
    status, _, body = get(house.port, "/fault", "Accept-Language: ja")
    assert status == 500
    assert "サーバーの不具合" in body.decode()
    assert b"ValueError" not in body


def test_nobody_is_believed_about_addresses_but_the_proxies(house):
    lies = ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X_Forwarded_Proto: https", "X-Real-IP: 9.9.9.9"]
    seen = json.loads(get(house.port, "/environ", *lies, "X-Forwarded-Host: evil")[2])
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert [name for name in seen if "FORWARD" in name or "REAL" in name] == []


def test_proxies_are_believed_up_to_the_first_stranger():
    from tomei.site.front.proxies import Proxies

    scope = {
        "client": ("10.0.0.9", 1),
        "scheme": "http",
        "headers": [
            (b"x-forwarded-for", b"6.6.6.6, 203.0.113.7"),
            (b"x-forwarded-for", b"10.1.1.1"),
            (b"x-forwarded-proto", b"https"),
            (b"host", b"x"),
        ],
    }
    Proxies(["10.0.0.0/8"]).clean(scope)
    assert (scope["client"][0], scope["scheme"]) == ("203.0.113.7", "https")
    assert scope["headers"] == [(b"host", b"x"), (b"x-forwarded-proto", b"https")]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/in/alertmanager/tomei_abcdef", "/in/alertmanager/…"),
        ("/in/generic/k/more", "/in/generic/…/more"),
        ("/setup/first/Zm9vYmFyYmF6cXV4MTIzNDU2/", "/setup/first/…/"),
        ("/incidents/INC-12/", "/incidents/INC-12/"),
    ],
)
def test_the_log_holds_no_keys(path, shown):
    assert masked(path) == shown


def test_live_refuses_whom_nobody_allowed(house):
    assert get(house.port, "/live?topics=now")[0] == 401


def test_a_port_in_use_is_one_line(house):
    with pytest.raises(PortInUse, match=r"^127\.0\.0\.1:\d+ is in use\. Choose another with --port\.$"):
        listen("127.0.0.1", house.port)


@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_has_both_languages(code):
    facts = {"limit_mib": 5, "seconds": 30}
    for language in ("ja", "en"):
        said = refusals.said(Refused(code, **facts), language)
        assert said.sentence and said.way_out
