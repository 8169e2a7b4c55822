"""What is masked, what is text, what an archive says, and a child that dies."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tomei.files.looking import archives, encodings, run
from tomei.files.looking.secrets import Masker, luhn, my_number

KEY = "-----BEGIN RSA PRIVATE KEY-----"
FOUND = [
    ("aws", "id AKIAIOSFODNN7EXAMPLE end"),
    ("aws", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("github", "push with ghp_" + "a1B2" * 9),
    ("slack", "xoxb-1234567890-abcdefghij"),
    ("slack", "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnop"),
    ("jwt", "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    ("bearer", "Authorization: Bearer abcdef0123456789"),
    ("url_password", "postgresql://app:s3cr3t@db/orders"),
    ("assignment", 'password: "hunter2 two"'),
    ("assignment", "パスワード=ひみつです"),
    ("assignment", '{"client_secret":"abc123"}'),
    ("card", "paid 4111 1111 1111 1111"),
    ("card", "amex 378282246310005"),
    ("my_number", "本人 1234 5678 9018"),
    ("phone", "電話 03-1234-5678"),
    ("phone", "090-1234-5678 まで"),
    ("phone", "+81 90 1234 5678"),
    ("private_key", f"{KEY}MIIE-----END RSA PRIVATE KEY-----"),
]
HARMLESS = [
    "2026-11-18 03:12:44.123 INFO order 20261118031244 took 17 ms", "password required", "token=null",
    "card 4111 1111 1111 1112", "id 123456789012", "10.0.0.1:5432", "https://example.com/a:b@c", "secretary: 3",
    "550e8400-e29b-41d4-a716-446655440000", "epoch 1763430764123456",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), FOUND)
def test_found(kind: str, line: str) -> None:
    masker = Masker()
    out = masker.mask(line + "\n", 7)
    assert (masker.counts, masker.lines) == ({kind: 1}, {kind: [7]}), out
    assert f"[masked: {kind}]" in out and out.endswith("\n")


@pytest.mark.parametrize("line", HARMLESS)
def test_left_alone(line: str) -> None:
    masker = Masker()
    assert (masker.mask(line, 1), masker.counts) == (line, {})


def test_a_private_key_over_lines_is_masked_whole() -> None:
    masker = Masker()
    out = [
        masker.mask(line, n)
        for n, line in enumerate([f"a {KEY}\n", "MIIEow\n", "-----END RSA PRIVATE KEY-----\n", "b\n"])
    ]
    assert out == ["a [masked: private_key]\n", "\n", "\n", "b\n"]


def test_check_digits() -> None:
    assert [luhn(one) for one in ("4111111111111111", "4111111111111112", "0000000000000000")] == [True, False, False]
    assert [my_number(one) for one in ("123456789018", "123456789012", "111111111111", "12")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("受注エラー".encode(), "utf-8"), ("受注エラーが発生しました".encode("cp932"), "cp932"),
        ("受注エラーが発生しました".encode("euc_jp"), "euc_jp"), ("log".encode("utf-16"), "utf-16-le"),
        ("plain log\n".encode("utf-16-be"), "utf-16-be"), (b"\x89PNG\r\n\x1a\n\x00\x01", None),
        (b"\x00\x01\x02\x03" * 100, None), (b"\x1b[31mred\x1b[0m " * 40, "utf-8"), (b"", "utf-8"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, expected: str | None) -> None:
    assert encodings.encoding(data, whole=True) == expected


def test_a_letter_cut_by_the_end_of_the_head_is_no_fault() -> None:
    assert encodings.encoding("あ".encode()[:2], whole=False) == "utf-8"


def _look(tmp_path: Path, data: bytes, **more: Any) -> dict[str, Any]:
    place = tmp_path / "file"
    place.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return run.look(place, tmp_path / "masked", chunk=8 * 2**20, digests=[digest], **more)


def test_zips_are_listed_and_judged(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in (("a.log", 5), ("../../etc/passwd", 1), ("/abs", 1), ("bomb", 200 * 2**20)):
            archive.writestr(name, b"\x00" * size)
    found = _look(tmp_path, file.getvalue())
    assert (found["state"], found["kind"], found["archive"]) == (
        "ready", "application/zip",
        {"members": [["a.log", 5, ""], ["../../etc/passwd", 1, "outside"], ["/abs", 1, "absolute"],
                     ["bomb", 200 * 2**20, "bomb"]], "count": 4, "more": False},
    )  # fmt: skip
    assert not (tmp_path / "masked").exists()


def test_tars_are_listed_and_bounded(tmp_path: Path, monkeypatch: Any) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name in ("a", "../b", "c"):
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    found = _look(tmp_path, file.getvalue())["archive"]
    assert found == {"members": [["a", 3, ""], ["../b", 3, "outside"], ["c", 3, ""]], "count": 3, "more": False}
    monkeypatch.setattr(archives, "MOST_READ", 2)
    cut = archives.listing(str(tmp_path / "file"), "application/gzip")
    assert cut is not None and cut["more"] is True


def test_a_zip_of_very_many_is_counted_and_not_read(tmp_path: Path) -> None:
    place = tmp_path / "many.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(100_001):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    assert archives.listing(str(place), "application/zip") == {"members": [], "count": 100_001, "more": True}


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"x" * 90, b"\x1f\x8b" + b"\x00" * 40, b"PK\x05\x06"])
def test_broken_archives_are_no_fault(tmp_path: Path, data: bytes) -> None:
    found = _look(tmp_path, data)
    assert (found["state"], found["digest"]) == ("ready", hashlib.sha256(data).hexdigest())


def test_another_hash_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert run.look(tmp_path / "file", tmp_path / "m", chunk=2, digests=["0" * 64, "1" * 64]) == {"state": "broken"}


def test_a_child_that_takes_too_long_or_dies_says_why(tmp_path: Path, monkeypatch: Any) -> None:
    late = _look(tmp_path, b"a\n" * 100, timeout_s=0.001)
    assert (late["state"], late["why"]) == ("unscanned", "timeout")
    dies = tmp_path / "dies.py"
    dies.write_text(
        'import os, signal\nprint(\'{"state": "hashed", "digest": "d"}\', flush=True)\nos.kill(os.getpid(), 9)\n'
    )
    monkeypatch.setattr(run, "_CHILD", dies)
    assert _look(tmp_path, b"a") == {"state": "unscanned", "digest": "d", "why": "killed"}


def test_a_line_without_end_costs_no_memory(tmp_path: Path) -> None:
    found = _look(tmp_path, b"a" * (3 * 2**20) + b" password=hunter22\n")
    assert (found["state"], found["findings"], found["lines"]) == ("ready", [["assignment", 1, [1]]], 1)
