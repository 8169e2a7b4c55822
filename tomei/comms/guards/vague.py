"""Vague time: a promise without a moment ("soon", まもなく). Harmless when the same clause is bound by a clock time."""

from __future__ import annotations

import re

from tomei.comms.guards.folding import Folded, Sentence, sentences

MOST, NEAR = 20, 300  # findings per text, characters around one
_EN = re.compile(
    r"\bas\s+soon\s+as\s+(?:possible|practicable|(?:we|i)\s+(?:can|know|have|are\s+able|learn|get)|it\s+is\s+available"
    r"|(?:more|further|additional|new)\s+\w+|there\s+(?:is|are)\s+(?:more|news|an?y?\s)|available|an?\s+update|information)"
    r"|\b(?:a\.?s\.?a\.?p\.?)(?![\w])"
    r"|\bas\s+(?:quickly|fast|promptly|early)\s+as\s+(?:possible|we\s+can|practicable)"
    r"|\b(?:at|in)\s+(?:our|the)\s+earliest\s+(?:convenience|opportunity|possible\s+\w+)"
    r"|\b(?:very|quite|pretty|real|fairly)?\s*soon\b"
    r"|\bshortly\b"
    r"|\bin\s+(?:the\s+)?(?:near|not\s+too\s+distant|foreseeable)\s+future\b"
    r"|\bin\s+due\s+(?:course|time)\b"
    r"|\bbefore\s+(?:too\s+)?long\b"
    r"|\bany\s+(?:minute|moment|time|second)\s+now\b|\bat\s+any\s+moment\b"
    r"|\bmomentarily\b|\bimminently\b"
    r"|\bin\s+a\s+(?:little\s+|short\s+)?(?:while|moment|bit|minute\s+or\s+(?:so|two))\b"
    r"|\b(?:in|within|over)\s+(?:the\s+)?(?:next|coming)\s+(?:few\s+|couple\s+of\s+|several\s+)?(?:minutes|hours|days|weeks)\b"
    r"|\b(?:in|within)\s+a\s+(?:few|couple\s+of)\s+(?:more\s+)?(?:minutes|hours|days|weeks)\b"
    r"|\blater\s+(?:today|tonight|this\s+(?:week|morning|afternoon|evening)|on\s+today)\b(?!-)"
    r"|\b(?:more|updates?|details?|information)\s+(?:will\s+|to\s+)follow\b"
    r"|\bstay\s+tuned\b|\buntil\s+further\s+notice\b"
    r"|\bkeep\s+you\s+(?:posted|informed|updated)\b"
    r"|\bwhen(?:ever)?\s+(?:we\s+have\s+(?:more|news|something|further)|(?:more|further|additional)\s+information"
    r"|it\s+(?:becomes|is)\s+(?:available|possible))\b"
    r"|\bonce\s+(?:we\s+(?:have|know)\s+(?:more|further|additional)|more\s+information)",
    re.IGNORECASE,
)
_CLOCK_EN = (
    r"(?:\d{1,2}[:.]\d{2}|\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.|o'clock)|noon|midnight|\d{4}-\d{2}-\d{2}T?"
    r"|\d{4}\s*(?:JST|UTC|GMT|PDT|PST))"
)
_BOUND_EN = re.compile(
    rf"\b(?:by|before|until|till|at|around|about|from|after|between|no\s+later\s+than|not\s+later\s+than|latest)\b"
    rf"[^.;!?]{{0,40}}?{_CLOCK_EN}|{_CLOCK_EN}\s*(?:at\s+the\s+latest|or\s+(?:earlier|sooner|before))"
    r"|\bwithin\s+(?:\d+|one|two|three|five|ten|fifteen|twenty|thirty|sixty)\s+(?:minutes?|hours?|business\s+days?|working\s+days?)\b"
    r"|\b(?:in|for)\s+(?:\d+|one|two|three|five|ten|fifteen|twenty|thirty)\s+(?:minutes?|hours?)\b",
    re.IGNORECASE,
)
_PAST_EN = re.compile(
    r"\b(?:was|were|had|did|began|started|recovered|returned|stopped|failed|came|rose|fell|found|noticed|rolled|restarted"
    r"|resolved|happened|occurred|paused|followed|reverted|switched|received|saw|completed|finished|ended)\b",
    re.IGNORECASE,
)
_DENIED_EN = re.compile(
    r"(?:\b(?:not|never|cannot|no|nor|without|avoid(?:ing)?|instead\s+of|rather\s+than|too|so|how|than)\b|n't\b)[^.;,!?]{0,40}$",
    re.IGNORECASE,
)

