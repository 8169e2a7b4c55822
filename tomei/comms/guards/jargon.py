# ruff: noqa: E501 — patterns read better whole
"""Words from the engine room: hosts, addresses, stack traces, ticket numbers of others, letters nobody spelled out.

What the house says to its customers every day stands in its word list (settings) and passes, as do names of products.
"""

from __future__ import annotations

import re

from tomei.comms.guards.folding import Folded, without_overlap

MOST = 20
_PART = r"(?:db|dbs|sql|mysql|pg|postgres|redis|mongo|kafka|rabbit|rmq|elastic|es|web|www|app|api|srv|svr|server|host|node|vm|pod|k8s|kube|prod|prd|stg|dev|master|primary|replica|standby|slave|lb|gw|proxy|nginx|cache|worker|wkr|queue|batch|bat|esx|esxi|fw|sw|rt|nas|san|ldap|auth|edge|core|cluster|clstr|disk|raid|vol|ns|mx|smtp|cdn)"
_REGION = re.compile(
    r"(?:us|eu|ap|ca|sa|me|af|il|cn|mx)(?:-gov)?-(?:north|south|east|west|central)\w*-\d[a-z]?"
    r"|(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east|west|central)\w*-?[a-z]?\d?-?[a-z]?",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{2,5})?(?![\w.]*\d)"  # IPv4
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}(?![\w:])"
    r"|(?<![\w.-])[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?(?:\.[\w-]+)*\.(?:local|internal|corp|lan|intra|localdomain|svc)(?![\w-])"
    r"|(?<![\w.-])[a-z][a-z-]*\d+[a-z]?\.(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])"  # db03.example.jp
    rf"|(?<![\w.-])(?=[A-Za-z0-9_-]*\d)(?:[A-Za-z0-9]+[-_])*{_PART}\d{{0,4}}(?:[-_][A-Za-z0-9]+)+(?![\w-])"
    rf"|(?<![\w.-])(?:[A-Za-z0-9]+[-_])+{_PART}\d{{1,4}}(?![\w-])"
    rf"|(?<![\w.-])(?:db|web|app|srv|svr|host|node|vm|lb|gw|esx|redis|mysql|kafka|fw|ns|mx)\d{{1,4}}(?![\w-])"
    r"|(?<![\w.-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[0-9a-f]{8,10}-[a-z0-9]{5}(?![\w-])"  # a pod
    rf"|(?<![\w.-])(?:[a-z0-9]+[-_])*(?:prod|prd|stg|staging|internal|backend)(?:[-_][a-z0-9]+)+(?![\w-])"
    r"|(?<![\w-])ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?![\w-])|(?<!\w)i-[0-9a-f]{8,17}(?!\w)|(?<!\w)0x[0-9a-fA-F]{4,}(?!\w)"
    r"|Traceback\s+\(most\s+recent|(?<!\w)at\s+[\w.$]+\([\w$]+\.(?:java|kt|scala|cs|js|ts|py|go)(?::\d+)?\)|\bFile\s+\ufffc+,\s+line\s+\d+|\b[\w/.-]+\.(?:java|py|go|rb|php|js|ts|cs|cpp|c):\d+"
    r"|(?<!\w)(?:[a-z]+\.)*[A-Z][A-Za-z]*[a-z](?:Exception|Error)(?!\w)|(?<!\w)SIG(?:SEGV|KILL|TERM|ABRT)(?!\w)|(?<!\w)(?:OOMKilled|CrashLoopBackOff|ImagePullBackOff|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOSPC|EOF|NPE)(?!\w)"
    r"|\b(?i:segfaults?|segmentation\s+fault|core\s+dumps?|kernel\s+panic|heap\s+dump|stack\s*trace|null\s+pointer|deadlocks?|split[\s-]brain|failover\s+cluster|oom)\b|ヌルポ|ぬるぽ|スタックトレース|コアダンプ|カーネルパニック|デッドロック|スプリットブレイン|フェイルオーバー?クラスタ"
    r"|(?<![\w/.:])/(?:var|etc|opt|usr|home|srv|mnt|tmp|proc|dev)/[\w./-]+|(?<!\w)[A-Z]:\\[\w\\.-]+"
    r"|(?<!\w)ORA-\d{4,5}(?!\d)",
    re.ASCII,
)
_TICKET = re.compile(
    r"(?-i:(?<![\w-])(?!(?:INC|CASE|ISO|UTF|SHA|RFC|COVID|CVE|HTTP|TLS|SSL|SEV|AES|MD|RS|JIS|GPT|PM|A|B|HD|USB|IPV|MP|FAX|TEL|NO|Q|FY|COV)-)[A-Z][A-Z0-9]{1,9}-\d{1,7}(?![\w-]))"
    r"|\b(?:vendor|support|internal|jira|servicenow|zendesk|change|service)\s+(?:ticket|case|request|record|issue)s?\s*(?:no\.?|number|id|#)?\s*[:#]?\s*(?=[A-Z#]*\d)[A-Z#]{0,4}\d{3,}"
    r"|\b(?:ticket|SR|CHG|RITM|PRB)\s*#?\s*\d{4,}"
    r"|(?:チケット|サポートケース|ケース|問い合わせ番号|変更番号|管理票|課題)(?:番号|No\.?)?\s*[::#]?\s*(?=[A-Z#-]*\d)[A-Z#-]{0,6}\d{3,}",
    re.IGNORECASE | re.ASCII,
)
_LETTERS = re.compile(r"(?<![A-Za-z0-9_./&-])[A-Z]{2,4}(?:s|\d)?(?![A-Za-z0-9_&]|-\d|-[A-Z]+-\d|\.[A-Za-z])")
_YOURS = re.compile(r"(?:\byour(?:s)?\b|お客様の|貴社の|いただいた|ご連絡の)[^.。]{0,24}$", re.IGNORECASE)
_VERSION = re.compile(
    r"(?:\bversion|\bver\.?|release|\bv|\brule|\bsection|バージョン|版|リリース|ビルド)\s*$", re.IGNORECASE
)
KNOWN = frozenset(
    """
    AM PM OK ID IDS IT PC TV EU US USA UK UAE JP EMEA APAC JST UTC GMT PST PDT EST EDT CET CEST BST CST
    FAQ PDF CSV URL URLS API APIS QR SMS FAX TEL ATM POS EC B2B AI VIP CEO CTO CFO COO HR PR NO ON OFF VS ETC NB RE PS
    HTML XML JSON JPEG JPG PNG GIF ZIP WEB APP WIFI LTE USB GPS NFC IC SIM HD SD DVD CD ISO JIS GDPR SEV INC CASE
    ETA UI UIS SSD SSDS SSH TLS HA PT ET CT MT
    SSL HTTPS HTTP VPN SSO MFA SLA OS IP ERP CRM SQL SDK VM LAN
    AWS GCP IBM NTT KDDI NEC SAP IIJ JR ANA JAL MS EDI FTP SFTP
    JPY USD EUR GBP KB MB GB TB PB MIN HRS
    FROM DATA ROOT ADD SET GET PUT USE FIX TEST TRUE FULL OPEN DOWN NEXT WITH THIS THAT WILL HAVE
    MINI NOT ALL DO AND OR IS ARE BE THE TO OF IN AT BY WE YOU ANY ONLY MUST NEW STOP NOW PLEASE NONE YES
    MON TUE WED THU FRI SAT SUN JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC
    NOTE TBD ASAP DRILL BCC CC TBA FYI LTD INC CO KK
    """.split()  # noqa: SIM905 — a list to be read
)
_ROMAN = re.compile(r"[IVX]{2,4}$")


