"""The console's part in an incident: declare, update, promises, and the tokens of programs that do the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tomei.site import console
from tomei.site.console import Json, call, say, show

tokens = typer.Typer(no_args_is_help=True, help="API tokens: create, list, revoke.")

Words = list[str] | None
Japanese = Annotated[str, typer.Option("--ja", help="The same in Japanese.")]
English = Annotated[str, typer.Option("--en", help="The same in English.")]
Next = Annotated[str, typer.Option("--next", help="Next update: 14:30, or an ISO 8601 moment with zone.")]
TWICE = " Give it a second time in the other language."
AUDIENCES = ["affected", "public"]


def join(app: typer.Typer) -> None:
    """Add these commands to the tool."""
    app.command()(declare)
    app.command()(update)
    app.command()(promises)
    app.add_typer(tokens, name="token")


def words(given: Sequence[str], *, ja: str = "", en: str = "") -> dict[str, str]:
    """Each text under its language, only those given: with kana or kanji it is Japanese, else English."""
    said = {"ja": ja, "en": en}
    for text in given:
        spoken = "ja" if re.search(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]", text) else "en"
        if said[spoken]:
            raise typer.BadParameter(f"two texts in the same language ({spoken}): {said[spoken]!r} and {text!r}")
        said[spoken] = text
    return {spoken: text for spoken, text in said.items() if text}


def declare(
    title: Annotated[str, typer.Argument(help="What fails, in the customer's words, in Japanese or English.")],
    severity: Annotated[str, typer.Option("--severity", "-s", help="SEV1a, SEV1b, SEV2, SEV3 or SEV4.")] = "SEV2",
    product: Annotated[int | None, typer.Option(help="Product number (see the catalogue).")] = None,
    component: Annotated[list[int] | None, typer.Option(help="Component number; may be repeated.")] = None,
    ja: Japanese = "",
    en: English = "",
    drill: Annotated[bool, typer.Option("--drill", help="An exercise: never leaves to customers.")] = False,
    as_json: Json = False,
) -> None:
    """Declare an incident. A title in one language shows in both."""
    console.load()
    body = {
        "title": words([title], ja=ja, en=en), "severity": severity, "product_id": product,
        "component_ids": component or [], "drill": drill,
    }  # fmt: skip
    made = call("POST", "/incidents", body)
    from tomei.site import local  # on demand

    made["url"] = local.address() + made["url"]
    show(made) if as_json else say(f"{made['key']} {made['severity']} {title}\n{made['url']}")


def update(
    incident: Annotated[str, typer.Argument(help="INC-12")],
    doing: Annotated[str, typer.Argument(help="What is being done now (with --heartbeat: what was tried).")] = "",
    next_at: Next = "",
    ja: Japanese = "",
    en: English = "",
    effect: Annotated[Words, typer.Option(help="What customers notice." + TWICE)] = None,
    known: Annotated[Words, typer.Option(help="What is known of the cause." + TWICE)] = None,
    tried: Annotated[Words, typer.Option(help="What was tried." + TWICE)] = None,
    ask: Annotated[Words, typer.Option(help="What customers should do." + TWICE)] = None,
    state: Annotated[str, typer.Option(help="investigating, identified, mitigating, monitoring, restored …")] = "",
    proof: Annotated[str, typer.Option(help="How you know that service is back (with --state restored).")] = "",
    reason: Annotated[str, typer.Option(help="Why it was no incident (with --state dismissed).")] = "",
    to: Annotated[Words, typer.Option("--to", help="public, affected, internal, executives; repeatable.")] = None,
    heartbeat: Annotated[bool, typer.Option("--heartbeat", help="Still on it: goes where we told before.")] = False,
    overrule: Annotated[Words, typer.Option(help="GUARD=REASON: send although this guard objects.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Yes, send to every organisation it names.")] = False,
    as_json: Json = False,
) -> None:
    """Publish an update of an incident; its words are Japanese when they hold kana or kanji, else English."""
    console.load()
    said = {"effect": words(effect or []), "known": words(known or []), "tried": words(tried or []),
            "ask": words(ask or []), "doing": words([doing] if doing else [], ja=ja, en=en)}  # fmt: skip
    body: dict[str, Any] = {"next_at": _moment(next_at), "overrules": {}}
    more: dict[str, Any]
    if heartbeat:
        path, more = "heartbeat", {"tried": said["doing"] or said["tried"], "audiences": to or []}
    else:
        parts = {name: text for name, text in said.items() if text}
        path, more = "updates", {"parts": parts, "audiences": to or AUDIENCES, "state": state or None, "proof": proof,
                                 "reason": reason, "confirmed": confirm}  # fmt: skip
    made = _publish(f"/incidents/{incident}/{path}", body | more, _reasons(overrule or []))
    show(made) if as_json else say(_sent(made))


def _moment(text: str) -> str | None:
    from tomei.site import console_time  # on demand

    return console_time.moment(text) if text else None


def _reasons(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not guard or not reason.strip() for guard, _, reason in pairs):
        raise typer.BadParameter("--overrule wants GUARD=REASON, e.g. --overrule 'vague=no time can be named yet'")
    return {guard.strip(): reason.strip() for guard, _, reason in pairs}


def _publish(path: str, body: dict[str, Any], reasons: dict[str, str]) -> dict[str, Any]:
    """Send it; reasons by guard become reasons by finding when the guards have spoken."""
    from tomei.site import local  # on demand

    try:
        return dict(console.ask("POST", path, body))
    except local.Answer as answer:
        found = (answer.problem.get("facts") or {}).get("findings", [])
        known = {one["key"]: reasons[one["guard"]] for one in found if one["guard"] in reasons}
        if answer.problem.get("code") == "update.guard" and found and len(known) == len(found):
            return _publish(path, body | {"overrules": known}, {})
        raise console.refused(answer, *_ways_out(answer.problem)) from None


def _ways_out(problem: dict[str, Any]) -> list[str]:
    """What the page does with a button, this command does with an option."""
    if problem.get("code") == "update.confirm":
        return ["To send it, say the same again with --confirm."]
    if problem.get("code") == "update.guard":
        found = problem["facts"]["findings"]
        lines = [f"  {one['guard']} ({one['part']}, {one['language']}): {one['match']}" for one in found]
        guards = " ".join(f"--overrule {guard}=REASON" for guard in dict.fromkeys(one["guard"] for one in found))
        return [*lines, f"To send it as it is, add {guards}"]
    return []


def _sent(made: dict[str, Any]) -> str:
    from tomei.site import local  # on demand

    messages = sum(row["messages"] for row in made["reach"])
    kind = made["kind"] if made["kind"] != "update" else f"update, {made['state']}"
    lines = [f"{made['incident']} #{made['number']} ({kind}) to {', '.join(made['audiences'])}: {messages} messages."]
    if made["next_at"]:
        lines.append(f"Next update by {console.clock(made['next_at'])}.")
    if made["report_due_at"]:
        lines.append(f"Report due by {console.clock(made['report_due_at'])}.")
    if messages and not local.runs():
        lines.append("Tomei does not run: they leave when it starts.")
    return "\n".join(lines)


def promises(
    state: Annotated[str, typer.Option(help="open, overdue, kept, late, missed or withdrawn.")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: Json = False,
) -> None:
    """List what is owed, most urgent first."""
    console.load()
    page = call("GET", f"/promises?state={state}&limit={limit}")
    if as_json:
        show(page)
        return
    from rich.console import Console  # on demand
    from rich.table import Table  # on demand

    table = Table("due", "what", "where", "state", "owner", box=None)
    for item in page["items"]:
        text = item["text"].get(console.language()) or item["kind"]
        standing = "overdue" if item["overdue"] else item["state"]
        table.add_row(console.clock(item["due_at"]), text, item["where"], standing, item["owner_name"] or "—")
    nothing = "Nothing is owed." if state == "open" else "None."
    Console().print(table if page["items"] else nothing)


@tokens.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    person: Annotated[str, typer.Option("--as", help="Mail address of the person it acts for.")],
    scope: Annotated[Words, typer.Option(help="A verb, e.g. read; repeatable. Default: read.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 365,
    as_json: Json = False,
) -> None:
    """Make an API token; it is shown once."""
    console.load()
    made = call("POST", "/tokens", {"name": name, "person": person, "scopes": scope or ["read"], "days": days})
    show(made) if as_json else say(made["token"])


@tokens.command("list")
def token_list(as_json: Json = False) -> None:
    """List API tokens with their scopes and last use."""
    console.load()
    page = call("GET", "/tokens")
    if as_json:
        show(page)
        return
    for item in page["items"]:
        used = console.clock(item["last_used_at"]) if item["last_used_at"] else "never used"
        say(f"{item['id']:>4}  …{item['hint']}  {item['name']}  {','.join(item['scopes'])}  {item['state']}  {used}")


@tokens.command("revoke")
def token_revoke(number: Annotated[int, typer.Argument(help="Number in `tomei token list`.")]) -> None:
    """Revoke an API token at once."""
    console.load()
    call("POST", f"/tokens/{number}/revoke")
    say("Revoked.")
