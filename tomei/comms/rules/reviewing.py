"""What exactly was approved, and which words changed since: one approval for both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from tomei.comms.rules.estimates import Estimate
from tomei.comms.rules.parts import PARTS
from tomei.kernel import ids, time
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

ASKED, COMMENT, CHANGE, APPROVED = "asked", "comment", "change", "approved"
LONGEST_COMMENT = 2_000
_TOKEN = re.compile(r"[A-Za-z0-9']+|\s+|.", re.DOTALL)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\ufeff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Change:
    """Words of one part in one language that went and came; `part` may also be state, audiences, files, estimate."""

    part: str
    language: str
    gone: str
    came: str


def version(
    parts: Mapping[str, Text],
    *,
    state: str,
    audiences: Iterable[str],
    files: Iterable[int] = (),
    estimate: Estimate | None = None,
) -> dict[str, Any]:
    """All that an approval covers, in one form however it came in. When we speak next is chosen when it is sent."""
    words = {
        f"{name}.{language}": said
        for name, text in parts.items()
        for language in LANGUAGES
        if (said := _plain(getattr(text, language)))
    }
    basis = {"from": "", "to": "", "confidence": "", "basis": {"ja": "", "en": ""}}
    if estimate is not None:
        basis = {
            "from": _moment(estimate.from_at), "to": _moment(estimate.to_at), "confidence": estimate.confidence,
            "basis": {language: _plain(getattr(estimate.basis, language)) for language in LANGUAGES},
        }  # fmt: skip
    return {
        "words": dict(sorted(words.items())), "state": state, "audiences": sorted(set(audiences)),
        "files": sorted(set(files)), "estimate": basis,
    }  # fmt: skip


def version_of_draft(data: Mapping[str, Any], *, state: str, zone: str) -> dict[str, Any]:
    """The same of what a draft keeps; `state` where none was chosen, `zone` in which its times were typed."""
    parts = {name: Text(*(str(data.get(f"{name}.{language}") or "") for language in LANGUAGES)) for name in PARTS}
    to, files = data.get("to") or [], data.get("file") or []
    return version(
        {name: text for name, text in parts.items() if text},
        state=str(data.get("state") or state),
        audiences=[str(one) for one in (to if isinstance(to, list) else [to])],
        files=[int(one) for one in (files if isinstance(files, list) else [files]) if str(one).isdigit()],
        estimate=_estimate(data, zone),
    )


def _estimate(data: Mapping[str, Any], zone: str) -> Estimate | None:
    start, end = str(data.get("est_from") or "").strip(), str(data.get("est_to") or "").strip()
    if not start or not end:
        return None
    try:
        from_at, to_at = time.parse_local(start, zone), time.parse_local(end, zone)
    except Refused:
        return None
    basis = Text(*(str(data.get(f"est_basis.{language}") or "") for language in LANGUAGES))
    return Estimate(from_at, to_at, basis, str(data.get("est_confidence") or ""))


def _moment(moment: Any) -> str:
    return str(moment.astimezone(time.UTC).isoformat(timespec="minutes"))


def _plain(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def digest(one: Mapping[str, Any]) -> str:
    return ids.digest(json.dumps(one, sort_keys=True, ensure_ascii=False))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Which words changed since it was approved, in reading order; empty when nothing did."""
    names = dict.fromkeys([*before["words"], *after["words"]])
    order = [f"{part}.{language}" for part in PARTS for language in LANGUAGES]
    found: list[Change] = []
    for name in sorted(names, key=lambda one: order.index(one) if one in order else len(order)):
        part, _, language = name.rpartition(".")
        old, new = before["words"].get(name, ""), after["words"].get(name, "")
        found += [Change(part, language, gone, came) for gone, came in _differing(old, new)]
    for part in ("state", "audiences", "files", "estimate"):
        if before[part] != after[part]:
            found.append(Change(part, "", _said(before[part]), _said(after[part])))
    return found


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(filter(None, (_said(one) for one in value.values())))
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _differing(old: str, new: str) -> list[tuple[str, str]]:
    """Runs of words that went and came; two runs with one blank between are one."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    moves = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [
        ("".join(left[a:b]).strip(), "".join(right[c:d]).strip())
        for tag, a, b, c, d in moves
        if tag != "equal" and ("".join(left[a:b]).strip() or "".join(right[c:d]).strip())
    ]


def check_comment(text: str) -> str:
    """The comment as it is kept; refuses `review.no_words` and `review.too_long`."""
    said = _plain(text)
    if not said:
        raise Refused("review.no_words")
    if len(said) > LONGEST_COMMENT:
        raise Refused("review.too_long", length=len(said), limit=LONGEST_COMMENT)
    return said


def check_approver(approver: int | None, *, writers: Iterable[int | None], others: bool) -> None:
    """Four eyes: who wrote it does not approve it, unless nobody else in the house may. Refuses `review.own_words`."""
    if approver is None or (approver in set(writers) and others):
        raise Refused("review.own_words")
