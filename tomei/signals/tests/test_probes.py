"""Probes against real servers on loopback: what each answer means, and that it is told once it is certain."""

from __future__ import annotations

import socket
import ssl
import threading
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.people import NOW
from tomei.clock import actions as jobs
from tomei.clock.engine import Engine, Outside
from tomei.clock.handlers import Handler, JobFacts
from tomei.clock.models import Job
from tomei.delivery import net
from tomei.delivery.tests.servers import Kept, free_port, http_server
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text
from tomei.promises.models import Promise
from tomei.signals import actions
from tomei.signals.actions import probing as acting
from tomei.signals.models import Group, Probe, ProbeHour, ProbeResult, Signal
from tomei.signals.rules import probing
from tomei.signals.rules.probing import Found, Setting, Standing
from tomei.signals.tests.conftest import MASTER
from tomei.wiring import HANDLERS, engine

TRIAGE = Actor("user", 2, "Lead", rights=frozenset({"signal.triage", "read"}))
HTTP = Setting("http", "https://www.example.com/")
SECONDS = 1
LOOPBACK = ["127.0.0.0/8"]

# Rules


def test_it_takes_two_failures_to_fire_and_one_success_to_resolve() -> None:
    bad, good = Found("timeout"), Found("ok")
    first, said = probing.step(Standing(), bad, HTTP)
    assert (first, said) == (Standing("new", "", 1, 0), None)
    second, said = probing.step(first, bad, HTTP)
    assert (second, said) == (Standing("down", "critical", 2, 0), "firing")
    assert probing.step(second, bad, HTTP) == (second, None)
    assert probing.step(second, good, HTTP) == (Standing("up", "", 0, 1), "resolved")
    assert probing.step(first, good, HTTP) == (Standing("up", "", 0, 1), None)
    assert probing.step(Standing("down", "critical", 2, 0), good, replace(HTTP, successes=2)) == (
        Standing("down", "critical", 0, 1), None,
    )  # fmt: skip


def test_a_warning_that_turns_critical_is_told_and_not_the_other_way() -> None:
    warned = Standing("down", "warning", 2, 0)
    assert probing.step(warned, Found("ends_now"), HTTP) == (Standing("down", "critical", 2, 0), "firing")
    assert probing.step(Standing("down", "critical", 2, 0), Found("ends_soon", "", "warning"), HTTP)[1] is None


@pytest.mark.parametrize(
    ("days", "outcome", "severity"),
    [(22, "ok", "critical"), (21, "ends_soon", "warning"), (7.1, "ends_soon", "warning"), (7, "ends_now", "critical"),
     (0, "expired", "critical"), (-3, "expired", "critical")],
)  # fmt: skip
def test_a_certificate_warns_at_21_days_and_is_critical_at_7(days: float, outcome: str, severity: str) -> None:
    found = probing.of_certificate(Setting("tls", "x"), NOW + timedelta(days=days), NOW)
    assert (found.outcome, found.severity) == (outcome, severity)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "icmp"}, "field.not_a_choice"),
        ({"method": "POST"}, "field.not_a_choice"),
        ({"every_s": 29}, "probe.bounds"),
        ({"every_s": 86401}, "probe.bounds"),
        ({"timeout_s": 11}, "probe.bounds"),
        ({"failures": 0}, "probe.bounds"),
        ({"status_from": 300}, "probe.range"),
        ({"critical_days": 21}, "probe.range"),
        ({"method": "HEAD", "must": "x"}, "probe.no_body"),
        ({"kind": "tcp", "target": "x"}, "probe.target"),
        ({"kind": "tcp", "target": "x:0"}, "probe.target"),
        ({"kind": "tcp", "target": "x:65536"}, "probe.target"),
        ({"kind": "tcp", "target": "a b:1"}, "probe.target"),
        ({"kind": "tls", "target": "x:y"}, "probe.target"),
    ],
)
def test_a_setting_that_cannot_be_kept_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as error:
        probing.checked(replace(HTTP, **given))
    assert error.value.code == code


def test_a_target_is_read_in_each_spelling() -> None:
    assert probing.host_port("db.example.com:5432") == ("db.example.com", 5432)
    assert probing.host_port("[2001:db8::1]:22") == ("2001:db8::1", 22)
    assert [probing.host_port(one, "tls") for one in ("x.jp", "[::1]", "x.jp:8443")] == [
        ("x.jp", 443), ("::1", 443), ("x.jp", 8443),
    ]  # fmt: skip


# Real servers