_JA = re.compile(
    r"(?:もう)?(?:まも|間も)なく|もうすぐ|もう(?:少し|しばらく)で|じきに|早晩"
    r"|近日(?:中|公開|内)?(?:に|、|の|、)?|近いうち|近々|近く(?=(?:復旧|再開|公開|ご案内|お知らせ|ご連絡|提供)(?:の|い|し|する|予定))"
    r"|追って|追々|おって(?=(?:ご連絡|お知らせ|ご案内|ご報告|連絡))|後日|(?:後|のち)ほど|いずれ(?!も|か|の|に|を|が|にせよ|へ|と)"
    r"|(?:早急に|早々に|至急(?:に|、)?)(?=[^。]{0,24}(?:ます|予定|いた|する|対応|復旧|調査|連絡))"
    r"|(?:速やか|すみやか)に"
    r"|(?:でき(?:る|得る)(?:だけ|限り|かぎり)|出来(?:る)?(?:だけ|限り)|なるべく|可能な(?:限り|かぎり)|極力|一(?:刻|日|分)も)"
    r"(?:早|速|すみや|迅速|はや)[くいかめ]?(?:に|期)?"
    r"|(?:早期|早め)(?:に|の)(?=[^。]{0,12}(?:復旧|回復|解消|解決|再開|対応|ご連絡|連絡|改善))"
    r"|(?:今|いま)しばらく|しばらく(?:の間)?お待ち|少々お待ち|もうしばらく"
    r"|(?:随時|適宜|順次|都度)(?:、)?(?:ご|お)?(?:連絡|報告|知らせ|案内|更新|公開|共有)"
    r"|(?:(?:判明|確認|確定|完了|準備が?(?:でき|整い)|(?:分|わ)かり|解り|決まり|復旧|進展が?あり|情報が?入り|(?:目処|目途|めど)が?立ち)次第)"
    r"(?=[^。]{0,20}(?:ご|お|再度|改めて|あらためて)?(?:連絡|報告|知らせ|案内|公開|伝え|共有|更新))"
    r"|そのうち(?:に|、)|当面の?間|当分の?間"
    r"|数(?:分|時間|日|週間)(?:以内|後|程度|ほど|中|のうち)(?:で|に)?(?!前)"
    r"|(?:本日|今日|今週|来週|今月|明日|今夜|今晩)(?:の?うち|中)に"
)
_BOUND_JA = re.compile(
    r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半|ちょうど)?)\s*(?:\(?(?:JST|UTC|日本時間)\)?\s*)?"
    r"(?:まで|前|ごろ|頃|に|から|より|以降|です|を|の|には|で|には|予定|\)|、)?"
    r"|正午|\d+(?:分|時間)(?:以内|後|ほど(?:で)?|おき|ごと)|\d+(?:営業)?日(?:以内|まで)"
)
_PAST_JA = re.compile(
    r"(?:まし|でし|だっ|いっ|あっ|でき|終わっ|なっ|しまっ|始まっ|起き|止まっ|戻っ|失敗し|し)た(?:$|[。、\s)もがのとたこめ直後])"
)
_DENIED_JA = re.compile(
    r"(?:とは(?:言|い|申|考|思|見込|限)|では(?:な|あり)|じゃな|わけでは|見込め|見込みは(?:あり|立|ござ)"
    r"|お?約束(?:は)?(?:でき|いたしかね)|できません|しません|ことはありません|と(?:は)?書(?:き|か)(?:ません|ない)"
    r"|(?:という|といった)(?:言葉|表現|言い方|書き方)|申し上げられ|お伝えできません|使いません|ありません)"
)
_VERB_BEFORE_JA = re.compile(r"(?:を|順を|順)$")
_AFTER_JA = re.compile(r"(?:後|あと|のち|から|して|直後|開始|開店|起動|投入|適用|反映)$")


