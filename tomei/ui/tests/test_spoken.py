from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.template import engines
from django.utils import translation
from jinja2.runtime import Context

from tomei.ui import spoken
from tomei.ui.tests.pages import NOW, render


def test_a_word_is_said_in_the_language_of_its_page() -> None:
    source = "{% for x in (1, 2) %}{{ _('Now') }} {% endfor %}"
    assert render(source) == "Now Now "
    with translation.override("ja"):
        assert render(source) == "いま いま "
    assert render(source) == "Now Now "


def test_facts_are_escaped_and_a_sign_of_percent_is_one() -> None:
    assert render("{{ _('100 %% of %(who)s', who='<b>') }}") == "100 % of &lt;b&gt;"
    assert render("{{ _('100 %% <i>') }}") == "100 % <i>"
    assert render("{{ ngettext('%(num)s day %(a)s', '%(num)s days %(a)s', 2, a='&') }}") == "2 days &amp;"
    assert render("{{ pgettext('nowhere', '%(context)s: <b>%(a)s', a='<') }}") == "nowhere: <b>&lt;"
    assert render("{{ npgettext('nowhere', '%(num)s a', '%(num)s b', 1) }}") == "1 a"
    assert render("{% trans a='<' %}it is {{ a }}{% endtrans %}") == "it is &lt;"


def test_the_reader_of_the_page_is_believed_before_the_thread() -> None:
    berlin = spoken.Reader("ja", ZoneInfo("Europe/Berlin"))
    source = "{{ _('Now') }} {{ x|clock }} {{ ui.time(x, 'clock') }}"
    assert render(source, x=NOW, reader=berlin).startswith("いま 06:08 <time ")
    assert render(source, x=NOW).startswith("Now 14:08 <time ")


def test_our_functions_get_the_page_itself_and_others_what_jinja_gives() -> None:
    seen: list[Context] = []

    @spoken.of_page
    def ours(context: Context) -> str:
        seen.append(context)
        return ""

    env = engines["jinja2"].env  # type: ignore[attr-defined]
    source = env.from_string("{% for x in (1, 2) %}{{ ours() }}{{ theirs(x) }}{% endfor %}")
    theirs: Any = lambda x: f"<{x}>"  # noqa: E731
    assert source.render(ours=ours, theirs=theirs) == "&lt;1&gt;&lt;2&gt;"
    assert len({id(context) for context in seen}) == 1
