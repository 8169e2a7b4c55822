"""What the endpoints of customers share."""

from __future__ import annotations

from ninja import Schema

from tomei.kernel.text import Text


class NameIn(Schema):
    """One language is enough."""

    ja: str = ""
    en: str = ""

    def text(self) -> Text:
        return Text(self.ja, self.en)


class Seen(Schema):
    """The `version` that you saw: somebody else's change in between is answered 409 `customers.stale`."""

    seen: int
