"""What every console command shares: exit codes, Django loaded on demand, asking the API, saying what was refused."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from tomei.site.local import Answer

REFUSED, WRONG_USE, MISSING, NO_DATABASE = 1, 2, 3, 4
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def load() -> None:
    """Load the features; done per command, so that `--help` is instant."""
    import django  # on demand, as is everything below: `--help` loads none of it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")
    django.setup()
    from django.utils import translation  # after the settings

    translation.activate("ja" if _locale().startswith("ja") else "en")


def _locale() -> str:
    return os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""


def language() -> str:
    from django.utils import translation  # on demand

    return translation.get_language() or "en"


def say(text: str = "") -> None:
    typer.echo(text)


def show(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def fail(text: str, code: int = REFUSED) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(code)


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the running server; without one, run the same endpoint here. Raises `local.Answer` when it says no."""
    from django.db import OperationalError  # on demand

    from tomei.site import local, offline  # on demand

    try:
        return local.ask(method, path, body)
    except local.Unreachable:
        pass
    try:
        return offline.ask(method, path, body)
    except offline.NotFounded as error:
        raise fail(str(error)) from None
    except OperationalError as error:
        raise no_database(error) from error


def call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """As `ask`; a refusal is printed with its way out and ends the command."""
    from tomei.site import local  # on demand

    try:
        return ask(method, path, body)
    except local.Answer as answer:
        raise refused(answer) from None


def refused(answer: Answer, *more: str) -> typer.Exit:
    """Sentence, way out, the fields that were wrong, and what this command adds; the exit code says which kind."""
    problem = answer.problem
    lines = [problem.get("message") or problem.get("code") or str(answer.status), problem.get("way_out") or ""]
    lines += [f"  {field['at']}: {field['says']}" for field in (problem.get("facts") or {}).get("fields", [])]
    code = {404: MISSING, 503: NO_DATABASE}.get(answer.status, REFUSED)
    return fail("\n".join(filter(None, [*lines, *more])), code)


def no_database(error: Exception) -> typer.Exit:
    said = " ".join(str(error).split())
    return fail(f"The database does not answer: {said}. Check DATABASE_URL, TOMEI_DATA and the disk.", NO_DATABASE)


def zone() -> str:
    """The console's reader is whoever runs the house: times are shown and typed in its zone."""
    from tomei.accounts import settings as house  # on demand

    return str(house.get("zone", "Asia/Tokyo"))


def clock(moment: str | datetime) -> str:
    """`2026-11-22 14:30 (Asia/Tokyo)`"""
    from tomei.kernel import time  # on demand

    there = time.parse_moment(str(moment)).astimezone(time.zone(zone()))
    return f"{there:%Y-%m-%d %H:%M} ({zone()})"
