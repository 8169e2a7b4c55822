"""A PostgreSQL of our own in a temporary folder, to be restarted in the middle of everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tomei.delivery.tests.servers import free_port


def binaries() -> Path | None:
    """Where `initdb` and `pg_ctl` lie; the newest where several are installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max((path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """`url` is the address of its first database."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """As a person without rights: PostgreSQL refuses to run for root."""
        person = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=self.folder, timeout=120, **quiet, **person)

    def restart(self) -> None:
        """As after a power cut: no goodbye to anybody, and recovery from the log at the start."""
        self.run("pg_ctl", "-m", "immediate", "-w", "restart")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running one that keeps every commit (fsync); stopped and deleted afterwards."""
    programs = binaries()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="tomei-pg-") as name:
        one = Cluster(programs, Path(name), free_port())
        if os.getuid() == 0:
            shutil.chown(name, "nobody", "nogroup")
        one.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        with (one.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"port = {one.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
        one.run("pg_ctl", "-w", "-l", str(one.folder / "log"), "start")
        try:
            yield one
        finally:
            one.run("pg_ctl", "-m", "immediate", "-w", "stop")
