"""What the room refuses, with the way out."""

from __future__ import annotations

from tomei.kernel.text import Text

_AGAIN = Text(ja="サインインの画面からもう一度お求めください。", en="Ask for a new one on the sign-in page.")

REFUSALS: dict[str, tuple[Text, Text]] = {
    "room.address_busy": (
        Text(
            ja="このアドレスでは1時間に{count}回まで求められます。今回のメールは送っていません。",
            en="A sign-in may be asked for {count} times an hour with one address. No mail was sent this time.",
        ),
        Text(
            ja="届いている最新のメールを使うか、1時間後にもう一度お試しください。",
            en="Use the newest mail that you have, or try again in an hour.",
        ),
    ),
    "room.network_busy": (
        Text(
            ja="このネットワークからのサインインの求めが続いています。メールは送っていません。",
            en="Too many sign-ins were asked for from this network. No mail was sent.",
        ),
        Text(ja="1時間後にもう一度お試しください。", en="Try again in an hour."),
    ),
    "room.link_dead": (
        Text(
            ja="このサインインは使えません。使用済みか、10分を過ぎたか、新しく求め直されています。",
            en="This sign-in opens nothing: it was used, is older than 10 minutes, or a newer one was asked for.",
        ),
        _AGAIN,
    ),
    "room.other_browser": (
        Text(
            ja="サインインを始めたブラウザーではありません。リンクはまだ使えます。",
            en="This is not the browser in which the sign-in was asked for. The link still works there.",
        ),
        Text(
            ja="始めたブラウザーでリンクを開くか、メールの6桁の番号をそこに入力してください。",
            en="Open the link in that browser, or type the six-digit code from the mail there.",
        ),
    ),
    "room.code_wrong": (
        Text(ja="番号が違います。あと{left}回入力できます。", en="That is not the code. Tries left: {left}."),
        Text(ja="最新のメールの6桁の番号を入力してください。", en="Type the six digits from the newest mail."),
    ),
    "room.code_dead": (
        Text(
            ja="番号を5回間違えたため、この番号は使えなくなりました。",
            en="The code was wrong five times and works no more.",
        ),
        _AGAIN,
    ),
    "room.too_many_keys": (
        Text(ja="フィードの鍵は{most}個までです。作っていません。", en="There may be {most} feed keys. None was made."),
        Text(ja="使っていない鍵を失効させてください。", en="Revoke one that you do not use."),
    ),
    "room.may_not_declare": (
        Text(
            ja="閲覧者の方は、ルームから障害を申告できない設定です。申告していません。",
            en="Readers may not declare here, as we have set it. Nothing was declared.",
        ),
        Text(
            ja="同僚の回答者か顧客側の責任者に頼むか、電話で知らせてください。",
            en="Ask a colleague who answers or leads for your side, or telephone us.",
        ),
    ),
    "room.declared_often": (
        Text(
            ja="貴社からの申告は1時間に{most}件までです。今回は申告していません。入力した内容は残っています。",
            en="Your organisation may declare {most} times an hour. Nothing was declared; what you typed is kept.",
        ),
        Text(
            ja="申告済みの案件を開くか、電話で知らせてください。",
            en="Open a case that you declared, or telephone us.",
        ),
    ),
    "room.bad_days": (
        Text(ja="日数は1から{most}までです。変えていません。", en="Between 1 and {most} days. Nothing was changed."),
        Text(ja="数字を直してください。", en="Correct the number."),
    ),
}
