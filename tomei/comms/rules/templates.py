"""Templates per state and audience: shipped ones, the house's own in versions, the places to fill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tomei.comms.rules.audiences import AUDIENCES
from tomei.comms.rules.kinds import STATES
from tomei.comms.rules.parts import LONGEST, PARTS, TOLD
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

# What stands in braces. `next` is filled when it is sent, with the time that was then chosen.
PLACES = ("product", "components", "since", "key", "severity", "next")
LATER = "next"
LONGEST_NAME = 120
_PLACE = re.compile(r"\{([^{}\n]{0,60})\}")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Template:
    """`version` 0 is as shipped. Empty `states` or `audiences`: fits all of them."""

    key: str
    name: Text
    parts: Mapping[str, Text]
    states: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    version: int = 0
    is_archived: bool = False

    @property
    def ref(self) -> str:
        """What the update records: `identified v2`."""
        return f"{self.key} v{self.version}"


def fits(template: Template, state: str, audiences: Iterable[str]) -> bool:
    """May it be offered here: for this state, and written for somebody whom the update goes to."""
    to = {one.partition(":")[0].replace("customer", "affected") for one in audiences}
    by_state = not template.states or state in template.states
    return not template.is_archived and by_state and (not template.audiences or bool(to & set(template.audiences)))


def check_template(template: Template) -> Template:
    """Trimmed, whole and fillable. Refuses `template.bad_key`, `template.no_name`, `template.no_words`,
    `template.unknown_fit`, `template.unknown_place`, `template.half` and what parts refuse."""
    if not _KEY.fullmatch(template.key) or len(template.key) > 40:
        raise Refused("template.bad_key", key=template.key[:40])
    if template.name.missing or max(len(template.name.ja), len(template.name.en)) > LONGEST_NAME:
        raise Refused("template.no_name", limit=LONGEST_NAME)
    for name in (*template.states, *template.audiences):
        if name not in (*STATES, *AUDIENCES):
            raise Refused("template.unknown_fit", name=name[:40])
    for name, text in template.parts.items():
        _check_part(name, text)
    if not any(text for name, text in template.parts.items() if name in TOLD):
        raise Refused("template.no_words")
    return template


def _check_part(name: str, text: Text) -> None:
    if name not in PARTS:
        raise Refused("update.unknown_part", part=name[:40])
    for language in LANGUAGES:
        said = getattr(text, language)
        if len(said) > LONGEST:
            raise Refused("update.too_long", part=name, language=language, length=len(said), limit=LONGEST)
        unknown = next((one for one in _PLACE.findall(said) if one not in PLACES), None)
        if unknown is not None or said.count("{") != len(_PLACE.findall(said)):
            raise Refused("template.unknown_place", place=(unknown or "{")[:40], places=", ".join(PLACES))
    if text and text.missing:
        raise Refused("template.half", part=name)


def filled(parts: Mapping[str, Text], facts: Mapping[str, Text]) -> dict[str, Text]:
    """The parts with every place that `facts` knows filled in; the others stay, also braces that mean nothing here."""
    return {
        name: Text(*(_filled(getattr(text, language), facts, language) for language in LANGUAGES))
        for name, text in parts.items()
    }


def _filled(said: str, facts: Mapping[str, Text], language: str) -> str:
    return _PLACE.sub(lambda hit: getattr(facts[hit[1]], language) if hit[1] in facts else hit[0], said)


def waits_for_next(parts: Mapping[str, Text]) -> bool:
    """Does the text name the time of the next update?"""
    return any(f"{{{LATER}}}" in getattr(text, language) for text in parts.values() for language in LANGUAGES)


def _shipped(key: str, name: Text, states: tuple[str, ...], audiences: tuple[str, ...] = (), **parts: Text) -> Template:
    return Template(key, name, parts, states, audiences)


_OUTSIDE = ("public", "affected")
SHIPPED: tuple[Template, ...] = (
    _shipped(
        "first", Text("第一報", "First notice"), ("investigating",), _OUTSIDE,
        effect=Text(
            "{product}で障害が起きています。ご迷惑をおかけし、申し訳ございません。これは私たちのサービスの障害です。",
            "{product} is failing. We are sorry. This is a failure of our service.",
        ),
        known=Text(
            "影響が出ている部分: {components}（{since}から）。原因はまだわかっていません。",
            "Affected: {components}, since {since}. We do not know the cause yet.",
        ),
        doing=Text(
            "担当者が影響の範囲と原因を調べています。次の報告は{next}までに出します。",
            "Our people are finding out who is affected and why. We write again by {next}.",
        ),
    ),
    _shipped(
        "scope", Text("影響範囲の報告", "Scope"), ("investigating", "identified"), _OUTSIDE,
        scope=Text(
            "影響: {components}をお使いのお客様（{since}から）。ほかの機能は使えます。",
            "Affected: who uses {components}, since {since}. All else works.",
        ),
        doing=Text("次の報告は{next}までに出します。", "We write again by {next}."),
    ),
    _shipped(
        "identified", Text("原因の特定", "Cause identified"), ("identified",), _OUTSIDE,
        known=Text("{components}の不調の原因を特定しました: ", "We found why {components} is failing: "),
        doing=Text(
            "これから行うこと: \n次の報告は{next}までに出します。", "What we do now: \nWe write again by {next}."
        ),
        ask=Text("お願いしたいこと（なぜ、何のために）: ", "What we need from you, and why: "),
    ),
    _shipped(
        "mitigating", Text("対処中", "Mitigating"), ("mitigating",), _OUTSIDE,
        done=Text("前回からしたこと: ", "Done since the last update: "),
        doing=Text("いましていること: \n次の報告は{next}までに出します。", "Doing now: \nWe write again by {next}."),
        workaround=Text("それまでの回避策: ", "Until then you can: "),
    ),
    _shipped(
        "monitoring", Text("復旧の見守り", "Watching the recovery"), ("monitoring",), _OUTSIDE,
        done=Text("{components}は動いています。行ったこと: ", "{components} works again. What we did: "),
        doing=Text(
            "{next}まで見守り、そこで結果を報告します。", "We watch it until {next} and report then."
        ),
    ),
    _shipped(
        "restored", Text("復旧の報告", "Recovery notice"), ("restored",), _OUTSIDE,
        effect=Text(
            "{product}は復旧しました。ご不便をおかけし、申し訳ございませんでした。",
            "{product} is back. We are sorry for the trouble.",
        ),
        done=Text("復旧を確かめた方法: ", "How we made sure: "),
        ask=Text(
            "業務が戻っていない場合は、このメールにご返信ください。", "If your work is not back, reply to this mail."
        ),
    ),
    _shipped(
        "inside", Text("社内への状況共有", "To the house"), (), ("internal", "executives"),
        effect=Text("{key}（{severity}）: {product}、{since}から。", "{key} ({severity}): {product}, since {since}."),
        known=Text("わかっていること: \nわかっていないこと: ", "Known: \nNot known: "),
        doing=Text("していること（担当）: ", "Doing (who): "),
    ),
)  # fmt: skip
