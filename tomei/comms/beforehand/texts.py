"""What first notices refuse, with the way out, and the sentences of their entries."""

from __future__ import annotations

from tomei.kernel.text import Text

_NOTHING = Text("何も変えていません。", "Nothing was changed.")


def _pair(ja: str, en: str, out_ja: str, out_en: str) -> tuple[Text, Text]:
    return Text(f"{ja}{_NOTHING.ja}", f"{en} {_NOTHING.en}"), Text(out_ja, out_en)


REFUSALS: dict[str, tuple[Text, Text]] = {
    "first.part": _pair(
        "自動の第一報には「{part}」を書けません。まだだれも確かめていないためです。",
        "A first notice that goes by itself cannot say “{part}”: nobody has looked yet.",
        "お客様への影響、わかっていること、いましていること、お願い、回避策だけにしてください。",
        "Keep to effect, known, doing, ask and workaround.",
    ),
    "first.unknown_severity": _pair(
        "重大度「{severity}」はありません。", "There is no severity {severity}.",
        "一覧から選び直してください。", "Choose from the list.",
    ),
    "first.unknown_product": _pair(
        "選ばれた製品がありません。", "The chosen product is not there.",
        "一覧から選び直してください。", "Choose from the list.",
    ),
    "first.unknown_component": _pair(
        "選ばれたコンポーネントがありません。", "The chosen component is not there.",
        "一覧から選び直してください。", "Choose from the list.",
    ),
    "first.no_next": _pair(
        "次の報告の時刻がありません。", "It does not say when we write next.",
        "両方の言語のどこかに {place} を入れてください。送るときに時刻が入ります。",
        "Write {place} somewhere in both languages; the time is filled in when it goes.",
    ),
    "first.liability": (
        Text(
            "責任を認める文に読めます（{match}）。自動では送れません。",
            "Reads as an admission of liability ({match}). It never goes by itself.",
        ),
        Text("お詫びと「私たちの障害です」だけにしてください。", "Keep to the apology and “this is our failure”."),
    ),
    "first.approved": _pair(
        "この文面は承認済みか、使われていません。", "This text is approved already, or not in use.",
        "ページを読み直してください。", "Load the page again.",
    ),
    "first.no_reason": _pair(
        "止める理由がありません。", "There is no reason for holding it back.",
        "理由を一行書いてください。", "Write the reason in one line.",
    ),
    "first.reason_too_long": _pair(
        "理由が長すぎます（{length} 文字、{limit} 文字まで）。",
        "The reason is too long ({length} of {limit} characters).",
        "短くしてください。", "Shorten it.",
    ),
    "first.not_waiting": _pair(
        "自動の第一報はもう待っていません。送られたか、だれかが先に報告したか、止めています。",
        "No first notice waits any more: it went, somebody spoke first, or it is held back.",
        "インシデントのページを読み直してください。", "Load the page of the incident again.",
    ),
    "first.late": (
        Text(
            "送る時刻から時間が経ちすぎたため、送っていません。",
            "Too much time had passed since it was to go. It was not sent.",
        ),
        Text("いまわかっていることを、人が書いて送ってください。", "Write what you know now, and send it."),
    ),
    "first.no_text": (
        Text("承認済みの文面に合うものがないため、送っていません。", "No approved text fits. Nothing was sent."),
        Text("第一報を書いて送ってください。", "Write the first notice and send it."),
    ),
    "first.nobody": (
        Text("届け先がひとりもいないため、送っていません。", "It would have reached nobody. It was not sent."),
        Text(
            "連絡先を確かめ、第一報を書いて送ってください。",
            "See to the contacts, write the first notice and send it.",
        ),
    ),
}  # fmt: skip

SENTENCES: dict[str, Text] = {
    "update.first_held": Text("自動の第一報を止めました", "First notice that would go by itself held back"),
    "update.first_asked": Text(
        "自動の第一報は送れませんでした。人が書いてください",
        "The first notice could not go by itself: a person must write it",
    ),
}
