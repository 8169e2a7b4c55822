# ruff: noqa: E501 — patterns read better whole
"""Guess told as fact: a cause is named while it is not known. What says that it is a guess passes, and what denies."""

from __future__ import annotations

import re

from tomei.comms.guards.folding import Folded, sentences, without_overlap

_CAUSE_EN = re.compile(
    r"\b(?:(?:was|is|were|are|been|being)\s+)?(?:caused|triggered)\s+by\b"
    r"|\b(?:the|its|their|our)\s+(?:root\s+|underlying\s+|actual\s+|real\s+)?(?:cause|culprit|trigger)\s+(?:of\s+[^.,;]{1,60}?\s+)?(?:is|was|lies|turned\s+out)\b"
    r"|\b(?:is|was|are|were)\s+(?:the|our|its)\s+(?:root\s+|underlying\s+|actual\s+)?(?:cause|culprit)\b"
    r"|\b(?:is|was|are|were)\s+(?:entirely\s+|directly\s+)?(?:due|owing|down|attributable)\s+to\b"
    r"|(?:^|,\s*|\b(?:failed|failing|fails?|stopped|down|slow|unavailable|happened|occurred|outage|delays?|delayed|errors?)\s+)because\s+of\b"
    r"|\b(?:resulted|results|stems|stemmed|arose|originated)\s+from\b|\b(?:errors?|failures?|timeouts?|delays?|problems?|issues?|outage)\s+(?:comes?|came)\s+from\b"
    r"|\b(?:caused|triggered|brought\s+(?:down|about)|broke|provoked|led\s+to)\s+(?:the|this|these|your|today's)\s+(?:\w+\s+)?(?:outages?|failures?|incidents?|errors?|delays?|problems?|issues?|interruptions?|disruptions?|slowness|service)\b"
    r"|\b(?:happened|occurred|began|started|failed|stopped|broke|went\s+down)\s+because\b"
    r"|\b(?:the\s+)?(?:root\s+)?cause\s*:",
    re.IGNORECASE,
)
_HEDGE_EN = re.compile(
    r"\b(?:may|might|could|can)\b|\b(?:possibl[ey]|probabl[ey]|perhaps|likely|presumably|apparently|suspect(?:ed|s)?|suspicion|assum\w+|presum\w+|believe|guess"
    r"|think|hypothes[ie]s|theory|theories|appears?|seems?|seemingly|suggests?|points?\s+to|indicat\w+|signs?\s+that|unconfirmed|unproven|preliminary|candidate"
    r"|potential\w*|whether|if|check(?:ing)?\s+(?:if|that)|test(?:ing)?\s+(?:if|whether|the)|look(?:ing)?\s+(?:at|into)\s+whether|so\s+far\s+it|not\s+(?:yet\s+)?(?:confirmed|proven|certain|sure)"
    r"|one\s+of\s+(?:the\s+)?(?:causes|possibilities)|have\s+yet\s+to\s+confirm|suspects|working\s+assumption)\b",
    re.IGNORECASE,
)
_UNKNOWN_EN = re.compile(
    r"(?:\bnot\b|n't\b|\bno\b|\bnothing\b|\bnever\b|\bneither\b|\bnor\b|\bwithout\b|\bruled?\s+out\b|\bunknown\b|\bunclear\b|\bopen\b|\bwhat\b|\bwhy\b|\bstill\s+(?:being|under)\b"
    r"|\bunder\s+investigation\b|\bbeing\s+(?:investigated|examined|analy[sz]ed|looked)\b|\bto\s+be\s+(?:found|confirmed|determined)\b|\bsought\b|\?)",
    re.IGNORECASE,
)
_EFFECT_EN = re.compile(
    r"^\s*(?:this|the|these|that|today's|yesterday's|our)\s+(?:\w+\s+)?(?:incident|outage|failure|issue|problem|interruption|disruption|event|delay)s?\b|^\s*(?:it|them)\b[,.\s]",
    re.IGNORECASE,
)

