"""What is refused to subscribers, with the way out."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "subscription.network_busy": (
        Text(
            ja="このネットワークからの申し込みが続いています。確認メールは送っていません。",
            en="Too many have asked from this network. No confirmation was sent.",
        ),
        Text(ja="1時間後にもう一度お試しください。", en="Try again in an hour."),
    ),
    "subscription.unknown_choice": (
        Text(
            ja="選ばれたサービスまたは言語がありません。何も変えていません。",
            en="The chosen service or language is not there. Nothing was changed.",
        ),
        Text(ja="ページを開き直して選んでください。", en="Open the page again and choose."),
    ),
    "subscription.nothing_sought": (
        Text(ja="探すアドレスが空です。", en="There is nothing to look for."),
        Text(ja="アドレスの一部を入力してください。", en="Type a part of the address."),
    ),
}
