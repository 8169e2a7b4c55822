"""Why a contact method is not taken, and what to do."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "contact.known": (
        Text(
            "「{address}」はすでに登録されています。何も変わっていません。",
            "“{address}” is on your list already. Nothing was changed.",
        ),
        Text(
            "別のアドレスを入力するか、今あるものを使ってください。", "Enter another address, or use the one you have."
        ),
    ),
    "contact.too_many": (
        Text(
            "連絡先は {limit} 件までです。追加していません。",
            "You can have {limit} contact methods. Nothing was added.",
        ),
        Text(
            "使っていない連絡先を削除してから追加してください。", "Remove one that you do not use, then add this one."
        ),
    ),
}
