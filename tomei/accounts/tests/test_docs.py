"""What is written about rights and refusals agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from tomei.accounts import rights, texts

FOLDER = Path(rights.__file__).parent


def test_the_page_about_rights_is_made_from_the_table():
    assert (settings.ROOT.parent / "docs" / "rights.md").read_text("utf-8") == rights.as_markdown()


def test_every_refusal_has_its_sentences_in_both_languages():
    raised = set()
    for path in FOLDER.rglob("*.py"):
        if "tests" not in path.parts:
            raised |= set(re.findall(r'(?:Refused|Stale)\(\s*"([a-z_.]+)"', path.read_text("utf-8")))
    raised |= {f"{of}.name_{why}" for of in ("person", "team", "token") for why in ("missing", "too_long")}
    assert raised - {"rights.missing"} == set(texts.REFUSALS)
    assert [code for code, pair in texts.REFUSALS.items() for text in pair if text.missing] == []
    for pair in texts.REFUSALS.values():
        for text in pair:
            assert set(re.findall(r"{(\w+)}", text.ja)) == set(re.findall(r"{(\w+)}", text.en))