_BAD = r"(?:故障|不具合|障害|バグ|欠陥|設定(?:ミス|誤り|変更|の誤り)|操作(?:ミス|誤り)|誤操作|人為的?ミス|作業ミス|ミス|過負荷|高負荷|負荷(?:の(?:増加|集中|上昇)|増|集中)|集中|枯渇|不足|切れ|断線|停電|攻撃|更新|アップデート|改修|リリース|変更|破損|満杯|競合|漏れ|遅延|停止|異常|不備|劣化|誤り|期限切れ)"
_CAUSE_JA = re.compile(
    r"原因は[^。]{1,60}?(?:です|でした|であ(?:る|り|った)|にあり|にある|だと(?:判明|わか|分か)|と(?:判明|特定|断定)|によるもの|だった)"
    r"|[^。、]{1,40}?(?:が|を)(?:直接の|根本的?な?の?|主な|真の)?原因(?:です|でした|であ(?:る|り)|で[、す]|となって|になって|として|だ[っと。])"
    rf"|{_BAD}(?:による(?:もの|障害|停止|遅延|不具合|影響)?|によって|により|に起因|に伴(?:い|う)|のため[、に]|のせい|が引き金|が引き起こ|から(?:発生|生じ|始ま)|で(?:止ま|停止し|落ち|遅く))"
    r"|に起因(?:する|し)|(?:を|が)(?:引き起こし|招き|招い)(?:ました|ています|た)|(?:原因|真因)\s*[::]"
)
_HEDGE_JA = re.compile(
    r"可能性|おそれ|恐れ|とみ(?:て|られ)|と見(?:て|られ)|とおも|と思|思われ|推測|推定|推察|疑い|疑っ|疑わし|と考え|考えられ|かもしれ|仮説|仮に|候補|見立て|見込ん|らしい|らしく|ようです|ようで|模様"
    r"|未確認|未確定|確証|裏付け(?:は|が)|断定(?:は|でき|して)|確定(?:して(?:い(?:ません|ない)|おりません)|では)|確認(?:できて(?:い(?:ません|ない)|おりません)|中)|かどうか|か否か|か[、を]?(?:調べ|確かめ|確認|調査|検証)|もし|場合(?:は|に)|予想|想定|暫定|有力|ひとつ|一つ|濃厚|切り分け"
)
_UNKNOWN_JA = re.compile(
    r"(?:原因|理由)(?:は|が|も|を|について(?:は|も)?)[^。]{0,30}?(?:調査|調べ|不明|(?:わか|分か)(?:って(?:い(?:ません|ない)|おりません)|りません)|判明して(?:い(?:ません|ない)|おりません)|特定(?:でき|に(?:至|は)|して(?:い(?:ません|ない)|おりません)|を(?:急|進|続)|中)|確認(?:中|して|を(?:進|続))|確かめ|究明|突き止め(?:て(?:い(?:ません|ない)|おりません)|る(?:ため|べ))|まだ|未だ|後日|追っ|お調べ)"
    r"|では(?:な(?:い|く)|あり(?:ません|ませんでした)|ござい(?:ません))|わけでは|見つか(?:って|り)(?:い(?:ません|ない)|ません)|認められ(?:ません|てい(?:ません|ない))|否定|除外"
)
_EFFECT_JA = re.compile(r"(?:本|この|その|今回の|当該|上記の|同|現在の|今朝の|昨日の)(?:\w{0,12})?$")


def spans(folded: Folded, language: str) -> list[tuple[int, int]]:
    """Where a cause is told as if it were known."""
    cause = _CAUSE_EN if language == "en" else _CAUSE_JA
    judge = _harmless_en if language == "en" else _harmless_ja
    return without_overlap(
        [
            (sentence.start + hit.start(), sentence.start + hit.end())
            for sentence in sentences(folded.text)
            for hit in cause.finditer(sentence.text)
            if not judge(sentence.text, hit)
        ]
    )


def _harmless_en(text: str, hit: re.Match[str]) -> bool:
    before, after = text[: hit.start()], text[hit.end() :]
    clause = re.split(r";|\b(?:but|and|so|that)\b", after)[0]
    if _HEDGE_EN.search(before[-80:]) or _HEDGE_EN.search(hit[0]) or _HEDGE_EN.search(clause[:80]):
        return True
    if _UNKNOWN_EN.search(before[-48:]) or _UNKNOWN_EN.search(clause[:50]) or _UNKNOWN_EN.search(hit[0]):
        return True
    return bool(_EFFECT_EN.search(after))


def _harmless_ja(text: str, hit: re.Match[str]) -> bool:
    if _HEDGE_JA.search(text) or _UNKNOWN_JA.search(text):
        return True
    before = text[: hit.start()]
    return bool(re.match(r"障害|停止|遅延|不具合|異常", hit[0]) and _EFFECT_JA.search(before))
