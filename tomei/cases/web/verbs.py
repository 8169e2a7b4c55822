"""One posted form, one verb of an incident, back to the page it came from. A refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tomei.accounts.doors import actor_of
from tomei.cases import actions, forms, queries, timeline
from tomei.cases.facts import IncidentFacts
from tomei.files import actions as files
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

Verb = Callable[[HttpRequest, IncidentFacts, Actor, datetime], str]
View = Callable[[HttpRequest, str], HttpResponse]
RIGHTS = {"erase": "house.configure", "role": "role.take", "promise": "promise.work"}


def zone() -> str:
    return timezone.get_current_timezone_name()


def local(moment: datetime | None) -> str:
    """A moment as a `datetime-local` field shows it."""
    if moment is None:
        return ""
    return moment.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%dT%H:%M")


def verb(act: Verb) -> View:
    """A view that finds the incident for this reader, acts, and says what it did where the form asked to return."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        by = actor_of(request)
        incident = queries.by_number(key, by)
        by.require(RIGHTS.get(act.__name__, "incident.work"))  # before any field is judged; the action decides
        try:
            message = act(request, incident, by, request.now)  # type: ignore[attr-defined]
        except Refused as error:
            if error.code != "role.too_little_rest":
                raise
            return _tired(request, incident, error)
        return done(request, request.POST.get("next") or incident.url, message)

    return view


def _tired(request: HttpRequest, incident: IncidentFacts, error: Refused) -> HttpResponse:
    """Too little rest: explained, with the form again and a field for why it must be this person all the same."""
    kept = [(name, request.POST[name]) for name in ("role", "user", "seen", "next") if request.POST.get(name)]
    context = {"incident": incident, "said": refusals.said(error, language()), "kept": kept}
    return answer(request, "cases/rest.html", context, status=422)


