"""The composer: what do we tell, to whom, and when do we speak next?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import actions, forms, offering, queries, rules
from tomei.comms.facts import DraftFacts, UpdateInput
from tomei.comms.web import attached, reviewing, shown
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import LANGUAGES, Text
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

TEMPLATE = "comms/compose.html"


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, key: str) -> HttpResponse:
    """`/incidents/INC-12/update/`: write; send, preview, ask for a review, or keep for later."""
    by = actor_of(request)
    by.require("update.draft")
    incident = cases.by_number(key, by)
    if request.method == "POST":
        return _posted(request, incident, by)
    one, kept = _begin(request, incident, by)
    extra: dict[str, Any] = {}
    if kept is not None:
        extra = {
            "saved": kept.saved_at,
            "version": kept.version,
            "draft_id": kept.id if kept.author_id != by.user_id else "",
        }
    return _page(request, incident, one, by, **extra)


def _begin(request: HttpRequest, incident: IncidentFacts, by: Actor) -> tuple[forms.Typed, DraftFacts | None]:
    """One's own draft, a colleague's (`?draft=`), the ready first notice, the last words (`?start=`), or nothing."""
    start, wanted = request.GET.get("start", ""), request.GET.get("draft", "")
    if wanted:
        if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 18:
            raise Missing(wanted[:20])
        kept = queries.draft_by_id(int(wanted), incident.id)
        return forms.from_draft(kept.data), kept
    mine = queries.draft(incident.id, by.user_id) if by.user_id is not None else None
    if request.GET.get("template"):
        return _from_template(incident, request.GET["template"], mine), mine
    if start == "first" or (not start and mine is None and not incident.updates):
        return forms.Typed(forms.part_fields(_ready(incident)), files=_files_of(mine)), mine
    last = queries.latest(incident.id)
    if start == "last" and last is not None:
        return replace(forms.from_update(last), files=_files_of(mine)), mine
    return (forms.from_draft(mine.data), mine) if mine is not None else (forms.Typed(), None)


def _from_template(incident: IncidentFacts, key: str, mine: DraftFacts | None) -> forms.Typed:
    """Its words over what was typed; state, audiences, times and files stay."""
    template = offering.one(key)
    kept = forms.from_draft(mine.data) if mine is not None else forms.Typed()
    words = forms.part_fields(offering.begun(template, incident, time.now()))
    blank = {f"{name}.{language}": "" for name in rules.PARTS for language in LANGUAGES}
    return replace(kept, fields={**kept.fields, **blank, **words, "template": template.ref})


def _files_of(kept: DraftFacts | None) -> tuple[int, ...]:
    return forms.from_draft(kept.data).files if kept is not None else ()


def _ready(incident: IncidentFacts) -> dict[str, Text]:
    name = customers.product(incident.product_id).name if incident.product_id is not None else Text()
    return forms.first_notice(name)


def _page(
    request: HttpRequest, incident: IncidentFacts, one: forms.Typed, by: Actor, *, status: int = 200, **extra: Any
) -> HttpResponse:
    filled = shown.context(incident, one, by=by, now=time.now(), language=language())
    filled |= reviewing.panel(incident, _draft_of(incident, one, by, extra.get("draft_id")), by)
    return answer(request, TEMPLATE, {**filled, "draft_id": one.get("draft_id"), **extra}, status=status)


def _draft_of(incident: IncidentFacts, one: forms.Typed, by: Actor, draft_id: object) -> DraftFacts | None:
    """The draft that the form is about: another person's when it names one, else one's own."""
    named = str(draft_id or one.get("draft_id"))
    if named.isascii() and named.isdigit() and len(named) < 18:
        return queries.draft_by_id(int(named), incident.id)
    return queries.draft(incident.id, by.user_id) if by.user_id is not None else None


def _posted(request: HttpRequest, incident: IncidentFacts, by: Actor) -> HttpResponse:
    verb, now = attached.verb_of(request, "send"), time.now()
    one, wrong = attached.taken(request, incident, forms.typed(request.POST), by)
    keep: dict[str, Any] = {"version": request.POST.get("seen", "")}
    if verb == "preview" and wrong is None:
        return _page(request, incident, one, by, **keep)
    try:
        if verb in ("attach", "drop"):
            keep["version"] = _saved(request, incident, one, by).version
        if wrong is not None:
            raise wrong
        if verb in ("attach", "drop"):
            return _page(request, incident, one, by, **keep)
        if verb in ("review", "later"):
            return _kept(request, incident, one, by, review=verb == "review")
        draft = forms.update_input(one, shown.zone(), state=incident.state)
        told = actions.publish(incident.id, draft, by=by, now=now, confirmed=bool(request.POST.get("confirmed")))
    except Refused as error:
        question = error.facts if error.code == "update.confirm" else None
        keep |= {"said": None if question else shown.said(error, language(), now), "confirm": question}
        return _page(request, incident, one, by, status=422, **keep)
    return done(request, f"{incident.url}updates/?sent=1", _("Update %(number)s was sent.") % {"number": told.number})


def _saved(request: HttpRequest, incident: IncidentFacts, one: forms.Typed, by: Actor) -> DraftFacts:
    """The draft as it stands in the form; `Stale` when somebody else saved it in between."""
    seen, other = request.POST.get("seen", ""), one.get("draft_id")
    return actions.save_draft(
        incident.id, forms.as_data(one), seen=int(seen) if seen.isdigit() and len(seen) < 18 else None,
        draft_id=int(other) if other.isdigit() and len(other) < 18 else None, by=by, now=time.now(),
    )  # fmt: skip


def _kept(request: HttpRequest, incident: IncidentFacts, one: forms.Typed, by: Actor, *, review: bool) -> HttpResponse:
    now = time.now()
    actions.save_draft(incident.id, forms.as_data(one), by=by, now=now)
    if not review:
        return done(request, incident.url, _("The draft was saved."))
    of = request.POST.get("review_of", "")
    person = int(of) if of.isascii() and of.isdigit() and len(of) < 18 else None
    actions.ask_review(incident.id, of=person, by=by, now=now)
    return done(request, f"{incident.url}updates/", _("A commander was asked to approve it."))


@require_POST
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Saved while typing: JSON with the new version, or who saved in between and when."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    try:
        kept = _saved(request, incident, forms.typed(request.POST), by)
    except Stale as error:
        said = shown.said(error, language(), time.now())
        return JsonResponse({"message": said.sentence, "way_out": said.way_out, **error.facts}, status=409)
    return JsonResponse({"seen": kept.version, "saved_at": kept.saved_at.isoformat()})


@require_POST
def look(request: HttpRequest, key: str) -> HttpResponse:
    """Guards and previews of what stands in the form now; nothing is kept."""
    by = actor_of(request)
    by.require("update.draft")
    incident = cases.by_number(key, by)
    one = forms.typed(request.POST)
    filled = shown.context(incident, one, by=by, now=time.now(), language=language())
    return answer(request, "comms/look.html", {**filled, "swap": True})


@require_POST
def first(request: HttpRequest, key: str) -> HttpResponse:
    """One tap: the ready first notice to the affected customers and the house, next time at the latest allowed."""
    by, now = actor_of(request), time.now()
    incident = cases.by_number(key, by)
    one = forms.Typed(forms.part_fields(_ready(incident)), ("affected", "internal"))
    policy = customers.policy_version(incident.policy_version_id)
    ready = UpdateInput(
        parts=_ready(incident), state=incident.state, audiences=one.to,
        next_at=shown.latest(incident, policy, now).replace(microsecond=0),
    )  # fmt: skip
    try:
        told = actions.publish(incident.id, ready, by=by, now=now, confirmed=bool(request.POST.get("confirmed")))
    except Refused as error:
        if error.code == "rights.missing":
            raise
        chosen = forms.Typed({**one.fields, "next": ready.next_at.isoformat() if ready.next_at else ""}, one.to)
        question = error.facts if error.code == "update.confirm" else None
        said = None if question else shown.said(error, language(), now)
        return _page(request, incident, chosen, by, status=422, said=said, confirm=question)
    return done(request, f"{incident.url}updates/?sent=1", _("Update %(number)s was sent.") % {"number": told.number})
