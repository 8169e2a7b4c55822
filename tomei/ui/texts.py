"""What the kernel and the forms refuse, in words: what happened and what was kept, then the way out."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "rights.missing": (
        Text(
            ja="あなたの役割ではこの操作はできません({verb})。何も変わっていません。",
            en="Your role does not allow this ({verb}). Nothing was changed.",
        ),
        Text(
            ja="指揮者または管理者に頼むか、役割を変えてもらってください。",
            en="Ask a commander or an administrator to do it, or to change your role.",
        ),
    ),
    "time.unreadable": (
        Text(
            ja="「{text}」は日時として読み取れません。何も保存していません。",
            en="“{text}” cannot be read as a date and time. Nothing was saved.",
        ),
        Text(
            ja="2026-11-18T14:13 の形で入力してください。",
            en="Write it as 2026-11-18T14:13.",
        ),
    ),
    "time.no_zone": (
        Text(
            ja="「{text}」には時差がないため、どの時刻か決まりません。何も保存していません。",
            en="“{text}” has no offset, so it could be many moments. Nothing was saved.",
        ),
        Text(
            ja="2026-11-18T14:13:00+09:00 のように時差か Z を付けてください。",
            en="Add an offset or Z, for example 2026-11-18T14:13:00+09:00.",
        ),
    ),
    "time.unknown_zone": (
        Text(
            ja="タイムゾーン「{zone}」は知られていません。何も保存していません。",
            en="The time zone “{zone}” is not known. Nothing was saved.",
        ),
        Text(
            ja="Asia/Tokyo や Europe/Berlin のような名前で選んでください。",
            en="Choose one by its name, such as Asia/Tokyo or Europe/Berlin.",
        ),
    ),
    "time.skipped": (
        Text(
            ja="{zone} では時計が進むため、{text} という時刻は存在しません。何も保存していません。",
            en="In {zone} the clock jumps over {text}: there is no such time. Nothing was saved.",
        ),
        Text(
            ja="その前か後の時刻を選んでください。",
            en="Choose a time before or after the jump.",
        ),
    ),
    "time.twice": (
        Text(
            ja="{zone} では時計が戻るため、{text} は2回あります。何も保存していません。",
            en="In {zone} the clock goes back, so {text} happens twice. Nothing was saved.",
        ),
        Text(
            ja="どちらかを時差付きで書いてください(例 2026-10-25T02:30+02:00)。",
            en="Say which one with its offset, for example 2026-10-25T02:30+02:00.",
        ),
    ),
    "field.missing": (
        Text(ja="「{field}」が空です。何も保存していません。", en="“{field}” is empty. Nothing was saved."),
        Text(ja="入力してから送ってください。", en="Fill it in and send again."),
    ),
    "field.too_long": (
        Text(
            ja="「{field}」が {length} 文字あります。{most} 文字までです。何も保存していません。",
            en="“{field}” has {length} characters; {most} is the most. Nothing was saved.",
        ),
        Text(
            ja="短くするか、ファイルとして添付してください。",
            en="Shorten it, or attach it as a file.",
        ),
    ),
    "field.too_many": (
        Text(
            ja="{count} 件あります。一度に {limit} 件までです。何も保存していません。",
            en="There are {count}; {limit} at once is the most. Nothing was saved.",
        ),
        Text(ja="分けて送ってください。", en="Send them in parts."),
    ),
    "field.not_a_choice": (
        Text(
            ja="「{field}」に「{value}」は選べません。何も保存していません。",
            en="“{value}” is not one of the choices of “{field}”. Nothing was saved.",
        ),
        Text(
            ja="ページを開き直し、一覧から選んでください。",
            en="Open the page again and choose from the list.",
        ),
    ),
    "field.not_a_number": (
        Text(
            ja="「{field}」の「{value}」は {least} から {most} までの整数ではありません。何も保存していません。",
            en="“{value}” in “{field}” is not a whole number from {least} to {most}. Nothing was saved.",
        ),
        Text(ja="数字で入力してください。", en="Write it in digits."),
    ),
    "field.control_characters": (
        Text(
            ja="「{field}」には画面に出ない制御文字しかありません。何も保存していません。",
            en="“{field}” holds nothing but control characters that no screen shows. Nothing was saved.",
        ),
        Text(ja="文字を入力し直してください。", en="Type the text again."),
    ),
}
