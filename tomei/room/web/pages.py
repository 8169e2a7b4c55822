"""The pages of a guest: what happens to them, one incident, the status page, devices and feeds."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.cases import views as case_views
from tomei.cases.declared import views as declared
from tomei.cases.stakes import views as stake_views
from tomei.comms import labels
from tomei.comms.maintenance import labels as work_labels
from tomei.comms.statuspage import html as status
from tomei.comms.statuspage import own, works
from tomei.comms.statuspage.page import IncidentView, PageView
from tomei.customers import queries as customers
from tomei.diagnosis import views as question_views
from tomei.diagnosis.words import STATES as QUESTION_STATES
from tomei.files import queries as files
from tomei.files.web import handed
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.promises import views as promise_views
from tomei.room import actions, declaring, queries
from tomei.room.door import away, guests
from tomei.room.facts import Guest
from tomei.room.web import waiting
from tomei.ui import refusals
from tomei.ui.answer import answer
from tomei.ui.parts import language

FORMS = ("atom", "rss", "json")


def shown(
    request: HttpRequest, reader: Guest, page: str, context: dict[str, Any], status_code: int = 200
) -> HttpResponse:
    """A page of the room. `say` speaks of updates in the reader's zone and language."""
    house, zone = customers.ours().name, reader.organisation.zone
    frame = PageView(house, zone, language(), time.now(), (), (), ())
    whole = {
        "guest": reader, "house_name": house.said_in(language()), "say": status.Say(frame, language()),
        "labels": labels, "steps": status.STEPS, "tab": page, **context,
    }  # fmt: skip
    return answer(request, f"room/{page}.html", whole, status=status_code)


@require_safe
@guests
def home(request: HttpRequest, reader: Guest) -> HttpResponse:
    """What is open for them, what we owe them, and what was: `?after=<id>` goes on."""
    after = request.GET.get("after", "")
    if after and not (after.isascii() and after.isdecimal() and len(after) < 18):
        raise Missing(after[:40])
    organisation, executive = reader.organisation, reader.contact.is_executive
    burning = () if after else own.listed(organisation, working=True, executive=executive)[0]
    past, following = own.listed(organisation, working=False, executive=executive, before=int(after or 0))
    promised = promise_views.made_to(organisation.id, ours=customers.ours().id)
    context = {
        "cases": () if after else declared.own(organisation.id), "declares": declaring.may(reader),
        "old_cases": () if after else declared.own(organisation.id, is_open=False, limit=5),
        "open": burning, "past": past, "after": after, "promised": promised,
        "next_url": f"/room/?after={following}" if following else "",
    }  # fmt: skip
    return shown(request, reader, "home", context)


@require_safe
@guests
def incident(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """Since when, what and why, who works on it, when they hear next; then every update and promise."""
    return incident_page(request, reader, key)


def incident_page(request: HttpRequest, reader: Guest, key: str, wrong: dict[str, Any] | None = None) -> HttpResponse:
    """The same page again with what was refused, and why."""
    organisation = reader.organisation
    one, facts = own.incident(key, organisation, executive=reader.contact.is_executive)
    case = case_views.case_of(facts.id, organisation.id) if one.mine else None
    promised: tuple[promise_views.PromiseView, ...] = ()
    if case is not None:
        promised = promise_views.made_to(
            organisation.id, ours=customers.ours().id, incident_id=facts.id, since=case.opened_at
        )
    context = {
        "deadlines": stake_views.named_by(facts.id, organisation.id) if case is not None else (),
        "one": one, "case": case, "crew": case_views.crew(facts) if one.is_open else case_views.CrewView(),
        "effect": _newest(one, "effect"), "cause": _newest(one, "known"), "theirs": _commanders(reader),
        "owed": [row for row in promised if not row.theirs and row.state == "open"],
        "ended": [row for row in reversed(promised) if not row.theirs and row.state not in ("open", "withdrawn")],
        "waiting": [row for row in promised if row.theirs and row.state == "open" and not row.asked],
        **(waiting.context(facts, reader, time.now()) if case is not None else {"went": None, "ending": None}),
        "questions": question_views.of_organisation(organisation.id, incident_id=facts.id),
        "question_states": QUESTION_STATES,
    }  # fmt: skip
    return shown(request, reader, "incident", context | (wrong or {}), 409 if wrong else 200)


def _newest(one: IncidentView, part: str) -> Any:
    """The newest words on this, from what stands; None when nothing was said."""
    standing = (dict(view.parts) for view in one.updates if view.corrected_by is None)
    return next((parts[part] for parts in standing if parts.get(part)), None)


def _commanders(reader: Guest) -> list[str]:
    """Who leads on the reader's own side."""
    return [one.name for one in customers.contacts(reader.organisation.id) if one.room_role == "commander"]


@require_safe
@guests
def state(request: HttpRequest, reader: Guest) -> HttpResponse:
    """The status page as this organisation sees it."""
    page = own.page(reader.organisation, time.now(), executive=reader.contact.is_executive, place="/room/")
    known = status.context(page, language(), None, history=False, month=None)
    parts = {name: known[name] for name in ("headline", "banner", "mark", "bars", "impact_words", "marks")}
    services = [(_("The services that you use"), status.groups([one for one in page.components if one.mine]))]
    if others := [one for one in page.components if not one.mine]:
        services.append((_("Other services"), status.groups(others)))
    context = {"page": page, "services": services, "say": known["say"], "work_labels": work_labels, **parts}
    return shown(request, reader, "status", context)


@require_safe
@guests
def maintenance(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """Planned work that was told to them or to the public."""
    work = works.told_one(key, reader.organisation.id)
    page = own.page(reader.organisation, time.now(), place="/room/")
    say = status.Say(page, language())
    return shown(request, reader, "maintenance", {"work": work, "say": say, "work_labels": work_labels})


@require_safe
@guests
def file(request: HttpRequest, reader: Guest, file_id: int, name: str) -> HttpResponseBase:
    """A file of an update that was told to them."""
    found = files.files([file_id]).get(file_id)
    executive = reader.contact.is_executive
    if (
        found is None
        or found.name != name
        or not own.may_read_file(found.about, reader.organisation, executive=executive)
    ):
        raise Http404
    return handed(request, found, cache="private, no-store")


@require_safe
@guests
def devices(request: HttpRequest, reader: Guest) -> HttpResponse:
    """Where they are signed in, and the keys of their feeds."""
    return _devices(request, reader)


def _devices(request: HttpRequest, reader: Guest, wrong: Refused | None = None) -> HttpResponse:
    context = {
        "devices": queries.devices(reader, time.now()), "keys": queries.keys(reader), "forms": FORMS,
        "said": refusals.said(wrong, language()) if wrong else None,
    }  # fmt: skip
    return shown(request, reader, "devices", context, 409 if wrong else 200)


@require_POST
@guests
def revoke_device(request: HttpRequest, reader: Guest, device_id: int) -> HttpResponse:
    actions.revoke_device(device_id, by=reader, now=time.now())
    return away("/room/devices/")


@require_POST
@guests
def make_key(request: HttpRequest, reader: Guest) -> HttpResponse:
    try:
        actions.make_key(by=reader, now=time.now())
    except Refused as error:
        return _devices(request, reader, error)
    return away("/room/devices/#feeds")


@require_POST
@guests
def revoke_key(request: HttpRequest, reader: Guest, key_id: int) -> HttpResponse:
    actions.revoke_key(key_id, by=reader, now=time.now())
    return away("/room/devices/#feeds")
