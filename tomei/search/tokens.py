"""Cut text into the tokens that are stored and asked for. Pure; the same on both databases.

Japanese has no spaces, so runs of it become pairs of characters plus single kanji: 停電 is found in 計画停電中.
Words of other scripts become lower-case stems: "shipments" finds "shipment". `INC-12` is also one token of its own.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONGEST_TEXT = 50_000  # characters of one document that are looked at
LONGEST_TOKEN = 64
MOST_TERMS = 24  # of one question

_KANJI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK = _KANJI + "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7af"
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?P<key>[a-z]{{2,8}}-[0-9]+(?![0-9a-z]))|(?P<word>(?:(?![{_CJK}])[^\\W_])+)")
_SINGLE = re.compile(f"[{_KANJI}]")
_local = threading.local()  # a stemmer keeps the word it works on in itself, so each thread has its own


@dataclass(frozen=True, slots=True)
class Term:
    """One token that must be there; with `prefix`, anything that begins with it will do."""

    token: str
    prefix: bool = False


def fold(text: str) -> str:
    """Full-width and half-width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an English word; digits and words of other scripts stay as they are."""
    if not word.isascii() or not word.isalpha():
        return word[:LONGEST_TOKEN]
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("english")
    return str(_local.stemmer.stemWord(word))[:LONGEST_TOKEN]


def tokens(text: str) -> list[str]:
    """Every token of a text, each once, in the order of its first appearance."""
    found: dict[str, None] = {}
    for run in _RUN.finditer(fold(text)):
        found.update(dict.fromkeys(_of_run(run)))
    return list(found)


def _of_run(run: re.Match[str]) -> Iterator[str]:
    if run["cjk"]:
        yield from _pairs(run["cjk"])
        yield from (letter for letter in run["cjk"] if _SINGLE.match(letter))
        if len(run["cjk"]) == 1:
            yield run["cjk"]
    elif run["key"]:
        prefix, number = run["key"].split("-")
        yield from (run["key"], stem(prefix), number)
    else:
        yield stem(run["word"])


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def terms(question: str) -> list[Term]:
    """What a question asks for, all of it: pairs for Japanese, stems for words, the last word also as a beginning."""
    runs = list(_RUN.finditer(fold(question)))
    found: dict[Term, None] = {}
    for run in runs:
        last = run is runs[-1]
        if run["cjk"] and len(run["cjk"]) == 1:
            found[Term(run["cjk"], prefix=True)] = None
        elif run["cjk"]:
            found.update(dict.fromkeys(Term(pair) for pair in _pairs(run["cjk"])))
        elif run["key"]:
            found[Term(run["key"])] = None
        else:
            token = stem(run["word"])
            found[Term(token, prefix=last and token.isalpha() and len(token) > 2)] = None
    return list(found)[:MOST_TERMS]


def fts5(asked: list[Term]) -> str:
    """The question for SQLite: every token quoted, so that no letter of it is an operator."""
    return " ".join(f'"{term.token}"*' if term.prefix else f'"{term.token}"' for term in asked)


def tsquery(asked: list[Term]) -> str:
    """The question for PostgreSQL, quoted likewise."""
    return " & ".join(f"'{term.token}':*" if term.prefix else f"'{term.token}'" for term in asked)
