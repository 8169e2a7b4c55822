"""Messages in Slack's Block Kit. Pure. What somebody typed stands in plain-text objects: no markup is read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tomei.integrations.slack.rules import escape

Block = dict[str, Any]
MOST_BLOCKS = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """What one person is shown. `text` is what a notification and a screen reader say."""

    text: str
    blocks: tuple[Block, ...] = ()

    def plus(self, *blocks: Block) -> Reply:
        return replace(self, blocks=(*self.blocks, *blocks))

    def as_json(self, *, instead: bool | None = None) -> dict[str, Any]:
        """Shown to nobody but the person who spoke; `instead` of the message that was pressed, or beside it."""
        whole: dict[str, Any] = {
            "response_type": "ephemeral", "text": escape(cut(self.text, 3000)),
            "blocks": list(self.blocks[:MOST_BLOCKS]) or [section(self.text)],
        }  # fmt: skip
        return whole if instead is None else whole | {"replace_original": instead}


def say(*lines: str) -> Reply:
    """Lines of plain text."""
    whole = "\n".join(line for line in lines if line)
    return Reply(whole, (section(whole),))


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(text, limit) or "–", "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def section(text: str) -> Block:
    return {"type": "section", "text": plain(text, 3000)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, 2000)]}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)[:25]}


def button(label: str, action: str, value: str = "", *, style: str = "", confirm: Block | None = None) -> Block:
    made: Block = {"type": "button", "text": plain(label, 75), "action_id": action, "value": value[:2000]}
    if style:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def link(label: str, url: str, action: str = "open") -> Block:
    """A button that opens a page of ours. Slack tells us of the press too; there is nothing to do then."""
    return {"type": "button", "text": plain(label, 75), "action_id": action, "url": url[:3000]}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """Asked before a press is sent."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def field(block: str, label: str, *, many_lines: bool = False, optional: bool = False, initial: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "typed", "multiline": many_lines, "max_length": 3000}
    if initial:
        element["initial_value"] = cut(initial, 3000)
    return {"type": "input", "block_id": block, "label": plain(label, 2000), "element": element, "optional": optional}


def choice(
    block: str, label: str, options: Sequence[tuple[str, str]], *, initial: str = "", optional: bool = False
) -> Block:
    """At most 100 options, as Slack takes them."""
    shown = [{"text": plain(said, 75), "value": value[:75]} for value, said in options[:100]]
    element: Block = {"type": "static_select", "action_id": "chosen", "options": shown}
    first = next((one for one in shown if one["value"] == initial), None)
    if first is not None:
        element["initial_option"] = first
    return {"type": "input", "block_id": block, "label": plain(label, 2000), "element": element, "optional": optional}