@verb
def note(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """A note, fact or decision; files are stored first and named in the same entry."""
    by.require("incident.work")
    audience = fields.choice(request.POST, "audience", timeline.AUDIENCES, required=False) or "internal"
    about = f"incident:{incident.id}"
    attached = [
        files.add(one.name or "", one.content_type or "", one, about=about, audience="internal", by=by, now=now).id
        for one in request.FILES.getlist("files")
        if one
    ]
    actions.note(
        incident.id, fields.text(request.POST, "body", fields.LONG, many_lines=True), audience=audience,
        kind=request.POST.get("kind") or "note", file_ids=attached, at=fields.moment(request.POST, "at", zone()),
        by=by, now=now,
    )  # fmt: skip
    return _("Added to the timeline.")


@verb
def spoke(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.spoke(
        incident.id, forms.numbers(request.POST, "organisations"), channel=request.POST.get("channel") or "phone",
        with_whom=fields.text(request.POST, "with_whom", 120), line=fields.text(request.POST, "line", 1000),
        at=fields.moment(request.POST, "at", zone()), by=by, now=now,
    )  # fmt: skip
    return _("Recorded. Their silence begins anew.")


@verb
def severity(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.set_severity(
        incident.id, request.POST.get("severity", ""), seen=forms.seen(request.POST),
        reason=fields.text(request.POST, "reason", 2000), by=by, now=now,
    )  # fmt: skip
    return _("Severity changed. You can undo it for 10 seconds.")


@verb
def move(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    moved = actions.move(
        incident.id, request.POST.get("move", ""), seen=forms.seen(request.POST),
        reason=fields.text(request.POST, "reason", 4000, many_lines=True),
        proof=fields.text(request.POST, "proof", 4000, many_lines=True), by=by, now=now,
    )  # fmt: skip
    return _("%(key)s is now: %(state)s.") % {"key": moved.key, "state": queries.state_word(moved.state)}


@verb
def role(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """Take or leave: `user` names somebody else, empty is whoever acts."""
    act = actions.leave_role if request.POST.get("verb") == "leave" else actions.take_role
    user_id = fields.number(request.POST, "user", 1)
    given: dict[str, Any] = {"user_id": user_id, "seen": forms.seen(request.POST), "by": by, "now": now}
    if act is actions.take_role:
        given["reason"] = fields.text(request.POST, "reason", 500)
    act(incident.id, request.POST.get("role", ""), **given)
    return _("Roles changed. You can undo it for 10 seconds.")


@verb
def undo(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.undo(incident.id, request.POST.get("what", ""), by=by, now=now)
    return _("Undone.")


@verb
def stamp(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    at = fields.moment(request.POST, "at", zone(), required=True)
    assert at is not None  # required above
    actions.stamp(
        incident.id, request.POST.get("name", ""), at=at, seen=forms.seen(request.POST),
        reason=fields.text(request.POST, "reason"), by=by, now=now,
    )  # fmt: skip
    return _("Time recorded.")


@verb
def title(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    new = fields.both(request.POST, "title", 300, required=True, many_lines=False)
    actions.retitle(incident.id, new, seen=forms.seen(request.POST), by=by, now=now)
    return _("Title changed.")


@verb
def restricted(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    hide = fields.ticked(request.POST, "restricted")
    actions.set_restricted(incident.id, hide, by=by, now=now)
    return _("Only role holders and administrators find it now.") if hide else _("Everybody here finds it again.")


@verb
def drill(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    rehearsed = fields.ticked(request.POST, "drill")
    actions.set_drill(incident.id, rehearsed, by=by, now=now)
    return _("This is a drill: nothing leaves to customers.") if rehearsed else _("This is no drill.")


@verb
def duplicate(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    original = queries.by_number(fields.text(request.POST, "of", 20, required=True), by)
    actions.duplicate(incident.id, original.id, by=by, now=now)
    return _("Its cases hang on %(key)s now.") % {"key": original.key}


@verb
def affected(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """Both lists as the form showed them; a component counts with the impact chosen beside it."""
    actions.edit_affected(
        incident.id, organisation_ids=forms.numbers(request.POST, "organisations"),
        components=_impacts(request.POST), by=by, now=now,
    )  # fmt: skip
    return _("Affected customers and components saved.")


def _impacts(posted: QueryDict) -> dict[int, str]:
    chosen = forms.numbers(posted, "components")
    return {pk: posted.get(f"impact.{pk}") or "major" for pk in chosen}


@verb
def case(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """Add a customer's case."""
    organisation_id = fields.number(request.POST, "organisation", 1, required=True)
    assert organisation_id is not None  # required above
    made = actions.add_case(
        incident.id, organisation_id, severity=request.POST.get("severity", ""),
        words=fields.text(request.POST, "words", 4000, many_lines=True), stop=fields.text(request.POST, "stop", 500),
        deadline_at=fields.moment(request.POST, "deadline", zone()), reported=fields.ticked(request.POST, "reported"),
        by=by, now=now,
    )  # fmt: skip
    return _("%(key)s opened.") % {"key": made.key}


@verb
def link(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """Link a case that stands alone."""
    linked = queries.case_by_number(fields.text(request.POST, "case", 20, required=True), by)
    actions.link_case(linked.id, incident.id, by=by, now=now)
    return _("%(key)s linked.") % {"key": linked.key}


@verb
def policy(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    version_id = fields.number(request.POST, "version", 1, required=True)
    assert version_id is not None  # required above
    actions.apply_policy(incident.id, version_id, by=by, now=now)
    return _("Policy applied. Told times stand.")


@verb
def correct(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """The time of an entry was wrong."""
    seq = fields.number(request.POST, "seq", 1, required=True)
    at = fields.moment(request.POST, "at", zone(), required=True)
    assert seq is not None and at is not None  # both required above
    timeline.correct_time(incident.id, seq, at=at, by=by, now=now)
    return _("Time corrected by an entry of its own.")


@verb
def erase(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    seq = fields.number(request.POST, "seq", 1, required=True)
    assert seq is not None  # required above
    timeline.erase(incident.id, seq, reason=fields.text(request.POST, "reason", required=True), by=by, now=now)
    return _("Body erased. The chain still verifies.")


@verb
def promise(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """A promise made to us, or by us, in one line."""
    actions.promise(incident_id=incident.id, **forms.promised(request.POST, zone()), by=by, now=now)
    return _("The promise is written down. Its clock runs.")


@verb
def threat(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    """A threat to cancel, from the war room: `case` says whose."""
    threatened = queries.case_by_number(ids.key("CASE", fields.number(request.POST, "case", 1, required=True) or 0), by)
    if threatened.incident_id != incident.id:
        raise Missing(threatened.key)
    actions.threat(threatened.id, fields.text(request.POST, "line", 1000), by=by, now=now)
    return _("The account owner was alerted.")


VERBS: dict[str, View] = {
    "note": note,
    "spoke": spoke,
    "severity": severity,
    "move": move,
    "role": role,
    "undo": undo,
    "stamp": stamp,
    "title": title,
    "restricted": restricted,
    "drill": drill,
    "duplicate": duplicate,
    "affected": affected,
    "case": case,
    "link": link,
    "policy": policy,
    "promise": promise,
    "correct": correct,
    "erase": erase,
    "threat": threat,
}
