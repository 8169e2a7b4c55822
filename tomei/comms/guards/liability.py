"""Admission of liability: compensation, negligence, breach, a legal duty owned. Held for approval (2.7), never silent.

"We failed, we are on it", "this is our failure", an apology: always pass. So does what denies, asks or quotes, and a
function of the product that happens to be called so ("the refund button fails").
"""

from __future__ import annotations

import re

from tomei.comms.guards.folding import Folded, sentences, without_overlap

_EN = re.compile(
    r"\b(?:we|our\s+company|us|i)\b[^.;!?]{0,40}?\b(?:compensate|reimburse|indemnify|refund|make\s+good|make\s+you\s+whole|pay\s+(?:you\s+)?for|cover\s+(?:your|the|any|all)\s+(?:loss|cost|damage|expense)\w*|waive)\b"
    r"|\b(?:will|shall|to)\s+be\s+(?:fully\s+)?(?:compensated|reimbursed|refunded|indemnified|credited)\b"
    r"|\b(?:compensation|reimbursement|indemnity|indemnification|damages)\b(?!\s+(?:page|module|screen|form|button|function|report|table|field|logic|transaction|type|code|plan)s?\b)"
    r"|\b(?:service|sla|account|billing)\s+credits?\b|\b(?:credit\s+(?:your|the)\s+(?:account|invoice|bill))\b|\brefund\s+of\s+(?:your|the)\b"
    r"|\b(?:liable|legally\s+(?:responsible|bound|at\s+fault)|legal\s+(?:liability|responsibility)|liability)\b(?!\s+insurance)"
    r"|\b(?:gross(?:ly)?\s+)?negligen(?:ce|t|tly)\b"
    r"|\b(?:in\s+)?breach\s+of\s+(?:the\s+|our\s+|your\s+)?(?:contracts?|agreements?|duty|duties|sla|terms|warranty|obligations?|service\s+level)\w*|\b(?:is|are|were|was)\s+in\s+breach\b"
    r"|\b(?:breach(?:ed|es)?|violat(?:ed|es|ion\s+of))\s+(?:our|the|your)\s+(?:\w+\s+)?(?:contracts?|agreements?|duty|duties|sla|terms|warranty|obligations?|service\s+levels?|law)\b"
    r"|\b(?:contractual|legal)\s+(?:obligations?|duty|duties)\b[^.;!?]{0,30}?\b(?:failed|not\s+met|missed|violated|broke)|\b(?:failed|did\s+not)\b[^.;!?]{0,30}?\b(?:contractual|legal)\s+(?:obligations?|duty|duties)\b"
    r"|\b(?:accept|admit|acknowledge|assume|bear|take)s?\s+(?:the\s+|our\s+)?(?:full\s+|all\s+|sole\s+|legal\s+|entire\s+)*(?:responsibility|liability|fault|blame)\s+(?:for\s+(?:the\s+|any\s+|all\s+|your\s+)*(?:financial\s+|business\s+)?(?:loss|damage|cost|consequence)\w*|in\s+law|under\s+the\s+contract)"
    r"|\b(?:we|our\s+company)\s+(?:fully\s+)?(?:admits?|accepts?|acknowledges?)\s+(?:full\s+|all\s+|sole\s+|legal\s+|the\s+)*(?:responsibility|liability|fault|guilt)\b"
    r"|\b(?:malpractice|tort|at\s+fault\s+under|duty\s+of\s+care)\b",
    re.IGNORECASE,
)
_NOT_EN = re.compile(
    r"(?:\bnot\b|\bcannot\b|n't\b|\bno\b|\bnever\b|\bneither\b|\bnor\b|\bwithout\b|\bwhether\b|\bif\b)[^.;!?]{0,40}$",
    re.IGNORECASE,
)
_THING_EN = re.compile(
    r"^[^.;!?]{0,24}\b(?:pages?|modules?|screens?|forms?|buttons?|functions?|reports?|requests?|batch|jobs?|exports?|claims?\s+(?:page|search)|calculat\w+|records?|files?|api|insurance|feature|section)\b",
    re.IGNORECASE,
)
_THING_BEFORE_EN = re.compile(
    r"\b(?:screens?|pages?|buttons?|functions?|field|module|option|menu)\s+(?:for|of|to|called|named)\s*[^.;!?]{0,12}$|\b(?:your\s+(?:customers?|staff|users|employees|shops?)|customers\s+cannot|users\s+cannot|payroll|orders)\b[^.;!?]{0,40}$",
    re.IGNORECASE,
)

