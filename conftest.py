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
from importlib import import_module
from importlib.util import find_spec
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
