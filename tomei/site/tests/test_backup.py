"""Backup and restore with real data, in processes of their own: a data folder is fixed when settings are read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import uuid
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]
POSTGRES = os.environ.get("DATABASE_URL", "")
BEGIN = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tomei.site.settings"
django.setup()
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.site import backup, local, startup
now, console = time.now(), local.console()
"""
ACT = """
import threading
startup.prepare(now)
from tomei.cases import actions as cases
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.customers import actions as customers
from tomei.files import actions as files
from tomei.signals import actions as signals
product = customers.add_product(Text("基幹", "ERP"), by=console, now=now)
part = customers.add_component(product, name=Text("受注", "Orders"), group=Text(), slug="orders", by=console, now=now)
one = customers.add_organisation("customer", name=Text("東和", "Towa"), by=console, now=now)
customers.set_uses(one.id, [part], by=console, now=now)
customers.add_contact(one.id, name="山本", mail="yamamoto@towa.example", language="ja", by=console, now=now)
made = cases.declare(title=Text("止まった", "It stands"), severity="SEV2", product_id=product, component_ids=[part],
                     by=console, now=now)
told = UpdateInput(parts={"effect": Text("受注できません。", "Orders cannot be taken.")}, state="investigating",
                   audiences=("affected", "public"), next_at=now + timedelta(minutes=20))
comms.publish(made.id, told, by=console, now=now, confirmed=True)
files.add("log.txt", "text/plain", b"what it said", about=f"incident:{made.id}", by=console, now=now)
source, key = signals.add_source("generic", "Orders", by=console, now=now)
stop = threading.Event()
def write():
    from django.db import connection
    number = 0
    while not stop.is_set():
        number += 1
        cases.note(made.id, f"note {number}", by=console, now=time.now())
    connection.close()
writer = threading.Thread(target=write)
writer.start()
whole = backup.save(settings.DATA / "backups")
bare = backup.save(settings.DATA / "bare", with_keys=False)
stop.set(); writer.join()
print(whole); print(bare); print(key)
"""
LOOK = """
import json
from tomei.cases import queries as cases, timeline
from tomei.cases.models import Entry
from tomei.delivery import hold
from tomei.delivery.models import Message
from tomei.accounts import vault
from tomei.signals.models import Source
from tomei.files.models import StoredFile
from tomei.files import store
from tomei import wiring
wiring.engine().drain(time.now())
print(json.dumps({
    "chains": [timeline.verify_key(key) for key in cases.chain_keys(limit=50)],
    "entries": Entry.objects.count(), "held": bool(hold.state()), "why": hold.state().reason if hold.state() else "",
    "states": sorted(set(Message.objects.values_list("state", flat=True))), "messages": Message.objects.count(),
    "key": [vault.open(row.key_secret) for row in Source.objects.all()],
    "files": [store.path(row.digest).read_bytes().decode() for row in StoredFile.objects.all()],
}))
from tomei.cases import actions
from tomei.cases.models import Incident
actions.note(Incident.objects.get().pk, "after", by=console, now=time.now())
"""


def run(data: Path, code: str, url: str = "") -> str:
    env = os.environ | {"TOMEI_DATA": str(data), "DATABASE_URL": url, "TOMEI_HOST": "test", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", BEGIN + code], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def restore(data: Path, archive: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    env = os.environ | {"TOMEI_DATA": str(data), "DATABASE_URL": url, "TOMEI_HOST": "test", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tomei", "restore", str(archive), "--yes"]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def scratch():
    """A database of our own when the tests run on PostgreSQL, else a SQLite file; dropped at the end."""
    if not POSTGRES.startswith("postgres"):
        yield ""
        return
    name = f"tomei_backup_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRES.rpartition("/")[0] + "/" + name
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def house(tmp_path_factory, scratch):
    """A folder with real work in it: data, archive, archive without keys, the key of the source."""
    data = tmp_path_factory.mktemp("house")
    whole, bare, key = run(data, ACT, scratch).splitlines()[-3:]
    return data, Path(whole), Path(bare), key, scratch


def everything(data: Path) -> dict[str, bytes]:
    parts = (path for path in data.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(data)): path.read_bytes() for path in parts if path.name != "serve.lock"}


def test_what_an_archive_holds(house):
    _, whole, bare, _, url = house
    with tarfile.open(whole) as tar:
        names, manifest = set(tar.getnames()), json.load(tar.extractfile("manifest.json"))
    with tarfile.open(bare) as tar:
        without = set(tar.getnames())
    assert whole.stat().st_mode & 0o777 == 0o600
    assert names - without == {"keys/secret.key", "keys/secret-box.key"}
    assert not [name for name in names if "instance" in name and not name.startswith("tables/")]
    assert len([name for name in names if name.startswith("files/")]) == 1
    assert ("tables/cases_entry.copy" in names, "database.sqlite3" in names) == (bool(url), not url)
    assert set(manifest["digests"]) == names - {"manifest.json"}


def test_damaged_and_foreign_archives_change_nothing(house, tmp_path):
    data, whole, _, _, url = house
    before = everything(data)
    content = whole.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(content[: len(content) // 2])
    (tmp_path / "hurt.tar.gz").write_bytes(content[:2000] + bytes([content[2000] ^ 255]) + content[2001:])
    (tmp_path / "text.tar.gz").write_bytes(b"no archive at all")
    for name in ("cut", "hurt", "text"):
        done = restore(data, tmp_path / f"{name}.tar.gz", url)
        assert (done.returncode, done.stderr.count("\n"), "Nothing was changed" in done.stderr) == (1, 1, True)
    assert everything(data) == before


@pytest.mark.parametrize(("field", "value"), [("database", "oracle"), ("schema", ["cases.9999_later"])])
def test_another_kind_and_a_newer_version_change_nothing(house, tmp_path, field, value):
    data, whole, _, _, url = house
    before = everything(data)
    with tarfile.open(whole) as tar:
        tar.extractall(tmp_path / "in", filter="data")
    manifest = json.loads((tmp_path / "in/manifest.json").read_text()) | {field: value}
    (tmp_path / "in/manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as tar:
        for path in sorted((tmp_path / "in").iterdir()):
            tar.add(path, arcname=path.name)
    done = restore(data, tmp_path / "other.tar.gz", url)
    assert (done.returncode, "Nothing was changed" in done.stderr) == (1, True)
    assert everything(data) == before


def test_restored_beside_a_running_writer_it_is_whole_and_held(house):
    """The last test of this module: it puts the archive in place, adds to it, and puts it in place again."""
    data, whole, bare, key, url = house
    done = restore(data, whole, url)
    assert done.returncode == 0, done.stderr
    seen = json.loads(run(data, LOOK, url).splitlines()[-1])
    assert seen["chains"] and all(seen["chains"])
    assert (seen["key"], seen["files"], seen["why"]) == ([key], ["what it said"], "restored")
    assert seen["messages"] and seen["states"] == ["held"]
    asides = list(data.glob("replaced-*"))
    assert len(asides) == 1 and (asides[0] / "files").is_dir() and (asides[0] / "secret-box.key").exists()
    assert (asides[0] / "tomei.sqlite3").exists() == (not url)
    assert len(list((data / "backups").glob("before-restore-*"))) == bool(url)

    keys = (data / "secret-box.key").read_bytes()
    assert restore(data, bare, url).returncode == 0
    assert (data / "secret-box.key").read_bytes() == keys
    again = json.loads(run(data, LOOK, url).splitlines()[-1])
    assert all(again["chains"]) and again["key"] == [key] and again["entries"] >= seen["entries"]