def spans(folded: Folded, language: str, words: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where a reader outside the house would need one of us to explain. `words`: the house's own list, in capitals."""
    text = folded.text
    found = [hit.span() for hit in _THINGS.finditer(text) if not _plain(text, hit, words)]
    for hit in _TICKET.finditer(text):
        ours = _YOURS.search(text[max(0, hit.start() - 40) : hit.start()]) or hit[0].upper() in words
        if not ours:
            found.append(hit.span())
    found += [hit.span() for hit in _LETTERS.finditer(text) if not _spoken(text, hit, words)]
    return without_overlap(found)[:MOST]


def _plain(text: str, hit: re.Match[str], words: frozenset[str]) -> bool:
    """A region that customers choose, a version number, a word of the house; four numbers that are no address."""
    said = hit[0]
    if (
        said.upper() in words
        or _REGION.fullmatch(said)
        or _VERSION.search(text[max(0, hit.start() - 14) : hit.start()])
    ):
        return True
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)\.(\d+)", said)
    return bool(numbers and any(int(one) > 255 for one in numbers.groups()))


def _spoken(text: str, hit: re.Match[str], words: frozenset[str]) -> bool:
    """Known to every reader, or spelled out beside: "content delivery network (CDN)", "CDN (配信網)"."""
    said = hit[0]
    bare = said.rstrip("s0123456789")
    if {said.upper(), bare, said.rstrip("s")} & (KNOWN | words) or _ROMAN.match(said):
        return True
    before, after = text[: hit.start()].rstrip(), text[hit.end() :]
    if before[-1:] in "([" and after.lstrip()[:1] in (")", "]"):
        return bool(re.search(r"[^\W\d_]{2,}\s*[(\[]$", before))
    if re.match(r"\s?\((?=[^)]*[^\W\d_]{3})[^)]{4,}\)", after):
        return True
    line = text[text.rfind("\n", 0, hit.start()) + 1 : (text.find("\n", hit.end()) + 1 or len(text) + 1) - 1]
    letters = [one for one in line if one.isascii() and one.isalpha()]
    return len(letters) > 20 and sum(one.isupper() for one in letters) > 0.8 * len(letters)  # a line in capitals
