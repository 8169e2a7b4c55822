"""Why something does not leave, and what to do."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "delivery.bad_address": (
        Text(
            "「{address}」はメールアドレスとして使えません。何も保存・送信していません。",
            "“{address}” is no mail address. Nothing was saved or sent.",
        ),
        Text("name@example.com の形で入力してください。", "Write it as name@example.com."),
    ),
    "delivery.line_break": (
        Text(
            "件名や宛先に改行などの制御文字が含まれています（{text}）。送信していません。",
            "A subject or address holds a line break or control character ({text}). Nothing was sent.",
        ),
        Text("1行にまとめて入力してください。", "Write it on one line."),
    ),
    "delivery.bad_header": (
        Text(
            "メールヘッダー「{name}」は指定できません。送信していません。",
            "The mail header “{name}” cannot be set. Nothing was sent.",
        ),
        Text(
            "このヘッダーを外してください。差出人・宛先・件名は Tomei が付けます。",
            "Leave it out: sender, recipient and subject are set by Tomei.",
        ),
    ),
    "delivery.unknown_purpose": (
        Text(
            "用途「{purpose}」は定義されていません。送信していません。", "“{purpose}” is no purpose. Nothing was sent."
        ),
        Text(
            "page、update、digest、test、invite、reset、answer のいずれかを指定してください。",
            "Use page, update, digest, test, invite, reset or answer.",
        ),
    ),
    "delivery.too_long": (
        Text(
            "本文が {limit} 文字を超えています。送信していません。",
            "The text has more than {limit} characters. Nothing was sent.",
        ),
        Text("本文を短くするか、詳細はリンクで示してください。", "Shorten it, or link to the details."),
    ),
    "delivery.unknown_template": (
        Text(
            "送信先の種類「{template}」は定義されていません。何も保存していません。",
            "“{template}” is no kind of webhook. Nothing was saved.",
        ),
        Text(
            "Slack、Teams、Mattermost、ntfy、PagerDuty、汎用のいずれかを選んでください。",
            "Choose Slack, Teams, Mattermost, ntfy, PagerDuty or generic.",
        ),
    ),
    "delivery.bad_url": (
        Text(
            "URL として使えません（http か https、ホスト名あり、認証情報なし）。何も保存していません。",
            "This is no URL that can be used (http or https, with a host, without a user and password). "
            "Nothing was saved.",
        ),
        Text(
            "送信先のサービスが表示する URL をそのまま貼り付けてください。",
            "Paste the URL exactly as the receiving service shows it.",
        ),
    ),
    "delivery.private_address": (
        Text(
            "{host} は社内または本機のアドレス（{address}）を指しているため、接続していません。",
            "{host} leads to an address inside the house ({address}). No connection was opened.",
        ),
        Text(
            "意図した送信先なら、運用担当者に TOMEI_PRIVATE_NETWORKS へのネットワーク追加を依頼してください。",
            "If that is meant, ask the operator to add its network to TOMEI_PRIVATE_NETWORKS.",
        ),
    ),
    "delivery.bad_network": (
        Text(
            "TOMEI_PRIVATE_NETWORKS を読み取れません（{error}）。接続していません。",
            "TOMEI_PRIVATE_NETWORKS cannot be read ({error}). No connection was opened.",
        ),
        Text(
            "10.1.0.0/16 のような CIDR をコンマで区切って設定してください。",
            "Set CIDRs such as 10.1.0.0/16, separated by commas.",
        ),
    ),
    "delivery.no_topic": (
        Text(
            "ntfy の URL にトピックがありません。何も保存していません。",
            "The ntfy URL names no topic. Nothing was saved.",
        ),
        Text("https://ntfy.sh/トピック名 の形で入力してください。", "Write it as https://ntfy.sh/your-topic."),
    ),
    "delivery.no_secret": (
        Text(
            "PagerDuty の連携キーがありません。何も保存していません。",
            "The PagerDuty integration key is missing. Nothing was saved.",
        ),
        Text(
            "サービスの連携設定（Events API v2）にある連携キーを入力してください。",
            "Enter the integration key of the service (Events API v2).",
        ),
    ),
    "delivery.bad_secret": (
        Text(
            "秘密の値として使えません。何も保存していません。", "This cannot be used as the secret. Nothing was saved."
        ),
        Text(
            "英数字で入力してください。汎用 Webhook の署名鍵は whsec_ で始まる16バイト以上の値です。",
            "Use plain letters and digits. The signing secret of a generic webhook begins with whsec_ and holds at "
            "least 16 bytes.",
        ),
    ),
    "delivery.bad_mail_url": (
        Text(
            "TOMEI_MAIL_URL を読み取れません（{scheme}）。メールは送信待ちのまま残っています。",
            "TOMEI_MAIL_URL cannot be read ({scheme}). Mail waits and is not lost.",
        ),
        Text(
            "smtp://ユーザー:パスワード@ホスト:587/?from=support@example.com の形で設定してください。",
            "Set it as smtp://user:password@host:587/?from=support@example.com.",
        ),
    ),
    "delivery.bad_host": (
        Text(
            "「{host}」はホスト名として使えません。何も保存していません。",
            "“{host}” is no host name. Nothing was saved.",
        ),
        Text("mail.example.com のように入力してください。", "Write it as mail.example.com."),
    ),
    "delivery.bad_port": (
        Text("ポート番号「{port}」は使えません。何も保存していません。", "“{port}” is no port. Nothing was saved."),
        Text(
            "1～65535 の数を入力してください（通常は 587 または 465）。",
            "Use a number from 1 to 65535, usually 587 or 465.",
        ),
    ),
    "delivery.bad_security": (
        Text(
            "暗号化の方式「{security}」は定義されていません。何も保存していません。",
            "“{security}” is no kind of encryption. Nothing was saved.",
        ),
        Text("none、starttls、tls のいずれかを選んでください。", "Choose none, starttls or tls."),
    ),
    "delivery.set_by_environment": (
        Text(
            "メールサーバーは環境変数 TOMEI_MAIL_URL で設定されています。何も変更していません。",
            "The mail server is set by the environment (TOMEI_MAIL_URL). Nothing was changed.",
        ),
        Text(
            "環境変数を変更して再起動するか、外してからこのページで設定してください。",
            "Change the variable and restart, or unset it and use this page.",
        ),
    ),
    "delivery.not_failed": (
        Text(
            "このメッセージは今は再送できません（状態：{state}）。何も変わっていません。",
            "This message cannot be tried again now (it is {state}). Nothing was changed.",
        ),
        Text(
            "再送できるのは、失敗したものと再試行を待っているものだけです。保留中のものは保留一覧で解除してください。",
            "Only a failed one, or one that waits for its next try, can be. Release held ones on the list of the hold.",
        ),
    ),
    "delivery.not_held": (
        Text("送信は保留されていません。何も変わっていません。", "Sending is not held. Nothing was changed."),
        Text(
            "ページを読み込み直してください。別の管理者が解除した可能性があります。",
            "Reload the page: another administrator may have released it.",
        ),
    ),
    "delivery.nothing_chosen": (
        Text(
            "破棄するメッセージが選ばれていません。何も変わっていません。",
            "No message was chosen. Nothing was changed.",
        ),
        Text(
            "一覧で選んでから「選んだものを破棄」を押してください。",
            "Tick them in the list, then drop the chosen ones.",
        ),
    ),
    "delivery.bad_folder": (
        Text(
            "「{folder}」はフォルダー名として使えません。何も保存していません。",
            "“{folder}” is no name of a folder that can be used. Nothing was saved.",
        ),
        Text("INBOX のように半角英数字で入力してください。", "Write it in plain ASCII, such as INBOX."),
    ),
    "delivery.bad_interval": (
        Text(
            "間隔 {seconds} 秒は使えません。何も保存していません。",
            "{seconds} seconds cannot be used. Nothing was saved.",
        ),
        Text("10～3600 秒で入力してください。", "Use 10 to 3600 seconds."),
    ),
    "delivery.no_mail_source": (
        Text(
            "メールの送信元が選ばれていません。何も保存していません。",
            "No source of mail was chosen. Nothing was saved.",
        ),
        Text(
            "「シグナル → 送信元」で種類「メール」の送信元を追加し、ここで選んでください。",
            "Add a source of the kind “Mail” under Signals → Sources, then choose it here.",
        ),
    ),
    "delivery.no_mailbox": (
        Text(
            "受信メールボックスは設定されていません。何も変わっていません。", "No mailbox is set. Nothing was changed."
        ),
        Text("接続先を保存してから試してください。", "Save where the mailbox is, then try again."),
    ),
    "inbound.confirmed": (
        Text(
            "{who} がすでに確認しています。何も変わっていません。",
            "{who} has confirmed it already. Nothing was changed.",
        ),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "endpoint.unknown_kind": (
        Text(
            "送信先の種類「{kind}」は定義されていません。何も保存していません。",
            "“{kind}” is no kind of endpoint. Nothing was saved.",
        ),
        Text(
            "webhook、slack、teams、mattermost のいずれかを選んでください。",
            "Choose webhook, slack, teams or mattermost.",
        ),
    ),
    "endpoint.unknown_event": (
        Text(
            "イベント「{event}」は定義されていません。何も保存していません。",
            "“{event}” is no event. Nothing was saved.",
        ),
        Text("一覧にあるイベントから選んでください。", "Choose among the events that are listed."),
    ),
    "endpoint.no_event": (
        Text("イベントが一つも選ばれていません。何も保存していません。", "No event was chosen. Nothing was saved."),
        Text("通知するイベントを一つ以上選んでください。", "Tick at least one."),
    ),
    "endpoint.too_many": (
        Text(
            "送信先はここでは {most} 件までです。何も保存していません。",
            "There can be {most} endpoints here. Nothing was saved.",
        ),
        Text("使っていない送信先を削除してください。", "Remove one that is not used."),
    ),
    "endpoint.unknown_language": (
        Text(
            "言語「{language}」は選べません。何も保存していません。",
            "“{language}” is no language here. Nothing was saved.",
        ),
        Text("日本語か英語を選んでください。", "Choose Japanese or English."),
    ),
    "endpoint.changed_meanwhile": (
        Text(
            "この送信先は、ほかの人が変更しました。何も保存していません。",
            "Somebody changed this endpoint meanwhile. Nothing was saved.",
        ),
        Text("ページを開き直して、もう一度変更してください。", "Open the page again and change it there."),
    ),
    "endpoint.no_secret": (
        Text(
            "チャットの送信先には署名鍵がありません。何も変わっていません。",
            "A chat has no signing secret. Nothing was changed.",
        ),
        Text(
            "チャット側で Webhook を作り直し、新しい URL を保存してください。",
            "Make a new webhook in the chat tool and save its address.",
        ),
    ),
    "endpoint.off": (
        Text(
            "この送信先は停止しています（{why}）。何も送っていません。",
            "This endpoint is off ({why}). Nothing was sent.",
        ),
        Text("送信先を確かめてから「送信を再開」を押してください。", "Look into the address, then turn it on."),
    ),
    "endpoint.removed": (
        Text("この送信先は削除されています。何も送っていません。", "This endpoint was removed. Nothing was sent."),
        Text("必要なら、もう一度追加してください。", "Add it again if it is needed."),
    ),
    "endpoint.not_public": (
        Text(
            "この種類（{kind}）の公開アドレスとして使えません。何も保存・送信していません。",
            "This is no public address of this kind ({kind}). Nothing was saved or sent.",
        ),
        Text(
            "サービスが表示する https:// の URL をそのまま貼り付けてください（ポート指定と IP アドレスは使えません）。",
            "Paste the https:// address exactly as the service shows it, without a port and with a host name.",
        ),
    ),
    "delivery.unknown_verb": (
        Text(
            "操作「{verb}」は定義されていません。何も変わっていません。",
            "“{verb}” is nothing that can be done. Nothing was changed.",
        ),
        Text("retry か give_up を指定してください。", "Use retry or give_up."),
    ),
    "delivery.nothing_to_mend": (
        Text(
            "この条件に当てはまる、失敗したメッセージや再試行待ちのメッセージはありません。何も変わっていません。",
            "No failed message, and none that waits for its next try, fits these filters. Nothing was changed.",
        ),
        Text("条件を変えて、もう一度数えてください。", "Change the filters and count again."),
    ),
    "delivery.is_held": (
        Text("送信は保留されています。何も変わっていません。", "Sending is held. Nothing was changed."),
        Text(
            "保留一覧を確かめて解除してから、再送してください。",
            "Look at the list of the hold and release it, then try again.",
        ),
    ),
    "delivery.unknown_incident": (
        Text(
            "インシデント「{incident}」は見つかりません。何も変わっていません。",
            "There is no incident “{incident}”. Nothing was changed.",
        ),
        Text("INC-12 の形で入力してください。", "Write it as INC-12."),
    ),
}
