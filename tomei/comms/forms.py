"""What the composer posts, read into an `UpdateInput`; and back, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from tomei.cases.rules.impacts import Change as ImpactChange
from tomei.comms.facts import UpdateFacts, UpdateInput
from tomei.comms.labels import FIRST_NOTICE
from tomei.comms.rules import PARTS, Cadence, Estimate
from tomei.customers.rules import parse_span
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.ui import forms

KEPT = ("csrfmiddlewaretoken", "do", "seen", "confirmed", "next", "to", "file", "files", "drop", "review_of")
IMPACT_FIELDS = ("impact", "impact_from", "impact_until")  # each with the id of a component behind a dot
MOST_FILES = 50  # read from a form; how many may go out is a rule


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: single fields, ticked audiences, ids of files, and reasons by finding."""

    fields: Mapping[str, str] = field(default_factory=dict)
    to: tuple[str, ...] = ()
    files: tuple[int, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, default)

    def reason(self, key: str) -> str:
        return self.fields.get(f"reason.{key}", "")


def typed(posted: QueryDict) -> Typed:
    """Exactly what was typed, also what no rule would take."""
    kept = {name: posted.get(name) or "" for name in posted if name not in KEPT}
    kept["next"] = posted.get("next") or ""
    return Typed(
        {name: value[: forms.LONG] for name, value in kept.items()},
        tuple(posted.getlist("to")[:50]),
        _ids(posted.getlist("file")),
    )


def from_draft(data: Mapping[str, Any]) -> Typed:
    fields = {name: str(value) for name, value in data.items() if not isinstance(value, list)}
    to = data.get("to", [])
    files = data.get("file", [])
    return Typed(
        {name: value for name, value in fields.items() if name != "file"},
        tuple(map(str, to if isinstance(to, list) else [to] if to else [])),
        _ids([str(one) for one in (files if isinstance(files, list) else [files])]),
    )


def as_data(one: Typed) -> dict[str, Any]:
    """What the draft keeps; not a chosen time, which would be stale when it is read again."""
    return {
        **{name: value for name, value in one.fields.items() if _is_kept(name, value)},
        "to": list(one.to),
        **({"file": [str(pk) for pk in one.files]} if one.files else {}),
    }


def _is_kept(name: str, value: str) -> bool:
    """Of components only what is said of them: a catalogue of blank fields is no draft."""
    return name not in ("next", "draft_id", "state_v") and bool(value or name.partition(".")[0] not in IMPACT_FIELDS)


def from_update(update: UpdateFacts) -> Typed:
    """Begin with the words of the last update."""
    return Typed(part_fields(update.parts), update.audiences)


def from_old(update: UpdateFacts) -> Typed:
    """Begin with an update that is to be corrected: its words and its files."""
    return Typed(part_fields(update.parts), files=tuple(one.id for one in update.files))


def first_notice(product: Text) -> dict[str, Text]:
    """ "We failed, we are on it": no cause is needed to own it."""
    name_ja, name_en = product.said_in("ja") or "サービス", product.said_in("en") or "Our service"
    return {
        name: Text(text.ja.format(product=name_ja), text.en.format(product=name_en))
        for name, text in FIRST_NOTICE.items()
    }


def part_fields(parts: Mapping[str, Text]) -> dict[str, str]:
    return {f"{name}.{language}": getattr(text, language) for name, text in parts.items() for language in LANGUAGES}


def parts(one: Typed) -> dict[str, Text]:
    """The parts as they stand, cleaned of what no reader should get."""
    found = {name: Text(*(forms.clean(one.get(f"{name}.{language}")) for language in LANGUAGES)) for name in PARTS}
    return {name: text for name, text in found.items() if text}


def update_input(one: Typed, zone: str, *, state: str) -> UpdateInput:
    """Read everything; refuses a field that cannot be read (`time.…`, `field.…`), never a rule."""
    return UpdateInput(
        parts=parts(one),
        state=one.get("state") or state,
        audiences=tuple(dict.fromkeys(one.to)),
        next_at=next_at(one, zone),
        estimate=_estimate(one, zone),
        cadence=_cadence(one),
        overrules={name[7:]: value for name, value in one.fields.items() if name.startswith("reason.")},
        proof=forms.clean(one.get("proof")),
        reason=forms.clean(one.get("why")),
        seen_state_v=_whole(one.get("state_v")),
        draft_id=_whole(one.get("draft_id")),
        file_ids=one.files,
        template=one.get("template")[:60],
        impacts=impacts(one, zone),
    )


def impacts(one: Typed, zone: str) -> tuple[ImpactChange, ...]:
    """What is said of each component, in the order of the form; blank rows say nothing."""
    said: dict[int, dict[str, str]] = {}
    for name, value in one.fields.items():
        field, _dot, pk = name.partition(".")
        if field in IMPACT_FIELDS and value.strip() and (found := _whole(pk)) is not None:
            said.setdefault(found, {})[field] = value.strip()
    return tuple(
        ImpactChange(
            pk, fields.get("impact", ""),
            *(time.parse_local(fields[name], zone) if name in fields else None for name in IMPACT_FIELDS[1:]),
        )
        for pk, fields in said.items()
    )  # fmt: skip


def next_at(one: Typed, zone: str) -> datetime | None:
    """A tapped time (ISO), else the other one in the reader's zone; None when nothing was chosen."""
    chosen = one.get("next")
    if chosen and chosen != "other":
        return time.parse_moment(chosen)
    other = one.get("next_at").strip()
    return time.parse_local(other, zone) if other else None


def _estimate(one: Typed, zone: str) -> Estimate | None:
    start, end = one.get("est_from").strip(), one.get("est_to").strip()
    if not start and not end:
        return None
    if not start or not end:
        raise Refused("field.missing", field="est_from" if not start else "est_to")
    return Estimate(
        time.parse_local(start, zone),
        time.parse_local(end, zone),
        Text(*(forms.clean(one.get(f"est_basis.{language}")) for language in LANGUAGES)),
        one.get("est_confidence"),
        reason=Text(*(forms.clean(one.get(f"est_reason.{language}")) for language in LANGUAGES)),
    )


def _cadence(one: Typed) -> Cadence | None:
    span = one.get("cadence").strip()
    return Cadence(parse_span(span, "cadence"), forms.clean(one.get("agreed_by"))[:300]) if span else None


def _ids(texts: Sequence[str]) -> tuple[int, ...]:
    """The numbers among these, each once."""
    return tuple(dict.fromkeys(pk for text in texts[:MOST_FILES] if (pk := _whole(text))))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
