from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from tomei.ui import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Language: ja\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PO = HEAD + '\nmsgid "Power cut"\nmsgstr "停電"\n'


@pytest.fixture
def messages() -> ModuleType:
    path = catalogues.ROOT.parent / "tools" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_stale_catalogues_are_compiled(tmp_path: Path) -> None:
    po = tmp_path / "cases" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO, "utf-8")
    assert catalogues.compile_stale(tmp_path) == [po]
    assert "停電".encode() in po.with_suffix(".mo").read_bytes()
    assert catalogues.compile_stale(tmp_path) == []
    later = po.with_suffix(".mo").stat().st_mtime + 5
    os.utime(po, (later, later))
    assert catalogues.compile_stale(tmp_path) == [po]
    assert sorted(path.name for path in po.parent.iterdir()) == ["django.mo", "django.po"]


def test_messages_of_django_templates_are_spelled_as_django_looks_them_up(messages: ModuleType) -> None:
    source = (
        '{% trans "100% sure" %}{% translate \'Sign in\' context "page" %}{{ _("Later")|upper }}'
        "{% blocktranslate trimmed count n=n with name=user.name %}\n  {{ name }} has\n  one"
        "{% plural %}{{ n }} of{% endblocktranslate %}"
    )
    assert list(messages._django(source)) == [
        ("100%% sure", None),
        ("Sign in", "page"),
        ("Later", None),
        (("%(name)s has one", "%(n)s of"), None),
    ]


def test_our_own_words_are_all_said_in_japanese(messages: ModuleType) -> None:
    assert messages.faults("ui") == []


def test_a_catalogue_changes_only_when_a_message_does(messages: ModuleType) -> None:
    body = messages.written(messages.read("ui"))
    assert body == messages.catalogue_path("ui").read_bytes()
    assert b"Date" not in body and b"Generated" not in body


def test_a_translation_that_loses_its_placeholder_is_found(messages: ModuleType) -> None:
    catalogue = messages._empty()
    catalogue.add("%(n)s of {all}", "{all} のうち %(n)s")
    catalogue.add("%(n)s left", "残り")
    catalogue.add(("%(n)s one", "%(n)s many"), ("%(n)s件",))
    assert [message.id for message in catalogue if message.id and messages._differs(message)] == ["%(n)s left"]
