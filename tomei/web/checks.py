"""Is the house in order? Each check says what it saw and, when not well, what to do."""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tomei import __version__
from tomei.cases import queries as cases
from tomei.cases import timeline
from tomei.clock import queries as clock
from tomei.customers import queries as customers
from tomei.delivery import hold, server, smtp
from tomei.delivery import queries as delivery
from tomei.delivery.inbound import queries as mail_in
from tomei.kernel.errors import Missing, Refused
from tomei.ui import refusals

LOW_DISK = 1 << 30
MAIL_TIMEOUT_S = 5.0
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "afs", "lustre"})


@dataclass(frozen=True, slots=True)
class Check:
    """`level` is ok, warn or fail; `do` says what to do and is empty when all is well."""

    name: str
    level: str
    says: str
    do: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _settings(now: datetime) -> Iterator[Check]:
    yield Check("version", "ok", f"Tomei {__version__}")
    if settings.TOMEI_URL.startswith("http://127.0.0.1") and not settings.DEMO:
        yield Check(
            "address", "warn", _("links in mail point to %(url)s") % {"url": settings.TOMEI_URL},
            _("set TOMEI_URL to the address people type, e.g. https://tomei.example.com"),
        )  # fmt: skip
    else:
        yield Check("address", "ok", settings.TOMEI_URL)
    mode = (
        (settings.DATA / "secret-box.key").stat().st_mode & 0o077 if (settings.DATA / "secret-box.key").exists() else 0
    )
    if mode:
        yield Check("keys", "fail", _("secret-box.key can be read by others"), "chmod 600 secret-box.key secret.key")


def _database(now: datetime) -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        yield Check("database", "fail", _("there is no Tomei in it yet"), _("start Tomei with ./up"))
        return
    newer = clock.newer_schema()
    if newer:
        yield Check("database", "fail", _("it is of a newer Tomei (%(name)s)") % {"name": newer[0]},
                    _("install that version, or restore the backup made before the upgrade"))  # fmt: skip
        return
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Check("database", "fail", _("%(n)d migrations are waiting") % {"n": len(plan)}, _("restart with ./up"))
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            result = cursor.fetchone()[0]
        if result != "ok":
            yield Check("database", "fail", str(result)[:200], _("restore the newest backup: tomei restore FILE"))
            return
        system = _file_system(Path(connection.settings_dict["NAME"]))
        if system in NETWORK:
            yield Check("database", "warn", _("SQLite stands on a network file system (%(name)s)") % {"name": system},
                        _("move TOMEI_DATA to a disk of this machine, or use PostgreSQL"))  # fmt: skip
            return
    yield Check("database", "ok", connection.vendor)