@contextmanager
def raw(answer: Any) -> Iterator[int]:
    """A server that does with each connection what `answer` says."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                line, _peer = listening.accept()
                threading.Thread(target=hold, args=(line,), daemon=True).start()

    def hold(line: socket.socket) -> None:
        with line, suppress(OSError):
            answer(line, over)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.close()


def never(line: socket.socket, over: threading.Event) -> None:
    over.wait(10)


def drips(line: socket.socket, over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    while not over.wait(0.2):
        line.sendall(b"x")


def endless(line: socket.socket, over: threading.Event) -> None:
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\nfine")
    while not over.is_set():
        line.sendall(b"x" * 65536)


def hangs_up(line: socket.socket, over: threading.Event) -> None:
    line.recv(4096)


def babbles(line: socket.socket, over: threading.Event) -> None:
    line.recv(4096)
    line.sendall(b"HELLO\r\n\r\n")


@pytest.fixture
def probed(db: Any, house: Any, lead: Any, settings: Any) -> Any:
    settings.TOMEI_PRIVATE_NETWORKS = LOOPBACK

    def ask(kind: str, target: str, **given: Any) -> Found:
        setting = Setting(kind, target, timeout_s=SECONDS, **given)
        pk = actions.add_probe(Text("窓口", "Front"), setting, by=MASTER, now=NOW)
        looked = acting.look(job(pk))
        assert looked is not None
        return looked.found

    return ask


def job(pk: int, **payload: Any) -> JobFacts:
    return JobFacts(1, acting.JOB, f"probe:{pk}", 6, NOW, {"probe_id": pk, **payload}, 0, 0)


def test_http_answers(probed: Any) -> None:
    kept = Kept()
    with http_server(kept) as (_kept, port):
        url = f"http://127.0.0.1:{port}/health"
        assert probed("http", url) == Found("ok", "200")
        assert probed("http", url, must="ok", must_not="error") == Found("ok", "200")
        assert probed("http", url, must="ready").outcome == "missing_text"
        assert probed("http", url, must_not="ok").outcome == "forbidden_text"
        kept.answers = [(503, {}, b""), (302, {"Location": "http://169.254.169.254/"}, b""), (404, {}, b"")]
        assert probed("http", url) == Found("wrong_status", "503")
        assert probed("http", url) == Found("wrong_status", "302")
        assert probed("http", url, status_from=404, status_to=404) == Found("ok", "404")
        kept.answers = [(200, {}, "メンテナンス中".encode("cp932"))]
        assert probed("http", url, must_not="メンテナンス").outcome == "forbidden_text"
    assert len(kept.requests) == 8  # the redirect was not followed


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(never, "timeout"), (drips, "timeout"), (endless, "ok"), (hangs_up, "cut_off"), (babbles, "protocol")],
)
def test_servers_that_do_not_behave(probed: Any, answer: Any, outcome: str) -> None:
    began = clock.monotonic()
    with raw(answer) as port:
        assert probed("http", f"http://127.0.0.1:{port}/", must="fine" if answer is endless else "").outcome == outcome
    assert clock.monotonic() - began < 8


def test_a_closed_port_a_name_that_is_not_there_and_an_address_that_is_not_allowed(
    probed: Any, settings: Any, monkeypatch: Any
) -> None:
    port = free_port()
    assert probed("tcp", f"127.0.0.1:{port}").outcome == "refused"
    assert probed("http", f"http://127.0.0.1:{port}/").outcome == "refused"
    with raw(never) as listening:
        assert probed("tcp", f"127.0.0.1:{listening}").outcome == "ok"
        assert probed("tls", f"127.0.0.1:{listening}").outcome == "timeout"
    settings.TOMEI_PRIVATE_NETWORKS = []
    assert probed("tcp", "127.0.0.1:22") == Found("not_allowed", "127.0.0.1")
    private = [(2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: private)
    assert probed("http", "http://inside.example/") == Found("not_allowed", "10.0.0.1")
    assert probed("tls", "inside.example") == Found("not_allowed", "10.0.0.1")

    def gone(*_a: Any, **_k: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", gone)
    assert probed("tcp", "gone.example:1").outcome == "name"


# Certificates


def pair(folder: Path, name: str, days: float, *, host: str = "localhost", began: float = 40) -> Path:
    """A certificate for `host` that signs itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(said).issuer_name(said).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=began))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def tls_server(both: Path) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)

    def shake(line: socket.socket, over: threading.Event) -> None:
        with suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
            safe.recv(1)

    with raw(shake) as port:
        yield port


