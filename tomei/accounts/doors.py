"""Where an Actor is made for a request: a signed-in person, or the person behind an API token."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from tomei.accounts import rights
from tomei.accounts.models import User
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor(user: User) -> Actor:
    """The person as an actor, with the rights of this moment; a deactivated person holds none."""
    held = rights.of(user.role, is_administrator=user.is_administrator) if user.is_active else frozenset[str]()
    return Actor(
        "user",
        user.pk,
        user.name,
        rights=held,
        user_id=user.pk,
        is_administrator=user.is_administrator and user.is_active,
    )


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: the token that opened the API door, else the signed-in person.

    Refuses `rights.missing` when nobody is signed in (a public page that asks has a fault of its own).
    """
    opened_by = getattr(request, "auth", None)
    if isinstance(opened_by, Actor):
        return opened_by
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise Refused("rights.missing", verb="read")
    return actor(user)


def needs(verb: str) -> Callable[[View[P]], View[P]]:
    """A view that opens only for who may `verb`; the action behind it decides once more for itself."""

    def wrap(view: View[P]) -> View[P]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor_of(request).require(verb)
            return view(request, *args, **kwargs)

        update_wrapper(guarded, view)
        return guarded

    return wrap
