# ruff: noqa: E501 — patterns read better whole
"""Blame on a provider. Naming a provider is fine; hiding behind it is not. Owning the failure beside it clears it."""

from __future__ import annotations

import re
from functools import lru_cache

from tomei.comms.guards.folding import Folded, sentences, without_overlap

_NAMES = (
    r"AWS|Amazon(?:\s+Web\s+Services)?|EC2|Azure|Microsoft|Google(?:\s+Cloud)?|GCP|Oracle|IBM|Cloudflare|Fastly|Akamai"
    r"|Salesforce|Stripe|Twilio|SendGrid|Okta|Auth0|Datadog|GitHub|Snowflake|MongoDB|VMware|Cisco|Fujitsu|Hitachi|NEC"
    r"|NTT(?:\s?(?:東日本|西日本|コミュニケーションズ|ドコモ|データ))?|KDDI|SoftBank|ソフトバンク|IIJ|さくらインターネット|富士通|日立"
    r"|アマゾン|グーグル|マイクロソフト"
)
_EN_KINDS = (
    r"(?:our\s+|the\s+|a\s+|an\s+|its\s+|their\s+)?(?:[\w-]+\s+){0,2}?(?:providers?|vendors?|suppliers?|carriers?|isps?|third[\s-]part(?:y|ies)"
    r"|subcontractors?|contractors?|partners?|hosting\s+compan(?:y|ies)|data\s?cent(?:er|re)\s+operators?|telecoms?|upstream(?:\s+\w+)?)"
)
_JA_KINDS = (
    r"(?:クラウド|通信|回線|外部|委託|上流|提携|ホスティング|データセンター|サービス|ネットワーク)?(?:事業者|提供元|委託先|ベンダー|業者|会社様|プロバイダー?|サプライヤー?)"
    r"|他社|外部サービス|外部の?(?:企業|会社|サービス)|パートナー(?:企業|会社)?|第三者|キャリア|仕入先|メーカー|開発会社|クラウド(?:側|基盤側)|データセンター側|回線側"
)

