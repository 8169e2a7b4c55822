import errno
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.accounts.models import AuditEntry
from tomei.files import actions, doors, queries, rules, store
from tomei.files.models import StoredFile
from tomei.kernel.errors import Missing, Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 20
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ZIP = b"PK\x03\x04" + b"\x00" * 40


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "files"


def left(place):
    return sorted(path.name for path in place.rglob("*") if path.is_file()) if place.exists() else []


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [("a.png", PNG, "image/png"), ("A.JPG", JPEG, "image/jpeg"), ("a.gif", b"GIF89a...", "image/gif"),
     ("a.webp", WEBP, "image/webp"),
     ("a.pdf", PDF, "application/pdf"), ("a.zip", ZIP, "application/zip"), ("a.log", "障害\n".encode(), rules.TEXT),
     ("a.log", "障害が発生しました\n".encode("shift_jis"), rules.TEXT),
     ("a.txt", "\ufeff障害".encode("utf-16"), rules.TEXT),
     ("a.csv", b"a,b\n1,2\n", "text/csv; charset=utf-8"), ("a.json", b"{}", "application/json"),
     ("a.svg", b"<svg onload='alert(1)'/>", rules.TEXT), ("a.html", b"<script>alert(1)</script>", rules.TEXT)],
)  # fmt: skip
def test_what_is_taken_and_as_what_it_is_served(name, body, kind):
    assert rules.content_type(name, body) == kind


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [("a.exe", b"MZ", "files.unknown_type"), ("a", b"x", "files.unknown_type"),
     ("a.png.js", PNG, "files.unknown_type"),
     ("a.png", b"<script>", "files.not_what_it_says"), ("a.jpg", PNG, "files.not_what_it_says"),
     ("a.txt", PNG, "files.not_what_it_says"),
     ("a.log", b"\x00\x01\x02", "files.not_what_it_says"), ("a.zip", b"hello", "files.not_what_it_says")],
)  # fmt: skip
def test_what_is_not_taken(name, body, code):
    with pytest.raises(Refused) as refusal:
        rules.content_type(name, body)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\画面.png", "画面.png"), ("a\r\nb.txt", "ab.txt"),
     ("\u202egnp.exe", "gnp.exe"), ("", "file"),
     ("...", "file"), ('a"b.txt', "a_b.txt"), ("x" * 300 + ".log", "x" * 116 + ".log")],
)  # fmt: skip
def test_names_are_made_harmless(given_name, kept):
    assert rules.safe_name(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_breaks_out(name):
    kept = rules.safe_name(name)
    assert 0 < len(kept) <= rules.NAME_LIMIT
    assert not set(kept) & set('/\\\r\n\x00"')


@given(st.binary(max_size=6000), st.sampled_from(rules.ALLOWED))
def test_any_bytes_are_judged_or_refused(body, extension):
    try:
        assert rules.content_type(f"a.{extension}", body[: rules.HEAD])
    except Refused as error:
        assert error.code == "files.not_what_it_says"


@pytest.mark.django_db
def test_a_file_is_kept_by_its_hash_once(place, by_lead, now):
    first = actions.add("画面.png", "text/html", PNG, about="incident:12", by=by_lead, now=now)
    second = actions.add(
        "b.png", "image/png", io.BytesIO(PNG), about="incident:12", audience="public", by=by_lead, now=now
    )
    digest = hashlib.sha256(PNG).hexdigest()
    assert (first.digest, first.content_type, first.size, first.name) == (digest, "image/png", len(PNG), "画面.png")
    assert left(place) == [digest]
    assert store.path(digest).read_bytes() == PNG
    assert queries.of("incident:12") == [first, second]
    assert queries.of("incident:13") == []
    assert list(AuditEntry.objects.values_list("code", flat=True)) == ["file.added", "file.added"]


def refused(place, code, **given):
    with pytest.raises(Refused) as refusal:
        actions.add(**given)
    assert refusal.value.code == code
    assert (left(place), StoredFile.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing_behind(place, by_lead, by_watcher, now, monkeypatch):
    usual = {"name": "a.log", "content_type": "", "stream": b"x", "about": "incident:1", "by": by_lead, "now": now}
    refused(place, "rights.missing", **{**usual, "by": by_watcher})
    refused(place, "files.bad_about", **{**usual, "about": "incident:x"})
    refused(place, "files.bad_audience", **{**usual, "audience": "world"})
    refused(place, "files.empty", **{**usual, "stream": b""})
    refused(place, "files.not_what_it_says", **{**usual, "stream": b"\x00" * 9})
    refused(place, "files.unknown_type", **{**usual, "name": "a.exe"})
    monkeypatch.setattr(rules, "LIMIT", 10)
    refused(place, "files.too_large", **{**usual, "stream": iter([b"x" * 6, b"x" * 6])})


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["fsync", "replace", "mkstemp"])
def test_a_full_disk_is_said_and_leaves_nothing(place, by_lead, now, monkeypatch, where):
    def full(*parts, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"fsync": store.os, "replace": store.Path, "mkstemp": store.tempfile}[where]
    monkeypatch.setattr(target, where, full)
    refused(
        place, "files.disk_full", name="a.log", content_type="", stream=b"x", about="incident:1", by=by_lead, now=now
    )


@pytest.fixture
def kept(place, by_lead, now, monkeypatch):
    monkeypatch.setattr(doors, "readers", {"incident": lambda number, by: number == 12 or by.is_administrator})
    return actions.add('画面 "1".svg', "", b"<svg onload=alert(1)>", about="incident:12", by=by_lead, now=now)


@pytest.mark.django_db
def test_a_download_can_do_nothing_in_our_pages(kept, client_of, watcher):
    answer = client_of(watcher).get(kept.url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"<svg onload=alert(1)>")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=\"__ _1_.svg\"; filename*=UTF-8''%E7%94%BB")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert AuditEntry.objects.filter(code="file.read").count() == 1


