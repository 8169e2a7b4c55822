"""The browser, the mail server, a place on PostgreSQL: skipped, saying so, where the machine has none."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.house import Postbox

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
POSTGRES = os.environ.get("TOMEI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="package")  # its loop must not live on under other tests
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    yield box
    box.close()


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database of its own."""
    psycopg = pytest.importorskip("psycopg")
    name = f"tomei_e2e_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as door:
            door.execute(f"CREATE DATABASE {name}")
    except psycopg.OperationalError:
        pytest.skip("PostgreSQL does not answer (set TOMEI_TEST_POSTGRES)")
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as door:
        door.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
