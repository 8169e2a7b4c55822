"""What search refuses, in words."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "search.bad_cursor": (
        Text(
            ja="続きの位置が読み取れません。何も変わっていません。",
            en="The place to go on from cannot be read. Nothing was changed.",
        ),
        Text(ja="検索をやり直してください。", en="Search again from the first page."),
    ),
}
