"""Filler: nothing in it that the reader did not know; or the third text in the same words.

A text is filler when every sentence of it is empty: only an assurance ("we are still investigating"), an apology or a
thank-you, without a number, a name or an act. The first notice is never filler: to say that we are on it is its news.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from tomei.comms.guards.folding import Folded, Sentence, sentences, squeezed

ALIKE = 0.9  # share of characters in common above which two texts say the same
NEWS = 2  # words that came or went from which a long text that looks the same says something new
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,}|[一-龯々]{2,}|[ァ-ヶー]{2,}")
_FACT = re.compile(r"\d|%|％")
_CLOCK = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[:時]\d{0,2}分?(?:\s*(?:JST|UTC|GMT|US/Pacific|P[DS]T))?|\d{1,2}月\d{1,2}日|\d{1,2}\s*(?:am|pm)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:next\s+(?:update|report|message)|(?:provide|post|send|give|share)\s+(?:you\s+)?(?:an?\s+|another\s+|the\s+next\s+|more\s+|further\s+)?(?:update|information|details)"
    r"|update\s+you\s+(?:again\s+)?(?:by|at)|次(?:回|の)(?:の)?(?:ご?報告|ご?連絡|お知らせ|更新)|に(?:改めて|再度|また)?(?:ご報告|ご連絡|お知らせ)(?:いた)?します)",
    re.IGNORECASE,
)
_EMPTY_EN = re.compile(
    r"^(?:(?:please\s+)?(?:be\s+)?(?:rest\s+)?assured|(?:we|our\s+(?:\w+\s+)?(?:teams?|engineers?|people|engineering\s+teams?))\b.*\b(?:investigat|work|look|continu|monitor|engag|aware|focus|commit|striv|tr(?:y|ies)ing|do(?:ing)?\s+(?:everything|our\s+(?:best|utmost))|apolog|sorry|regret|thank|appreciate|understand|know\s+how)"
    r"|(?:the\s+)?investigations?\s+(?:is|are|continue|remain)|(?:mitigation|recovery|restoration|repair|work)?\s*(?:work\s+)?(?:is|are)?\s*(?:still\s+)?(?:ongoing|under\s*way|in\s+progress|continu\w+)"
    r"|(?:thank\s+you|thanks|sorry|apologies|please\s+(?:bear|accept|be\s+patient|wait|stand)|your\s+patience|again,?\s+(?:we|our)|no\s+(?:change|new|further|update)|there\s+(?:is|are)\s+(?:currently\s+)?no\s+(?:change|new|further|update)|nothing\s+(?:new|further|to)|still\s+(?:investigating|working|looking)|all\s+hands|we\s+will|this\s+(?:issue|incident|matter)\s+(?:is|remains|continues|has)"
    r"|the\s+(?:issue|problem|incident|situation|outage|matter)\s+(?:is|remains|continues|has\s+not|persists|still)|status\s+(?:is\s+)?unchanged|same\s+as\s+before|more\s+(?:information|details|to)|(?:another|a\s+further|the\s+next)\s+update|updates?\s+will|we're|work\s+continues|efforts?\s+(?:continue|are)|current\s+status))",
    re.IGNORECASE,
)
_SOLID_EN = re.compile(
    r"\b(?:signs?\s+of|recovered|restart|roll(?:ed|ing|s)?\s*back|revert|switch|fail(?:ed|ing)?\s*over|paus|disabl|enabl|replac|found|identif|isolat|measur|confirm|reproduc|rul(?:ed|ing)\s+out|deploy|rout(?:ed|ing)|drain|"
    r"block|remov|add(?:ed|ing)|increas|decreas|reduc|clear(?:ed|ing)|copied|copying|rebuil|reload|test(?:ed|ing)|tried|because|caused?|workaround|cannot|can't|unable|fail(?:s|ing|ed)?|slow|delay|latenc|error|instead|until|except|only|after|since|customers?\s+(?:in|on|who|using|with)|region|database|server|storage|network|power|queue|cache|certificate|index|log(?:s|in|ins)?|vendor|payment|order|mail|search|file|backup)\w*",
    re.IGNORECASE,
)
_SORRY = re.compile(
    r"^(?:we|our\s+\w+)?\s*(?:sincerely\s+|deeply\s+|again\s+)?(?:apologi[sz]e|are\s+sorry|regret)\b[^.]{0,30}\b(?:any|the|this)\s+(?:inconvenience|disruption|trouble)\b(?!\s+with)",
    re.IGNORECASE,
)
_EMPTY_JA = re.compile(
    r"(?:引き?続き|現在も?|ただ(?:いま|今)も?|鋭意|全力で|全社(?:を挙げて|一丸)|懸命に|継続して|依然(?:として)?|なお|今も)?[^。]{0,26}?"
    r"(?:調査(?:中|を(?:続け|進め|継続|行|実施)|して|しており|に(?:努|あた|当た))|対応(?:(?:いた)?しま|中|を(?:続け|進め|継続|行)|して|しており|に(?:努|あた|当た)|いたして)|確認(?:中|を(?:続け|進め|行)|して|しており|いたして)"
    r"|復旧(?:作業(?:中|を(?:続け|進め|行)|に)|に(?:向け|努|全力|あた|当た)|を急い)|作業(?:中|を(?:続け|進め))|努め|尽力|取り組ん|続けて|注力|対処して"
    r"|ご?(?:迷惑|不便|心配|不自由)[^。]{0,16}(?:申し訳|詫び|恐れ|おかけ|をおかけ)|お詫び|申し訳|お待ち(?:ください|いただ|願)|ご理解|ご(?:容赦|辛抱|了承)|感謝|お願い(?:いたし|申し上げ)ます"
    r"|変(?:化|わり|更)は?(?:な|あり|ござい)|進展(?:は|が)(?:な|あり|ござい)|(?:新しい|新たな)(?:情報|進展|お知らせ)(?:は|が)|状況(?:は|に)(?:変わ|変化)|前回(?:から|の(?:ご)?報告)[^。]{0,12}(?:変|同)|お知らせ(?:いた)?し(?:ます|て)|ご(?:報告|連絡|案内)(?:いた)?し(?:ます|て)|特にありません|承知して|認識して|お時間を)"
)
_SOLID_JA = re.compile(
    r"再起動|切り(?:替|戻|離)|止め|停止し|戻し|戻す|外し|増や|減(?:ら|り)|下が|上が|測(?:っ|り|定)|特定(?:し|でき)|判明し|わかり|分かり|見つ|突き止|再現|除外|適用し|入れ替|交換|設定を|試し|試みた|通(?:り|る|らな|し)|失敗|遅(?:延|く|い|れ)|できません|使えま|使えない|エラー|ため|原因(?:は|を|が)|"
    r"回避|代わり|のみ|だけ|お使い|地域|系(?:の|を|で|は)|データ|サーバ|ログ|経路|電源|回線|証明書|索引|バックアップ|待ち行列|メモリ|ディスク|一部の|すべての|全ての|以外|復旧し(?:た|まし)|再開し|完了し|始め(?:た|まし)|注文|出荷|会計|在庫|検索|決済|ファイル|メール"
)

_AIR = frozenset(
    """
    the and are our for with this that will has have been still currently continue continues continuing actively ongoing
    work working team engineering investigate investigating investigation underway provide more information update
    another further details current by at monday tuesday wednesday thursday friday saturday sunday pacific issue
    apologize sorry thank patience inconvenience
    引続 現在 調査 調査中 対応 対応中 確認 確認中 継続 報告 次回 予定 迷惑 不便 作業 作業中 状況
    """.split()  # noqa: SIM905
)


def spans(folded: Folded, language: str) -> list[tuple[int, int]]:
    """The whole text, when it holds nothing but empty sentences; else nothing."""
    every = [one for one in sentences(folded.text) if re.search(r"\w", one.text)]
    if not every or not all(_empty(one, language) for one in every):
        return []
    last = every[-1]
    return [(every[0].start, last.start + len(last.text.rstrip()))]


def _empty(sentence: Sentence, language: str) -> bool:
    text = sentence.text.strip()
    bare = _CLOCK.sub("", text)
    if _NEXT.search(text) and not _FACT.search(bare) and len(bare) < 140:
        return True  # only when we speak next: that is the frame, not the news
    if _FACT.search(bare):
        return False
    if _SORRY.search(text):
        return True
    if language == "en":
        return bool(_EMPTY_EN.search(text)) and not _SOLID_EN.search(text)
    return bool(_EMPTY_JA.search(text)) and not _SOLID_JA.search(text)


def repeats(text: str, previous: tuple[str, ...]) -> bool:
    """The third text in the same words: like both of the two before it, with no figure changed."""
    if len(previous) < 2 or len(squeezed(text)) < 12:
        return False
    return all(_alike(text, earlier) for earlier in previous[:2])


def _alike(one: str, other: str) -> bool:
    if _figures(one) != _figures(other) or _news(one, other) >= NEWS or _news(other, one) >= NEWS:
        return False  # 58 % became 41 %, or a name came or went: that is news
    left, right = squeezed(one), squeezed(other)
    if left == right:
        return True
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _news(one: str, other: str) -> int:
    """How many words `one` has that `other` has not; those that only say that work goes on do not count."""
    words = {word.casefold() for word in _WORD.findall(_CLOCK.sub("", unicodedata.normalize("NFKC", one)))}
    known = {word.casefold() for word in _WORD.findall(_CLOCK.sub("", unicodedata.normalize("NFKC", other)))}
    return len(words - known - _AIR)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)?", _CLOCK.sub("", unicodedata.normalize("NFKC", text)))
