"""What our own endpoints are told: each event as a signed payload, or as a note in a chat.

Of restricted incidents nothing is said, whatever was asked for; of drills only to endpoints that want drills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from tomei.cases import queries as cases
from tomei.cases import words as case_words
from tomei.cases.facts import IncidentFacts
from tomei.comms import notes, views
from tomei.comms import queries as comms
from tomei.customers import queries as customers
from tomei.delivery.endpoints import queries, queueing
from tomei.delivery.endpoints.facts import EndpointFacts
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.promises import rules as promises
from tomei.wiring import sentences

_SAYS = {
    "incident.declared": Text("インシデントを宣言しました", "Incident declared"),
    "incident.moved": Text("状態が変わりました", "The state changed"),
    "incident.severity_changed": Text("重大度が変わりました", "The severity changed"),
    "incident.restored": Text("復旧しました", "Service is restored"),
    "incident.closed": Text("インシデントを完了しました", "Incident closed"),
    "incident.reopened": Text("再オープンしました", "Incident reopened"),
    "incident.dismissed": Text("誤報として扱いました", "Incident dismissed"),
    "promise.overdue": Text("約束の期限を過ぎました", "A promise is overdue"),
    "promise.missed": Text("約束が不履行になりました", "A promise was missed"),
    "case.opened": Text("案件を開きました", "Case opened"),
    "case.closed": Text("案件を完了しました", "Case closed"),
    "signal.proposed": Text("アラートの判断を待っています", "A signal waits for a decision"),
}
_STATE, _DUE, _CUSTOMER = Text("状態", "State"), Text("期限", "Due"), Text("顧客", "Customer")
_PROMISE = ("promise_id", "kind", "due_at", "owner_id", "case_id", "customer_id", "audience", "about", "told")
_SIGNAL = ("group_id", "title", "source", "component_id", "severity", "due_at", "promise_id")


@dataclass(frozen=True, slots=True)
class Told:
    """One event about to be told. `about` makes its messages unlike those of any other event."""

    name: str
    at: datetime
    about: str
    data: Mapping[str, Any]
    title: Text
    url: str
    facts: tuple[tuple[Text, Text], ...] = ()
    incident_id: int | None = None
    rank: int = 3
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # a ready note per language


def incident(event: Event) -> None:
    """Declared, moved, restored, closed: the incident as it stands now, with what changed."""
    listening = _listening(event.name, event)
    if listening:
        about = cases.incident(event["incident_id"])
        if not about.restricted:
            change = {name: event.facts[name] for name in ("old", "new") if name in event.facts}
            _tell(listening, _told(event.name, event.at, about, change, f"{about.id}:{about.seq}"))


def case(event: Event) -> None:
    """A case of an incident, or one that stands alone."""
    listening = _listening(event.name, event)
    if not listening or event.facts.get("restricted"):
        return
    found = cases.case(event["case_id"])
    about = cases.incident(found.incident_id) if found.incident_id is not None else None
    name = customers.organisation(found.organisation_id).name
    data = {
        "incident": _incident(about) if about else None,
        "case": {"key": found.key, "state": str(found.state), "organisation_id": found.organisation_id,
                 "organisation": name.as_json(), "url": f"{settings.TOMEI_URL}{found.url}"},
    }  # fmt: skip
    title = _titled(event.name, found.key, about.title if about else Text())
    _tell(listening, Told(event.name, event.at, f"case:{found.id}:{event.at.isoformat()}", data, title, found.url,
                          ((_CUSTOMER, name),), about.id if about else None))  # fmt: skip


def update(event: Event) -> None:
    """The update as we read it ourselves; a chat that hears it counts as reached for what is promised inside."""
    listening = _listening(event.name, event)
    if not listening or event.facts.get("restricted"):
        return
    found, about = comms.update(event["update_id"]), cases.incident(event["incident_id"])
    zone = customers.ours().zone
    seen = {one: views.view(found, about, audience="internal", language=one, zone=zone) for one in ("ja", "en")}
    data = notes.payload(seen["en"]) | {"audiences": list(found.audiences), "update_id": found.id}
    title = Text(notes.title(seen["ja"], "ja"), notes.title(seen["en"], "en"))
    _tell(listening, Told(event.name, event.at, f"update:{found.id}", data, title, about.url, (), about.id, about.rank,
                          {one: notes.note(view) for one, view in seen.items()}),
          reached=f"update:{found.id}" if "internal" in found.audiences else "")  # fmt: skip


def steps(event: Event) -> None:
    """Promises that ran over, or were missed for good; what was warned of before stays inside."""
    found = [one for one in event["steps"] if one["code"] in ("overdue", "missed") and not one["restricted"]]
    ours = queries.on() if found else []
    if not ours:
        return
    incidents = cases.incidents({one["incident_id"] for one in found if one["incident_id"]})
    for step in found:
        name = f"promise.{step['code']}"
        listening = [one for one in ours if name in one.events and (one.drills or not step["drill"])]
        if listening:
            _promise(name, step, listening, incidents.get(step["incident_id"] or 0), event)


def _promise(
    name: str, step: Mapping[str, Any], listening: list[EndpointFacts], about: IncidentFacts | None, event: Event
) -> None:
    what = Text.of(step.get("text")) or promises.kind(step["kind"]).words
    data = {
        "incident": _incident(about) if about else None,
        "promise": {one: step[one] for one in _PROMISE} | {"text": what.as_json()},
    }
    url = about.url if about else "/promises/"
    due = Text(*(_when(step["due_at"]) for _language in ("ja", "en")))
    _tell(listening, Told(name, event.at, f"{step['promise_id']}:{step['due_at']}", data,
                          _titled(name, sentences.where(about).strip(), what), url, ((_DUE, due),),
                          about.id if about else None, int(step["rank"])))  # fmt: skip


def signal(event: Event) -> None:
    listening = queries.listening(event.name)
    if not listening:
        return
    facts = event.facts
    url = f"/signals/{facts['group_id']}/"
    data = {"signal": {one: facts.get(one) for one in _SIGNAL} | {"url": f"{settings.TOMEI_URL}{url}"}}
    title = _titled(event.name, "", Text(str(facts["title"]), str(facts["title"])))
    _tell(listening, Told(event.name, event.at, f"signal:{facts['group_id']}:{event.at.isoformat()}", data, title, url))


def _listening(name: str, event: Event) -> list[EndpointFacts]:
    return queries.listening(name, drill=bool(event.facts.get("drill")))


def _told(name: str, at: datetime, about: IncidentFacts, change: Mapping[str, Any], mark: str) -> Told:
    state = case_words.STATES.get(str(about.state), Text(str(about.state), str(about.state)))
    title = _titled(name, sentences.where(about).strip(), about.title)
    return Told(name, at, mark, {"incident": _incident(about), "change": dict(change)}, title, about.url,
                ((_STATE, state),), about.id, about.rank)  # fmt: skip


def _titled(name: str, mark: str, what: Text) -> Text:
    says, head = _SAYS[name], f"{mark} " if mark else ""
    return Text(f"{head}{says.ja}：{what.said_in('ja')}", f"{head}{says.en}: {what.said_in('en')}")


def _incident(about: IncidentFacts) -> dict[str, Any]:
    return {
        "key": about.key, "title": about.title.as_json(), "severity": str(about.severity), "state": str(about.state),
        "drill": about.drill, "product_id": about.product_id, "owner_id": about.owner_id,
        "component_ids": sorted(one.component_id for one in cases.components_of(about.id)),
        "declared_at": about.declared_at.isoformat(), "restored_at": _iso(about.restored_at),
        "closed_at": _iso(about.closed_at), "next_due_at": _iso(about.next_due_at), "overdue": about.overdue,
        "url": f"{settings.TOMEI_URL}{about.url}",
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _when(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"


def _tell(listening: list[EndpointFacts], told: Told, *, reached: str = "") -> None:
    payload = queueing.event(told.name, told.data, told.at)
    hooks = []
    for one in listening:
        language = one.language or "ja"
        chat = one.kind != "webhook"
        hooks.append(
            queueing.HookIn(
                one.id, one.kind, one.hint, queueing.key(told.name, one.id, told.about), told.title.said_in(language),
                _note(told, language) if chat else payload, about=reached if chat else "",
            )
        )  # fmt: skip
    queueing.queue(hooks, purpose="event", rank=told.rank, now=told.at, incident_id=told.incident_id)


def _note(told: Told, language: str) -> Mapping[str, Any]:
    if language in told.words:
        return told.words[language]
    facts = [(name.said_in(language), value.said_in(language)) for name, value in told.facts]
    return queueing.note(told.title.said_in(language), "", url=f"{settings.TOMEI_URL}{told.url}", facts=facts)
