"""Large uploads by the API, through the real front: each acts once under its key, and is never whole in memory."""

from __future__ import annotations

import json
import os
import tracemalloc
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from tests.crash.house import end_backends
from tomei.accounts import tokens
from tomei.cases import actions as cases
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.site.front.bodies import MIB
from tomei.site.front.build import build
from tomei.site.tests.serving import read, send, served

LARGE = b"%PDF-1.4\n" + os.urandom(1024) * (20 * 1024)


@pytest.fixture
def upload(shared_db, house, lead, by_lead):  # noqa: F811 - the database comes first
    """`upload(content, boundary, key)` answers with status and body."""
    now = time.now()
    incident = cases.declare(title=Text("出荷停止", "Shipping stands still"), severity="SEV2", by=by_lead, now=now)
    _, token = tokens.make(
        "t", scopes=("read", "incident.work"), expires_at=now + timedelta(days=1), by=by_lead, now=now
    )
    path = f"/api/v1/incidents/{incident.key}/files"

    def posted(port: int, content: bytes, boundary: str, key: str) -> tuple[int, dict]:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="log.pdf"\r\n'
        body = f"{head}Content-Type: application/pdf\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
        lines = [
            f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", f"Idempotency-Key: {key}",
            f"Content-Type: multipart/form-data; boundary={boundary}", f"Content-Length: {len(body)}", "", "",
        ]  # fmt: skip
        with send(port, "\r\n".join(lines).encode()) as connected:
            tracemalloc.reset_peak()
            connected.sendall(body)
            status, _, answer = read(connected)
        return status, json.loads(answer)

    posted.path, posted.token = path, token
    return posted


def test_an_upload_of_20_mib_acts_once_under_its_key_and_is_never_whole_in_memory(upload):
    with served(build(ticks=False)) as port:
        upload(port, b"%PDF-1.4\nwarm", "a", "warm")
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            status, first = upload(port, LARGE, "one", "k")
            peak = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
        again = upload(port, LARGE, "another-boundary", "k")
        other = upload(port, LARGE + b"x", "one", "k")
    end_backends()
    assert (status, first["size"]) == (201, len(LARGE))
    assert again == (201, first)
    assert (other[0], other[1]["code"]) == (409, "api.key_reused")
    assert apps.get_model("files", "StoredFile").objects.filter(size=len(LARGE)).count() == 1
    assert peak - len(LARGE) < 8 * MIB  # what the test itself sends, and a few pieces


def test_where_no_front_has_put_the_body_aside_it_is_refused_in_words(upload):
    """Another WSGI server gives a stream that cannot be read twice: nothing is kept and the answer says why."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = Client().post(
        upload.path, {"file": SimpleUploadedFile("log.pdf", LARGE)}, headers={
            "Authorization": f"Bearer {upload.token}", "Idempotency-Key": "k",
        },
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "api.too_large")
    assert not apps.get_model("files", "StoredFile").objects.exists()
