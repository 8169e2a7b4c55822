"""The forms of a page as a browser reads them, filled as a person would, and every field gone wrong one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

SCRIPT = "<script>alert(1)</script>"
ODD = "a\x00\U0001f525\u202e\ufffftxt"
LONG = "x" * 100_000
IGNORED = {"csrfmiddlewaretoken"}
TYPED = "typed-by-hand"


@dataclass
class Field:
    name: str
    kind: str  # text, textarea, hidden, select, number, datetime-local, checkbox …
    value: str = ""
    options: list[str] = field(default_factory=list)
    checked: bool = False

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "textarea", "search", "email", "url", "password", "tel")


@dataclass
class Form:
    action: str
    page: str
    fields: list[Field] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        parts = ["#" if part.isdigit() else part for part in self.action.split("?")[0].split("/")]
        return ("/".join(parts), *sorted({one.name for one in self.fields if one.kind != "submit"}))

    def filled(self) -> dict[str, list[str]]:
        """What a person might send: every text filled, the first choices, boxes as they stand."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            value = _usual(one)
            if value is not None and one.name not in IGNORED and not (one.kind == "radio" and one.name in sent):
                sent.setdefault(one.name, []).append(value)
        return sent


def _usual(one: Field) -> str | None:
    if one.kind in ("checkbox", "radio"):
        return one.value or "on" if one.checked or one.kind == "radio" else None
    if one.kind == "select":
        return one.value or next((option for option in one.options if option), "")
    if one.kind in ("file", "submit"):
        return None
    usual = {"datetime-local": "2026-11-18T06:03", "date": "2026-11-18", "number": "1", "email": "typed@towa.test"}
    return one.value or usual.get(one.kind) or (TYPED if one.is_text else "")


def wrong(form: Form) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """(field, what is wrong with it, what is sent)."""
    alike = {re.sub(r"SEV\d\w?|\d+", "#", one.name): one for one in form.fields if one.name not in IGNORED}
    for one in alike.values():  # a row of a table stands for all of its rows
        if one.kind in ("file", "submit"):
            continue
        good = form.filled()
        for what, value in _values(one):
            yield one.name, what, {**good, one.name: [value]}
        yield one.name, "missing", {name: values for name, values in good.items() if name != one.name}


def _values(one: Field) -> list[tuple[str, str]]:
    if one.name.endswith("zone"):
        return [("unknown zone", "Mars/Olympus"), ("path", "../../etc/passwd"), ("odd", ODD)]
    if one.kind in ("datetime-local", "date"):
        return [
            ("gap", "2026-03-29T02:30"),
            ("fold", "2026-10-25T02:30"),
            ("no date", "yesterday"),
            ("far", "99999-01-01T00:00"),
        ]
    if one.is_text:
        return [("long", LONG), ("odd", ODD)]
    if one.kind == "number":
        return [("huge", str(2**63)), ("below", "-1"), ("no number", "x"), ("odd", ODD)]
    return [("unknown", "999999999"), ("huge", str(2**63)), ("below", "-1"), ("odd", ODD)]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.forms, self.loose = page, [], []  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (
                Form(urljoin(self.page, given.get("action", "")), self.page)
                if given.get("method", "").lower() == "post"
                else None
            )
            if self._form:
                self.forms.append(self._form)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        kind = {"select": "select", "textarea": "textarea", "button": "submit"}.get(tag) or given.get("type", "text")
        one = Field(given["name"], kind, given.get("value", ""), checked="checked" in given)
        if self._form is not None:
            self._form.fields.append(one)
        if tag == "select":
            self._select = one
        if tag == "textarea":
            self._area = one

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.lstrip("\n")


def read(html: str, page: str) -> list[Form]:
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