_OUTRIGHT_EN = re.compile(
    r"\b(?:outside|beyond|out)\s+(?:of\s+)?our\s+(?:direct\s+)?control\b"
    r"|\bnot\s+(?:our|due\s+to\s+our|caused\s+by\s+our)\s+(?:own\s+)?(?:fault|problem|responsibility|doing|mistake|issue)\b"
    r"|\b(?:is|was|are)(?:n't|\s+not)\s+(?:a\s+)?(?:problem|fault|failure|issue)\s+(?:of|with|in)\s+(?:ours|our\s+\w+)\b"
    r"|\b(?:there\s+is\s+)?nothing\s+(?:that\s+)?we\s+can\s+do\b|\bour\s+hands\s+are\s+tied\b|\bat\s+the\s+mercy\s+of\b"
    r"|\bnot\s+on\s+our\s+(?:side|end)\b|\bwe\s+(?:bear|have|accept|take)\s+no\s+(?:responsibility|blame|liability)\b"
    r"|\bthrough\s+no\s+fault\s+of\s+(?:ours|our\s+own)\b|\bour\s+(?:own\s+)?(?:systems?|service|platform)\s+(?:is|are|was|were)\s+not\s+(?:at\s+fault|to\s+blame)\b",
    re.IGNORECASE,
)
_OUTRIGHT_JA = re.compile(
    r"(?:弊社|当社|私ども|私たち|我々|こちら)(?:側)?(?:の|に)(?:責任|落ち度|過失|問題|不具合|原因|起因|非)(?:では(?:な|あり|ござい)|は(?:な|あり|ござい))"
    r"|(?:弊社|当社|私ども|私たち)では(?:どうすることもでき|対処のしようが|手の(?:打ち|施し)ようが|いかんともし)"
    r"|(?:管理|制御|責任)(?:範囲|の及(?:ば|ぶ))(?:外|ない|範囲外)|責任は(?:負い|負え)(?:かねます|ません)"
    r"|(?:弊社|当社|私ども)(?:は|も)被害者"
)
_FAULT_EN = r"(?:fault|failures?|mistakes?|errors?|outages?|problems?|issues?|incidents?|bugs?|negligence|faulty\s+\w+|misconfiguration|poor\s+\w+|slow\s+response|lack\s+of\s+\w+)"
_OWNS_EN = re.compile(
    r"\b(?:our|we\s+(?:own|accept|take|bear|have))\s+(?:full\s+)?responsib|\bwe\s+(?:are|remain)\s+(?:still\s+)?(?:responsible|accountable|answerable)"
    r"|\bwe\s+(?:should\s+have|failed|own\s+(?:this|it|the)|answer\s+for|did\s+not\s+(?:prepare|fail\s+over|design|plan|test)|were\s+not\s+(?:prepared|ready))"
    r"|\bour\s+(?:design|choice|service|set-?up|own)\b[^.]{0,50}\b(?:should|failed|did\s+not|depends?|lacked|ours)"
    r"|\b(?:is|was|are)\s+ours?\s+(?:to\s+(?:own|answer|solve|prevent|fix)|alone)|\bthat\s+is\s+on\s+us\b|\bthis\s+is\s+on\s+us\b|\bno\s+excuse\b",
    re.IGNORECASE,
)
_OWNS_JA = re.compile(
    r"(?:弊社|当社|私ども|私たち|我々)(?:の|が|に)(?:責任(?!では|は負)|備え|設計|選定|選択|準備|構成|体制|落ち度(?!は)|至らな|不備|障害です|引き受け|負(?:う|い|って))"
    r"|責任は(?:弊社|当社|私ども|私たち|我々)|(?:弊社|当社|私たち|私ども)(?:が|の)(?:責任をもって|責任を持って)|言い訳に(?:は|し)"
    r"|備え(?:が|て)(?:足り|不十分|いな|おく)|切り替えられ(?:なか|るようにしておく)|べきでした"
)
_DENIED_EN = re.compile(
    r"(?:\bnot\b|n't\b|\bnever\b|\bno\b|\bneither\b|\bnor\b|\bwithout\b|\bruled\s+out\b|\bwhether\b|\bif\b)[^.;,!?]{0,30}$",
    re.IGNORECASE,
)
_DENIED_JA = re.compile(
    r"(?:では(?:な|あり)|とは(?:限|言|い|考|判断)|かどうか|か否か|か(?:を|は)?(?:確かめ|確認|調べ|調査|不明|わか|分か)|わけでは|は(?:な|あり|見つか|認められ|確認され)|疑いは|可能性は(?:な|低|あり)|ものではあ)"
)


def spans(folded: Folded, language: str, providers: tuple[str, ...] = ()) -> list[tuple[int, int]]:
    """Places where a provider is made to carry our failure; a sentence that owns it, or its neighbour, clears them."""
    outright, cause, owns = _patterns(language, providers)
    found: list[tuple[int, int]] = []
    every = sentences(folded.text)
    for index, sentence in enumerate(every):
        near = " ".join(other.text for other in every[max(0, index - 1) : index + 2])
        for hit in outright.finditer(sentence.text):
            found.append((sentence.start + hit.start(), sentence.start + hit.end()))
        if owns.search(near):
            continue
        for hit in cause.finditer(sentence.text):
            if not _denied(sentence.text, hit, language):
                found.append((sentence.start + hit.start(), sentence.start + hit.end()))
    return without_overlap(found)


def _denied(text: str, hit: re.Match[str], language: str) -> bool:
    if language == "en":
        return bool(_DENIED_EN.search(text[: hit.start()])) or bool(re.search(r"\bnot\b|n't\b", hit[0], re.IGNORECASE))
    return bool(_DENIED_JA.search(text[hit.end() : hit.end() + 22]) or _DENIED_JA.search(hit[0]))


