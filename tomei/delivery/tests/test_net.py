import ipaddress
import socket
import threading

import pytest

from tomei.delivery import net
from tomei.delivery.tests.servers import Kept, http_server
from tomei.kernel.errors import Refused

_real = socket.getaddrinfo
REFUSED = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "168.63.129.16", "192.0.0.192", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1",
    "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
    "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_the_internet_are_refused(address):
    assert net.judge(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_pass(address):
    assert net.judge(ipaddress.ip_address(address)) is True


def test_what_the_operator_allows_passes_in_every_spelling():
    allowed = [ipaddress.ip_network("10.1.0.0/16")]
    assert net.judge(ipaddress.ip_address("10.1.2.3"), allowed) is True
    assert net.judge(ipaddress.ip_address("::ffff:10.1.2.3"), allowed) is True
    assert net.judge(ipaddress.ip_address("10.2.2.3"), allowed) is False


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://localhost:9/", "http://[::1]:9/", "http://0x7f000001/"]
)
def test_nothing_is_opened_to_an_address_that_is_not_allowed(url, settings):
    settings.TOMEI_PRIVATE_NETWORKS = []
    with pytest.raises((Refused, net.Unreachable)) as refusal:
        net.post(url, b"{}", headers={})
    assert isinstance(refusal.value, net.Unreachable) or refusal.value.code == "delivery.private_address"


def test_one_bad_address_among_several_is_enough(settings, monkeypatch):
    settings.TOMEI_PRIVATE_NETWORKS = []
    both = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(Refused) as refusal:
        net.post("http://rebind.example/", b"", headers={})
    assert refusal.value.facts == {"host": "rebind.example", "address": "10.0.0.1"}


@pytest.mark.parametrize(
    "url", ["ftp://x.jp/", "file:///etc/passwd", "http://", "http://u:p@x.jp/", "//x", "http://x.jp:99999/",
            "http://x y/", "http://日本.jp/", "http://x/\r\nHost: y"],
)  # fmt: skip
def test_a_url_that_is_none_is_refused(url):
    with pytest.raises(Refused) as refusal:
        net.check_url(url)
    assert refusal.value.code == "delivery.bad_url"


@pytest.fixture
def loopback(settings):
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]


def test_the_name_is_resolved_once_and_kept(loopback, monkeypatch):
    asked = []

    def once(host, port, *rest, **more):
        asked.append(host)
        return _real("127.0.0.1" if host == "hook.example" else host, port, *rest, **more)

    with http_server() as (kept, port):
        monkeypatch.setattr(socket, "getaddrinfo", once)
        answer = net.post(f"http://hook.example:{port}/a?b=c", b"{}", headers={"X-A": "1"})
    assert (answer.status, answer.body) == (200, b"ok")
    assert asked.count("hook.example") == 1
    assert kept.requests[0][0] == "/a?b=c"
    assert kept.requests[0][1]["Host"] == f"hook.example:{port}"


def test_no_redirect_is_followed(loopback):
    kept = Kept()
    kept.answers = [(302, {"Location": "http://169.254.169.254/"}, b"")]
    with http_server(kept) as (_, port):
        answer = net.post(f"http://127.0.0.1:{port}/", b"", headers={})
    assert answer.status == 302
    assert len(kept.requests) == 1


def test_an_answer_is_cut_at_one_mebibyte(loopback):
    kept = Kept()
    kept.answers = [(200, {}, b"x" * (3 * 1024 * 1024))]
    with http_server(kept) as (_, port):
        assert len(net.post(f"http://127.0.0.1:{port}/", b"", headers={}).body) == net.LIMIT_BYTES


def test_bytes_that_drip_end_with_the_time(loopback, monkeypatch):
    monkeypatch.setattr(net, "LIMIT_SECONDS", 0.6)
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip():
        line, _ = server.accept()
        with line:
            for letter in b"HTTP/1.1 200 OK\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":
                if over.wait(0.1):
                    return
                try:
                    line.sendall(bytes([letter]))
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with pytest.raises(net.Unreachable):
        net.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"", headers={})
    over.set()
    thread.join(5)
    server.close()


def test_nobody_there_is_worth_another_try(loopback):
    with pytest.raises(net.Unreachable):
        net.post("http://127.0.0.1:1/", b"", headers={})
