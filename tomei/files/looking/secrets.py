"""What is masked in a text, in one table. Pure. A finding is a kind and a line: never the secret itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

KINDS = (
    "private_key", "aws", "github", "slack", "jwt", "bearer", "url_password", "assignment", "card", "my_number",
    "phone", "mail",
)  # fmt: skip
MOST_LINES = 200  # line numbers kept of one kind
_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINES = 500  # a key that never ends is over after so many lines


def luhn(text: str) -> bool:
    """Whether the digits of a card number hold together."""
    digits = [int(one) for one in text if one.isdecimal()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def my_number(text: str) -> bool:
    """The check digit of the Individual Number (個人番号), by the ordinance of 2014 (総務省令第85号)."""
    digits = [int(one) for one in text if one.isdecimal()]
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return digits[11] == (0 if rest <= 1 else 11 - rest)


@dataclass(frozen=True, slots=True)
class Rule:
    """`group` is what is masked of a match; `holds` may say that a match is none after all."""

    kind: str
    pattern: re.Pattern[str]
    group: int = 0
    holds: Callable[[str], bool] | None = None


_CARD = (
    r"(?<![\d.\-])(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|35\d{2}|6\d{3})([ -]?)\d{4}\1\d{4}\1\d{4}(?![\d\-])"
    r"|(?<![\d.\-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\d\-])"
)
_PHONE = (
    r"(?<![\d.\-])(?:\+81[ -]?(?:\(0\))?[1-9]\d{0,3}[ -]?\d{1,4}[ -]?\d{4}"
    r"|0(?:70|80|90|50|20)[ -]?\d{4}[ -]?\d{4}|0120[ -]?\d{3}[ -]?\d{3}|0\d{1,4}-\d{1,4}-\d{4}"
    r"|0\d{1,4}\(\d{1,4}\)\d{4})(?![\d\-])"
)
_NAME = (
    r"(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret|private[_-]?key"
    r"|auth[_-]?key|パスワード)"
)

_HARMLESS = frozenset(
    {"", "none", "null", "nil", "true", "false", "empty", "missing", "required", "invalid", "expired", "xxx", "xxxx"}
)

# In this order: what one rule has masked the next no longer sees.
TABLE: tuple[Rule, ...] = (
    Rule("aws", re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b")),
    Rule("aws", re.compile(r"(?i)aws.{0,20}?(?:secret|key).{0,20}?[=:\"' ]([0-9a-zA-Z/+]{40})(?![0-9a-zA-Z/+=])"), 1),
    Rule("github", re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255})\b")),
    Rule("slack", re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,250}")),
    Rule("slack", re.compile(r"https://hooks\.slack\.com/(?:services|workflows)/([0-9A-Za-z/_-]{20,100})"), 1),
    Rule("jwt", re.compile(r"\beyJ[0-9A-Za-z_-]{8,4000}\.eyJ[0-9A-Za-z_-]{2,8000}\.[0-9A-Za-z_-]{0,2000}")),
    Rule("bearer", re.compile(r"(?i)\b(?:bearer|basic)\s+([0-9A-Za-z._~+/=-]{8,4000})"), 1),
    Rule("url_password", re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"']{0,100}:([^\s/@\"']{1,200})@"), 1),
    Rule(
        "assignment",
        re.compile(rf"(?i)(?<![a-z]){_NAME}[\"']?\s{{0,3}}(?:=>|[=:：])\s{{0,3}}(\"[^\"\n]{{1,400}}\"|'[^'\n]{{1,400}}'|[^\s\"',;&<>]{{3,400}})"),
        1,
        lambda text: not text.startswith("[masked") and text.strip("\"'*").lower() not in _HARMLESS,
    ),
    Rule("card", re.compile(_CARD), 0, luhn),
    Rule("my_number", re.compile(r"(?<![\d.\-])(?<!\d{4} )\d{4}([ -]?)\d{4}\1\d{4}(?![\d\-]| \d{4})"), 0, my_number),
    Rule("phone", re.compile(_PHONE)),
)  # fmt: skip
MAIL = Rule("mail", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}(?![\w-])"))


@dataclass(slots=True)
class Masker:
    """Masks line by line, in order; `counts` and `lines` say what was found where."""

    mails: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    _inside: int = 0  # lines left of a private key

    def mask(self, line: str, number: int) -> str:
        """The line with what was found replaced by `[masked: kind]`."""
        line = self._key(line, number)
        if self._inside:
            return line
        for rule in (*TABLE, MAIL) if self.mails else TABLE:
            line = self._masked(rule, line, number)
        return line

    def _key(self, line: str, number: int) -> str:
        if self._inside:
            end = _END.search(line)
            self._inside = 0 if end else self._inside - 1
            return line[end.end() :] if end else "\n" * line.endswith("\n")
        begin = _BEGIN.search(line)
        if begin is None:
            return line
        self._found("private_key", number)
        end = _END.search(line, begin.end())  # a key in one line, as JSON holds it
        if end:
            return f"{line[: begin.start()]}[masked: private_key]{line[end.end() :]}"
        self._inside = _KEY_LINES
        return f"{line[: begin.start()]}[masked: private_key]" + "\n" * line.endswith("\n")

    def _masked(self, rule: Rule, line: str, number: int) -> str:
        def instead(match: re.Match[str]) -> str:
            secret = match[rule.group]
            if not secret or (rule.holds is not None and not rule.holds(secret)):
                return match[0]
            self._found(rule.kind, number)
            start, end = (edge - match.start() for edge in match.span(rule.group))
            return f"{match[0][:start]}[masked: {rule.kind}]{match[0][end:]}"

        return rule.pattern.sub(instead, line)

    def _found(self, kind: str, number: int) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        kept = self.lines.setdefault(kind, [])
        if len(kept) < MOST_LINES and (not kept or kept[-1] != number):
            kept.append(number)
