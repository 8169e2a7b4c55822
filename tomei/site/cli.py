"""The console command `tomei`.

Exit codes: 0 done, 1 refused or not well, 2 wrong use, 3 no such thing, 4 the database does not answer.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from tomei.site import cli_export, cli_work
from tomei.site.console import MISSING, REFUSED, WRONG_USE, Json, fail, language, load, no_database, say, show

if TYPE_CHECKING:
    from datetime import datetime

    from tomei.site.front.server import Application
    from tomei.site.startup import Prepared

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
cli_work.join(app)
cli_export.join(app)

Host = Annotated[str, typer.Option(help="Where to listen.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")]
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve pages and run the clock. Data in $TOMEI_DATA (./data); a new Tomei prints a link for its administrator."""
    os.environ.setdefault("TOMEI_URL", _url("127.0.0.1" if host in ("0.0.0.0", "::") else host, port))  # noqa: S104
    load()
    from django.conf import settings

    from tomei.site import startup

    _free(host, port)
    held = _lock(settings.DATA)
    ready = _prepared(startup.moment())

    def tell() -> None:
        _greet(ready)

    _run(host, port, held, tell)


@app.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the story of the last time.")] = False,
) -> None:
    """Run a living story in a data folder of its own, on this machine only."""
    if host not in LOOPBACK:
        raise fail("The demo signs anybody in: it listens on 127.0.0.1 only.", WRONG_USE)
    data = Path(os.environ.get("TOMEI_DEMO_DATA") or os.environ.get("TOMEI_DATA") or "data-demo").resolve()
    os.environ.update(TOMEI_DEMO="1", TOMEI_DATA=str(data), TOMEI_URL=_url(host, port))
    os.environ.setdefault("TOMEI_PRIVATE_NETWORKS", "127.0.0.0/8")
    os.environ.pop("DATABASE_URL", None)
    from tomei.site import story_folder

    _free(host, port)
    held = _lock(data)
    goes_on = keep and story_folder.is_told(data)
    story_folder.make(data, keep=goes_on)
    load()
    from tomei.site import startup, story

    if keep and not goes_on:
        say("There is no whole story to go on with: a new one begins.")
    if goes_on:
        _prepared(startup.moment())
        _run(host, port, held, lambda: story.tell(_url(host, port)))
    else:
        _first_telling(host, port, held, data)


def _first_telling(host: str, port: int, held: IO[str], data: Path) -> None:
    """Answer at once, and tell the story meanwhile."""
    from tomei import wiring
    from tomei.site import front, startup, story
    from tomei.site.database.lock import write_lock

    now = startup.moment()
    with startup.hurried():
        _prepared(now)
    engine = wiring.engine(first=lambda: write_lock.priority("clock"))
    telling = story.begin(_url(host, port), now, engine, data)

    def ready() -> None:
        story.tell(_url(host, port))
        telling.start()

    try:
        _run(host, port, held, ready, story.Stage(front.build(ticks=False), telling))
    finally:
        telling.stop()


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _free(host: str, port: int) -> None:
    from tomei.site import folder

    why = folder.port_trouble(host, port)
    if why:
        raise fail(f"{host}:{port} {why}. Choose another with --port or --host.", WRONG_USE)


def _lock(data: Path) -> IO[str]:
    from tomei.site import folder

    try:
        return folder.lock(data)
    except folder.AlreadyRunning:
        raise fail(f"Tomei already serves {data}. Stop it first, or set TOMEI_DATA to another folder.") from None
    except OSError as error:
        raise fail(f"{data} cannot be written ({error.strerror}). Set TOMEI_DATA to a folder of yours.") from None


def _prepared(now: datetime) -> Prepared:
    """The folder made ready, or one line that says why it cannot be."""
    from django.db import OperationalError

    from tomei.site import startup

    try:
        return startup.prepare(now)
    except startup.NewerSchema as error:
        raise fail(str(error)) from None
    except OperationalError as error:
        raise no_database(error) from error
    except OSError as error:
        raise fail(f"The data folder cannot be used: {error}") from error


