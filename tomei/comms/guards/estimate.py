# ruff: noqa: E501 — patterns read better whole
"""Estimate without basis: when service comes back is told, and nothing says what that rests on.

An estimate in its own fields (range, basis, confidence) clears it, and so does a basis, or a range with its
confidence, in the same sentence or beside it. When we speak next is no estimate.
"""

from __future__ import annotations

import re

from tomei.comms.guards.folding import Folded, sentences, without_overlap

_CLOCK = r"(?:\d{1,2}[:.]\d{2}(?:\s*(?:am|pm))?|\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.|o'clock)|noon|midnight|\d{4}\s*(?:JST|UTC|GMT|PDT|PST)|tomorrow(?:\s+\w+)?|tonight|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|the\s+end\s+of\s+(?:the|this)\s+(?:day|week))"
_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|ten|fifteen|twenty|thirty|forty-five|sixty|ninety)"
_SPAN = rf"(?:{_NUMBER}(?:\s*(?:to|-|–|or)\s*{_NUMBER})?\s*(?:more\s+|further\s+)?(?:minutes?|mins?|hours?|hrs?|days?|business\s+days?))"
_WHEN_EN = rf"(?:\b(?:by|before|around|about|at|until|no\s+later\s+than|not\s+later\s+than)\s+(?:approximately\s+|about\s+|around\s+)?{_CLOCK}|\b(?:in|within|after|takes?|take|for)\s+(?:about\s+|approximately\s+|around\s+|another\s+|less\s+than\s+|at\s+most\s+|the\s+next\s+)?{_SPAN})"
_BACK_EN = r"(?:back|restor\w+|resolv\w+|resolution|fix(?:ed|es)?|repair\w*|recover(?:y|ed|s)?|normal|available|working(?:\s+again)?|running|operational|resum\w+|complet\w+|finish\w*|done|over|online|clear(?:ed)?|up(?:\s+again|\s+and)|usable|return\w*|deploy\w*)"
_FUTURE_EN = r"(?:will|'ll|shall|should|expect(?:s|ed|ing)?|anticipat\w+|estimat\w+|plan(?:s|ned|ning)?\s+to|aim\w*|hope|going\s+to|scheduled|target\w*|eta|forecast|need|take|takes)"
_EN = re.compile(
    rf"\b{_FUTURE_EN}\b[^.;!?]{{0,80}}?\b{_BACK_EN}\b[^.;!?]{{0,60}}?{_WHEN_EN}"
    rf"|{_WHEN_EN}[^.;!?]{{0,60}}?\b{_FUTURE_EN}\b[^.;!?]{{0,60}}?\b{_BACK_EN}\b"
    rf"|\b(?:ETA|estimated\s+time|time\s+to\s+(?:recovery|restore))\b[^.;!?]{{0,40}}?(?:{_CLOCK}|{_SPAN})"
    rf"|\b(?:recovery|restoration|the\s+fix|the\s+repair|resolution)\b[^.;!?]{{0,40}}?\b{_FUTURE_EN}\b[^.;!?]{{0,50}}?(?:{_WHEN_EN}|{_SPAN})",
    re.IGNORECASE,
)
_TELL_EN = re.compile(
    r"\b(?:updates?|report|tell|post|write|inform|message|speak|call|news|notify|send|share|answer|let\s+you\s+know|decide)\b",
    re.IGNORECASE,
)
_BASIS_EN = re.compile(
    r"\b(?:based\s+on|basis|rests?\s+on|judging\s+by|going\s+by|because|since\s+the|measured|at\s+(?:this|the\s+present|the\s+current|its\s+present)\s+(?:rate|speed|pace)|per\s+(?:second|minute|hour)|assuming"
    r"|\d+(?:\.\d+)?\s*(?:%|percent|per\s+cent)|(?:rehears\w+|test\s+restore|last\s+time)|the\s+same\s+(?:step|restore|repair)\s+took|took)\b|\d\s*%",
    re.IGNORECASE,
)
_RANGE_EN = re.compile(
    rf"\bbetween\b[^.;]{{1,40}}\band\b|\bfrom\b[^.;]{{1,30}}\bto\b|{_NUMBER}\s*(?:to|-|–)\s*{_NUMBER}", re.IGNORECASE
)
_SURE_EN = re.compile(r"\b(?:confiden\w+|certain\w*|sure|likely\s+(?:high|low)|odds)\b", re.IGNORECASE)
_PLAIN_EN = re.compile(
    r"\b(?:cannot|can't|not|never|no|won't|don't|doesn't|unknown|maintenance|planned\s+work|retr(?:y|ies)|opening\s+hours|office\s+hours|please|you\s+(?:can|may|should|must|need)|keep\s+your)\b",
    re.IGNORECASE,
)

