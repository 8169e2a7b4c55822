"""Settings of the house that are set in pages. What an operator sets stands in the environment (`site/settings.py`)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import audit, vault
from tomei.accounts.models import Setting
from tomei.kernel.actor import Actor


def get(name: str, default: Any = None) -> Any:
    """The setting called `name`, opened when it is secret; `default` when nobody has set it."""
    row = Setting.objects.filter(pk=name).first()
    if row is None:
        return default
    return json.loads(vault.open(row.value)) if row.is_secret else row.value


@transaction.atomic
def put(name: str, value: Any, *, by: Actor, now: datetime, secret: bool = False) -> None:
    """Set `name` to a JSON value; the audit log keeps old and new, of a secret only that it changed.

    Needs `house.configure`; the clock may write what it found out for itself.
    """
    if by.kind != "clock":
        by.require("house.configure")
    old = Setting.objects.select_for_update().filter(pk=name).first()
    kept = vault.seal(json.dumps(value)) if secret else json.loads(json.dumps(value))
    if old is not None and not secret and not old.is_secret and old.value == kept:
        return
    Setting.objects.update_or_create(name=name, defaults={"value": kept, "is_secret": secret, "changed_at": now})
    was_secret = secret or (old is not None and old.is_secret)
    shown = {} if was_secret else {"old": old.value if old else None, "new": kept}
    audit.record("setting.changed", by=by, now=now, name=name, **shown)
