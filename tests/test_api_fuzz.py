"""Whatever the OpenAPI document allows, and what it does not: no fault, and only answers that it describes.

Bounded and the same on every run; the words of the answers do not depend on the database, so SQLite is enough.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from tests.doors import walk, world
from tests.people import NOW
from tomei.accounts import rights, tokens
from tomei.api.door import described
from tomei.site.wsgi import application

pytest_plugins = ["tests.doors.fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
EXAMPLES = int(os.environ.get("TOMEI_FUZZ", "6"))
BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
PARAMETER = re.compile(r"\{(\w+)\}")


def known(path: str, doors: world.World) -> dict[str, str]:
    """Ids of what is there, so that an operation does more than not find it."""
    values = walk.filled(path, doors, doors.open).split("/")
    return {part[1:-1]: value for part, value in zip(path.split("/"), values, strict=True) if PARAMETER.fullmatch(part)}


def master_token(doors: world.World) -> str:
    scopes = rights.grantable(rights.of("commander", is_administrator=True))
    return tokens.make("fuzz", scopes=scopes, expires_at=None, by=doors.by("master"), now=NOW)[1]


def unfit(operation: Any, case: Any, response: Any) -> str:
    """Why this answer is none that the document describes, or nothing."""
    where = f"{operation.method.upper()} {operation.path} -> {response.status_code}"
    if response.status_code >= 500:
        return f"{where}: {case.body!r:.200} {case.query!r:.200} {case.path_parameters!r:.100}"
    responses = operation.definition.raw["responses"]
    told = responses.get(str(response.status_code), responses["default"])
    kind = (response.headers.get("content-type") or [""])[0].split(";")[0]
    if response.status_code == 204:
        return "" if not response.content else f"{where}: a body where none is described"
    return "" if kind in told.get("content", {}) else f"{where}: {kind!r} is not described"


def tried(operation: Any, doors: world.World, headers: dict[str, str]) -> list[str]:
    """What was unfit in the answers to a few bounded requests; each request is undone."""
    found, here = [], known(operation.path, doors)

    @BOUNDED
    @given(case=operation.as_strategy(), there=st.booleans())
    def once(case: Any, there: bool) -> None:
        if there and here:
            case.path_parameters = here
        with transaction.atomic():
            found.append(unfit(operation, case, case.call(headers=headers)))
            transaction.set_rollback(True)

    with suppress(Unsatisfiable):
        once()
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what the API answers does not depend on the database")
def test_the_api_is_what_it_says(doors: world.World) -> None:
    logging.disable(logging.ERROR)
    walk.page_routes()
    schema = schemathesis.openapi.from_dict(described())
    schema.app = application
    headers = {"Authorization": f"Bearer {master_token(doors)}"}
    found: list[str] = []
    for result in schema.get_all_operations():
        found += tried(result.ok(), doors, headers)  # type: ignore[union-attr]  # an Err fails the test by itself
    logging.disable(logging.NOTSET)
    assert len(found) > 3 * EXAMPLES * 10
    wrong = sorted({one for one in found if one})
    assert not wrong, "\n".join(wrong)
