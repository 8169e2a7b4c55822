"""What every test stands on: a data folder of its own, quick passwords, compiled catalogues, shut sockets.

Imported before Django reads its settings, so the environment is set here and nowhere else.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_data = tempfile.mkdtemp(prefix="tomei-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["TOMEI_DATA"] = _data
for _name in ("TOMEI_DEMO", "TOMEI_URL", "TOMEI_PROXIES", "TOMEI_MAIL_URL", "TOMEI_DEADMAN_URL"):
    os.environ.pop(_name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "tomei.site.settings"

from tomei.site import settings as _settings  # noqa: E402 — the environment comes first

# Argon2 is meant to be slow; one test of accounts switches it back on and proves that it is what the house uses.
_settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
if not find_spec("tomei.site.database"):
    _settings.DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
_POSTGRES = _settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
if _POSTGRES:  # a test database outlives no crash of the machine: a commit need not wait for the disk
    _settings.DATABASES["default"]["OPTIONS"].setdefault("options", "-c synchronous_commit=off")

import django  # noqa: E402 — after the settings above

django.setup()  # the people below are rows: their plugin is imported before pytest-django sets Django up
pytest_plugins = ["tests.people"]

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 — judged, not bound
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _judge(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, str) and isinstance(address, tuple) and not host.startswith(_LOOPBACK):
        raise RuntimeError(f"a test tried to reach {address!r}; sockets are shut but loopback")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _judge(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _judge(address)
    return _connect_ex(self, address)


def pytest_configure(config: pytest.Config) -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    if find_spec("tomei.ui.catalogues"):
        compile_stale = getattr(import_module("tomei.ui.catalogues"), "compile_stale", None)
        if compile_stale is not None:
            compile_stale()


# Set by `./up test`, which runs everything on SQLite too: a test without a database then runs once, not twice.
_ONLY_WITH_DATABASE = _POSTGRES and os.environ.get("TOMEI_TEST_ONLY_DATABASE") == "1"
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "postgres"}


def _uses_database(item: pytest.Item) -> bool:
    fixtures = _DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or any(item.get_closest_marker(name) for name in ("django_db", "postgres", "crash"))


def _asks_which_database(item: pytest.Item) -> bool:
    """Its file looks at what the database is, or starts a program that opens it: it may behave otherwise there."""
    return any(word in _source(item.path) for word in (b"connection", b"DATABASE", b"subprocess", b"getfixturevalue"))


@cache
def _source(path: Path) -> bytes:
    return path.read_bytes()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not _ONLY_WITH_DATABASE:
        return
    kept, left = [], []
    for item in items:
        (kept if _uses_database(item) or _asks_which_database(item) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)
    config.stash[_LEFT] = len(left)


_LEFT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left = config.stash.get(_LEFT, 0)
    if left:
        terminalreporter.write_line(f"{left} tests use no database: they run on the SQLite half only")


@pytest.fixture(autouse=True)
def _clean_thread() -> Iterator[None]:
    """No language, zone or cached count (sign-in limits) of one test reaches the next."""
    from django.core.cache import cache  # Django is set up by now
    from django.utils import timezone, translation

    cache.clear()
    yield
    translation.deactivate()
    timezone.deactivate()


# A feature is tested alone, with the hooks it ships; the house as a whole is tested wired.
_WIRED = ("tomei/wiring/", "tomei/web/", "tomei/site/", "tests/")


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Outside the joining folders nobody listens and every hook is what the feature ships with."""
    path = request.node.path.relative_to(request.config.rootpath).as_posix()
    if path.startswith(_WIRED) or request.node.get_closest_marker("wired"):
        yield
        return
    from tomei.customers import hooks as customers  # Django is set up by now
    from tomei.files import doors as files
    from tomei.kernel import events
    from tomei.promises import hooks as promises
    from tomei.search import hooks as search
    from tomei.ui import context

    for name, value in {"_with": {}, "_after": {}, "_enqueue": None}.items():
        monkeypatch.setattr(events, name, value)
    for name, value in {
        "ladder": promises._owner_only, "changed": promises._nothing_shown, "lock": promises._no_lock,
        "names": promises._no_names, "holds": promises._holds_none,
    }.items():  # fmt: skip
        monkeypatch.setattr(promises, name, value)
    for name, value in {
        "running": customers._none_running, "apply": customers._nothing_to_apply, "open_of": customers._nothing_open,
        "page_part": customers._nothing_more,
    }.items():  # fmt: skip
        monkeypatch.setattr(customers, name, value)
    monkeypatch.setattr(search, "holds", search._holds_none)
    monkeypatch.setattr(search, "sources", search._no_sources)
    monkeypatch.setattr(files, "readers", {})
    monkeypatch.setattr(context, "_house", context._nothing)
    yield
