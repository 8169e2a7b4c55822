"""Sentences for what customers refuses: what happened and what was kept, then the way out."""

from __future__ import annotations

from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    "customers.stale": (
        Text(
            ja="開いている間に {who} が {at} に変更しました。入力内容は保存されず、この画面に残っています。",
            en="{who} changed this at {at} while you had it open. Nothing was saved; what you typed is still here.",
        ),
        Text(
            ja="今の内容を見てから、もう一度保存してください。",
            en="Look at what stands now, then save again.",
        ),
    ),
    "organisation.ours_stays": (
        Text(
            ja="自社は保管できません。何も変わっていません。",
            en="Our own organisation cannot be archived. Nothing was changed.",
        ),
        Text(ja="顧客か協力会社を選んでください。", en="Choose a customer, a vendor or a partner."),
    ),
    "organisation.not_theirs": (
        Text(
            ja="この {field} は別の組織のものです。何も変わっていません。",
            en="This {field} belongs to another organisation. Nothing was changed.",
        ),
        Text(ja="その組織のページから開き直してください。", en="Open it again from that organisation's page."),
    ),
    "contact.twice": (
        Text(
            ja="{mail} はこの組織の担当者として登録済みです。何も保存していません。",
            en="{mail} is already a contact of this organisation. Nothing was saved.",
        ),
        Text(ja="登録済みの担当者を編集してください。", en="Edit the contact that stands there."),
    ),
    "credit.currency": (
        Text(
            ja="「{value}」は通貨コードではありません。何も保存していません。",
            en="“{value}” is no currency code. Nothing was saved.",
        ),
        Text(ja="JPY、EUR のように3文字で書いてください。", en="Write three letters such as JPY or EUR."),
    ),
    "credit.tiers": (
        Text(
            ja="段階は1から{most}個、目標以下で、稼働率が低いほど割合が大きい必要があります。何も保存していません。",
            en="Tiers must be 1 to {most}, not above the target, and give more the lower they are. Nothing was saved.",
        ),
        Text(ja="例: 99.9 10 と 99.0 25(1行に1つ)。", en="For example 99.9 10 and 99.0 25, one a line."),
    ),
    "credit.tier_unreadable": (
        Text(
            ja="「{line}」を段階として読めません。何も保存していません。",
            en="“{line}” cannot be read as a tier. Nothing was saved.",
        ),
        Text(ja="「99.9 10」のように、稼働率と割合を書いてください。", en="Write availability and percent: 99.9 10."),
    ),
    "credit.first_of_month": (
        Text(
            ja="条件は月初から適用します。何も保存していません。",
            en="Terms begin with a month. Nothing was saved.",
        ),
        Text(ja="月の1日を選んでください。", en="Choose the first day of a month."),
    ),
    "credit.changed": (
        Text(
            ja="その間に第{number}版が保存されました。入力内容は保存されていません。",
            en="Version {number} was saved meanwhile. Yours was not.",
        ),
        Text(ja="今の条件を見てから、もう一度保存してください。", en="Look at what stands now, then save again."),
    ),
    "credit.exclusion_ended": (
        Text(
            ja="この除外は取り消し済みです。何も変わっていません。",
            en="It was taken back already. Nothing was changed.",
        ),
        Text(ja="ページを開き直してください。", en="Open the page again."),
    ),
    "field.not_an_amount": (
        Text(
            ja="{field}の「{value}」を数として読めません。何も保存していません。",
            en="“{value}” cannot be read as a number in {field}. Nothing was saved.",
        ),
        Text(
            ja="通貨の桁数に合う、0以上の数を書いてください。",
            en="Write a number of 0 or more, with no more decimals than the currency has.",
        ),
    ),
    "contract.ends_first": (
        Text(
            ja="終了日が開始日より前です。何も保存していません。",
            en="The contract ends before it starts. Nothing was saved.",
        ),
        Text(ja="日付を確かめてください。", en="Check the dates."),
    ),
    "component.slug_taken": (
        Text(
            ja="識別名 {slug} は別のコンポーネントが使っています。何も保存していません。",
            en="The slug {slug} belongs to another component. Nothing was saved.",
        ),
        Text(ja="別の識別名を付けてください。", en="Choose another slug."),
    ),
    "calendar.unknown_country": (
        Text(
            ja="国コード {country} の祝日は分かりません。何も保存していません。",
            en="The holidays of {country} are not known. Nothing was saved.",
        ),
        Text(
            ja="JP、US、DE-BY のように ISO コードで書くか、空にしてください。",
            en="Write an ISO code such as JP, US or DE-BY, or leave it empty.",
        ),
    ),
    "calendar.never_open": (
        Text(
            ja="この営業時間では開く日がありません。何も保存していません。",
            en="With these hours the house never opens. Nothing was saved.",
        ),
        Text(ja="少なくとも一つの曜日に時間帯を入れてください。", en="Give at least one weekday its hours."),
    ),
    "calendar.unreadable_hours": (
        Text(
            ja="「{text}」は時間帯として読めません。何も保存していません。",
            en="“{text}” is not a span of hours. Nothing was saved.",
        ),
        Text(ja="09:00-18:00 の形で書いてください。", en="Write it as 09:00-18:00."),
    ),
    "calendar.overlapping_hours": (
        Text(
            ja="時間帯「{text}」が前の時間帯と重なっています。何も保存していません。",
            en="The hours {text} overlap the ones before. Nothing was saved.",
        ),
        Text(ja="早い順に、重ならないように書いてください。", en="Write them in order and apart."),
    ),
    "calendar.unreadable_day": (
        Text(
            ja="「{text}」は休業日として読めません。何も保存していません。",
            en="“{text}” is not a day that can be closed. Nothing was saved.",
        ),
        Text(ja="2026-12-29、または毎年なら 12-29 と書いてください。", en="Write 2026-12-29, or 12-29 for every year."),
    ),
    "calendar.name_taken": (
        Text(
            ja="「{name}」という営業日カレンダーがすでにあります。何も保存していません。",
            en="A calendar called “{name}” stands already. Nothing was saved.",
        ),
        Text(ja="別の名前を付けてください。", en="Give it another name."),
    ),
    "calendar.in_use": (
        Text(
            ja="有効な対応基準がこのカレンダーを使っています。何も変わっていません。",
            en="A policy in force counts on this calendar. Nothing was changed.",
        ),
        Text(
            ja="先に対応基準の新しい版で別のカレンダーを選んでください。",
            en="First choose another calendar in a new version of the policy.",
        ),
    ),
    "policy.unreadable": (
        Text(
            ja="対応基準の {field} を読み取れません。何も保存していません。",
            en="The policy's {field} cannot be read. Nothing was saved.",
        ),
        Text(ja="重大度ごとの時間をすべて入れてください。", en="Give every severity its times."),
    ),
    "policy.report_days": (
        Text(
            ja="{field} は 1 から 60 営業日です。何も保存していません。",
            en="{field} is 1 to 60 working days. Nothing was saved.",
        ),
        Text(ja="日数を直してください。", en="Mend the number of days."),
    ),
    "policy.maintenance_days": (
        Text(
            ja="計画メンテナンスの予告は 0 から 60 営業日です。何も保存していません。",
            en="Maintenance is told 0 to 60 working days ahead. Nothing was saved.",
        ),
        Text(ja="日数を直してください。", en="Mend the number of days."),
    ),
    "policy.first_alone_late": (
        Text(
            ja="自動の第一報が、第一報の期限より後になっています。何も保存していません。",
            en="The first notice by itself would go after the first notice is due. Nothing was saved.",
        ),
        Text(ja="第一報の期限以内にするか、空にしてください。", en="Choose a shorter time, or leave it empty."),
    ),
    "policy.wall_clock": (
        Text(
            ja="{severity} は業務が止まっているため、営業時間では数えません。何も保存していません。",
            en="{severity} stops business, so its clocks never wait for business hours. Nothing was saved.",
        ),
        Text(ja="営業時間の指定を外してください。", en="Take business hours off this severity."),
    ),
    "policy.name_taken": (
        Text(
            ja="「{name}」という対応基準がすでにあります。何も保存していません。",
            en="A policy called “{name}” stands already. Nothing was saved.",
        ),
        Text(ja="別の名前を付けてください。", en="Give it another name."),
    ),
    "policy.no_reason": (
        Text(
            ja="変更の理由がありません。何も保存していません。",
            en="There is no reason for the change. Nothing was saved.",
        ),
        Text(ja="なぜ変えるのかを一文で書いてください。", en="Say in one sentence why it changes."),
    ),
    "policy.nothing_changed": (
        Text(
            ja="今の版と同じ内容です。新しい版は作っていません。",
            en="This says the same as the version in force. No version was made.",
        ),
        Text(ja="時間を変えてから保存してください。", en="Change a time, then save."),
    ),
    "policy.stale": (
        Text(
            ja="{who} さんが先に第 {number} 版を作りました({at}、「{value}」)。入力は保存せず、ここに残しています。",
            en="{who} made version {number} at {at} (“{value}”) before you. Nothing was saved; your text is here.",
        ),
        Text(
            ja="新しい版との違いを見てから、もう一度保存してください。",
            en="Look at what differs from it, then save again.",
        ),
    ),
    "policy.default_stays": (
        Text(
            ja="既定の対応基準は保管できません。何も変わっていません。",
            en="The default policy cannot be archived. Nothing was changed.",
        ),
        Text(ja="先に別の対応基準を既定にしてください。", en="First make another policy the default."),
    ),
    "policy.in_use": (
        Text(
            ja="この対応基準を使う契約があります。何も変わっていません。",
            en="A contract names this policy. Nothing was changed.",
        ),
        Text(ja="先に契約の対応基準を変えてください。", en="First give those contracts another policy."),
    ),
    "field.span_unreadable": (
        Text(
            ja="{field} の「{text}」は時間として読めません。何も保存していません。",
            en="“{text}” in {field} is not a span of time. Nothing was saved.",
        ),
        Text(ja="15m、2h、1h30m、7d のように書いてください(15分、2時間も可)。", en="Write it as 15m, 2h, 1h30m or 7d."),
    ),
    "field.span_not_positive": (
        Text(
            ja="{field} は 0 より長い時間でなければなりません。何も保存していません。",
            en="{field} must be longer than nothing. Nothing was saved.",
        ),
        Text(ja="1 秒以上を入れてください。", en="Give it a second or more."),
    ),
    "field.span_too_long": (
        Text(
            ja="{field} が一年を超えています。何も保存していません。",
            en="{field} is longer than a year. Nothing was saved.",
        ),
        Text(ja="短くしてください。", en="Make it shorter."),
    ),
    "field.mail_unreadable": (
        Text(
            ja="「{text}」はメールアドレスとして読めません。何も保存していません。",
            en="“{text}” is not a mail address. Nothing was saved.",
        ),
        Text(ja="name@example.com の形で書いてください。", en="Write it as name@example.com."),
    ),
    "field.slug_unreadable": (
        Text(
            ja="「{text}」は識別名にできません。何も保存していません。",
            en="“{text}” cannot be a slug. Nothing was saved.",
        ),
        Text(ja="英小文字、数字、ハイフンで書いてください。", en="Use small Latin letters, digits and dashes."),
    ),
    "field.person_unknown": (
        Text(
            ja="{field} の人は見つからないか、退任しています。何も保存していません。",
            en="The person in {field} is not there or has left. Nothing was saved.",
        ),
        Text(ja="一覧から選び直してください。", en="Choose again from the list."),
    ),
    "field.date_unreadable": (
        Text(
            ja="{field} の「{text}」は日付として読めません。何も保存していません。",
            en="“{text}” in {field} is not a date. Nothing was saved.",
        ),
        Text(ja="2026-11-18 の形で書いてください。", en="Write it as 2026-11-18."),
    ),
    "paste.unreadable": (
        Text(
            ja="{line} 行目を読み取れません。何も取り込んでいません。",
            en="Line {line} cannot be read. Nothing was taken in.",
        ),
        Text(ja="名前、タイムゾーン、メールをカンマで区切ってください。", en="Separate name, zone and mail by commas."),
    ),
    "paste.too_many": (
        Text(
            ja="一度に {most} 行までです。何も取り込んでいません。",
            en="At most {most} lines at a time. Nothing was taken in.",
        ),
        Text(ja="分けて貼り付けてください。", en="Paste it in parts."),
    ),
}
