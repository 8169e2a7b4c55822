"""Answers that nobody uses: who is called, and in which words."""

from __future__ import annotations

from tomei.cases import queries as cases
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.live import actions as live
from tomei.oncall import actions as oncall
from tomei.wiring import sentences


def idle(event: Event) -> None:
    """The owner of the question; where nobody owns it, who is accountable for the incident and who leads it."""
    incident = cases.incident(event["incident_id"]) if event.facts.get("incident_id") else None
    woken = [event["owner_id"]] if event.facts.get("owner_id") else []
    if not woken and incident is not None:
        woken = [*cases.holders(incident.id).get("commander", ())] or [incident.owner_id]
    subject, text = _words(event, sentences.where(incident))
    key = f"question:{event['question_id']}:idle"
    pages = [
        oncall.Page(pk, key, subject, text, event["rank"], event["url"], None, incident.id if incident else None)
        for pk in dict.fromkeys(woken) if pk is not None
    ]  # fmt: skip
    oncall.page_bulk(pages, now=event.at)
    rung = [(f"person:{one.user_id}", "ring", {"text": subject.as_json(), "url": one.url}) for one in pages]
    live.publish_many(rung, now=event.at)


def _words(event: Event, where: str) -> tuple[Text, Text]:
    what, key, minutes = Text.of(event["what"]), event["key"], event["minutes"]
    return (
        Text(f"{where}{key}：回答が{minutes}分使われていません",
             f"{where}{key}: answered {minutes} min ago and unused"),
        Text(f"{what.said_in('ja')}\n使った結果か、使わない理由を顧客に伝えてください。",
             f"{what.said_in('en')}\nTell the customer what became of it, or why it was not used."),
    )  # fmt: skip
