"""Between `tomei serve` and the first request, and back: one line for what is in the way, a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tomei.site import folder

ROOT = Path(__file__).resolve().parents[3]
UNRECORD = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tomei.site.settings"
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute({sql!r})
"""


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOMEI_", "DATABASE_URL"))}
    return kept | {"TOMEI_DATA": str(data), "PYTHONPATH": str(ROOT), "LANG": "C"} | more


def tomei(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tomei", *words]
    return subprocess.run(command, env=environment(data, **more), capture_output=True, text=True, timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A real server on `data`; what it printed is in `printed` once it has ended."""

    def __init__(self, data: Path) -> None:
        self.port, self.data = free_port(), data
        self.out = (data.parent / f"{data.name}.out").open("w+")
        command = [sys.executable, "-m", "tomei", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment(data), stdout=self.out, stderr=subprocess.STDOUT)
        until = time.monotonic() + 120
        while not (data / "run.json").exists():
            assert self.process.poll() is None and time.monotonic() < until, self.printed()
            time.sleep(0.1)

    def printed(self) -> str:
        self.out.seek(0)
        return self.out.read()

    def end(self) -> float:
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, self.printed()
        return time.monotonic() - started


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder that a server has founded, looked at while it ran, and left."""
    data = tmp_path_factory.mktemp("a house") / "data"
    served = Served(data)
    try:
        assert httpx.get(f"http://127.0.0.1:{served.port}/account/login/").status_code == 200
        assert (data / "run.json").stat().st_mode & 0o777 == 0o600
        assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
        second = tomei(data, "serve", "--port", str(free_port()))
        assert (second.returncode, second.stderr.count("\n")) == (1, 1)
        assert "already serves" in second.stderr
        taken = tomei(data.parent / "other", "serve", "--port", str(served.port))
        assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
        assert "is in use" in taken.stderr
        through_it = tomei(data, "declare", "Orders fail", "--severity", "SEV3", "--json")
        assert through_it.returncode == 0, through_it.stderr
        made = json.loads(through_it.stdout)
        assert made["url"] == f"http://127.0.0.1:{served.port}/incidents/{made['key']}/"
        well = tomei(data, "doctor", "--json")
        assert {check["name"]: check["level"] for check in json.loads(well.stdout)}["clock"] == "ok"
    finally:
        took = served.end()
    assert took < 5 and not (data / "run.json").exists()
    printed = served.printed()
    assert f"Tomei is at http://127.0.0.1:{served.port}\n" in printed
    assert printed.count("/setup/first/") == 1
    return data


def test_without_a_server_the_console_does_the_same(data):
    done = tomei(data, "declare", "受注できない", "--en", "Orders fail again", "--severity", "SEV3", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["key"], made["title"]) == ("INC-2", {"ja": "受注できない", "en": "Orders fail again"})
    listed = json.loads(tomei(data, "promises", "--json").stdout)["items"]
    assert {item["where"] for item in listed} == {"INC-1", "INC-2"}


def test_what_is_in_the_way_of_an_address():
    assert folder.port_trouble("127.0.0.1", free_port()) == ""
    assert "cannot be used" in folder.port_trouble("no-such-host.invalid", 80)


def test_it_backs_up_before_it_migrates(data):
    sql = "DELETE FROM django_migrations WHERE app = 'contenttypes' AND name = '0002_remove_content_type_name'"
    before = set((data / "backups").glob("*")) if (data / "backups").exists() else set()
    code = UNRECORD.format(sql=sql)
    subprocess.run([sys.executable, "-c", code], env=environment(data), check=True, timeout=60)
    refused = tomei(data, "promises")
    assert (refused.returncode, "./up" in refused.stderr) == (1, True)
    _migrate_once(data)
    kept = [path for path in (data / "backups").glob("before-upgrade-*.tar.gz") if path not in before]
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]


def _migrate_once(data: Path) -> None:
    """The step of `serve` that migrates; un-recording leaves the schema as it is, so the migration itself may fail."""
    code = UNRECORD.format(sql="SELECT 1") + "\nfrom tomei.site import startup\nstartup.migrate()\n"
    subprocess.run([sys.executable, "-c", code], env=environment(data), capture_output=True, timeout=120, check=False)


def test_a_newer_schema_is_not_served(data, tmp_path):
    code = UNRECORD.format(
        sql="INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_x', '2030-01-01')"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(data), check=True, timeout=60)
    done = tomei(data, "serve", "--port", str(free_port()))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "newer Tomei (cases.9999_x)" in done.stderr
    levels = {check["name"]: check["level"] for check in json.loads(tomei(data, "doctor", "--json").stdout)}
    assert levels["database"] == "fail"


def test_a_database_that_is_away_is_one_line(tmp_path):
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    done = tomei(tmp_path / "away", "serve", "--port", str(free_port()), DATABASE_URL=url)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "The database does not answer" in done.stderr
    doctor = tomei(tmp_path / "away", "doctor", DATABASE_URL=url)
    assert (doctor.returncode, "FAIL  database" in doctor.stdout, "Traceback" in doctor.stderr) == (1, True, False)
