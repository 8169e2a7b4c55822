"""The engine's own index over `tokens`, which Django's models cannot express."""

from django.db import migrations

# The table that FTS5 searches holds no text of its own: it points at search_document, and triggers keep it in step
# inside the same transaction. `ascii` takes every letter beyond ASCII as a letter, so our tokens stay whole.
SQLITE = [
    "CREATE VIRTUAL TABLE search_words USING fts5(tokens, content='search_document', content_rowid='id', "
    "tokenize='ascii tokenchars ''-''', detail=none, columnsize=0)",
    "CREATE TRIGGER search_words_insert AFTER INSERT ON search_document BEGIN "
    "INSERT INTO search_words(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER search_words_delete AFTER DELETE ON search_document BEGIN "
    "INSERT INTO search_words(search_words, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER search_words_update AFTER UPDATE OF tokens ON search_document BEGIN "
    "INSERT INTO search_words(search_words, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    "INSERT INTO search_words(rowid, tokens) VALUES (new.id, new.tokens); END",
    "INSERT INTO search_words(search_words) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS search_words_insert",
    "DROP TRIGGER IF EXISTS search_words_delete",
    "DROP TRIGGER IF EXISTS search_words_update",
    "DROP TABLE IF EXISTS search_words",
]
# The tokens are lexemes already: no parser of the server's locale may cut them again.
POSTGRESQL = [
    "CREATE INDEX search_words ON search_document "
    "USING gin (array_to_tsvector(string_to_array(tokens, ' '))) WITH (fastupdate = off)",
]
POSTGRESQL_BACK = ["DROP INDEX IF EXISTS search_words"]


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