_AT_JA = r"(?:\d{1,2}:\d{2}|\d{1,2}時(?:\d{1,2}分|半|ちょうど)?|正午|深夜|明日|明朝|明後日|今夜|今週末|\d{1,2}日)"
_LONG_JA = r"(?:あと|今後|約|およそ|残り)?\s*(?:\d+|一|二|三|半)(?:(?:から|~|〜|-|ないし)\d+)?(?:分|時間|日|営業日)"
_WHEN_JA = rf"(?:{_AT_JA}\s*(?:\(?JST\)?|\(?UTC\)?|日本時間)?\s*(?:まで|ごろ|頃|に|には|の|をめど|を目途|を目処|前後|以降)|{_LONG_JA}(?:以内|後|ほど|程度|くらい|ぐらい)?(?:には|に|で|を|の|は)?)"
_BACK_JA = r"(?:復旧|再開|回復|解消|解決|完了|修復|修理|正常(?:化|に)|ご?利用(?:いただけ|可能|でき)|お使い(?:いただけ|になれ)|使え(?=る|ます|ない)|直(?:り|る)|元(?:に|どおり|通り)|終わ(?:り|る)|戻(?:り|る))"
_FUTURE_JA = r"(?:予定|見込|見通し|する(?:はず|と|で)|します|いたします|いただけます|できます|なります|ます|はず|めど|目途|目処|でしょう|かかり)"
_JA = re.compile(
    rf"{_WHEN_JA}[^。]{{0,30}}?{_BACK_JA}[^。]{{0,20}}?{_FUTURE_JA}"
    rf"|{_BACK_JA}[^。]{{0,16}}?(?:は|まで|に(?:は|要)?|の(?:見込み|予定|見通し|目途|めど|時刻)|予定|見込み)[^。]{{0,16}}?(?:{_AT_JA}|{_LONG_JA})(?:[^。]{{0,14}})"
)
_TELL_JA = re.compile(
    r"報告|連絡|お知らせ|ご?案内|お伝え|更新|公開し|共有し|お電話|判断し|決め(?:ます|る)|営業時間|窓口"
)
_BASIS_JA = re.compile(
    r"根拠|もとに|基づ(?:き|い|く)|前提|から(?:見積|計算|算出|推定)|の(?:速さ|速度|ペース|割合)|毎(?:分|秒|時)|[0-9.]+\s*(?:%|パーセント|割|件/)|実測|測(?:っ|り|定)|訓練|前回(?:は|と同じ|の復元)|進み(?:具合|方)|ため[、。]|ので|残り\d+(?:件|GB|本|台)"
)
_RANGE_JA = re.compile(r"から[^。]{1,16}(?:の間|まで|ごろ|頃)|[0-9]\s*[~〜-]\s*[0-9]|(?:幅)")
_SURE_JA = re.compile(r"確か(?:さ|らしさ)|確度|確信|信頼度|自信")
_WORK_JA = re.compile(r"メンテナンス|計画(?:作業|停止)|定期(?:作業|点検)")
_PLAIN_JA = re.compile(
    r"(?:まし|でし|し)た(?:$|[。、\s)もがのとためこ直後])|ません|できない|立って|立た|未定|不明|申し上げ(?:られ|る段階)|お願い|ください|かどうか"
)


def spans(folded: Folded, language: str) -> list[tuple[int, int]]:
    """Where a time of recovery stands without what it rests on."""
    pattern, harmless = (_EN, _harmless_en) if language == "en" else (_JA, _harmless_ja)
    every = sentences(folded.text)
    found: list[tuple[int, int]] = []
    for index, sentence in enumerate(every):
        near = " ".join(other.text for other in every[max(0, index - 1) : index + 2])
        found += [
            (sentence.start + hit.start(), sentence.start + hit.end())
            for hit in pattern.finditer(sentence.text)
            if not harmless(sentence.text, hit, near)
        ]
    return without_overlap(found)


def _harmless_en(text: str, hit: re.Match[str], near: str) -> bool:
    if (
        _TELL_EN.search(hit[0])
        or _PLAIN_EN.search(hit[0])
        or _PLAIN_EN.search(text[max(0, hit.start() - 40) : hit.start()])
    ):
        return True
    return bool(_BASIS_EN.search(near) or (_RANGE_EN.search(near) and _SURE_EN.search(near)))


def _harmless_ja(text: str, hit: re.Match[str], near: str) -> bool:
    clause = hit[0] + re.split(r"[。、]", text[hit.end() :])[0]
    if (
        _TELL_JA.search(clause)
        or _WORK_JA.search(text)
        or _PLAIN_JA.search(clause)
        or _PLAIN_JA.search(text[hit.end() :])
    ):
        return True
    return bool(_BASIS_JA.search(near) or (_RANGE_JA.search(near) and _SURE_JA.search(near)))
