"""`tomei export`: what leaves as files, while Tomei runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tomei.site.console import Json, fail, load, no_database, say, show

NOT_STARTED = "This data folder is empty or of an older Tomei. Start it once with ./up, then try again."
exports = typer.Typer(no_args_is_help=True, help="Write what people may read as files.")


def join(app: typer.Typer) -> None:
    """Add these commands to the tool."""
    app.add_typer(exports, name="export")


@exports.callback()
def _group() -> None:
    """Write what people may read as files."""


@exports.command()
def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of its own; replaced as a whole.")],
    as_json: Json = False,
) -> None:
    """Write the public status page, its history, feeds and JSON, in both languages, with links that work anywhere.

    Exit 0 written, 1 refused or not written (what stood there stands), 2 wrong use, 4 the database does not answer.
    """
    load()
    from django.db import Error  # on demand, as is all below: `--help` loads none of it

    from tomei.comms.statuspage import export  # on demand
    from tomei.customers import queries as customers  # on demand
    from tomei.site import startup  # on demand

    try:
        if startup.pending() or not customers.has_house():
            raise fail(NOT_STARTED)
        written = export.export(folder)
    except export.NotOurs as error:
        raise fail(f"{error} holds something else, which would be lost. Name a new or an empty folder.") from None
    except Error as error:
        raise no_database(error) from error
    except OSError as error:
        raise fail(f"The page could not be written: {error}. What stood there stands.") from error
    if as_json:
        show({"folder": str(written.folder), "files": written.files, "as_of": written.as_of.isoformat()})
    else:
        say(f"{written.files} files in {written.folder}. Open {written.folder / 'index.html'}")