@pytest.mark.django_db
def test_behind_the_front_the_body_is_empty_and_the_file_named(kept, client_of, watcher):
    answer = client_of(watcher).get(kept.url, **{"tomei.front": True})
    assert (answer.status_code, answer.content, answer["X-Tomei-File"]) == (200, b"", str(store.path(kept.digest)))
    assert "X-Tomei-File" not in client_of(watcher).get(kept.url)


@pytest.mark.django_db
def test_who_may_not_read_what_it_hangs_on_finds_nothing(
    place, kept, client_of, client, lead, admin, outsider, by_lead, now
):
    hidden = actions.add("a.log", "", b"x", about="incident:13", by=by_lead, now=now)
    homeless = actions.add("a.log", "", b"x", about="invoice:1", by=by_lead, now=now)
    read = [client_of(who).get(file.url).status_code for who in (lead, admin) for file in (kept, hidden, homeless)]
    assert read == [200, 404, 404, 200, 200, 404]
    assert client.get(kept.url).status_code == 302
    assert client_of(outsider).get(kept.url).status_code in (302, 403)
    assert client_of(lead).get("/files/999999/").status_code == 404
    assert client_of(lead).post(kept.url).status_code in (403, 405)


@pytest.mark.django_db
def test_a_row_whose_bytes_are_gone_is_not_there(kept, client_of, lead):
    store.path(kept.digest).unlink()
    assert client_of(lead).get(kept.url).status_code == 404
    with pytest.raises(Missing):
        queries.file(999)


def test_every_refusal_is_said_in_both_languages():
    from tomei.files.texts import REFUSALS

    assert all(text.missing == () for entry in REFUSALS.values() for text in entry)


@pytest.mark.django_db
def test_files_move_to_what_takes_them_along_all_or_none(place, by_lead, now):
    first, second = (
        actions.add(name, "", b"x", about="incident:1", by=by_lead, now=now) for name in ("a.log", "b.log")
    )
    other = actions.add("c.log", "", b"x", about="incident:2", by=by_lead, now=now)
    given = {"of": "incident:1", "to": "update:5", "audience": "public", "by": by_lead, "now": now}
    for ids, changed, code in [
        ([first.id, other.id], {}, "files.not_there"), ([first.id, 99999], {}, "files.not_there"),
        ([first.id], {"to": "x"}, "files.bad_about"), ([first.id], {"audience": "all"}, "files.bad_audience"),
    ]:  # fmt: skip
        for verb in (actions.bind, actions.copy):
            with pytest.raises(Refused) as refusal:
                verb(ids, **{**given, **changed})
            assert (refusal.value.code, queries.of("incident:1"), queries.of("update:5")) == (code, [first, second], [])
    moved = actions.bind([second.id, first.id, second.id], **given)
    assert [(one.id, one.about, one.audience) for one in moved] == [
        (second.id, "update:5", "public"), (first.id, "update:5", "public"),
    ]  # fmt: skip
    [copied] = actions.copy([first.id], of="update:5", to="update:6", by=by_lead, now=now)
    assert (copied.digest, copied.audience, copied.id != first.id) == (first.digest, "internal", True)
    assert queries.of("update:5") == [queries.file(first.id), queries.file(second.id)]
    with pytest.raises(Refused, match=r"files\.not_there"):
        actions.bind([first.id], **given)


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1025, "2 KiB"), (1024 * 1024 * 3 // 2, "1.5 MiB")],
)
def test_sizes_are_said(size, said):
    assert rules.said_size(size) == said
