"""Words of templates, each translated once per language, and the calls of a page without Jinja's copies of its context.

Jinja copies all names of the page for every `pass_context` function that is called inside a loop, so that the function
sees the loop's variables. Ours never look at those: `of_page` marks who is handed the page as it is, `plain` who needs
nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from types import FunctionType
from typing import Any, TypeVar

from django.utils import timezone, translation
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads this page: `page()` asks once, since asking Django costs as much as making a small part."""

    language: str  # ja or en
    zone: tzinfo


def language() -> str:
    """The active language, as one of the two that we speak."""
    return "ja" if (translation.get_language() or "en").startswith("ja") else "en"


def active() -> Reader:
    """The reader for whom Django is set up at this moment."""
    return Reader(language(), timezone.get_current_timezone())


def reader(context: Context) -> Reader:
    """Whom this page is for; where nobody said so (a template by itself), whoever is active."""
    found: Reader | None = context.parent.get("reader")
    return active() if found is None else found


def now(context: Context) -> datetime:
    """The moment of the page; a page without one is a fault and fails loudly."""
    moment: datetime = context["now"]
    return moment


def of_page(function: F) -> F:
    """Jinja hands over the page as its first argument, without the variables of loops."""
    function.of_page = True  # type: ignore[attr-defined]
    return pass_context(function)


def plain(function: F) -> F:
    """Called as it is."""
    function.of_page = False  # type: ignore[attr-defined]
    return function


class Page(Context):
    """Knows our own functions by their mark and calls them at once; everything else goes Jinja's way."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is not FunctionType or (takes := obj.__dict__.get("of_page")) is None:
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return obj(self, *args, **kwargs) if takes else obj(*args, **kwargs)


@lru_cache(maxsize=4096)
def _message(spoken: str, message: str) -> Markup:
    with translation.override(spoken):
        return Markup(translation.gettext(message))  # noqa: S704  (words of ours, not of a visitor)


@lru_cache(maxsize=4096)
def _whole(spoken: str, message: str) -> Markup:
    """A message that takes nothing; it is formatted all the same, so that `%%` is one sign everywhere."""
    return _message(spoken, message) % {}


@of_page
def gettext(context: Context, message: str, /, **facts: Any) -> Markup:
    spoken = reader(context).language
    return _message(spoken, message) % facts if facts else _whole(spoken, message)


@plain
def ngettext(one: str, many: str, num: int, /, **facts: Any) -> Markup:
    return Markup(translation.ngettext(one, many, num)) % {"num": num, **facts}  # noqa: S704


@plain
def pgettext(about: str, message: str, /, **facts: Any) -> Markup:
    return Markup(translation.pgettext(about, message)) % {"context": about, **facts}  # noqa: S704


@plain
def npgettext(about: str, one: str, many: str, num: int, /, **facts: Any) -> Markup:
    said = Markup(translation.npgettext(about, one, many, num))  # noqa: S704
    return said % {"context": about, "num": num, **facts}


WORDS: dict[str, Callable[..., Markup]] = {
    "_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext,
}  # fmt: skip
