"""Giving a file in chunks, looking into it, who sees it, which bytes they get."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import NOW, signed_in
from tomei.accounts.doors import actor
from tomei.accounts.models import AuditEntry
from tomei.cases import timeline
from tomei.cases.evidence import actions, queries, rules
from tomei.cases.evidence.models import Evidence, Reading
from tomei.cases.models import Entry, Incident
from tomei.cases.tests.factories import declared
from tomei.clock.handlers import JobFacts
from tomei.files.looking import run
from tomei.files.uploads import rules as upload_rules
from tomei.files.uploads import store
from tomei.files.uploads.models import Chunk, Upload
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused

LOG = b"03:12 start\n03:13 password=hunter2-very-secret\n03:14 end\n"
SECRET = "hunter2-very-secret"


@pytest.fixture(autouse=True)
def _world(monkeypatch: Any, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(time, "now", lambda: NOW)
    settings.DATA = tmp_path


@pytest.fixture
def incident(house: Any, lead: Any) -> Any:
    return declared(actor(lead))


def looked(pk: int) -> Evidence:
    """As the clock does it."""
    job = JobFacts(1, actions.LOOK, None, 5, NOW, {"evidence": pk}, 0, 1)
    actions.settle(job, actions.look(job), NOW)
    return Evidence.objects.get(pk=pk)


def sent(client: Any, incident: Any, data: bytes, name: str = "app.log", **more: Any) -> int:
    """As the script does it: begin, every chunk, finish."""
    place = f"{incident.url}evidence/"
    begun = client.post(f"{place}begin/", {"name": name, "size": len(data), **more})
    assert begun.status_code == 201, begun.content
    upload = begun.json()
    for number in range(upload["chunks"]):
        if number not in upload["have"]:
            assert put(client, f"{place}uploads/{upload['key']}/{number}/", piece(data, number)).status_code == 200
    return int(client.post(f"{place}uploads/{upload['key']}/").json()["id"])


def piece(data: bytes, number: int) -> bytes:
    return data[number * upload_rules.CHUNK : (number + 1) * upload_rules.CHUNK]


def put(client: Any, url: str, data: bytes, digest: str = "") -> Any:
    return client.put(
        url, data, content_type="application/octet-stream",
        headers={"X-Chunk-SHA256": digest or hashlib.sha256(data).hexdigest()},
    )  # fmt: skip


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_log_is_given_looked_into_and_read_masked(incident, lead, colleague):
    client = signed_in(lead)
    pk = sent(client, incident, LOG)
    assert Evidence.objects.get(pk=pk).state == "checking"
    other = signed_in(colleague)
    assert client.get(f"{incident.url}evidence/{pk}/").status_code == 200
    assert other.get(f"{incident.url}evidence/{pk}/").status_code == 404
    assert client.get(f"{incident.url}evidence/{pk}/file/").status_code == 409
    row = looked(pk)
    assert (row.state, row.digest, row.encoding, row.findings) == (
        "ready", hashlib.sha256(LOG).hexdigest(), "utf-8", [["assignment", 1, [2]]],
    )  # fmt: skip
    answer = other.get(f"{incident.url}evidence/{pk}/file/")
    assert body_of(answer) == LOG.replace(SECRET.encode(), b"[masked: assignment]")
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff", "sandbox; default-src 'none'",
    )  # fmt: skip
    entry = Entry.objects.get(code="evidence.given")
    assert (entry.data["digest"], entry.audience, entry.body) == (row.digest, "internal", "app.log")
    assert timeline.verify(incident.id).holds
    assert [one.copy for one in Reading.objects.all()] == ["masked"]
    assert AuditEntry.objects.filter(code="evidence.read").count() == 1
    everything = str([list(model.objects.values()) for model in (Evidence, Entry, AuditEntry, Reading)])
    assert SECRET not in everything


def test_the_original_takes_a_right_and_a_reason(incident, lead, colleague):
    pk = sent(signed_in(lead), incident, LOG)
    looked(pk)
    here = f"{incident.url}evidence/{pk}/original/"
    assert signed_in(colleague).post(here, {"reason": "look"}).status_code == 403
    client = signed_in(lead)
    assert client.post(here, {"reason": " "}).status_code == 422
    assert Reading.objects.count() == 0
    assert body_of(client.post(here, {"reason": "compare"})) == LOG
    assert list(Reading.objects.values_list("copy", "reason")) == [("original", "compare")]


def test_chunks_are_gone_on_with_and_judged(incident, lead):
    client, data = signed_in(lead), b"x" * (upload_rules.CHUNK + 5)
    place = f"{incident.url}evidence/"
    begin = {"name": "big.log", "size": len(data)}
    key = client.post(f"{place}begin/", begin).json()["key"]
    here = f"{place}uploads/{key}/"
    assert put(client, f"{here}0/", piece(data, 0), "0" * 64).json()["code"] == "upload.wrong_hash"
    assert put(client, f"{here}0/", piece(data, 0), "abc").json()["code"] == "upload.no_hash"
    assert put(client, f"{here}2/", b"more").json()["code"] == "upload.no_such_chunk"
    assert put(client, f"{here}1/", b"longer").json()["code"] == "upload.wrong_length"
    assert Chunk.objects.count() == 0
    assert put(client, f"{here}0/", piece(data, 0)).status_code == 200
    assert put(client, f"{here}0/", piece(data, 0)).status_code == 200
    assert put(client, f"{here}0/", b"y" * upload_rules.CHUNK).json()["code"] == "upload.chunk_differs"
    assert client.post(here).json()["code"] == "upload.chunks_missing"
    assert client.post(f"{place}begin/", begin).json() == client.get(here).json()
    assert client.get(here).json()["have"] == [0]
    assert put(client, f"{here}1/", piece(data, 1)).status_code == 200
    first = client.post(here).json()
    assert client.post(here).json() == first
    assert put(client, f"{here}1/", piece(data, 1)).json()["code"] == "upload.not_open"
    assert looked(first["id"]).digest == hashlib.sha256(data).hexdigest()
    assert [one.name for one in store.folder().iterdir() if one.name.startswith(".coming")] == []


def test_nobody_goes_on_with_the_upload_of_somebody_else(incident, lead, colleague):
    place = f"{incident.url}evidence/"
    key = signed_in(lead).post(f"{place}begin/", {"name": "a.log", "size": 3}).json()["key"]
    other = signed_in(colleague)
    assert other.get(f"{place}uploads/{key}/").status_code == 404
    assert put(other, f"{place}uploads/{key}/0/", b"abc").status_code == 404
    assert other.post(f"{place}uploads/{key}/").status_code == 404
    assert (Chunk.objects.count(), Evidence.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "files.empty"), (1024**3 + 1, "upload.too_large"), (1024**2, "upload.over_quota"), (9, "upload.disk_low")],
)
def test_what_does_not_fit_is_refused_before_a_byte(incident, lead, settings, monkeypatch, size, code):
    settings.TOMEI_EVIDENCE_QUOTA = 1000_000 if code == "upload.over_quota" else 5 * 1024**3
    if code == "upload.disk_low":
        monkeypatch.setattr(store, "free", lambda: settings.TOMEI_DISK_FLOOR + 17)
    answer = signed_in(lead).post(f"{incident.url}evidence/begin/", {"name": "a.log", "size": size})
    assert (answer.json()["code"], Upload.objects.count()) == (code, 0)
    assert not store.folder().exists()


def test_bytes_that_changed_on_the_disk_are_never_shown(incident, lead):
    client = signed_in(lead)
    pk = sent(client, incident, LOG)
    place = store.part(Evidence.objects.get(pk=pk).upload_key)
    place.write_bytes(LOG[:-1] + b"X")
    row = looked(pk)
    assert (row.state, row.digest) == ("broken", "")
    assert client.get(f"{incident.url}evidence/{pk}/file/").status_code == 409
    assert Upload.objects.get().state == "gone"


def test_a_file_that_kills_the_scanner_waits_for_a_lead(incident, lead, colleague, monkeypatch):
    pk = sent(signed_in(colleague), incident, LOG)
    real = run.look
    monkeypatch.setattr(run, "look", lambda *a, **k: {**real(*a, **k), "state": "unscanned", "why": "killed"})
    assert looked(pk).state == "unscanned"
    here = f"{incident.url}evidence/{pk}/"
    client = signed_in(lead)
    assert client.get(f"{here}file/").status_code == 409
    assert signed_in(colleague).post(f"{here}release/", {"reason": "ok"}).status_code == 403
    assert client.post(f"{here}release/", {"reason": ""}).status_code == 422
    assert Evidence.objects.get(pk=pk).state == "unscanned"
    assert client.post(f"{here}release/", {"reason": "It is our own dump"}).status_code == 303
    assert body_of(client.get(f"{here}file/")) == LOG
    assert Entry.objects.filter(code="evidence.released", body="It is our own dump").count() == 1


def test_a_plain_form_takes_small_files(incident, lead):
    client, place = signed_in(lead), f"{incident.url}evidence/"
    assert client.post(place, {}).status_code == 422
    file = SimpleUploadedFile("../../etc/a b\u202e.log", LOG)
    posted = {"file": file, "source": "web-1", "zone": "Asia/Tokyo", "covers_from": "2026-11-18T03:00"}
    assert client.post(place, posted).status_code == 303
    row = Evidence.objects.get()
    assert (row.name, row.source, row.zone, row.covers_from.isoformat()) == (
        "a b.log", "web-1", "Asia/Tokyo", "2026-11-17T18:00:00+00:00",
    )  # fmt: skip
    assert looked(row.pk).state == "ready"
    assert "a b.log" in client.get(place).content.decode()
    back = client.post(
        f"{place}{row.pk}/describe/", {"covers_from": "2026-11-18T03:00", "covers_until": "2026-11-18T02:00"}
    )
    assert (back.status_code, Evidence.objects.get().source) == (422, "web-1")
    assert client.post(f"{place}{row.pk}/describe/", {"source": "db-2"}).status_code == 303
    assert Evidence.objects.get().source == "db-2"


def test_ranges(incident, lead):
    client = signed_in(lead)
    pk = sent(client, incident, LOG)
    looked(pk)
    here = f"{incident.url}evidence/{pk}/file/"
    masked = LOG.replace(SECRET.encode(), b"[masked: assignment]")
    for asked, status, body in (
        ("bytes=0-4", 206, masked[:5]), ("bytes=-4", 206, masked[-4:]), ("bytes=5-", 206, masked[5:]),
        ("bytes=9999-", 416, b""), ("bytes=a-b", 200, masked), ("bytes=4-2", 416, b""),
    ):  # fmt: skip
        answer = client.get(here, headers={"Range": asked})
        assert (answer.status_code, body_of(answer)) == (status, body), asked


def test_a_restricted_incident_hides_its_evidence(house, lead, colleague):
    incident = declared(actor(lead))
    pk = sent(signed_in(lead), incident, LOG)
    looked(pk)
    Incident.objects.filter(pk=incident.id).update(restricted=True, owner=lead)
    other = signed_in(colleague)
    for url in ("", f"{pk}/", f"{pk}/file/"):
        assert other.get(f"{incident.url}evidence/{url}").status_code == 404
    assert Reading.objects.count() == 0


def test_bytes_are_erased_when_their_time_is_over_and_the_row_stays(incident, lead, settings):
    client = signed_in(lead)
    kept, gone = sent(client, incident, LOG), sent(client, incident, LOG + b"x", "b.log")
    for pk in (kept, gone):
        looked(pk)
    actions.hold(kept, incident.id, reason="court", by=actor(lead), now=NOW)
    Incident.objects.filter(pk=incident.id).update(state="closed", closed_at=NOW)
    actions.sweep([], NOW + timedelta(days=settings.TOMEI_EVIDENCE_DAYS) - timedelta(seconds=1))
    assert Evidence.objects.filter(state="erased").count() == 0
    actions.sweep([], NOW + timedelta(days=settings.TOMEI_EVIDENCE_DAYS))
    assert list(Evidence.objects.order_by("pk").values_list("state", flat=True)) == ["ready", "erased"]
    row = Evidence.objects.get(pk=gone)
    assert row.digest == hashlib.sha256(LOG + b"x").hexdigest()
    assert client.get(f"{incident.url}evidence/{gone}/").status_code == 200
    assert client.get(f"{incident.url}evidence/{gone}/file/").status_code == 409


def test_what_broke_off_is_swept_after_a_day(incident, lead):
    client = signed_in(lead)
    place = f"{incident.url}evidence/"
    upload = client.post(f"{place}begin/", {"name": "a.log", "size": upload_rules.CHUNK + 1}).json()
    put(client, f"{place}uploads/{upload['key']}/1/", b"a")
    actions.sweep([], NOW + timedelta(hours=23))
    assert client.get(f"{place}uploads/{upload['key']}/").status_code == 200
    actions.sweep([], NOW + timedelta(hours=24))
    assert client.get(f"{place}uploads/{upload['key']}/").status_code == 404


def test_lists_ask_a_fixed_number_of_times(incident, lead, django_assert_max_num_queries):
    client = signed_in(lead)
    for number in range(3):
        looked(sent(client, incident, LOG, f"{number}.log"))
    client.get(f"{incident.url}evidence/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{incident.url}evidence/")
        asked = len(few)
    for number in range(3, 9):
        looked(sent(client, incident, LOG, f"{number}.log"))
    with django_assert_max_num_queries(asked):
        client.get(f"{incident.url}evidence/")


def test_rules_of_seeing():
    def standing(state: str, kind: str = "contact", shared: bool = False) -> rules.Standing:
        return rules.Standing(state, 5, kind, 1, shared, True)

    uploader, colleague_ = rules.Reader("contact", 1, 5), rules.Reader("contact", 2, 5)
    stranger, ours = rules.Reader("contact", 1, 6), rules.Reader("user", 1, None)
    seen = {
        state: [rules.sees(standing(state), who) for who in (uploader, colleague_, stranger, ours)]
        for state in rules.STATES
    }
    assert seen == {
        "checking": [True, False, False, False], "ready": [True, True, False, True],
        "unscanned": [True, False, False, True], "released": [True, True, False, True],
        "broken": [True, False, False, True], "erased": [True, True, False, True],
    }  # fmt: skip
    assert [rules.sees(standing("ready", "user", shared), colleague_) for shared in (False, True)] == [False, True]
    assert rules.gave(standing("ready"), stranger)  # the same contact id; but another organisation never sees it


def test_missing_ids(incident, lead):
    by = actor(lead)
    for pk in (0, -1, 2**63, 99):
        with pytest.raises(Missing):
            queries.evidence(pk, incident.id, by)
    with pytest.raises(Refused):
        rules.check_release("ready")