def spans(folded: Folded, language: str) -> list[tuple[int, int]]:
    """Places of vague times that nothing in their clause binds, denies or puts in the past."""
    found: list[tuple[int, int]] = []
    for sentence in sentences(folded.text):
        pattern, harmless = (_EN, _harmless_en) if language == "en" else (_JA, _harmless_ja)
        for hit in pattern.finditer(sentence.text):
            if len(found) < MOST and not harmless(sentence, hit):
                lead = len(hit[0]) - len(hit[0].lstrip())
                found.append((sentence.start + hit.start() + lead, sentence.start + hit.end()))
    return found


def around(text: str, hit: re.Match[str]) -> tuple[str, str]:
    """What stands before and after, near enough to bind it; a text without a full stop must not cost its square."""
    return text[max(0, hit.start() - NEAR) : hit.start()], text[hit.end() : hit.end() + NEAR]


def _harmless_en(sentence: Sentence, hit: re.Match[str]) -> bool:
    text, word = sentence.text, hit[0].strip()
    before, after = around(text, hit)
    if _BOUND_EN.search(re.split(r";", after)[0]) or (_BOUND_EN.search(before) and not _PAST_EN.search(before)):
        return True
    if _DENIED_EN.search(before):
        return True
    if word.lower() in ("soon", "shortly"):
        return _is_plain_word_use(before, after, word)
    return bool(word.lower().startswith("later ") and _PAST_EN.search(before + after))


def _is_plain_word_use(before: str, after: str, word: str) -> bool:
    """ "Soon" in a name, "as soon as the copy ends", "shortly after 13:22": not a promise of ours."""
    if word.istitle() and before.strip():
        return True  # capitalised inside a sentence: a name
    if re.match(r"[-'’_/]\w|\s?(?:after|before|thereafter|afterwards)\b", after, re.IGNORECASE):
        return True
    if word[0].isupper() and re.match(r"\s+[A-Z]\w+", after):
        return True  # a name at the head of the sentence
    if re.search(r"\bas\s*$", before, re.IGNORECASE) and re.match(r"\s+as\b", after, re.IGNORECASE):
        return True  # a sequence: one thing follows another
    if re.search(r"[\w]-$|\b(?:the|a|coming|named|called|component|service)\s*$", before) and word.islower() is False:
        return True
    return bool(
        _PAST_EN.search(before) and not re.search(r"\b(?:will|shall|expect|should|going|hope|can)\b|'ll\b", before)
    )


def _harmless_ja(sentence: Sentence, hit: re.Match[str]) -> bool:
    word = hit[0]
    before, after = around(sentence.text, hit)
    clause = re.split(r"(?<=[がたてで])、", after)[0]
    if _BOUND_JA.search(after) or re.search(
        r"\d{1,2}(?::\d{2}|時\d{0,2}分?)\s*(?:JST|UTC)?\s*(?:まで|ごろ|頃)[^た]*$", before
    ):
        return True
    if _DENIED_JA.search(clause[:28]):
        return True
    if word.startswith(("追って", "おって", "追々")) and _VERB_BEFORE_JA.search(before):
        return True  # "ログを追って": to follow, not "later"
    if "なく" in word and _AFTER_JA.search(before):
        return True  # "開始後まもなく": tells the past
    return bool(_PAST_JA.search(clause) or _PAST_JA.search(after.rstrip("。！!\n ") + "。"))