@pytest.mark.parametrize(
    ("days", "host", "trusted", "outcome"),
    [
        (40, "localhost", True, "ok"),
        (10, "localhost", True, "ends_soon"),
        (3, "localhost", True, "ends_now"),
        (-1, "localhost", True, "expired"),
        (40, "else.example", True, "wrong_host"),
        (40, "localhost", False, "self_signed"),
    ],
)
def test_certificates(
    probed: Any, tmp_path: Path, monkeypatch: Any, days: float, host: str, trusted: bool, outcome: str
) -> None:
    both = pair(tmp_path, "tomei-test", days, host=host)
    context = ssl.create_default_context(cafile=str(both)) if trusted else ssl.create_default_context()
    monkeypatch.setattr(net, "tls", lambda: context)
    monkeypatch.setattr(net, "resolve", lambda _host, _port: ["127.0.0.1"])
    with tls_server(both) as port:
        assert probed("tls", f"localhost:{port}").outcome == outcome


# What follows


@pytest.fixture
def pk(house: Any, lead: Any) -> int:
    return actions.add_probe(Text("受注の窓口", "Order desk"), HTTP, by=MASTER, now=NOW)


def at(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def came(pk: int, found: Found, seconds: int, **payload: Any) -> None:
    due = replace(job(pk, **payload), due_at=at(seconds))
    acting.settle(due, acting.Looked(found, 12, Probe.objects.get(pk=pk).version), at(seconds))


@pytest.mark.django_db
def test_the_second_failure_is_proposed_and_the_first_success_ends_it(pk: int) -> None:
    came(pk, Found("wrong_status", "503"), 0)
    assert (Group.objects.count(), Job.objects.get(key=f"probe:{pk}").due_at) == (0, at(60))
    came(pk, Found("timeout"), 60)
    came(pk, Found("timeout"), 120)
    group = Group.objects.get()
    assert (group.title, group.triage, group.source_id) == ("Probe of Order desk fails", "proposed", pk)
    assert (Signal.objects.get().text, Promise.objects.filter(kind="triage").count()) == (
        "no answer in time / 制限時間内に応答がありません", 1,
    )  # fmt: skip
    came(pk, Found("ok", "200"), 180)
    group.refresh_from_db()
    hour = ProbeHour.objects.get()
    assert (group.state, ProbeResult.objects.count(), hour.good, hour.total) == ("resolved", 4, 1, 4)


@pytest.mark.django_db
def test_a_warning_calls_nobody_until_it_is_critical(house: Any, lead: Any) -> None:
    pk = actions.add_probe(Text("証明書", "Certificate"), Setting("tls", "x.jp", failures=1), by=MASTER, now=NOW)
    came(pk, Found("ends_soon", "2026-12-01", "warning"), 0)
    assert (Group.objects.get().severity, Group.objects.get().triage) == ("warning", "none")
    came(pk, Found("ends_now", "2026-12-01"), 60)
    assert (Group.objects.get().severity, Group.objects.get().triage) == ("critical", "proposed")
    came(pk, Found("ok", "2027-12-01"), 120)
    assert Group.objects.get().state == "resolved"


@pytest.mark.django_db
def test_only_the_newest_results_are_kept(pk: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(probing, "KEPT", 3)
    for turn in range(5):
        came(pk, Found("ok"), turn * 60)
    assert list(ProbeResult.objects.order_by("pk").values_list("at", flat=True)) == [at(120), at(180), at(240)]


@pytest.mark.django_db
def test_what_an_older_setting_saw_is_not_believed(pk: int) -> None:
    acting.settle(job(pk), acting.Looked(Found("timeout"), 1, 0), NOW)
    assert (ProbeResult.objects.count(), Job.objects.get(key=f"probe:{pk}").due_at) == (0, at(60))


@pytest.mark.django_db
def test_paused_it_looks_only_when_asked_and_fires_nothing(pk: int) -> None:
    for second in (0, 60):
        came(pk, Found("timeout"), second)
    actions.pause_probe(pk, by=TRIAGE, now=at(70))
    assert (Group.objects.get().state, Job.objects.filter(key=f"probe:{pk}").count()) == ("resolved", 0)
    assert acting.look(job(pk)) is None
    with pytest.raises(Stale):
        actions.pause_probe(pk, by=TRIAGE, now=at(71))
    actions.try_probe(pk, by=TRIAGE, now=at(80))
    assert Job.objects.get(key=f"probe:{pk}").payload == {"probe_id": pk, "asked": True}
    Job.objects.all().delete()
    came(pk, Found("timeout"), 80, asked=True)
    came(pk, Found("timeout"), 81, asked=True)
    assert (Group.objects.get().state, Job.objects.count(), ProbeResult.objects.count()) == ("resolved", 0, 4)
    actions.resume_probe(pk, by=TRIAGE, now=at(90))
    assert Job.objects.get(key=f"probe:{pk}").due_at == at(90)


@pytest.mark.django_db
def test_another_question_begins_anew_and_a_name_does_not(pk: int) -> None:
    for second in (0, 60):
        came(pk, Found("timeout"), second)
    named: dict[str, Any] = {"name": Text("新", "New"), "component_id": None, "by": MASTER}
    actions.edit_probe(pk, setting=HTTP, seen=1, now=at(70), **named)
    assert Group.objects.get().state == "firing"
    actions.edit_probe(pk, setting=replace(HTTP, failures=3), seen=2, now=at(80), **named)
    assert (Group.objects.get().state, Probe.objects.get().state) == ("resolved", "new")
    with pytest.raises(Stale):
        actions.edit_probe(pk, setting=HTTP, seen=2, now=at(90), **named)


@pytest.mark.django_db
def test_deleted_it_leaves_the_alerts_it_raised(pk: int) -> None:
    for second in (0, 60):
        came(pk, Found("timeout"), second)
    actions.delete_probe(pk, by=MASTER, now=at(70))
    assert (Group.objects.get().state, Probe.objects.count(), ProbeResult.objects.count()) == ("resolved", 0, 0)
    came_late = replace(job(pk), due_at=at(60))
    acting.settle(came_late, acting.Looked(Found("timeout"), 1, 1), at(71))
    assert Job.objects.filter(key=f"probe:{pk}").count() == 0


@pytest.mark.django_db
def test_a_lost_look_is_planned_anew(pk: int) -> None:
    Job.objects.all().delete()
    actions.run_watches([], at(179))
    assert Job.objects.count() == 0
    actions.run_watches([], at(180))
    assert Job.objects.get(key=f"probe:{pk}").due_at == at(180)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["add", "edit", "pause", "try", "delete"])
def test_who_may_not_changes_nothing(pk: int, verb: str) -> None:
    reader = Actor("user", 3, "Reader", rights=frozenset({"read"}))
    before = (list(Probe.objects.values()), list(Job.objects.values()))
    with pytest.raises(Refused) as error:
        if verb == "add":
            actions.add_probe(Text("x", "x"), HTTP, by=reader, now=NOW)
        elif verb == "edit":
            actions.edit_probe(pk, name=Text("x", "x"), setting=HTTP, component_id=None, seen=1, by=reader, now=NOW)
        else:
            getattr(actions, f"{verb}_probe")(pk, by=reader, now=NOW)
    assert (error.value.code, list(Probe.objects.values()), list(Job.objects.values())) == ("rights.missing", *before)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["ftp://x.jp/", "http://u:p@x.jp/", "javascript:alert(1)", "https://x y/", "https://"])
