"""What a probe may ask, what an answer means, and how many in a row it takes to fire or to resolve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.signals.rules.deciding import CRITICAL

PROBE = "probe"
KINDS = ("http", "tcp", "tls")
METHODS = ("GET", "HEAD")
MOST_BODY = 64 * 1024  # of an answer is searched
KEPT = 100  # results of each probe
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_CHARSETS = ("utf-8", "cp932", "euc_jp")  # an old page's words are found, too
BOUNDS: Mapping[str, tuple[int, int]] = {
    "every_s": (30, 86400), "timeout_s": (1, 10), "failures": (1, 20), "successes": (1, 20), "status_from": (100, 599),
    "status_to": (100, 599), "warn_days": (1, 365), "critical_days": (0, 365),
}  # fmt: skip
TITLE = Text("「{name}」の外形監視が失敗しています", "Probe of {name} fails")
OUTCOMES: Mapping[str, Text] = {
    "ok": Text("正常", "good"),
    "wrong_status": Text("想定外の HTTP ステータスでした", "another HTTP status than expected"),
    "missing_text": Text("あるはずの文字列がありません", "the text that must be there is missing"),
    "forbidden_text": Text("あってはならない文字列があります", "a text that must not be there is there"),
    "timeout": Text("制限時間内に応答がありません", "no answer in time"),
    "refused": Text("接続を拒否されました", "the connection was refused"),
    "name": Text("ホスト名が見つかりません", "the host name was not found"),
    "cut_off": Text("接続が途中で切れました", "the connection was cut off"),
    "protocol": Text("HTTP として読めない応答でした", "the answer is no HTTP that can be read"),
    "unreachable": Text("ホストに届きません", "the host cannot be reached"),
    "not_allowed": Text("接続が許可されていないアドレスです", "its address is not allowed here"),
    "tls": Text("TLS の接続ができません", "no TLS connection could be made"),
    "expired": Text("証明書の期限が切れています", "the certificate has expired"),
    "not_yet_valid": Text("証明書はまだ有効ではありません", "the certificate is not valid yet"),
    "self_signed": Text("証明書が自己署名です", "the certificate signs itself"),
    "unknown_issuer": Text("証明書の発行者を確認できません", "the issuer of the certificate is not known"),
    "wrong_host": Text("証明書がこのホスト名のものではありません", "the certificate is for another host name"),
    "untrusted": Text("証明書を信頼できません", "the certificate is not trusted"),
    "ends_soon": Text("証明書の期限が近づいています", "the certificate expires soon"),
    "ends_now": Text("証明書の期限が間近です", "the certificate is about to expire"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What is asked, how often, and what counts. `target` is a URL, or `host:port`."""

    kind: str
    target: str
    every_s: int = 60
    timeout_s: int = 5
    failures: int = 2
    successes: int = 1
    method: str = "GET"
    status_from: int = 200
    status_to: int = 299
    must: str = ""
    must_not: str = ""
    warn_days: int = 21
    critical_days: int = 7


ROW = ("kind", "target", "every_s", "timeout_s", "failures", "successes")  # columns; the others are its options
OPTIONS = tuple(one.name for one in fields(Setting) if one.name not in ROW)


@dataclass(frozen=True, slots=True)
class Found:
    """One look. `outcome` is one of `OUTCOMES`; `detail` what was seen, without words."""

    outcome: str
    detail: str = ""
    severity: str = CRITICAL

    @property
    def is_good(self) -> bool:
        return self.outcome == "ok"


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: new, up, down; `bad` and `good` count looks in a row."""

    state: str = "new"
    severity: str = ""
    bad: int = 0
    good: int = 0


def step(standing: Standing, found: Found, setting: Setting) -> tuple[Standing, str | None]:
    """The new standing, and `firing` or `resolved` where that is to be told: also when a warning turns critical."""
    is_down = standing.state == "down"
    if found.is_good:
        good = min(standing.good + 1, setting.successes)
        if is_down and good < setting.successes:
            return replace(standing, bad=0, good=good), None
        return Standing("up", "", 0, good), "resolved" if is_down else None
    bad = min(standing.bad + 1, setting.failures)
    if not is_down and bad < setting.failures:
        return replace(standing, bad=bad, good=0), None
    worse = not is_down or (found.severity == CRITICAL and standing.severity != CRITICAL)
    severity = found.severity if worse else standing.severity
    return Standing("down", severity, bad, 0), "firing" if worse else None


def of_answer(setting: Setting, status: int, body: bytes) -> Found:
    """Of an HTTP answer; a redirect is an answer like any other and is not followed."""
    if not setting.status_from <= status <= setting.status_to:
        return Found("wrong_status", str(status))
    if setting.must and not _has(body, setting.must):
        return Found("missing_text", str(status))
    if setting.must_not and _has(body, setting.must_not):
        return Found("forbidden_text", str(status))
    return Found("ok", str(status))


def _has(body: bytes, text: str) -> bool:
    return any(given in body for given in (text.encode(name, "ignore") for name in _CHARSETS) if given)


def of_certificate(setting: Setting, ends_at: datetime, now: datetime) -> Found:
    left, day = ends_at - now, ends_at.date().isoformat()
    if left <= timedelta(0):
        return Found("expired", day)
    if left <= timedelta(days=setting.critical_days):
        return Found("ends_now", day)
    if left <= timedelta(days=setting.warn_days):
        return Found("ends_soon", day, "warning")
    return Found("ok", day)


def host_port(target: str, kind: str = "tcp") -> tuple[str, int]:
    """`host:port`, for TLS also `host` alone; refuses `probe.target`."""
    host, colon, port = target.rpartition(":")
    if kind == "tls" and (not colon or target.endswith("]")):
        host, port = target, "443"
    if not _HOST.fullmatch(host) or not (port.isascii() and port.isdecimal() and 0 < len(port) <= 5):
        raise Refused("probe.target", field="target")
    if not 0 < int(port) <= 65535:
        raise Refused("probe.target", field="target")
    return host.strip("[]"), int(port)


def checked(setting: Setting) -> Setting:
    """A setting that can be kept; refuses `field.not_a_choice`, `probe.target`, `probe.bounds` and `probe.range`."""
    for name, allowed in (("kind", KINDS), ("method", METHODS)):
        if getattr(setting, name) not in allowed:
            raise Refused("field.not_a_choice", field=name, value=str(getattr(setting, name))[:20])
    if setting.kind != "http":
        host_port(setting.target, setting.kind)
    for name, (least, most) in BOUNDS.items():
        value: Any = getattr(setting, name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Refused("probe.bounds", field=name, least=least, most=most)
    if setting.status_from > setting.status_to:
        raise Refused("probe.range", field="status_to")
    if setting.critical_days >= setting.warn_days:
        raise Refused("probe.range", field="critical_days")
    if setting.method == "HEAD" and (setting.must or setting.must_not):
        raise Refused("probe.no_body", field="method")
    return setting
