"""Files in a form: stored as soon as they arrive, so that whatever is refused afterwards loses none of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from tomei.cases.facts import IncidentFacts
from tomei.comms import forms
from tomei.files import actions as files
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


def verb_of(request: HttpRequest, default: str) -> str:
    """Which button was pressed; the one that takes a file off the list carries its id."""
    return "drop" if "drop" in request.POST else request.POST.get("do", default)


def taken(
    request: HttpRequest, incident: IncidentFacts, one: forms.Typed, by: Actor
) -> tuple[forms.Typed, Refused | None]:
    """The form with what was sent along and without what was taken off; and why the first bad file was not kept."""
    dropped = request.POST.get("drop", "")
    ids = [pk for pk in one.files if str(pk) != dropped]
    wrong: Refused | None = None
    for sent in request.FILES.getlist("files"):
        if not sent:
            continue
        try:
            about = f"incident:{incident.id}"
            kept = files.add(sent.name or "", sent.content_type or "", sent, about=about, by=by, now=time.now())
            ids.append(kept.id)
        except Refused as error:
            wrong = wrong or error
    return replace(one, files=tuple(ids)), wrong