_WE = r"(?:弊社|当社|私ども|私たち|我々|わたくしども)"
_JA = re.compile(
    r"(?:損害)?賠償|損害(?:の|を|について(?:は)?|金の?)(?:[^。、]{0,10}?)(?:補償|補填|お?支払|負担|償い)|補償|弁償|(?:損失|損害|費用|減収)[^。、]{0,6}(?:補填|てん補)|見舞金|違約金|慰謝料"
    r"|(?:返金|減額|割り?引き?|利用料(?:金)?の?(?:減免|免除|返還|お返し)|料金の?(?:減免|免除|返還)|クレジット(?:の|を)?(?:付与|進呈|発行))(?:を)?(?:いたします|します|させて(?:いただ|頂)|致します|に応じ|の?対象|を(?:行|実施|検討)|の(?:ご)?(?:対応|手続き)|し(?:、|て(?:おり|い)ます))"
    rf"|{_WE}?の?(?:重大な|重)?過失|業務上の過失|注意義務(?:違反|を怠)|(?:善管)?注意義務|安全配慮義務|債務不履行|瑕疵担保|契約不適合|不法行為"
    r"|契約(?:違反|不履行|上の(?:義務|責任)[^。]{0,14}?(?:果た(?:せ|して)|違反|怠|履行))|(?:契約|規約|SLA|法令|法律|合意|義務)(?:に|への)違反|(?:SLA|サービスレベル)(?:の)?(?:違反|未達(?:に|と|を)?)|法令違反"
    r"|法的(?:な)?(?:責任|義務)|法律上の(?:責任|義務)|損害責任|賠償責任|使用者責任"
    rf"|(?:すべて|全て|全面的|一切)?の?(?:全)?責任(?:を|は)(?:全面的に|すべて|全て)?(?:認め|負い(?!かね)|負う|負って|引き受け(?:ます|いたし)|とり(?:ます|たい)|取り(?:ます|たい)|取らせ)|責任(?:は|が)(?:すべて|全て|全面的に)?{_WE}に(?:あり|ござい|ある)|(?:全責任|全面的な責任)"
)
_NOT_JA = re.compile(
    r"^[^。、]{0,16}?(?:では(?:な|あり|ござい)|は(?:あり|ござい)ません|に(?:は)?当たり(?:ません|かね)|を(?:認め|負い|負う)(?:もの|る?わけ)?では|の有無|かどうか|か否か|(?:いた)?しかね|負い(?:かね|ません)|できません|いたしません|を(?:お約束|示唆)する(?:もの)?では)"
)
_THING_JA = re.compile(
    r"^(?:[^。、]{0,10}?)(?:画面|ページ|機能|ボタン|処理|保険|申請|一覧|帳票|計算|モジュール|登録|請求(?:画面|処理|書)|システム|検索|データ|ファイル|API|業務|規程|窓口の?画面|手続きの?画面|光学|回路|電源|値)"
)
_THING_BEFORE_JA = re.compile(
    r"(?:お客様(?:の|が|側の)|ご利用者(?:様)?(?:へ|の)|購入者(?:へ|の)|保険|商品の|労災|画面の|温度|電圧|落札者)[^。、]{0,10}$"
)


def spans(folded: Folded, language: str) -> list[tuple[int, int]]:
    """Where somebody could read that we owe more than an apology and the repair."""
    pattern = _EN if language == "en" else _JA
    harmless = _harmless_en if language == "en" else _harmless_ja
    return without_overlap(
        [
            (sentence.start + hit.start(), sentence.start + hit.end())
            for sentence in sentences(folded.text)
            for hit in pattern.finditer(sentence.text)
            if not harmless(sentence.text, hit)
        ]
    )


def _harmless_en(text: str, hit: re.Match[str]) -> bool:
    before, after = text[: hit.start()], text[hit.end() :]
    denied = _NOT_EN.search(before) or (
        _NOT_EN.search(hit[0][:-1]) and not re.search(r"failed|did\s+not|not\s+met", hit[0])
    )
    return bool(denied or _THING_EN.search(after) or _THING_BEFORE_EN.search(before))


def _harmless_ja(text: str, hit: re.Match[str]) -> bool:
    before, after = text[: hit.start()], text[hit.end() :]
    return bool(
        _NOT_JA.search(after)
        or _THING_JA.search(after)
        or (re.match(r"返金|減額|割|補償|クレジット", hit[0]) and _THING_BEFORE_JA.search(before))
    )