def _greet(ready: Prepared) -> None:
    from django.conf import settings

    say(f"Tomei is at {settings.TOMEI_URL}")
    if ready.backup:
        say(f"Backed up before upgrading: {ready.backup}")
    if ready.first_admin:
        say(f"No administrator yet. Open this link within one hour:\n  {ready.first_admin}")
    if ready.held:
        say(f"Sending is held ({ready.held}). Look at the list: {settings.TOMEI_URL}/settings/held/")


def _run(host: str, port: int, held: IO[str], tell: Callable[[], None], application: Application | None = None) -> None:
    """Serve until told to stop; `run.json` stands exactly as long as requests are answered."""
    from django.conf import settings

    from tomei.site import front, startup

    def ready() -> None:
        startup.announce(host, port)
        tell()
        sys.stdout.flush()

    # uvicorn ends gracefully, then raises the signal anew: by default that would kill us before `finally`.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        front.serve(host, port, front=application, ready=ready)
    finally:
        (settings.DATA / "run.json").unlink(missing_ok=True)
        held.close()


@app.command("admin-link")
def admin_link() -> None:
    """Print a link, good for one hour, with which an administrator is made."""
    load()
    from tomei.accounts import signin
    from tomei.site import local, startup

    if startup.pending():
        raise fail("This data folder is empty or of an older Tomei. Start it once with ./up, then try again.")
    say(str(signin.first_admin_link(startup.moment(), force=True)))
    if not local.runs():
        say("Tomei does not run: start it with ./up, then open the link.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look the house over and say what to do. Exit 1 when something has failed."""
    load()
    from tomei.site import startup
    from tomei.web import checks as checks_module

    checks = checks_module.examine(startup.moment(), outside=True)
    if as_json:
        show([check.as_json() for check in checks])
    else:
        for check in checks:
            mark = {"ok": "ok  ", "warn": "look", "fail": "FAIL"}[check.level]
            say(f"{mark}  {check.name}: {check.says}" + (f"\n      -> {check.do}" if check.do else ""))
    if any(check.level == "fail" for check in checks):
        raise typer.Exit(REFUSED)


@app.command()
def backup(
    folder: Annotated[Path | None, typer.Argument(help="Where to write; default: backups/ in the data folder.")] = None,
    keys: Annotated[bool, typer.Option("--keys/--without-keys", help="Include the keys of sealed secrets.")] = True,
) -> None:
    """Write one archive, consistent while Tomei runs."""
    load()
    from django.conf import settings
    from django.db import OperationalError

    from tomei.site import backup as backup_module

    try:
        say(str(backup_module.save(folder or settings.DATA / "backups", with_keys=keys)))
    except backup_module.Unusable as error:
        raise fail(str(error)) from None
    except OperationalError as error:
        raise no_database(error) from error
    except OSError as error:
        raise fail(f"The backup could not be written: {error}. Nothing was left half done.") from error


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file of `tomei backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace what is there (it is kept aside).")] = False,
) -> None:
    """Put a backup in place. Tomei then starts held: nothing leaves until an administrator has looked."""
    load()
    from django.conf import settings
    from django.db import OperationalError

    from tomei.site import backup as backup_module

    with _lock(settings.DATA):
        if not yes:
            typer.confirm("This replaces the present data (kept aside). Go on?", abort=True)
        try:
            aside = backup_module.restore(archive)
        except backup_module.Unusable as error:
            raise fail(str(error)) from None
        except OperationalError as error:
            raise no_database(error) from error
    say(f"Restored. What was there is in {aside}." if aside else "Restored.")
    say("Sending is held: start Tomei, look at /settings/held/ and release or drop what waits.")


def main() -> None:
    """Run the command; a refusal anywhere becomes a sentence and exit code 1."""
    from tomei.kernel.errors import Missing, Refused

    try:
        app()
    except Refused as error:
        from tomei.ui import refusals

        said = refusals.said(error, language())
        typer.echo(f"{said.sentence}\n{said.way_out}".strip(), err=True)
        sys.exit(REFUSED)
    except Missing as error:
        typer.echo(f"not found: {error}", err=True)
        sys.exit(MISSING)