def _file_system(path: Path) -> str:
    """The kind of file system that holds `path`, from the kernel's own table; empty where there is none to read."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return ""
    holding = [(len(mount[1]), mount[2]) for mount in mounts if path.resolve().is_relative_to(mount[1])]
    return max(holding)[1] if holding else ""


def _clock(now: datetime) -> Iterator[Check]:
    pulse = clock.pulse(now)
    if pulse.state == "beating":
        yield Check("clock", "ok", _("last beat %(s)d s ago") % {"s": int(pulse.age_s or 0)})
    elif pulse.state == "never":
        yield Check("clock", "warn", _("the clock has never run"), _("start Tomei with ./up"))
    else:
        yield Check("clock", "fail", _("the clock stands still for %(s)d s: promises are not watched")
                    % {"s": int(pulse.age_s or 0)}, _("start Tomei with ./up; see its log"))  # fmt: skip
    if pulse.dead_jobs:
        yield Check("dead letters", "warn", _("%(n)d pieces of due work failed for good") % {"n": pulse.dead_jobs},
                    _("read and retry them on /health/"))  # fmt: skip


def _delivery(now: datetime) -> Iterator[Check]:
    state = hold.state()
    if state is not None:
        facts = {"at": state.began_at.isoformat(timespec="minutes"), "why": state.reason, "n": state.waiting}
        yield Check("sending", "warn", _("held since %(at)s (%(why)s): nothing leaves, %(n)d messages wait") % facts,
                    _("look at the list and release or drop it on /settings/held/"))  # fmt: skip
    failed = delivery.failed_count()
    if failed:
        yield Check("outbox", "warn", _("%(n)d messages could not be delivered") % {"n": failed},
                    _("see /settings/outbox/"))  # fmt: skip
    if settings.DEMO:
        yield Check("mail", "ok", _("demo: mail stays in the built-in mailbox"))
    elif delivery.mail_is_set():
        yield Check("mail", "ok", _("set up"))
    else:
        yield Check("mail", "warn", _("no mail server is set: messages wait"), _("set it on /settings/mail/"))


def _mailbox(now: datetime) -> Iterator[Check]:
    """How the last look into the IMAP mailbox went; without a mailbox there is nothing to say."""
    box = mail_in.mailbox()
    if box is None:
        return
    if box.failed_at is not None:
        facts = {"host": box.host, "at": box.failed_at.isoformat(timespec="minutes"), "why": box.last_error}
        yield Check("mailbox", "fail", _("%(host)s cannot be looked into since %(at)s: %(why)s") % facts,
                    _("mend it on /settings/mail-in/; mail waits there unseen until then"))  # fmt: skip
    else:
        seen = box.looked_at.isoformat(timespec="minutes") if box.looked_at else _("never")
        yield Check("mailbox", "ok", _("%(host)s, last looked into: %(at)s") % {"host": box.host, "at": seen})


def _mail_server(now: datetime) -> Iterator[Check]:
    """Asked for real: connect, encrypt, sign in, NOOP. Nothing is sent."""
    named = None if settings.DEMO else server.current()
    if named is None:
        return
    place = f"{named.host}:{named.port}"
    trouble = smtp.trouble(named, timeout=MAIL_TIMEOUT_S)
    if trouble:
        yield Check("mail server", "fail", _("%(place)s does not take us: %(why)s") % {"place": place, "why": trouble},
                    _("mend it on /settings/mail/ or in TOMEI_MAIL_URL; messages wait until then"))  # fmt: skip
    else:
        yield Check("mail server", "ok", _("%(place)s answers") % {"place": place})


def _zones(now: datetime) -> Iterator[Check]:
    known = zoneinfo.available_timezones()
    if {"Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles"} <= known:
        yield Check("time zones", "ok", _("%(n)d zones") % {"n": len(known)})
    else:
        yield Check("time zones", "fail", _("zone data are missing"), "pip install tzdata")


def _disk(now: datetime) -> Iterator[Check]:
    free = shutil.disk_usage(settings.DATA).free
    says = _("%(mb)d MB free") % {"mb": free // 1_000_000}
    if free < LOW_DISK:
        yield Check(
            "disk", "fail" if free < LOW_DISK // 8 else "warn", says, _("make room on the disk of the data folder")
        )
    else:
        yield Check("disk", "ok", says)


def _chains(now: datetime) -> Iterator[Check]:
    broken = [key for key in cases.chain_keys(limit=500) if not timeline.verify_key(key)]
    if broken:
        yield Check("timelines", "fail", _("the chain is broken in %(keys)s") % {"keys": ", ".join(broken[:5])},
                    _("compare with a backup and with the heads in customers' mails"))  # fmt: skip
    else:
        yield Check("timelines", "ok", _("every chain verifies"))


def _house(now: datetime) -> Iterator[Check]:
    yield Check("our company", "ok", customers.ours().name.said_in("en"))


CHECKS: tuple[Callable[[datetime], Iterator[Check]], ...] = (
    _settings, _database, _clock, _delivery, _mailbox, _zones, _disk, _chains, _house,
)  # fmt: skip


def examine(now: datetime, *, outside: bool = False) -> list[Check]:
    """Run every check; a check that itself fails is reported, never raised. `outside` also asks the mail server."""
    found: list[Check] = []
    for check in (*CHECKS, _mail_server) if outside else CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            found.extend(check(now))
        except Refused as error:
            said = refusals.said(error, get_language() or "en")
            found.append(Check(name, "fail", said.sentence, said.way_out))
        except (DatabaseError, Missing, OSError, ValueError) as error:
            found.append(
                Check(name, "fail", _first_line(error), _("start Tomei with ./up; is the database reachable?"))
            )
        if not _founded(found):
            break
    return found


def _founded(found: list[Check]) -> bool:
    """Without a database, or with one of another version, what follows would only repeat it."""
    return not any(check.name == "database" and check.level == "fail" for check in found)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
