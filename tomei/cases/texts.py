"""What the feature refuses, in words: what happened and what was kept, then the way out."""

from __future__ import annotations

from tomei.cases import impact_texts, room_texts
from tomei.cases.authority import texts as authority
from tomei.cases.claims import texts as claims
from tomei.cases.declared import texts as declared
from tomei.cases.duties import texts as duties
from tomei.cases.evidence import texts as evidence
from tomei.cases.stakes import texts as stakes
from tomei.cases.waiting import texts as waiting
from tomei.kernel.text import Text

_AGAIN = Text("入力を直して、もう一度送ってください。", "Mend it and send it again.")
_RELOAD = Text(
    "ページを開き直して今の状態を確かめ、必要ならもう一度操作してください。入力した内容は下に残っています。",
    "Open the page again, look at how it stands, and repeat if it is still needed. What you typed is kept below.",
)

REFUSALS: dict[str, tuple[Text, Text]] = {
    **room_texts.REFUSALS,
    **impact_texts.REFUSALS,
    # the incident's state
    "incident.no_such_move": (
        Text(
            "「{state}」から「{move}」へは移れません。何も変わっていません。",
            "There is no “{move}” from “{state}”. Nothing was changed.",
        ),
        Text("今の状態から選べる操作を使ってください。", "Use one of the moves that the present state offers."),
    ),
    "incident.no_proof": (
        Text(
            "復旧の証拠がありません。状態は変わっていません。",
            "Nothing shows that it is restored. The state was not changed.",
        ),
        Text(
            "何を見て復旧と判断したかを書いてください(例: 14:20 から10分間、出荷確定の失敗が0件)。",
            "Write what shows it, for example “no failed shipment for 10 minutes since 14:20”.",
        ),
    ),
    "incident.no_reason": (
        Text(
            "理由がありません({move})。状態は変わっていません。",
            "There is no reason given ({move}). The state was not changed.",
        ),
        Text("理由を一文で書いてください。", "Say why in one sentence."),
    ),
    "incident.open_cases": (
        Text(
            "まだ終わっていない案件が {count} 件あります(未履行の約束 {promises} 件)。インシデントは開いたままです。",
            "{count} cases are not finished ({promises} promises still open). The incident stays open.",
        ),
        Text(
            "各案件を完了にするか、残件の担当者を決めてください。", "Close each case, or hand it on to a named owner."
        ),
    ),
    "incident.open_promises": (
        Text(
            "果たしていない約束が {count} 件あります。インシデントは開いたままです。",
            "{count} promises are still open. The incident stays open.",
        ),
        Text(
            "約束を果たすか、理由を告げて取り下げてください。報告書だけは期日を伝えてあれば残せます。",
            "Keep them or withdraw them with notice. Only a report whose date was told may stay open.",
        ),
    ),
    # promises by word of mouth
    "promise.not_between_us": (
        Text(
            "だれの約束かが分かりません。何も記録していません。",
            "It is not clear whose promise this is. Nothing was recorded.",
        ),
        Text("当社と相手の1社との約束を選んでください。", "Choose a promise between us and one other organisation."),
    ),
    "promise.not_affected": (
        Text(
            "{name}の案件がここにありません。何も記録していません。", "{name} has no case here. Nothing was recorded."
        ),
        Text("先にその顧客を影響を受ける顧客に加えてください。", "Add this customer to those affected first."),
    ),
    "promise.no_words": (
        Text("約束の内容がありません。何も記録していません。", "What was promised is missing. Nothing was recorded."),
        Text("何をするのかを一行で書いてください。", "Say in one line what will be done."),
    ),
    "promise.due_past": (
        Text("期限がすでに過ぎています。何も記録していません。", "The time has passed already. Nothing was recorded."),
        Text("これから来る時刻を書いてください。", "Give a time that is still to come."),
    ),
    "promise.due_far": (
        Text("期限が1年以上先です。何も記録していません。", "The time is more than a year away. Nothing was recorded."),
        Text("年を確かめてください。", "Look at the year."),
    ),
    "incident.changed_meanwhile": (
        Text(
            "{who}さんが先に変更しました({part} → {value}、{at})。あなたの変更は保存していません。",
            "{who} changed this first ({part} is now {value}, {at}). Your change was not saved.",
        ),
        _RELOAD,
    ),
    "incident.same_severity": (
        Text(
            "重大度はすでに {severity} です。何も変わっていません。",
            "The severity is {severity} already. Nothing was changed.",
        ),
        Text("別の重大度を選んでください。", "Choose another one."),
    ),
    "incident.unknown_severity": (
        Text(
            "「{severity}」という重大度はありません。何も保存していません。",
            "There is no severity “{severity}”. Nothing was saved.",
        ),
        Text("SEV1a、SEV1b、SEV2、SEV3、SEV4 から選んでください。", "Choose SEV1a, SEV1b, SEV2, SEV3 or SEV4."),
    ),
    "incident.lowered_without_reason": (
        Text(
            "{current} から {wanted} への引き下げには理由が必要です。重大度は変わっていません。",
            "Lowering from {current} to {wanted} needs a reason. The severity was not changed.",
        ),
        Text(
            "顧客の業務にとって何が良くなったのかを書いてください。",
            "Write what has become better for the customers' business.",
        ),
    ),
    "incident.below_case": (
        Text(
            "{worst} の案件が開いているため、{wanted} には下げられません。重大度は変わっていません。",
            "A case of {worst} is open, so {wanted} is too low. The severity was not changed.",
        ),
        Text("先にその案件の重大度を下げるか、完了にしてください。", "Lower or close that case first."),
    ),
    # declaring and editing
    "incident.unknown_product": (
        Text(
            "その製品は登録されていません。何も保存していません。",
            "That product is not in the catalogue. Nothing was saved.",
        ),
        _AGAIN,
    ),
    "incident.unknown_component": (
        Text(
            "登録されていないコンポーネントがあります。何も保存していません。",
            "A component is not in the catalogue. Nothing was saved.",
        ),
        _AGAIN,
    ),
    "incident.unknown_organisation": (
        Text(
            "その顧客は登録されていないか、選べません。何も保存していません。",
            "That customer is not on the books or cannot be chosen. Nothing was saved.",
        ),
        Text("顧客一覧から選んでください。", "Choose from the list of customers."),
    ),
    "incident.unknown_impact": (
        Text(
            "影響の種類が正しくありません。何も保存していません。",
            "That kind of impact is not known. Nothing was saved.",
        ),
        Text(
            "性能劣化、一部停止、停止、メンテナンスから選んでください。",
            "Choose degraded, partial, major or maintenance.",
        ),
    ),
    "incident.unknown_detector": (
        Text(
            "「{value}」は検知者として選べません。何も保存していません。",
            "“{value}” cannot have noticed it. Nothing was saved.",
        ),
        Text("us(自社)か customer(顧客)を選んでください。", "Choose us or customer."),
    ),
    "incident.began_after_detected": (
        Text(
            "発生が検知より後になっています。何も保存していません。",
            "It would have begun after it was detected. Nothing was saved.",
        ),
        Text("発生か検知の時刻を直してください。", "Correct one of the two times."),
    ),
    "incident.told_already": (
        Text(
            "すでに顧客に伝えたため、演習には変えられません。何も変わっていません。",
            "Customers were told already, so it cannot become a drill or stop being one. Nothing was changed.",
        ),
        Text(
            "誤報であれば「誤報扱いにする」を使ってください。伝えた相手に訂正が届きます。",
            "If it was declared in error, dismiss it: those who were told are told that too.",
        ),
    ),
    "incident.duplicate_circle": (
        Text(
            "{key} は自分自身か、それ自体が重複です。何も変わっていません。",
            "{key} is this incident itself or a duplicate too. Nothing was changed.",
        ),
        Text("元になるインシデントを選んでください。", "Choose the original."),
    ),
    "time.in_future": (
        Text("{at} はまだ来ていません。何も保存していません。", "{at} has not come yet. Nothing was saved."),
        Text("起きた時刻を入力してください。", "Give the time at which it happened."),
    ),
    "stamp.unknown": (
        Text(
            "「{name}」という時刻はありません。何も保存していません。", "There is no stamp “{name}”. Nothing was saved."
        ),
        _AGAIN,
    ),
    "stamp.by_verb": (
        Text(
            "「{name}」はまだ起きていません。何も保存していません。",
            "“{name}” has not happened yet. Nothing was saved.",
        ),
        Text(
            "先にその操作を行ってください。時刻は後で訂正できます。",
            "Use the verb of that name first; its time can be corrected afterwards.",
        ),
    ),
    "cadence.out_of_range": (
        Text(
            "連絡間隔は1分から31日までです。何も変わっていません。",
            "A cadence is between one minute and 31 days. Nothing was changed.",
        ),
        _AGAIN,
    ),
    "cadence.not_agreed": (
        Text(
            "{severity} では、顧客の同意なしに連絡間隔を延ばせません。何も変わっていません。",
            "For {severity} a slower cadence must be agreed by the customer. Nothing was changed.",
        ),
        Text(
            "顧客と合意してから、その旨を付けて記録してください。",
            "Agree it with the customer, then record it as agreed.",
        ),
    ),
    # roles
    "role.unknown": (
        Text(
            "「{role}」という役割はありません。何も変わっていません。",
            "There is no role “{role}”. Nothing was changed.",
        ),
        _AGAIN,
    ),
    "role.nobody": (
        Text(
            "その人は役割に就けません。何も変わっていません。", "That person cannot hold a role. Nothing was changed."
        ),
        Text("在籍中のメンバーを選んでください。", "Choose somebody who is active."),
    ),
    "role.held_already": (
        Text(
            "すでにその役割に就いています({role})。何も変わっていません。",
            "That person holds this role already ({role}). Nothing was changed.",
        ),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "role.not_held": (
        Text(
            "その役割に就いていません({role})。何も変わっていません。",
            "That person does not hold this role ({role}). Nothing was changed.",
        ),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "undo.nothing": (
        Text("取り消せる操作がありません。", "There is nothing of yours to undo."),
        Text("重大度か役割を、通常の操作で変えてください。", "Change the severity or the role as usual."),
    ),
    "undo.too_late": (
        Text(
            "{seconds} 秒を過ぎたため取り消せません。何も変わっていません。",
            "More than {seconds} seconds have passed: too late to undo. Nothing was changed.",
        ),
        Text("重大度か役割を、通常の操作で変えてください。", "Change the severity or the role as usual."),
    ),
    "undo.overtaken": (
        Text(
            "その後に別の変更があったため取り消せません。何も変わっていません。",
            "It was changed again since, so it cannot be undone. Nothing was changed.",
        ),
        Text("今の状態を確かめ、通常の操作で変えてください。", "Look at how it stands and change it as usual."),
    ),
    # cases
    "case.no_such_move": (
        Text(
            "「{state}」の案件に「{move}」はできません。何も変わっていません。",
            "A case that is “{state}” has no “{move}”. Nothing was changed.",
        ),
        Text("ページを開き直してください。", "Open the page again."),
    ),
    "case.no_reason": (
        Text(
            "理由がありません({move})。案件は変わっていません。",
            "There is no reason given ({move}). The case was not changed.",
        ),
        Text("理由を一文で書いてください。", "Say why in one sentence."),
    ),
    "case.changed_meanwhile": (
        Text(
            "{who}さんが先に案件を変更しました(今は {value}、{at})。あなたの変更は保存していません。",
            "{who} changed the case first (now {value}, {at}). Your change was not saved.",
        ),
        _RELOAD,
    ),
    "case.told_already": (
        Text(
            "{key} の顧客にはすでに影響を伝えています。案件は変わっていません。",
            "The customer of {key} was told already. The case was not changed.",
        ),
        Text(
            "影響がなかったことを伝えたうえで、案件を完了にしてください。",
            "Tell them that they were not affected, then close the case.",
        ),
    ),
    "case.there_already": (
        Text(
            "この顧客の案件はすでにあります。何も保存していません。",
            "This customer has a case here already. Nothing was saved.",
        ),
        Text("今ある案件を使ってください。", "Use the case that is there."),
    ),
    "case.incident_over": (
        Text(
            "{key} は終わっています({state})。何も変わっていません。", "{key} is over ({state}). Nothing was changed."
        ),
        Text("再オープンするか、別のインシデントを選んでください。", "Reopen it, or choose another incident."),
    ),
    "case.linked_already": (
        Text(
            "この案件は {key} に関連付いています。何も変わっていません。",
            "This case hangs on {key} already. Nothing was changed.",
        ),
        Text(
            "インシデントが重複している場合は「重複」を使ってください。",
            "If the incidents are duplicates, mark one as a duplicate.",
        ),
    ),
    # words
    "note.unknown_kind": (
        Text(
            "「{kind}」という種類はありません。何も保存していません。", "There is no kind “{kind}”. Nothing was saved."
        ),
        _AGAIN,
    ),
    "note.unknown_file": (
        Text(
            "添付ファイルが見つかりません。何も保存していません。", "An attached file is not there. Nothing was saved."
        ),
        Text("ファイルを添付し直してください。", "Attach the file again."),
    ),
    "spoke.nobody": (
        Text("顧客が選ばれていません。何も保存していません。", "No customer was chosen. Nothing was saved."),
        Text("連絡した顧客を選んでください。", "Choose who was spoken to."),
    ),
    "spoke.not_affected": (
        Text(
            "{key} に案件のない顧客が含まれています。何も保存していません。",
            "Somebody chosen has no case in {key}. Nothing was saved.",
        ),
        Text("先にその顧客の案件を追加してください。", "Add a case for that customer first."),
    ),
    "spoke.unknown_channel": (
        Text(
            "「{channel}」という連絡手段はありません。何も保存していません。",
            "There is no channel “{channel}”. Nothing was saved.",
        ),
        _AGAIN,
    ),
    # timeline and lists
    "timeline.forked": (
        Text(
            "時系列記録に同時に書き込みがありました({seq} 番の後)。何も保存していません。",
            "Two writers met in the timeline (after entry {seq}). Nothing was saved.",
        ),
        Text("もう一度送ってください。", "Send it again."),
    ),
    "timeline.unknown_audience": (
        Text(
            "「{audience}」という宛先区分はありません。何も保存していません。",
            "There is no audience “{audience}”. Nothing was saved.",
        ),
        _AGAIN,
    ),
    "timeline.nothing_to_erase": (
        Text("{seq} 番の記録に消去できる本文はありません。", "Entry {seq} has no body to erase."),
        Text("番号を確かめてください。", "Check the number."),
    ),
    "timeline.no_such_entry": (
        Text("{seq} 番の記録はありません。何も保存していません。", "There is no entry {seq}. Nothing was saved."),
        Text("番号を確かめてください。", "Check the number."),
    ),
    "list.unknown_filter": (
        Text("絞り込み {name} に「{value}」は使えません。", "“{value}” is not a filter of {name}."),
        Text("一覧の絞り込みから選んでください。", "Choose one of the filters of the list."),
    ),
    "list.unreadable_cursor": (
        Text("続きの位置「{cursor}」を読み取れません。", "The cursor “{cursor}” cannot be read."),
        Text("一覧を最初から開いてください。", "Open the list from its beginning."),
    ),
}

REFUSALS |= authority.REFUSALS | stakes.REFUSALS
REFUSALS |= claims.REFUSALS | declared.REFUSALS | duties.REFUSALS | evidence.REFUSALS | waiting.REFUSALS
