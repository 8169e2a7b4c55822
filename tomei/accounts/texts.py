"""Sentences for refusals about people, teams, tokens, links and settings."""

from tomei.kernel.text import Text

_NOTHING_JA, _NOTHING_EN = "何も変更していません。", "Nothing was changed."


def _pair(ja: str, en: str, ja_way: str, en_way: str) -> tuple[Text, Text]:
    return Text(ja, en), Text(ja_way, en_way)


REFUSALS: dict[str, tuple[Text, Text]] = {
    "person.name_missing": _pair(
        "名前が空です。",
        "The name is empty.",
        "目に見える文字で名前を入力してください。",
        "Type a name that can be seen.",
    ),
    "person.name_too_long": _pair(
        "名前が{length}文字あります。上限は{limit}文字です。",
        "The name has {length} characters; {limit} is the most.",
        "短くしてください。",
        "Make it shorter.",
    ),
    "person.mail_unreadable": _pair(
        "「{mail}」はメールアドレスとして読めません。",
        "“{mail}” cannot be read as a mail address.",
        "name@example.com の形で入力してください。",
        "Write it as name@example.com.",
    ),
    "person.mail_taken": _pair(
        "{mail} はすでに別のメンバーが使っています。",
        "{mail} belongs to somebody here already.",
        "メンバー一覧（招待中・停止中も含む）で探すか、別のアドレスにしてください。",
        "Look for them among People, invited and deactivated too, or take another address.",
    ),
    "person.role_unknown": _pair(
        "役割「{role}」はありません。",
        "There is no role “{role}”.",
        "observer、responder、commander のいずれかにしてください。",
        "Use observer, responder or commander.",
    ),
    "person.language_unknown": _pair(
        "言語「{language}」は使えません。",
        "The language “{language}” is not spoken here.",
        "ja または en にしてください。",
        "Use ja or en.",
    ),
    "person.deputy_self": _pair(
        "{name} さんを本人の代理にはできません。" + _NOTHING_JA,
        f"{{name}} cannot be their own deputy. {_NOTHING_EN}",
        "別の人を選んでください。",
        "Choose somebody else.",
    ),
    "person.deputy_unknown": _pair(
        "代理に選んだ人は有効なメンバーではありません。" + _NOTHING_JA,
        f"The deputy is not an active person here. {_NOTHING_EN}",
        "有効なメンバーから選んでください。",
        "Choose one of the active people.",
    ),
    "person.last_administrator": _pair(
        "最後の管理者です。外すと、だれも設定を変えられなくなります。" + _NOTHING_JA,
        f"This is the last administrator; without one nobody could configure anything. {_NOTHING_EN}",
        "先に別の人を管理者にしてください。",
        "Make somebody else an administrator first.",
    ),
    "person.changed": _pair(
        "編集中に {who} さんがこのメンバーを変更しました（{at}、{value}）。入力は残っていますが、未保存です。",
        "{who} changed this person while you were editing ({at}; {value}). What you typed is kept but not saved.",
        "内容を確かめ、それでも変えるならもう一度保存してください。",
        "Look it over; save once more if it should still be so.",
    ),
    "person.not_joined": _pair(
        "{name} さんはまだ招待に応じていません。" + _NOTHING_JA,
        f"{{name}} has not joined yet. {_NOTHING_EN}",
        "招待を送り直してください。",
        "Send the invitation again.",
    ),
    "person.not_invited": _pair(
        "{name} さんには招待が要りません（参加済み、または停止中）。" + _NOTHING_JA,
        f"{{name}} needs no invitation: they have joined or were deactivated. {_NOTHING_EN}",
        "停止中なら再開してください。パスワードを忘れた人は、サインイン画面で再設定できます。",
        "Reactivate who was deactivated; who forgot the password sets a new one at the sign-in page.",
    ),
    "password.weak": _pair(
        "このパスワードは使えません。{advice}",
        "This password is too weak. {advice}",
        "別のパスワードにしてください。覚えやすい長い文が向いています。",
        "Choose another; a long sentence that you remember serves well.",
    ),
    "password.too_long": _pair(
        "パスワードは{limit}文字までです。",
        "A password has at most {limit} characters.",
        "短くしてください。",
        "Make it shorter.",
    ),
    "password.not_the_same": _pair(
        "二つのパスワードが一致しません。",
        "The two passwords are not the same.",
        "もう一度、同じパスワードを2回入力してください。",
        "Type the same password twice.",
    ),
    "link.spent": _pair(
        "このリンクはもう使えません（使用済み、期限切れ、または不要になりました）。",
        "This link opens nothing any more: it was used, has run out, or is no longer needed.",
        "招待なら管理者に送り直しを頼んでください。管理者の作成は、サーバーで tomei admin-link を実行してください。",
        "Ask an administrator for a new invitation; to make an administrator run tomei admin-link on the server.",
    ),
    "team.name_missing": _pair(
        "チーム名が空です。", "The team's name is empty.", "チーム名を入力してください。", "Give the team a name."
    ),
    "team.name_too_long": _pair(
        "チーム名が{length}文字あります。上限は{limit}文字です。",
        "The team's name has {length} characters; {limit} is the most.",
        "短くしてください。",
        "Make it shorter.",
    ),
    "team.name_taken": _pair(
        "「{name}」というチームはすでにあります。",
        "There is a team “{name}” already.",
        "別の名前にしてください。",
        "Take another name.",
    ),
    "team.member_unknown": _pair(
        "チームに加えようとした人は有効なメンバーではありません。" + _NOTHING_JA,
        f"Somebody for the team is not an active person here. {_NOTHING_EN}",
        "ページを読み直し、有効なメンバーから選んでください。",
        "Load the page again and choose among the active people.",
    ),
    "team.changed": _pair(
        "編集中に {who} さんがこのチームを変更しました（{at}、現在: {value}）。入力は残っていますが、未保存です。",
        "{who} changed this team while you were editing ({at}; now: {value}). What you typed is kept but not saved.",
        "内容を確かめ、それでも変えるならもう一度保存してください。",
        "Look it over; save once more if it should still be so.",
    ),
    "team.in_use": _pair(
        "「{name}」はほかの記録から参照されています。" + _NOTHING_JA,
        f"Other records name the team “{{name}}”. {_NOTHING_EN}",
        "先に製品の担当チームを変えてください。",
        "Give their products another team first.",
    ),
    "token.name_missing": _pair(
        "トークンの名前が空です。", "The token's name is empty.", "用途を書いてください。", "Say what it is for."
    ),
    "token.name_too_long": _pair(
        "トークンの名前が{length}文字あります。上限は{limit}文字です。",
        "The token's name has {length} characters; {limit} is the most.",
        "短くしてください。",
        "Make it shorter.",
    ),
    "token.no_scope": _pair(
        "トークンにできることが一つも選ばれていません。",
        "The token could do nothing: no scope was chosen.",
        "少なくとも一つ選んでください。読むだけなら read です。",
        "Choose one at least; read is enough for reading.",
    ),
    "token.scope_not_yours": _pair(
        "作る人にない権限はトークンに与えられません: {scope}",
        "A token cannot hold what its maker may not do: {scope}",
        "自分の権限の中から選んでください（docs/rights.md）。",
        "Choose among your own rights (docs/rights.md).",
    ),
    "token.expiry_past": _pair(
        "有効期限が過去です。",
        "The token would have expired already.",
        "先の日時にしてください。",
        "Choose a time to come.",
    ),
    "token.expiry_far": _pair(
        "有効期限は10年以内です。",
        "A token lasts ten years at most.",
        "近い日付にするか、期限なしを選んでください。",
        "Choose a nearer date, or no end at all.",
    ),
    "token.maker_inactive": _pair(
        "{name} さんは有効なメンバーではないため、トークンを作れません。",
        "{name} is not active and can have no token.",
        "有効なメンバーを指定してください。",
        "Name one of the active people.",
    ),
    "vault.other_key": _pair(
        "保存された秘密情報を、この鍵ファイル（{path}）では開けません。",
        "A stored secret cannot be opened with this key file ({path}).",
        "バックアップと一緒に保存した鍵ファイルを戻すか、秘密情報を設定し直してください。",
        "Put back the key file that belongs to this database, or set the secret anew.",
    ),
}
