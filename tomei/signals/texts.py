"""Sentences for what signals refuse, at the doors and on the pages."""

from __future__ import annotations

from tomei.kernel.text import Text
from tomei.signals import texts_own

_KEPT = Text(
    "届いた内容は送信元のページに残してあります。形式は docs/doors.md にあります。",
    "What arrived is kept on the page of its source. The shape stands in docs/doors.md.",
)

REFUSALS: dict[str, tuple[Text, Text]] = {
    "signal.unknown_key": (
        Text("この鍵の受け口はありません。何も保存していません。", "No door opens with this key. Nothing was kept."),
        Text("送信元のページにある URL を使ってください。", "Use the address on the page of the source."),
    ),
    "signal.too_large": (
        Text(
            "本文が大きすぎます({size} バイト、上限 {most})。", "The body is too large ({size} bytes, {most} at most)."
        ),
        Text("分けて送ってください。", "Send it in parts."),
    ),
    "signal.too_many": (
        Text("一度に {count} 件は多すぎます(上限 {most})。", "{count} at once are too many ({most} at most)."),
        _KEPT,
    ),
    "signal.not_utf8": (
        Text("UTF-8 として読めません({position} バイト目)。", "This is not UTF-8 (byte {position})."),
        _KEPT,
    ),
    "signal.broken_json": (
        Text("JSON として読めません: {detail}", "This is not JSON that can be read: {detail}"),
        _KEPT,
    ),
    "signal.too_deep": (
        Text("JSON の入れ子が深すぎます。", "The JSON is nested too deeply."),
        _KEPT,
    ),
    "signal.wrong_shape": (
        Text("{where} が期待した形ではありません。", "{where} is not of the expected shape."),
        _KEPT,
    ),
    "signal.wrong_version": (
        Text(
            "Alertmanager の webhook 第 4 版ではありません(version: {version})。",
            "This is not version 4 of Alertmanager's webhook (version: {version}).",
        ),
        _KEPT,
    ),
    "signal.post_only": (
        Text("ここは POST だけを受け付けます。", "Only POST is taken here."),
        Text("JSON を POST で送ってください。", "Send JSON by POST."),
    ),
    "signal.ping_only": (
        Text("ここは GET、HEAD、POST だけを受け付けます。", "Only GET, HEAD and POST are taken here."),
        Text("URL を GET か POST で呼んでください。", "Call the address by GET or POST."),
    ),
    "signal.mail_post_only": (
        Text("ここは POST だけを受け付けます。", "Only POST is taken here."),
        Text("メールを届いたままの形(RFC 5322)で POST してください。", "Post the raw message as it came (RFC 5322)."),
    ),
    "signal.no_mail": (
        Text("本文が空です。何も保存していません。", "The body is empty. Nothing was kept."),
        Text("メールを届いたままの形(RFC 5322)で送ってください。", "Send the raw message as it came (RFC 5322)."),
    ),
    "signal.cut_off": (
        Text("本文が途中で切れました。何も保存していません。", "The body ended before it was whole. Nothing was kept."),
        Text("もう一度送ってください。", "Send it again."),
    ),
    "signal.busy": (
        Text(
            "受け付けが混み合っています。何も保存していません。", "Too many are waiting at this door. Nothing was kept."
        ),
        Text("{seconds} 秒後に送り直してください。", "Send it again in {seconds} seconds."),
    ),
    "signal.database": (
        Text("データベースに書けません。何も保存していません。", "The database cannot be written. Nothing was kept."),
        Text("数秒後に送り直してください。", "Send it again in a few seconds."),
    ),
    "signal.no_space": (
        Text(
            "サーバーのディスクに空きがありません。何も保存していません。",
            "The disk of the server is full. Nothing was kept.",
        ),
        Text("空き容量を確保してから送り直してください。", "Free space, then send it again."),
    ),
    "signal.fault": (
        Text(
            "サーバーの不具合で保存できませんでした。何も保存していません。",
            "A fault of the server kept this from being stored. Nothing was kept.",
        ),
        Text(
            "送り直してください。続く場合は管理者に知らせてください。",
            "Send it again; if it stays, tell the operator.",
        ),
    ),
    "signal.already": (
        Text(
            "{who} がすでに対応しています({triage})。何も変わっていません。",
            "{who} has already acted on it ({triage}). Nothing was changed.",
        ),
        Text("ページを開き直して、今の状態を見てください。", "Open the page again and look at how it stands."),
    ),
    "signal.no_reason": (
        Text("理由がありません。何も変わっていません。", "There is no reason. Nothing was changed."),
        Text("なぜ対応しないのかを一文で書いてください。", "Say in one sentence why nothing needs to be done."),
    ),
    "sns.foreign_address": (
        Text("{where} が Amazon SNS の URL ではありません。", "{where} is not an address of Amazon SNS."),
        Text(
            "AWS の SNS から直接送っているか確かめてください。届いた内容は送信元のページに残してあります。",
            "Check that SNS itself sends here. What arrived is kept on the page of its source.",
        ),
    ),
    "sns.bad_signature": (
        Text(
            "SNS の署名が合いません。内容は信用していません。",
            "The signature of SNS does not hold. Nothing of it is believed.",
        ),
        Text(
            "URL の鍵が漏れていないか確かめ、疑わしければ新しい鍵にしてください。",
            "Check whether the address has leaked; if in doubt, make a new key.",
        ),
    ),
    "sns.bad_certificate": (
        Text(
            "SNS の証明書を確かめられません。内容は信用していません。",
            "The certificate of SNS cannot be used. Nothing of it is believed.",
        ),
        Text(
            "サーバーの時計と、sns.<region>.amazonaws.com への接続を確かめてください。",
            "Check the clock of the server and its way to sns.<region>.amazonaws.com.",
        ),
    ),
    "sns.not_confirmed": (
        Text(
            "SNS が購読の確認を断りました(状態 {status})。",
            "SNS refused the confirmation of the subscription (status {status}).",
        ),
        Text(
            "AWS の画面で購読の確認をもう一度送ってください(「確認をリクエスト」)。",
            "Ask for the confirmation again in the console of AWS (“Request confirmation”).",
        ),
    ),
    "source.wrong_kind": (
        Text(
            "送信元の種類「{value}」はありません。何も保存していません。",
            "There is no kind of source “{value}”. Nothing was saved.",
        ),
        Text("一覧にある種類を選んでください。", "Choose a kind that the list has."),
    ),
    "watch.twice": (
        Text(
            "このアラートはすでに見張っています。何も保存していません。",
            "This alert is watched already. Nothing was saved.",
        ),
        Text("間隔を変えるには、いったん外してください。", "To change the interval, take it off first."),
    ),
    "watch.interval": (
        Text(
            "間隔は 30 秒から 7 日までです。何も保存していません。",
            "The interval is 30 seconds to 7 days. Nothing was saved.",
        ),
        Text("5m のように書いてください。", "Write it as 5m."),
    ),
    "mapping.unreadable": (
        Text(
            "「{field}」は JMESPath として読めません({place} 文字目)。何も保存していません。",
            "“{field}” is no JMESPath that can be read (character {place}). Nothing was saved.",
        ),
        Text("alerts[0].name のように書いてください。", "Write it as alerts[0].name."),
    ),
    "mapping.too_long": (
        Text(
            "「{field}」が長すぎます(上限 {most} 文字)。何も保存していません。",
            "“{field}” is too long ({most} characters at most). Nothing was saved.",
        ),
        Text("短くしてください。", "Make it shorter."),
    ),
    "mapping.too_complex": (
        Text(
            "「{field}」は複雑すぎます({what})。何も保存していません。",
            "“{field}” asks for too much ({what}). Nothing was saved.",
        ),
        Text(
            "式を簡単にしてください。自作のリストは join の中だけで使えます。",
            "Make it simpler; a list of your own may stand inside join only.",
        ),
    ),
    "mapping.no_title": (
        Text(
            "件名の場所がありません。何も保存していません。", "Nothing says where the title stands. Nothing was saved."
        ),
        Text("件名の欄に式を書いてください。", "Write an expression into the field of the title."),
    ),
    "mapping.bad_line": (
        Text(
            "「{line}」の行が読めません。何も保存していません。",
            "The line “{line}” cannot be read. Nothing was saved.",
        ),
        Text(
            "CRITICAL = firing のように書いてください。状態は firing か resolved、50 行までです。",
            "Write it as CRITICAL = firing; a status is firing or resolved, 50 lines at most.",
        ),
    ),
    "mapping.not_generic": (
        Text(
            "この種類の送信元({kind})は対応付けを使いません。何も保存していません。",
            "A source of this kind ({kind}) has no mapping. Nothing was saved.",
        ),
        Text("汎用 JSON の送信元を使ってください。", "Use a source of generic JSON."),
    ),
    "mapping.stale": (
        Text(
            "{who} が先に保存しました(第 {version} 版、{at})。何も上書きしていません。",
            "{who} has saved since (version {version}, {at}). Nothing was overwritten.",
        ),
        Text(
            "入力した内容は残っています。ページを別に開いて今の版と比べてください。",
            "What you typed is kept here; open the page anew beside it and compare.",
        ),
    ),
    "mapping.missing": (
        Text(
            "対応付けで見つかりません({where}、値: {found})。",
            "The mapping does not find what is needed ({where}, there stands: {found}).",
        ),
        Text(
            "届いた内容は残してあります。対応付けを直して読み直してください。",
            "What arrived is kept. Mend the mapping and have it read again.",
        ),
    ),
    "mapping.no_list": (
        Text("イベントの一覧が見つかりません。", "The list of events is not there."),
        Text(
            "届いた内容は残してあります。対応付けを直して読み直してください。",
            "What arrived is kept. Mend the mapping and have it read again.",
        ),
    ),
    "mapping.too_large": (
        Text(
            "対応付けるには本文が大きすぎます({size} バイト、上限 {most})。",
            "The body is too large to be mapped ({size} bytes, {most} at most).",
        ),
        Text("分けて送ってください。", "Send it in parts."),
    ),
    "mapping.too_much_work": (
        Text("対応付けに手間がかかりすぎます。", "The mapping takes too many steps for this body."),
        Text("式を簡単にするか、分けて送ってください。", "Make the expressions simpler, or send it in parts."),
    ),
    "replay.nothing": (
        Text(
            "読み直すものがありません。何も変わっていません。", "There is nothing to read again. Nothing was changed."
        ),
        Text("送信元のページを開き直してください。", "Open the page of the source again."),
    ),
    "silence.bad_line": (
        Text(
            "「{line}」の行が読めません。何も保存していません。",
            "The line “{line}” cannot be read. Nothing was saved.",
        ),
        Text("component = orders のように一行に一つ書いてください。", "Write one per line, as component = orders."),
    ),
    "silence.everything": (
        Text(
            "これではすべてが静かになります。何も保存していません。",
            "This would silence everything. Nothing was saved.",
        ),
        Text(
            "何を静かにするかを = の行で少なくとも一つ書いてください。",
            "Say in at least one line with = what is to be silent.",
        ),
    ),
    "silence.too_many": (
        Text(
            "行が多すぎます(上限 {most})。何も保存していません。", "Too many lines ({most} at most). Nothing was saved."
        ),
        Text("分けて登録してください。", "Make two silences of them."),
    ),
    "silence.until": (
        Text(
            "終わりは今より後、{days} 日以内にしてください。何も保存していません。",
            "It has to end after now and within {days} days. Nothing was saved.",
        ),
        Text(
            "近い時刻を選び、必要なら後で登録し直してください。", "Choose a nearer time; silence it again if need be."
        ),
    ),
    "silence.no_reason": (
        Text("理由がありません。何も保存していません。", "There is no reason. Nothing was saved."),
        Text("何の作業のためかを一文で書いてください。", "Say in one sentence what work it is for."),
    ),
    "silence.over": (
        Text("もう終わっています({who})。何も変わっていません。", "It is over already ({who}). Nothing was changed."),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    **texts_own.REFUSALS,
}
