"""What duties refuse, in words, and what they write into timelines."""

from __future__ import annotations

from tomei.kernel.text import Text

SENTENCES: dict[str, Text] = {
    "exposure.no": Text("個人情報の漏えい: おそれなし", "Personal data exposed: no"),
    "exposure.perhaps": Text(
        "個人情報の漏えい: おそれあり(知った時刻 {aware})", "Personal data exposed: perhaps (aware {aware})"
    ),
    "exposure.yes": Text("個人情報の漏えい: あり(知った時刻 {aware})", "Personal data exposed: yes (aware {aware})"),
    "duty.made": Text("法令上の義務: {duty}{to}(期限 {due})", "Duty by law: {duty}{to} (due {due})"),
    "duty.moved": Text("義務の期限を {due} に変更: {duty}{to}", "Time of a duty is now {due}: {duty}{to}"),
    "duty.fulfilled": Text("義務を履行: {duty}{to} {reference}", "Duty fulfilled: {duty}{to} {reference}"),
    "duty.late": Text(
        "義務を遅れて履行({late}): {duty}{to} {reference}", "Duty fulfilled {late} late: {duty}{to} {reference}"
    ),
    "duty.withdrawal_asked": Text("義務の取り下げを提案: {duty}{to}", "Withdrawal of a duty proposed: {duty}{to}"),
    "duty.withdrawn": Text("義務を取り下げ: {duty}{to}", "Duty withdrawn: {duty}{to}"),
    "duty.kept_on": Text("義務を取り下げず継続: {duty}{to}", "Duty stays: {duty}{to}"),
}

_LOOK = Text("ページを開き直して今の状態を確かめてください。", "Open the page again and look at how it stands.")
_LIST = Text("一覧から選んでください。", "Choose one from the list.")

REFUSALS: dict[str, tuple[Text, Text]] = {
    "duty.unknown_answer": (
        Text("「{value}」という答えはありません。何も記録していません。",
             "“{value}” is no answer here. Nothing was recorded."),
        _LIST,
    ),
    "duty.unknown_jurisdiction": (
        Text("「{value}」という法域・規則はありません。何も記録していません。",
             "“{value}” is no jurisdiction known here. Nothing was recorded."),
        _LIST,
    ),
    "duty.no_start": (
        Text("いつ知ったかがありません。何も記録していません。",
             "When we became aware is missing. Nothing was recorded."),
        Text("知った日時を入れてください。期限はそこから数えます。",
             "Give the moment: every time limit counts from it."),
    ),
    "duty.start_far": (
        Text("知った日時が古すぎます。何も記録していません。", "That start lies too far back. Nothing was recorded."),
        Text("年を確かめてください。", "Look at the year again."),
    ),
    "duty.answered_meanwhile": (
        Text("その間に別の人が答えました。何も記録していません。",
             "Somebody else answered meanwhile. Nothing was recorded."),
        _LOOK,
    ),
    "duty.ended": (
        Text("この義務は終わっています({state})。何も変わっていません。",
             "This duty has ended ({state}). Nothing was changed."),
        _LOOK,
    ),
    "duty.too_early": (
        Text("{at} は知った時刻より前です。何も記録していません。",
             "{at} lies before we became aware. Nothing was recorded."),
        Text("実際に行った時刻を入れてください。", "Give the moment when it was really done."),
    ),
    "duty.late_without_reason": (
        Text("期限を過ぎた履行には遅れの理由が必要です。何も記録していません。",
             "It was done after its time and no reason for the delay is given. Nothing was recorded."),
        Text("遅れの理由を書いてください。当局への通知にも必要です(GDPR 第33条第1項)。",
             "Write the reasons for the delay; the notice itself states them too (GDPR Art. 33(1))."),
    ),
    "duty.no_proof": (
        Text("受付番号も控えへのリンクもありません。何も記録していません。",
             "There is neither a reference nor a link. Nothing was recorded."),
        Text("どちらか一つを書いてください。", "Give one of the two."),
    ),
    "duty.link_unreadable": (
        Text("リンクとして読めません。何も記録していません。", "This cannot be read as a link. Nothing was recorded."),
        Text("https:// で始まるアドレスか、/files/ のアドレスを書いてください。",
             "Give an address that begins with https://, or one of a file here (/files/…)."),
    ),
    "duty.own_withdrawal": (
        Text("取り下げには2名が必要です。提案した本人は決められません。何も変わっていません。",
             "Withdrawing takes two people: who proposed it does not decide. Nothing was changed."),
        Text("別の責任者に頼んでください。", "Ask another lead."),
    ),
    "duty.nothing_asked": (
        Text("取り下げは提案されていません。何も変わっていません。",
             "No withdrawal is proposed. Nothing was changed."), _LOOK,
    ),
    "duty.rule_code": (
        Text("「{value}」は規則のコードにできません。何も保存していません。",
             "“{value}” cannot be a code. Nothing was saved."),
        Text("英小文字・数字・ハイフンで40文字以内にしてください。",
             "Use small letters, digits and dashes, at most 40."),
    ),
    "duty.unknown_rule": (
        Text("「{value}」は種類・単位にありません。何も保存していません。",
             "“{value}” is no kind or unit of a duty. Nothing was saved."),
        _LIST,
    ),
}  # fmt: skip
