"""Old code must not tick on a newer schema: what it writes could be wrong, and nobody would see it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import connection

from tomei.clock import rules


@cache
def known() -> frozenset[tuple[str, str]]:
    """The migrations on disk, by file name: importing them all would cost memory at rest."""
    return frozenset(
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("*.py")
        if not file.stem.startswith("_")
    )


def applied() -> frozenset[tuple[str, str]]:
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset((str(app), str(name)) for app, name in cursor.fetchall())


def newer() -> list[str]:
    """Applied migrations of our apps that this code does not know."""
    ours = {app.label for app in apps.get_app_configs()}
    return rules.unknown_migrations([pair for pair in applied() if pair[0] in ours], known())


def newest() -> str:
    """What `Pulse.schema` says: the newest of our migrations that is applied."""
    ours = sorted(f"{app}.{name}" for app, name in applied() & known())
    return f"{len(ours)} {ours[-1]}" if ours else ""
