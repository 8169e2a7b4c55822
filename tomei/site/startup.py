"""What happens between `tomei serve` and the first request: one process per folder, backup, migrate, check, link."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tomei.accounts import signin
from tomei.clock import queries as clock
from tomei.customers import actions as customers
from tomei.delivery import hold
from tomei.kernel import ids, time
from tomei.kernel.text import Text
from tomei.site import backup
from tomei.ui import catalogues
from tomei.wiring import finding


class NewerSchema(Exception):
    """The database was used by a newer Tomei; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Prepared:
    backup: Path | None
    migrated: int
    first_admin: str | None
    held: str | None


@contextmanager
def hurried() -> Iterator[None]:
    """For a demo that is made anew each time: SQLite does not wait for the disk, and what is loaded is not collected.

    On the way out it waits as always; what was written in between is on disk when this ends.
    """
    gc.freeze()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def pending() -> list[Any]:
    """Migrations that this code has and the database does not."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def applied() -> bool:
    return "django_migrations" in connection.introspection.table_names()


def migrate() -> tuple[Path | None, int]:
    """Bring the schema up to date; an existing database is backed up first."""
    newer = clock.newer_schema()
    if newer:
        raise NewerSchema(
            f"This data were used by a newer Tomei ({newer[0]}). Install that version, or restore the backup that was"
            " made before the upgrade (backups/before-upgrade-…)."
        )
    plan = pending()
    if not plan:
        return None, 0
    kept = backup.save(settings.DATA / "backups", label="before-upgrade") if applied() else None
    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return kept, len(plan)


def prepare(now: datetime) -> Prepared:
    """Leave a folder that can be served: keys, messages compiled, schema, our own organisation, static files."""
    catalogues.compile_stale()
    kept, count = migrate()
    if kept is not None:
        finding.begin_anew(now)  # what an older version did not index is found, too
    customers.found(Text("自社", "Our company"), zone="Asia/Tokyo", language="ja", now=now)
    collect_static()
    hold.check_instance(now)
    state = hold.state()
    return Prepared(kept, count, signin.first_admin_link(now), state.reason if state else None)


def collect_static() -> None:
    """Fill `static/`, unless it holds what this version ships (names, sizes and times of all files are the same)."""
    files = sorted(path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file())
    seen = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    mark, wanted = Path(settings.STATIC_ROOT) / ".collected", ids.digest("\n".join([django.__version__, *seen]))
    if mark.exists() and mark.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(wanted)


def announce(host: str, port: int) -> None:
    """Write `run.json` (0600): where this folder is served and the key with which the console may ask it to write."""
    place = f"[{host}]" if ":" in host else host
    shown = {"url": f"http://{place}:{port}", "address": settings.TOMEI_URL, "pid": os.getpid(),
             "key": ids.secret("tomei_local")}  # fmt: skip
    path = settings.DATA / "run.json"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(shown, file)


def moment() -> datetime:
    return time.now()