def test_an_address_that_cannot_be_asked_is_refused(house: Any, url: str) -> None:
    with pytest.raises(Refused) as error:
        actions.add_probe(Text("x", "x"), Setting("http", url), by=MASTER, now=NOW)
    assert (error.value.code, Probe.objects.count()) == ("probe.url", 0)


@pytest.mark.django_db(transaction=True)
def test_slow_targets_hold_no_other_outside_work(house: Any, lead: Any) -> None:
    """Twenty probes of a server that never answers, and one piece of other outside work."""
    own = HANDLERS[actions.PROBE]
    assert isinstance(own, Outside)
    done, over = threading.Event(), threading.Event()
    handlers: dict[str, Handler] = {
        actions.PROBE: replace(own, do=lambda _job: over.wait(20), settle=lambda *_a: None),
        "other": Outside(lambda _job: done.set(), lambda *_a: None),
    }
    now = datetime.now(UTC)
    for turn in range(20):
        jobs.schedule(actions.PROBE, due_at=now, key=f"p{turn}", rank=0, payload={"probe_id": 1}, now=now)
    running = Engine(handlers, wall=lambda: datetime.now(UTC))
    running.start()
    try:
        clock.sleep(0.5)
        jobs.schedule("other", due_at=now, key="o", rank=9, now=now)
        assert done.wait(10)
    finally:
        over.set()
        running.stop()


@pytest.mark.django_db
def test_the_clock_runs_it(house: Any, lead: Any, settings: Any) -> None:
    settings.TOMEI_PRIVATE_NETWORKS = LOOPBACK
    with http_server() as (_kept, port):
        url = f"http://127.0.0.1:{port}/"
        pk = actions.add_probe(Text("窓口", "Front"), Setting("http", url), by=MASTER, now=NOW)
        engine().drain(NOW)
    row = Probe.objects.get(pk=pk)
    assert (row.state, row.outcome, row.next_at, ProbeResult.objects.count()) == ("up", "ok", at(60), 1)
