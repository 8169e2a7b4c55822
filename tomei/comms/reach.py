"""A channel accepted a message of ours: the update has reached that organisation (wired to `message.accepted`)."""

from __future__ import annotations

from tomei.comms.models import Reach, Update
from tomei.kernel.events import Event
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries


def reached(event: Event) -> None:
    """Write down the first acceptance per organisation, and that what this update kept has reached its readers.

    A promise to outside audiences is reached by a message to an organisation, an internal one by one to our people.
    """
    kind, _, number = str(event.facts.get("about") or "").partition(":")
    if kind == "notice" and number.isdigit():  # of a maintenance: what it kept names it
        promises.reached(act=f"notice:{number}", organisation_id=event.facts.get("organisation_id"), now=event.at)
    if kind != "update" or not number.isdigit():
        return
    found = Update.objects.filter(pk=int(number)).values_list("pk", "incident_id", "incident__drill").first()
    if found is None:
        return
    update_id, incident_id, drill = found
    organisation_id = event.facts.get("organisation_id")
    if organisation_id is not None:
        Reach.objects.filter(update=update_id, organisation=organisation_id, reached_at=None).update(
            reached_at=event.at
        )
    for promise in promise_queries.of_incident(incident_id):
        if promise.act != f"update:{update_id}":
            continue
        inside = promise.audience == "internal"
        if drill or inside == (organisation_id is None):
            promises.reached(promise.id, organisation_id=organisation_id, now=event.at)
