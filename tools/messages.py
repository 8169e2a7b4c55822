"""Gather the words of the pages: extract, update and compile the catalogue of one feature or of all.

    python tools/messages.py cases comms     update tomei/cases/locale/ja/… and tomei/comms/locale/ja/…, compile them
    python tools/messages.py --all           the same for every feature
    python tools/messages.py --all --check   write nothing; fail on a message that is untranslated, fuzzy, unused,
                                             without its placeholders, or translated in two ways by two features

The msgid is the English sentence, so only Japanese needs a catalogue.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tomei.ui.catalogues import compile_one  # noqa: E402  (the path must be set first)

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
VOLATILE = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To'
    rb'|Project-Id-Version):.*\\n"\n',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
Found = tuple[Any, str | None]  # msgid (a pair for plurals) and context


def features() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "tomei").glob("*/__init__.py"))


def catalogue_path(feature: str) -> Path:
    return ROOT / "tomei" / feature / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def found_in(feature: str) -> list[Found]:
    """Every message that the code and the templates of a feature say."""
    folder, found = ROOT / "tomei" / feature, []
    for path in sorted(folder.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found += _extracted("python", path, {})
    for path in sorted((folder / "templates").rglob("*")):
        if path.is_file():
            found += _extracted("jinja2.ext:babel_extract", path, JINJA)
    for path in sorted((folder / "allauth_templates").rglob("*")):
        if path.is_file():
            found += list(_django(path.read_text("utf-8")))
    return found


def _extracted(method: str, path: Path, options: dict[str, str]) -> list[Found]:
    try:
        with path.open("rb") as file:
            return [
                (message, context) for _, message, _, context in extract(method, file, KEYWORDS, ["L10n:"], options)
            ]
    except Exception as error:
        raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error


_TAG = re.compile(r"""\{%-?\s*(?:trans|translate)\s+(["'])(?P<text>.*?)\1(?:\s+context\s+(["'])(?P<context>.*?)\3)?""")
_CALL = re.compile(r"""_\((["'])(?P<text>.*?)\1\)""")
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<head>[^%]*)%\}(?P<one>.*?)"
    r"(?:\{%\s*plural\s*%\}(?P<many>.*?))?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)


def _django(source: str) -> Iterator[Found]:
    """Messages of a Django template, spelled as Django spells them when it looks them up."""
    for match in _TAG.finditer(source):
        yield match["text"].replace("%", "%%"), match["context"]
    for match in _CALL.finditer(source):
        yield match["text"].replace("%", "%%"), None
    for match in _BLOCK.finditer(source):
        one, many = _block(match["one"], match["head"]), _block(match["many"] or "", match["head"])
        yield ((one, many) if many else one), None


def _block(text: str, head: str) -> str:
    if "trimmed" in head.split():
        text = " ".join(line.strip() for line in text.strip().splitlines())
    return re.sub(r"\{\{\s*(\w+).*?\}\}", r"%(\1)s", text.replace("%", "%%"))


def template(feature: str) -> Catalog:
    """The messages as they stand in the source, with no translation."""
    catalogue = Catalog(domain="django")
    for message, context in found_in(feature):
        if message and message != ("",):
            catalogue.add(message, context=context)
    return catalogue


def read(feature: str) -> Catalog:
    path = catalogue_path(feature)
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="ja", domain="django")


def _empty() -> Catalog:
    return Catalog(locale="ja", domain="django", header_comment="# Japanese", fuzzy=False)


def update(feature: str) -> str:
    """Bring the catalogue of `feature` up to its source, compile it, and say what is left to translate."""
    wanted, kept, path = template(feature), read(feature), catalogue_path(feature)
    if not len(wanted) and not path.exists():
        return f"{feature}: says nothing"
    fresh, used = _empty(), set()
    for message in wanted:
        if not message.id:
            continue
        old = kept.get(message.id, message.context)
        fresh.add(message.id, old.string if old else "", flags=_flags(old), context=message.context)
        used.add(_name(message))
    dropped = [message for message in kept if message.id and message.string and _name(message) not in used]
    path.parent.mkdir(parents=True, exist_ok=True)
    body = written(fresh)
    if not path.exists() or path.read_bytes() != body:
        path.write_bytes(body)
    compile_one(path)
    lines = [f"{feature}: {len(fresh)} messages, {sum(1 for m in fresh if m.id and not _is_said(m))} to translate"]
    return "\n".join([*lines, *(f"  no longer said: {m.id!r} -> {m.string!r}" for m in dropped)])


def written(catalogue: Catalog) -> bytes:
    """The catalogue as bytes that change only when a message does."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    return VOLATILE.sub(b"", buffer.getvalue())


def faults(feature: str) -> list[str]:
    """What keeps the catalogue of `feature` from being whole."""
    wanted, kept = template(feature), read(feature)
    said = {_name(message): message for message in kept if message.id}
    needed = {_name(message): message for message in wanted if message.id}
    bad = [f"untranslated: {name}" for name in needed if name not in said or not _is_said(said[name])]
    bad += [f"unused: {name}" for name in said if name not in needed]
    bad += [f"fuzzy: {name}" for name, message in said.items() if message.fuzzy]
    bad += [f"placeholders differ: {name}" for name, message in said.items() if _is_said(message) and _differs(message)]
    return [f"{feature}: {line}" for line in bad]


def contradictions(names: list[str]) -> list[str]:
    """One merged catalogue is used at run time: the same English in two features must be the same Japanese."""
    first: dict[str, tuple[str, Any]] = {}
    bad = []
    for feature in names:
        for message in read(feature):
            if not message.id or not _is_said(message):
                continue
            name = _name(message)
            owner, string = first.setdefault(name, (feature, message.string))
            if string != message.string:
                bad.append(f"{feature}: {name} is {message.string!r}, in {owner} it is {string!r} (use pgettext)")
    return bad


def _name(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return f"{message.context}|{text}" if message.context else str(text)


def _flags(old: Message | None) -> set[str]:
    return {"fuzzy"} if old is not None and old.fuzzy else set()


def _is_said(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings)


def _differs(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    wanted = set(PLACEHOLDER.findall(str(ids[-1])))
    return any(set(PLACEHOLDER.findall(str(string))) != wanted for string in strings)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feature", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    names = features() if chosen.all else [name.strip("/").split("/")[-1] for name in chosen.feature]
    unknown = sorted(set(names) - set(features()))
    if unknown or not names:
        parser.error(f"no such feature: {', '.join(unknown)}" if unknown else "name a feature, or --all")
    if not chosen.check:
        print("\n".join(update(name) for name in names))
        return 0
    bad = [line for name in names for line in faults(name)] + contradictions(features())
    print("\n".join(bad) or "every message is said in Japanese")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