def _patterns(language: str, providers: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    own = "|".join(re.escape(name) for name in providers if len(name) > 1)
    names = f"{_NAMES}|{own}" if own else _NAMES
    if language == "en":
        return _OUTRIGHT_EN, _cause_en(names), _OWNS_EN
    return _OUTRIGHT_JA, _cause_ja(names), _OWNS_JA


@lru_cache(maxsize=4)
def _cause_en(names: str) -> re.Pattern[str]:
    who = rf"(?:\b(?:{names})\b|\b{_EN_KINDS}\b)"
    return re.compile(
        rf"\b(?:(?:was|is|were|are|been)\s+)?(?:caused|triggered|created|introduced)\s+(?:entirely\s+|solely\s+)?by\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,4}}?(?:at\s+|in\s+|of\s+|with\s+|by\s+|from\s+)?{who}"
        rf"|\b(?:due|owing|thanks|attributable)\s+to\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,4}}?(?:at\s+|in\s+|of\s+|with\s+|by\s+|from\s+)?{who}"
        rf"|\bbecause\s+(?:of\s+)?(?:an?\s+|the\s+)?(?:\w+\s+){{0,4}}?(?:at\s+|in\s+|of\s+|with\s+|by\s+)?{who}"
        rf"|\b(?:fault|responsibility|mistake|negligence)\s+(?:of|lies\s+with|rests\s+with|is\s+with|belongs\s+to)\s+(?:\w+\s+){{0,2}}?{who}"
        rf"|\b(?:lies|rests|is|was|are)\s+(?:entirely\s+|solely\s+|squarely\s+)?(?:with|on)\s+{who}(?:'s)?(?:\s+(?:side|end|network|part))?(?=[\s.,;!]*(?:$|[.,;!]|and\b|,))"
        rf"|{who}(?:'s)?\s+(?:is|was|are|were)\s+(?:entirely\s+|solely\s+|fully\s+)?(?:to\s+blame|at\s+fault|responsible)"
        rf"|\b(?:blame|fault)\s+(?:\w+\s+){{0,1}}?{who}"
        rf"|{who}(?:'s)\s+(?:\w+\s+)?{_FAULT_EN}\s+(?:caused|is\s+why|brought|took|led|made|has\s+(?:caused|taken|made))"
        rf"|{who}\s+(?:has\s+|have\s+)?(?:failed\s+us|let\s+us\s+down|broke|took\s+(?:us|(?:our|the|your)\s+\w+)\s+down|caused\s+(?:this|the|our|your))"
        rf"|\b(?:until|unless)\s+{who}\s+(?:fix|resolve|repair|restore|respond|repl|act)\w*"
        rf"|\bwe\s+(?:are|can)\s+(?:only\s+)?(?:still\s+)?(?:just\s+|simply\s+)?wait(?:ing)?\s+(?:for|on)\s+{who}(?:\s+to\b)?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4)
def _cause_ja(names: str) -> re.Pattern[str]:
    who = rf"(?:{names}|{_JA_KINDS})(?:様|さん|社|側)?"
    bad = r"(?:障害|不具合|故障|ミス|過失|責任|設定(?:ミス|誤り|変更)|作業(?:ミス|不備)?|問題|トラブル|不備|怠慢|対応の遅れ|遅延|停止|都合|影響|仕様(?:変更)?|せい)"
    return re.compile(
        rf"{who}の(?:[^。、]{{0,16}}?){bad}(?:が原因|による(?:もの|、|影響)?|によって|により|に起因|のため|のせい|です(?=[。\s]|$)|に原因|が引き起こ|で(?:す|、|ご迷惑|サービス)|を受け)"
        rf"|{who}に(?:起因(?:する|し)|原因が?あ|責任が?あ|問題が?あ|非が?あ)"
        rf"|(?:原因|責任|問題|非)は(?:[^。、]{{0,12}}?){who}(?:の|に|側|です|にあ|が)"
        rf"|{who}(?:の|が)(?:せい|責任)(?:で|です|により)"
        rf"|{who}が(?:原因|悪い|止め|壊し|引き起こ|障害を起こ|ミスを|やらか)(?:[^。]{{0,6}})"
        rf"|{who}(?:の|から)(?:[^。、]{{0,10}})(?:対応|復旧|回答|連絡|修理|返答)(?:を|が)(?:待(?:つ|って)(?:しか|いる(?:だけ|状況|状態)|おります|います)|ないと(?:[^。]{{0,12}})ません|遅(?:い|く|れ))"
        rf"|{who}(?:が|の)(?:復旧|対応|修理)し(?:ない限り|なければ|ないと)"
    )
