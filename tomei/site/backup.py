"""Backup and restore: one archive that is consistent while Tomei runs, on SQLite and PostgreSQL alike.

The archive holds `manifest.json` (version, schema, digests), `database.sqlite3` or `tables/*.copy`, `files/` and,
unless left out, the keys without which sealed secrets cannot be opened. A restored Tomei starts held.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tomei import __version__
from tomei.delivery import hold
from tomei.kernel import time

KEYS = ("secret.key", "secret-box.key")


class Unusable(Exception):
    """The archive cannot be restored here; the message says why and what to do."""


def _schema() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(folder: Path) -> None:
    """SQLite's own online backup: pages are copied while writers go on."""
    target = sqlite3.connect(folder / "database.sqlite3")
    source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
    with target, source:
        source.backup(target, pages=2048)
    target.close()
    source.close()


def _copy_postgres(folder: Path) -> None:
    """COPY every table inside one REPEATABLE READ transaction: all tables at the same moment."""
    (folder / "tables").mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in sorted(connection.introspection.table_names(cursor)):
            with (
                (folder / "tables" / f"{table}.copy").open("wb") as file,
                cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as copy,
            ):
                for block in copy:
                    file.write(block)


def save(folder: Path, *, label: str = "tomei", with_keys: bool = True) -> Path:
    """Write `<label>-<UTC time>.tar.gz` (0600) into `folder` and return its path. Refuses a folder without a Tomei."""
    if "django_migrations" not in connection.introspection.table_names():
        raise Unusable("There is no Tomei in this data folder yet: nothing to back up.")
    folder.mkdir(parents=True, exist_ok=True)
    moment = time.now()
    final = folder / f"{label}-{moment:%Y%m%dT%H%M%SZ}.tar.gz"
    partial = final.with_suffix(".partial")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        (_copy_sqlite if connection.vendor == "sqlite" else _copy_postgres)(work)
        if with_keys:
            _copy_keys(work)
        # After the database: a file that a row of the copy names is already there.
        held = _held(work, "") | _held(settings.DATA / "files", "files/")
        manifest = {
            "tomei": __version__, "made_at": moment.isoformat(), "database": connection.vendor, "schema": _schema(),
            "digests": {inside: _digest(path) for inside, path in held.items()},
        }  # fmt: skip
        try:
            _pack(partial, manifest, held)
            partial.rename(final)
        finally:
            partial.unlink(missing_ok=True)
    return final


def _copy_keys(work: Path) -> None:
    (work / "keys").mkdir()
    for key in KEYS:
        if (settings.DATA / key).exists():
            shutil.copy2(settings.DATA / key, work / "keys" / key)


def _held(folder: Path, prefix: str) -> dict[str, Path]:
    """Name in the archive -> the file; what is still being received (hidden or `.part`) is left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    whole = [path for path in found if not path.name.startswith(".") and not path.name.endswith((".part", ".tmp"))]
    return {f"{prefix}{path.relative_to(folder)}": path for path in whole}


def _pack(partial: Path, manifest: dict[str, Any], held: dict[str, Path]) -> None:
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
            _add_text(archive, "manifest.json", json.dumps(manifest, indent=1))
            for inside, path in held.items():
                archive.add(path, arcname=inside)
        raw.flush()
        os.fsync(raw.fileno())


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


def _open(archive: Path, work: Path) -> dict[str, Any]:
    """Unpack into `work` and check everything that can be checked; nothing of ours is touched yet."""
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
        manifest: dict[str, Any] = json.loads((work / "manifest.json").read_text())
        digests, vendor, schema = manifest["digests"], manifest["database"], manifest["schema"]
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise Unusable(f"{archive} is damaged or no backup ({why}). Nothing was changed.") from error
    for name, digest in digests.items():
        if not (work / name).is_file() or _digest(work / name) != digest:
            raise Unusable(f"{archive} is damaged: {name} does not match its digest. Nothing was changed.")
    if vendor != connection.vendor:
        raise Unusable(
            f"This backup is of {vendor}, and DATABASE_URL points to {connection.vendor}. Nothing was changed. "
            f"Set DATABASE_URL to a database of that kind."
        )
    newer = sorted(set(schema) - set(_on_disk()))
    if newer:
        raise Unusable(
            f"This backup is of a newer Tomei ({newer[0]}): install that version first. Nothing was changed."
        )
    return manifest


def _on_disk() -> list[str]:
    return [f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes]


def restore(archive: Path) -> Path | None:
    """Put the archive's state in place and start held; what was there is moved aside and its path returned.

    Refuses with `Unusable`, nothing changed, what is damaged, of the other database or of a newer Tomei. Without keys
    in the archive the present ones stay.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".restore-") as name:
        work = Path(name)
        manifest = _open(archive, work)
        if connection.vendor == "postgresql":
            if connection.introspection.table_names():
                save(settings.DATA / "backups", label="before-restore")
            _fill_postgres(work / "tables", manifest["schema"])
        connection.close()
        aside = _put_in_place(work)
    call_command("migrate", interactive=False, verbosity=0)
    hold.begin("restored", now=time.now())
    return aside


def _put_in_place(work: Path) -> Path | None:
    """Move what is there aside, then what was unpacked to its place: two renames each, on the same disk."""
    places = {work / "files": settings.DATA / "files"}
    places |= {key: settings.DATA / key.name for key in (work / "keys").glob("*")}
    old = list(places.values())
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        places[work / "database.sqlite3"] = database
        old += [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    present = [path for path in old if path.exists()]
    aside = settings.DATA / f"replaced-{time.now():%Y%m%dT%H%M%SZ}"
    for path in present:
        aside.mkdir(exist_ok=True)
        shutil.move(path, aside / path.name)
    for new, place in places.items():
        if new.exists():
            shutil.move(new, place)
    return aside if present else None


def _fill_postgres(tables: Path, schema: list[str]) -> None:
    """Drop our tables, make those of the backup's own version and fill them, all in one transaction."""
    names = [path.stem for path in sorted(tables.iterdir())]
    with transaction.atomic(), connection.cursor() as cursor:
        for old in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(old)} CASCADE")
        executor = MigrationExecutor(connection)
        whole = executor.migration_plan(executor.loader.graph.leaf_nodes())
        executor.migrate(None, [step for step in whole if f"{step[0].app_label}.{step[0].name}" in schema])
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys hold again when all is in
        cursor.execute(
            f"TRUNCATE {', '.join(map(connection.ops.quote_name, names))}"
        )  # what migrations themselves wrote
        for name in names:
            _fill_table(cursor, name, tables / f"{name}.copy")


def _fill_table(cursor: Any, name: str, path: Path) -> None:
    """Rows in, and the sequence of `id` after the highest."""
    table = connection.ops.quote_name(name)
    with path.open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        while block := file.read(1 << 16):
            copy.write(block)
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, 'id') FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND column_name = 'id'",
        [table, name],
    )
    row = cursor.fetchone()
    if row and row[0]:
        highest = f"SELECT COALESCE(max(id), 0) + 1 FROM {table}"  # noqa: S608 - a name of our own schema
        cursor.execute(f"SELECT setval(%s, ({highest}), false)", [row[0]])
