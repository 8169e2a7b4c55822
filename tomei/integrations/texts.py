"""Sentences for what integrations refuse."""

from tomei.kernel.text import Text

_AGAIN = Text("Slack の画面からもう一度操作してください。", "Do it once more from Slack.")
_PAGE = Text("設定 → Slack の内容を確認してください。", "Look at settings, Slack.")

REFUSALS = {
    "slack.unsigned": (
        Text("署名の時刻がない要求は受け付けません。", "A request without the time of its signature is not believed."),
        _PAGE,
    ),
    "slack.expired": (
        Text(
            "署名の時刻が現在から5分以上ずれています。何も実行していません。",
            "It was signed more than five minutes away from now. Nothing was done.",
        ),
        Text("このサーバーの時計を合わせてください。", "Set the clock of this server right."),
    ),
    "slack.bad_signature": (
        Text("署名が一致しません。何も実行していません。", "The signature is wrong. Nothing was done."),
        Text(
            "Slack アプリの Signing Secret を設定し直してください。",
            "Copy the signing secret of the Slack app into the settings once more.",
        ),
    ),
    "slack.other_team": (
        Text(
            "設定していないワークスペースからの要求です。何も実行していません。",
            "It came from a workspace that is not set up. Nothing was done.",
        ),
        Text(
            "そのワークスペースのチームIDを設定に追加してください。", "Add the team id of that workspace in settings."
        ),
    ),
    "slack.unreadable": (
        Text("要求を読み取れません。何も実行していません。", "The request cannot be read. Nothing was done."),
        _AGAIN,
    ),
    "slack.heard_before": (
        Text("この操作はすでに受け付けました。二度は実行しません。", "This was heard already. It is not done twice."),
        Text("もう一度行うには、新しく入力してください。", "To do it again, type it anew."),
    ),
    "slack.not_linked": (
        Text(
            "この Slack アカウントは Tomei のメンバーと結び付いていません。",
            "This Slack account is not linked to anybody in Tomei.",
        ),
        Text("`/tomei link` と入力し、開いたページで確認してください。", "Type `/tomei link` and confirm on the page."),
    ),
    "slack.inactive": (
        Text(
            "結び付いている Tomei のアカウントは無効です。何も実行していません。",
            "The account in Tomei that this is linked to is not active. Nothing was done.",
        ),
        Text("管理者に相談してください。", "Ask an administrator."),
    ),
    "slack.link_spent": (
        Text(
            "このリンクは使用済みか、期限が切れています。何も結び付けていません。",
            "This link was used already, or its time is over. Nothing was linked.",
        ),
        Text("Slack でもう一度 `/tomei link` と入力してください。", "Type `/tomei link` in Slack once more."),
    ),
    "slack.unknown_verb": (
        Text("「{verb}」という操作はありません。何も実行していません。", "There is no {verb}. Nothing was done."),
        Text("`/tomei help` で一覧が出ます。", "`/tomei help` lists what there is."),
    ),
    "slack.unknown_button": (
        Text("このボタンはもう使えません。何も実行していません。", "This button does nothing any more."),
        Text("`/tomei help` と入力してください。", "Type `/tomei help`."),
    ),
    "slack.no_number": (
        Text(
            "どのインシデントか分かりません。何も実行していません。",
            "Which incident it is about is not said. Nothing was done.",
        ),
        Text("INC-12 のように番号から始めてください。", "Begin with its number, as in INC-12."),
    ),
    "slack.draft_moved": (
        Text(
            "下書きはその後変わったか、もう送られています。公開していません。",
            "The draft was changed or sent since. It was not published.",
        ),
        Text("ページで開いて確認してください。", "Open the composer and look at it."),
    ),
    "slack.needs_approval": (
        Text(
            "公開には承認が要ります。下書きは残っています。",
            "Publishing it needs an approval. The draft is kept.",
        ),
        Text("ページで確認を依頼してください。", "Ask for a review in the composer."),
    ),
    "slack.unknown_product": (
        Text(
            "「{name}」という製品もコンポーネントもありません。",
            "There is no product or component called {name}.",
        ),
        Text("`/tomei who` だけで一覧が出ます。", "`/tomei who` alone lists all."),
    ),
    "slack.bad_team": (
        Text(
            "「{team}」はチームIDではありません。何も保存していません。",
            "{team} is no team id. Nothing was saved.",
        ),
        Text("T で始まる英大文字と数字です（例: T0123ABCD）。", "It begins with T, as in T0123ABCD."),
    ),
    "slack.bad_secret": (
        Text(
            "Signing Secret がないか、形が違います。何も保存していません。",
            "The signing secret is missing or malformed. Nothing was saved.",
        ),
        Text(
            "Slack アプリの Basic Information から写してください。",
            "Copy it from Basic Information of the Slack app.",
        ),
    ),
    "slack.bad_token": (
        Text(
            "ボットトークンの形が違います。何も保存していません。",
            "The bot token is malformed. Nothing was saved.",
        ),
        Text(
            "Slack アプリの OAuth & Permissions にある xoxb- で始まる値です。",
            "It begins with xoxb- and stands under OAuth & Permissions of the Slack app.",
        ),
    ),
    "slack.bad_channel": (
        Text(
            "「{channel}」はチャンネルIDではありません。何も保存していません。",
            "{channel} is no channel id. Nothing was saved.",
        ),
        Text(
            "チャンネルの詳細の一番下にある C で始まる値です。",
            "It begins with C and stands at the foot of the channel's details.",
        ),
    ),
    "slack.channel_without_token": (
        Text(
            "チャンネルに知らせるにはボットトークンが要ります。何も保存していません。",
            "Telling a channel needs a bot token. Nothing was saved.",
        ),
        Text("トークンを入れるか、チャンネルを空にしてください。", "Give a token, or leave the channel empty."),
    ),
    "slack.no_channel": (
        Text("知らせるチャンネルが設定されていません。", "No channel to tell is set."),
        Text("チャンネルIDとボットトークンを保存してください。", "Save a channel id and a bot token first."),
    ),
    "slack.team_taken": (
        Text(
            "ワークスペース {team} はすでに設定されています。何も保存していません。",
            "The workspace {team} is set up already. Nothing was saved.",
        ),
        Text("一覧から選んで編集してください。", "Edit it in the list."),
    ),
    "slack.too_many": (
        Text(
            "ワークスペースは{most}件までです。何も保存していません。",
            "There may be {most} workspaces. Nothing was saved.",
        ),
        Text("使っていないものを外してください。", "Remove one that is not used."),
    ),
}
