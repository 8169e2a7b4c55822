from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection


@pytest.fixture
def words_index(db: None) -> None:
    """The engine's index, also where the tables were made without migrations."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_class WHERE relname = 'search_words'")
        else:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_words'")
        if cursor.fetchone():
            return
        migration = import_module("tomei.search.migrations.0002_index")
        for statement in migration.POSTGRESQL if connection.vendor == "postgresql" else migration.SQLITE:
            cursor.execute(statement)
