from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tomei.accounts.models import User
from tomei.search import actions

pytestmark = pytest.mark.usefixtures("words_index")


def test_the_same_hits_as_the_page(client_of: Callable[..., Client], lead: User, now: datetime) -> None:
    actions.index("incident:1", kind="incident", title={"ja": "停電", "en": ""}, url="/incidents/INC-1/", now=now)
    answer = client_of(lead).get("/api/v1/search", {"q": "停電"})
    assert answer.json() == {
        "items": [
            {"ref": "incident:1", "kind": "incident", "title": {"ja": "停電", "en": ""}, "url": "/incidents/INC-1/",
             "at": "2026-11-18T05:00:00Z", "line": ""}
        ],
        "next": "",
    }  # fmt: skip


def test_strangers_are_turned_away(client_of: Callable[..., Client]) -> None:
    assert client_of(None).get("/api/v1/search", {"q": "停電"}).status_code == 401
