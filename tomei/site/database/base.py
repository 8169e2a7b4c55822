"""The backend that `ENGINE = "tomei.site.database"` names. Correctness rests on SQLite; the lock gives order."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from tomei.site.database.lock import Turn, write_lock

__all__ = ["Cursor", "DatabaseWrapper", "write_lock"]

LOCKED = "database is locked"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")


class Cursor(base.SQLiteCursorWrapper):
    """A single write outside a transaction is a transaction of its own: it takes its turn like the others."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if query[:6].upper() not in WRITES or self.connection.in_transaction:
            return super().execute(query, params)
        with self.wrapper.turn():
            return super().execute(query, params)


class _Single:
    """The turn of one statement."""

    def __init__(self, wrapper: DatabaseWrapper) -> None:
        self.wrapper = wrapper

    def __enter__(self) -> None:
        self.wrapper.take_turn()

    def __exit__(self, *error: object) -> None:
        self.wrapper.end_turn()


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite in WAL mode. BEGIN takes the process's write lock; COMMIT, ROLLBACK and closing give it back.

    A thread that waits longer than OPTIONS["timeout"] gets `OperationalError: database is locked`.
    """

    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        conn: sqlite3.Connection = super().get_new_connection(conn_params)
        if conn.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
            conn.execute("PRAGMA journal_mode = WAL")
        synchronous = "NORMAL" if settings.SYNCHRONOUS == "NORMAL" else "FULL"
        conn.execute(f"PRAGMA synchronous = {synchronous}")
        conn.execute("PRAGMA cache_size = -1000")  # 1 MiB per connection: the operating system caches the file anyway
        conn.execute("PRAGMA mmap_size = 0")  # an I/O error must be an exception, not a SIGBUS
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute("PRAGMA journal_size_limit = 67108864")
        return conn

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def turn(self) -> _Single:
        return _Single(self)

    def take_turn(self) -> None:
        """Wait for the write lock of this database; does nothing when this connection has it already."""
        if self._turn is not None:
            return
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        turn = write_lock.of(str(self.settings_dict["NAME"])).acquire(timeout, first=write_lock.first)
        if turn is None:
            raise OperationalError(LOCKED)
        self._turn = turn

    def end_turn(self) -> None:
        """Give the lock back unless a transaction is still open on this connection."""
        if self._turn is None or (self.connection is not None and self.connection.in_transaction):
            return
        turn, self._turn = self._turn, None
        turn.end()

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        finally:
            self.end_turn()  # only where BEGIN failed: otherwise the transaction is open

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self.end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._turn is not None:
                turn, self._turn = self._turn, None
                turn.end()
