"""A secret that is shown on the next page and never again: kept sealed in the reader's session until then."""

from __future__ import annotations

import json

from django.http import HttpRequest

from tomei.accounts import vault
from tomei.kernel.errors import Refused

_KEY = "tomei_shown_once"


def keep(request: HttpRequest, **secret: str) -> None:
    request.session[_KEY] = vault.seal(json.dumps(secret))


def take(request: HttpRequest, kind: str) -> dict[str, str] | None:
    """What was kept, when it is of this `kind`; it is forgotten by this."""
    sealed = request.session.get(_KEY)
    if not sealed:
        return None
    try:
        secret: dict[str, str] = json.loads(vault.open(sealed))
    except Refused:  # the key file was changed meanwhile
        secret = {}
    if secret and secret.get("kind") != kind:
        return None
    del request.session[_KEY]
    return secret or None
