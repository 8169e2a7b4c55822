"""The standing people of every test, and the house they work in. Loaded by the root conftest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tomei.accounts import doors
from tomei.accounts.models import User
from tomei.kernel.actor import Actor

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)  # a Wednesday, 14:00 in Tokyo
PASSWORD = "correct-horse-9-battery"


def person(name: str, mail: str, role: str, **columns: Any) -> User:
    """One of our people, able to sign in with `PASSWORD`."""
    user = User(name=name, email=mail, role=role, joined_at=NOW - timedelta(days=30), **columns)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, **options: Any) -> Client:
    """A client whose session belongs to `user`, as if the person had signed in by the page."""
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def now() -> datetime:
    return NOW


_STANDING: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "lead": ("佐藤 明", "lead@tomei.test", "commander", {}),
    "colleague": ("Anna Kovač", "colleague@tomei.test", "responder", {"language": "en", "zone": "Europe/Berlin"}),
    "watcher": ("田中 恵", "watcher@tomei.test", "observer", {}),
    "admin": ("鈴木 一郎", "admin@tomei.test", "responder", {"is_administrator": True}),
    "outsider": (
        "Gone Person", "outsider@tomei.test", "commander",
        {"is_active": False, "deactivated_at": NOW - timedelta(days=2)},
    ),
}  # fmt: skip


def standing(name: str) -> User:
    """The standing person of this name, put into the database."""
    called, mail, role, columns = _STANDING[name]
    return person(called, mail, role, **columns)


@pytest.fixture
def lead(db: None) -> User:
    """The commander."""
    return standing("lead")


@pytest.fixture
def colleague(db: None) -> User:
    """A responder who reads English and lives in another zone."""
    return standing("colleague")


@pytest.fixture
def watcher(db: None) -> User:
    """An observer."""
    return standing("watcher")


@pytest.fixture
def admin(db: None) -> User:
    """An administrator who is a responder and by that no commander."""
    return standing("admin")


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody who has left: deactivated, the password still right."""
    return standing("outsider")


@pytest.fixture
def by_lead(lead: User) -> Actor:
    return doors.actor(lead)


@pytest.fixture
def by_colleague(colleague: User) -> Actor:
    return doors.actor(colleague)


@pytest.fixture
def by_watcher(watcher: User) -> Actor:
    return doors.actor(watcher)


@pytest.fixture
def by_admin(admin: User) -> Actor:
    return doors.actor(admin)


@pytest.fixture
def by_outsider(outsider: User) -> Actor:
    return doors.actor(outsider)


@pytest.fixture
def client_of(db: None) -> Callable[..., Client]:
    """`client_of(lead)` is a browser where `lead` is signed in; `client_of(None)` one where nobody is."""

    def make(user: User | None, **options: Any) -> Client:
        return Client(**options) if user is None else signed_in(user, **options)

    return make


@pytest.fixture
def house(db: None) -> Any:
    """What `make_house` gives."""
    return make_house()


def make_house() -> Any:
    """Our organisation, a business calendar (Japan, weekdays 9 to 18) and the default policy; gives the organisation.

    Rows and not actions: it must not depend on who may configure.
    """
    ours = apps.get_model("customers", "Organisation").objects.create(
        kind="ours", name={"ja": "透明株式会社", "en": "Tomei K.K."}, zone="Asia/Tokyo", language="ja", created_at=NOW
    )
    hours = {str(day): [["09:00", "18:00"]] for day in range(5)}
    calendar = apps.get_model("customers", "Calendar").objects.create(
        name="日本の営業時間", zone="Asia/Tokyo", country="JP", hours=hours
    )
    policy = apps.get_model("customers", "Policy").objects.create(name="標準", is_default=True)
    apps.get_model("customers", "PolicyVersion").objects.create(
        policy=policy, number=1, terms=_default_terms(), calendar=calendar, made_at=NOW, reason="test"
    )
    return ours


def _default_terms() -> Any:
    """The JSON form of the default matrix."""
    from tomei.customers import rules  # only where the house is asked for: accounts' own tests need no customers

    return rules.default_terms().as_json()
