"""A text in its languages: one object, so that both are approved, sent and corrected together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("ja", "en")
NAMES = {"ja": "日本語", "en": "English"}


@dataclass(frozen=True, slots=True)
class Text:
    """Words in Japanese and English; an empty side means "not written yet", never "nothing to say"."""

    ja: str = ""
    en: str = ""

    @classmethod
    def of(cls, value: Mapping[str, str] | str | None) -> Text:
        """From a JSON column; a bare string (a customer's own name, say) reads the same in both languages."""
        if value is None:
            return cls()
        if isinstance(value, str):
            return cls(value, value)
        return cls(str(value.get("ja") or ""), str(value.get("en") or ""))

    def said_in(self, language: str) -> str:
        """The words in `language`; where they are missing, those of the other: better foreign than silent."""
        mine, other = (self.en, self.ja) if language == "en" else (self.ja, self.en)
        return mine or other

    def language_of(self, language: str) -> str:
        """Which language `said_in(language)` really speaks, for the `lang` attribute."""
        wanted = "en" if language == "en" else "ja"
        if getattr(self, wanted):
            return wanted
        return "ja" if wanted == "en" else "en"

    def as_json(self) -> dict[str, str]:
        return {"ja": self.ja, "en": self.en}

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(language for language in LANGUAGES if not getattr(self, language).strip())

    def __bool__(self) -> bool:
        return bool(self.ja.strip() or self.en.strip())
