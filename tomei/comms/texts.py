"""What this feature says: refusals with their way out, and the sentences of its timeline entries."""

from __future__ import annotations

from tomei.comms.beforehand import texts as beforehand
from tomei.comms.maintenance import texts as maintenance
from tomei.comms.subscribers import texts as subscribers
from tomei.kernel.text import Text

REFUSALS: dict[str, tuple[Text, Text]] = {
    **maintenance.REFUSALS,
    **beforehand.REFUSALS,
    **subscribers.REFUSALS,
    "update.too_many_files": (
        Text(
            ja="添付ファイルが {count} 件あります。一度に {limit} 件までです。送っていません。",
            en="{count} files are attached; {limit} is the most. Nothing was sent.",
        ),
        Text(ja="一部を外すか、zip にまとめてください。", en="Take some off, or put them into one zip."),
    ),
    "update.no_next_time": (
        Text(ja="次の報告の時刻がありません。送っていません。", en="The next update has no time. Nothing was sent."),
        Text(ja="{latest} までの時刻を選んでください。", en="Choose a time no later than {latest}."),
    ),
    "update.next_in_past": (
        Text(
            ja="次の報告の時刻 {next} は過ぎています。送っていません。",
            en="The next time {next} has passed. Nothing was sent.",
        ),
        Text(ja="これから {latest} までの時刻を選んでください。", en="Choose a time from now until {latest}."),
    ),
    "update.next_too_late": (
        Text(
            ja="次の報告 {next} は、約束している間隔より先です。送っていません。",
            en="The next time {next} is beyond the interval we promised. Nothing was sent.",
        ),
        Text(
            ja="{latest} までにするか、間隔を延ばすことを先に知らせてください。",
            en="Choose {latest} at the latest, or announce a slower cadence first.",
        ),
    ),
    "update.cadence_not_slower": (
        Text(
            ja="知らせる間隔が、いまの間隔 {interval_s} 秒より長くありません。",
            en="The announced interval is not longer than the present {interval_s} s.",
        ),
        Text(ja="間隔を延ばすときだけ知らせてください。", en="Announce an interval only when it grows."),
    ),
    "update.cadence_too_slow": (
        Text(ja="間隔は {limit_s} 秒（1週間）までです。", en="An interval may be {limit_s} s (one week) at most."),
        Text(ja="短い間隔を選んでください。", en="Choose a shorter interval."),
    ),
    "update.cadence_not_agreed": (
        Text(
            ja="{severity} では、お客様の同意なしに報告の間隔を延ばせません。",
            en="For {severity} the interval may grow only when the customer has agreed.",
        ),
        Text(ja="同意した方の名前と、いつ、どう同意されたかを書いてください。", en="Write who agreed, when and how."),
    ),
    "update.needs_approval": (
        Text(
            ja="公開には指揮者の承認が要ります。下書きは残っています。",
            en="A commander must publish this. Your draft is kept.",
        ),
        Text(
            ja="確認を依頼してください。約束の2分前（{alone_from}）からは、承認なしで送れます。",
            en="Ask for a review. From two minutes before the promise ({alone_from}) you may send it alone.",
        ),
    ),
    "update.needs_second": (
        Text(
            ja="この対応基準では、もう一人の承認が要ります。下書きは残っています。",
            en="The policy wants a second person to approve this. Your draft is kept.",
        ),
        Text(
            ja="確認を依頼してください。約束の2分前（{alone_from}）からは、承認なしで送れます。",
            en="Ask for a review. From two minutes before the promise ({alone_from}) you may send it alone.",
        ),
    ),
    "update.liability": (
        Text(
            ja="責任を認める文は、書いた人とは別の指揮者の承認が要ります。送っていません。",
            en="An admission of liability needs the approval of a commander who did not write it. Nothing was sent.",
        ),
        Text(
            ja="その文を削ればすぐに送れます。残すなら確認を依頼してください。約束の2分前（{alone_from}）からは、理由を書けば"
            "承認なしで送れ、指揮者全員に知らせます。",
            en="Without that sentence it may go now. To keep it, ask for a review; from two minutes before the promise "
            "({alone_from}) it may go unapproved with a reason, and every commander is told.",
        ),
    ),
    "update.liability_version": (
        Text(
            ja="第{number}報で認めていない責任を、訂正や翻訳で認めることはできません。送っていません。",
            en="Update {number} admitted no liability; a correction or translation cannot add it. Nothing was sent.",
        ),
        Text(
            ja="その文を削るか、新しい更新として承認を得て送ってください。",
            en="Leave the sentence out, or send it as a new update, where it can be approved.",
        ),
    ),
    "review.own_words": (
        Text(
            ja="自分で書いた文は、自分では承認できません。", en="Nobody approves or reviews what they wrote themselves."
        ),
        Text(ja="別の指揮者に依頼してください。", en="Ask another commander."),
    ),
    "review.cannot_approve": (
        Text(
            ja="選んだ人は承認できません。依頼していません。", en="The chosen person may not approve. Nobody was asked."
        ),
        Text(ja="指揮者の中から選んでください。", en="Choose a commander."),
    ),
    "review.no_words": (
        Text(ja="コメントが書かれていません。", en="There is no comment."),
        Text(ja="どこをどう変えたいかを一行書いてください。", en="Write one line: what should change, and where."),
    ),
    "review.too_long": (
        Text(
            ja="コメントが {length} 文字あります。上限は {limit} 文字です。",
            en="The comment has {length} characters; {limit} is the most.",
        ),
        Text(ja="短くしてください。", en="Shorten it."),
    ),
    "review.empty": (
        Text(ja="下書きに文がありません。承認していません。", en="The draft has no words. Nothing was approved."),
        Text(ja="書かれてから承認してください。", en="Approve it when something is written."),
    ),
    "review.nothing_to_see": (
        Text(
            ja="第{number}報は承認済みか、もう見直されています。",
            en="Update {number} was approved, or somebody looked at it already.",
        ),
        Text(ja="一覧を開き直してください。", en="Open the list again."),
    ),
    "template.bad_key": (
        Text(
            ja="{key} は定型文の名前として使えません。保存していません。",
            en="{key} cannot name a template. Nothing was saved.",
        ),
        Text(ja="小文字の英数字とハイフンで書いてください。", en="Use small letters, digits and hyphens."),
    ),
    "template.no_name": (
        Text(
            ja="定型文の見出しが、両方の言語で {limit} 文字以内では書かれていません。",
            en="The template needs a title of at most {limit} characters in both languages.",
        ),
        Text(ja="日本語と英語の見出しを書いてください。", en="Write a Japanese and an English title."),
    ),
    "template.no_words": (
        Text(ja="定型文に本文がありません。", en="The template has no words."),
        Text(ja="一つ以上の項目を両方の言語で書いてください。", en="Fill at least one part in both languages."),
    ),
    "template.half": (
        Text(ja="{part} が片方の言語にしかありません。", en="{part} stands in one language only."),
        Text(ja="両方の言語で書いてください。", en="Write it in both languages."),
    ),
    "template.unknown_fit": (
        Text(ja="状態または送り先 {name} はありません。", en="There is no state or audience {name}."),
        Text(ja="一覧から選んでください。", en="Choose from the list."),
    ),
    "template.unknown_place": (
        Text(
            ja="差し込み {place} はありません。保存していません。", en="There is no place {place}. Nothing was saved."
        ),
        Text(ja="使えるのは {places} です。波かっこで囲みます。", en="These exist: {places}. Each stands in braces."),
    ),
    "template.no_next": (
        Text(
            ja="本文が次の報告の時刻を待っていますが、時刻が選ばれていません。送っていません。",
            en="The text names the next update, but no time was chosen. Nothing was sent.",
        ),
        Text(
            ja="時刻を選ぶか、本文からその箇所を削ってください。",
            en="Choose a time, or take that place out of the text.",
        ),
    ),
    "template.stale": (
        Text(
            ja="{who} さんがこの定型文を変えました（第{version}版）。保存していません。",
            en="{who} changed this template (version {version}). Nothing was saved.",
        ),
        Text(ja="新しい版を見て、もう一度書き換えてください。", en="Look at the newer version and change it again."),
    ),
    "words.too_many": (
        Text(
            ja="語が {count} 個あります。上限は {limit} 個、一つ40文字までです。",
            en="{count} words; {limit} is the most, each of 40 characters at most.",
        ),
        Text(ja="お客様に毎日使う語だけを残してください。", en="Keep those that customers read every day."),
    ),
    "update.guard": (
        Text(
            ja="送信前チェックの指摘が {count} 件残っています: {found}。送っていません。",
            en="{count} findings of the guards remain: {found}. Nothing was sent.",
        ),
        Text(ja="直すか、そのまま送る理由を書いてください。", en="Mend the text, or write why it goes out as it is."),
    ),
    "update.no_overrule": (
        Text(ja="送信前チェックの指摘を越えられるのは指揮者だけです。", en="Only a commander may overrule a guard."),
        Text(
            ja="直すか、確認を依頼してください。書いた理由は残っています。",
            en="Mend the text or ask for a review. The reasons you wrote are kept.",
        ),
    ),
    "update.confirm": (
        Text(
            ja="最初の送信です: {organisations_count} 社、{people} 人に届きます（連絡先なし {without_count} 社）。",
            en="The first send: {organisations_count} organisations, {people} people; {without_count} have no address.",
        ),
        Text(
            ja="宛先を確かめて、もう一度送ってください: {organisations}",
            en="Check whom it goes to and send once more: {organisations}",
        ),
    ),
    "update.no_audience": (
        Text(ja="誰に送るかが選ばれていません。", en="Nobody was chosen to hear this."),
        Text(ja="送り先を一つ以上選んでください。", en="Choose at least one audience."),
    ),
    "update.unknown_audience": (
        Text(ja="送り先 {audience} はありません。", en="There is no audience {audience}."),
        Text(ja="一覧から選んでください。", en="Choose one from the list."),
    ),
    "update.restricted_public": (
        Text(
            ja="閲覧を制限したインシデントは、公開ページに出せません。",
            en="A restricted incident never goes to the public page.",
        ),
        Text(
            ja="「公開」を外すか、先に制限を解いてください。", en="Take the public out, or lift the restriction first."
        ),
    ),
    "update.not_affected": (
        Text(
            ja="選んだ会社（番号 {organisation}）は、このインシデントの影響先ではありません。",
            en="Organisation {organisation} is not affected by this incident.",
        ),
        Text(ja="先に影響先へ加えてください。", en="Add it to the affected customers first."),
    ),
    "update.unknown_kind": (
        Text(ja="更新の種類 {kind} はありません。", en="There is no kind of update {kind}."),
        Text(ja="続報か経過連絡を選んでください。", en="Send an update or a heartbeat."),
    ),
    "update.unknown_state": (
        Text(ja="状態 {state} はありません。", en="There is no state {state}."),
        Text(ja="一覧から選んでください。", en="Choose one from the list."),
    ),
    "update.not_now": (
        Text(
            ja="いまの状態（{state}）では、この種類（{kind}）の更新は送れません。",
            en="This kind of update ({kind}) does not fit the state {state}.",
        ),
        Text(ja="状態を選び直すか、訂正として送ってください。", en="Choose another state, or send a correction."),
    ),
    "update.unknown_part": (
        Text(ja="項目 {part} はありません。", en="There is no part {part}."),
        Text(ja="項目名を確かめてください。", en="Check the names of the parts."),
    ),
    "update.too_long": (
        Text(
            ja="{part}（{language}）が {length} 文字あります。上限は {limit} 文字です。",
            en="{part} ({language}) has {length} characters; {limit} is the most.",
        ),
        Text(ja="短くしてください。入力は残っています。", en="Shorten it. What you typed is kept."),
    ),
    "update.empty": (
        Text(ja="本文がありません。送っていません。", en="There is no text. Nothing was sent."),
        Text(
            ja="お客様への影響か、していることを書いてください。",
            en="Write what it means for the customer, or what you are doing.",
        ),
    ),
    "update.no_effect": (
        Text(ja="第一報に、何が起きているかがありません。", en="The first notice does not say what is happening."),
        Text(
            ja="影響か範囲を一行書くか、定型の第一報を使ってください。",
            en="Write one line of effect or scope, or use the ready first notice.",
        ),
    ),
    "update.no_tried": (
        Text(ja="経過連絡に「試したこと」がありません。", en="The heartbeat does not say what was tried."),
        Text(
            ja="一つでよいので、試したことか確かめたことを書いてください。",
            en="Write one thing that was tried or checked.",
        ),
    ),
    "update.half_translated": (
        Text(
            ja="日本語も英語も、どこかの項目が抜けています。", en="Each language lacks some part, so neither is whole."
        ),
        Text(ja="どちらか一つの言語で、すべての項目を埋めてください。", en="Fill every part in at least one language."),
    ),
    "update.no_proof": (
        Text(ja="復旧を確かめた根拠がありません。", en="Nothing shows that service is back."),
        Text(ja="何で確かめたかを一行書いてください。", en="Write one line: what shows that it is back."),
    ),
    "update.no_reason": (
        Text(ja="理由が書かれていません。", en="No reason was given."),
        Text(ja="理由を一行書いてください。", en="Write one line of reason."),
    ),
    "update.already_corrected": (
        Text(
            ja="第{number}報はすでに第{by}報で訂正されています。",
            en="Update {number} was already corrected by update {by}.",
        ),
        Text(ja="新しいほうを訂正してください。", en="Correct the newer one."),
    ),
    "update.nothing_changed": (
        Text(ja="前の文と同じです。", en="Nothing differs from the text before."),
        Text(ja="直すところを書き換えてください。", en="Change what is to be corrected."),
    ),
    "update.translated": (
        Text(ja="第{number}報には、もう両方の言語があります。", en="Update {number} already stands in both languages."),
        Text(ja="直すときは訂正として送ってください。", en="Send a correction to change it."),
    ),
    "update.translation_missing": (
        Text(ja="訳していない項目があります: {part}。", en="A part is not translated: {part}."),
        Text(
            ja="すべての項目を訳してください。入力は残っています。", en="Translate every part. What you typed is kept."
        ),
    ),
    "estimate.backwards": (
        Text(ja="見込みの終わりが始まりより前です。", en="The estimate ends before it begins."),
        Text(ja="幅の順を直してください。", en="Put the range in order."),
    ),
    "estimate.in_past": (
        Text(ja="見込みの時刻は過ぎています。", en="The estimate lies in the past."),
        Text(ja="新しい見込みを書くか、削ってください。", en="Write a new estimate or leave it out."),
    ),
    "estimate.no_basis": (
        Text(ja="見込みの根拠がありません。", en="The estimate has no basis."),
        Text(
            ja="何から見積もったかを一行書くか、見込みを削ってください。",
            en="Write what it rests on, or leave the estimate out.",
        ),
    ),
    "estimate.no_confidence": (
        Text(ja="見込みの確かさが選ばれていません。", en="The estimate has no confidence."),
        Text(ja="低・中・高から選んでください。", en="Choose low, medium or high."),
    ),
    "estimate.no_reason": (
        Text(
            ja="見込みが変わりましたが、理由がありません（改訂 {revision}）。",
            en="The estimate changed without a reason (revision {revision}).",
        ),
        Text(ja="なぜ変わったかを一行書いてください。", en="Write why it changed."),
    ),
    "draft.stale": (
        Text(
            ja="{who} さんが {at} にこの下書きを変えました。あなたの入力は残っています。",
            en="{who} changed this draft at {at}. What you typed is kept.",
        ),
        Text(
            ja="新しい下書きを見て、要るところを写してください。",
            en="Look at the newer draft and take over what you need.",
        ),
    ),
    "channel.unknown_contact": (
        Text(
            "この組織の担当者ではありません。何も保存していません。",
            "This is no contact of this organisation. Nothing was saved.",
        ),
        Text("一覧から選び直してください。", "Choose one of the list."),
    ),
}

SENTENCES: dict[str, Text] = {
    **maintenance.SENTENCES,
    **beforehand.SENTENCES,
    "update.published": Text(
        "第{number}報を送信（{state}、{people}人）{drafted_note}",
        "Update {number} sent ({state}, {people} people){drafted_note}",
    ),
    "update.corrected": Text(
        "第{corrects}報を第{number}報で訂正: {reason}", "Update {corrects} corrected by {number}: {reason}"
    ),
    "update.translated": Text(
        "第{corrects}報の訳を第{number}報として送信", "Translation of update {corrects} sent as {number}"
    ),
    "update.review_asked": Text("更新の下書きの確認を依頼", "Review of a draft asked for"),
    "update.change_asked": Text("下書きの書き直しを依頼", "Change of a draft asked for"),
    "update.approved": Text("下書きを承認（両言語）", "Draft approved, in both languages"),
    "update.looked_after": Text(
        "承認なしで送られた第{number}報を見直し", "Update {number}, sent unapproved, was looked at afterwards"
    ),
}
