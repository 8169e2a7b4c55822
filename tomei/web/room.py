"""The war room `/incidents/INC-12/`: where do we stand and what is the next move?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.web import room_context, working
from tomei.comms import queries as comms
from tomei.comms.beforehand import web as beforehand
from tomei.comms.facts import UpdateFacts
from tomei.comms.maintenance import queries as maintenance
from tomei.diagnosis import queries as questions
from tomei.kernel import time
from tomei.ui.answer import answer
from tomei.ui.parts import language

PARTS = ("head_part", "strip_part", "side_part", "line_part")


def _shown(update: UpdateFacts | None) -> dict[str, object] | None:
    """The newest update with its words by part and language."""
    if update is None:
        return None
    return {
        "number": update.number, "published_at": update.published_at, "author_name": update.author_name,
        "next_at": update.next_at, "parts": {name: text.as_json() for name, text in update.parts.items()},
        "files": update.files, "writer": _writer(update), "automatic": update.automatic,
    }  # fmt: skip


def _writer(update: UpdateFacts) -> str:
    """Who wrote it, when somebody else sent it."""
    if update.drafted_by_id is None:
        return ""
    found = accounts.people([update.drafted_by_id]).get(update.drafted_by_id)
    return found.name if found else ""


@require_safe
def room(request: HttpRequest, key: str) -> HttpResponse:
    """The page, or the one part of it that changed (`?part=`)."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    context = room_context(incident, by, time.now(), language())
    context |= {"latest": _shown(comms.latest(incident.id)), "tab": "now"}
    context["questions"] = questions.standing(incident.id)
    context["maintenance"] = maintenance.of_incident(incident.id)
    context["alone"] = beforehand.line(incident, by)
    context |= working.lines(incident, by, language())
    part = request.GET.get("part", "")
    return answer(request, "web/room.html", context, block=part if part in PARTS else None)
