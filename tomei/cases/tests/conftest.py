"""What `tomei.wiring` lends to promises, so that incident rows show what is owed in these tests too."""

from __future__ import annotations

import pytest

from tomei.cases import actions, queries
from tomei.cases.models import Counter
from tomei.promises import hooks


@pytest.fixture
def numbers_are_no_ids(db):
    """On a fresh SQLite file INC-1 has id 1, which hides a number where an id belongs; here they differ."""
    for name, value in (("incident", 1000), ("case", 5000)):
        Counter.objects.update_or_create(name=name, defaults={"value": value})


@pytest.fixture(autouse=True)
def _lent(monkeypatch):
    monkeypatch.setattr(hooks, "changed", actions.refresh)
    monkeypatch.setattr(hooks, "lock", actions.lock)
    monkeypatch.setattr(hooks, "holds", queries.held_restricted)
