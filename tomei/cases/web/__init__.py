"""Pages and posted verbs of incidents and cases. `room_context` feeds the war room of `tomei.web`."""

from __future__ import annotations

from django.urls import path

from tomei.cases.authority import web as authority
from tomei.cases.claims import web as claims
from tomei.cases.duties import web as duties
from tomei.cases.evidence import web as evidence
from tomei.cases.playbooks import web as playbooks
from tomei.cases.stakes import web as stakes
from tomei.cases.waiting import web as waiting
from tomei.cases.web import brief, case_pages, case_verbs, handover, impacts, load, pages, verbs
from tomei.cases.web.room import room_context

__all__ = ["room_context", "urlpatterns"]

_INCIDENT = "incidents/<str:key>/"
_CASE = "cases/<str:key>/"
_OVER = f"{_INCIDENT}hand-over/<int:pk>/"

urlpatterns = [
    path("incidents/", pages.incidents, name="cases.incidents"),
    path("incidents/export.csv", pages.export_csv, name="cases.export_csv"),
    path("incidents/export.json", pages.export_json, name="cases.export_json"),
    path("incidents/declare/", pages.declare, name="cases.declare"),
    path("people/load/", load.page, name="cases.load"),
    path("people/load/export.csv", load.export_csv, name="cases.load_csv"),
    path("people/load/export.json", load.export_json, name="cases.load_json"),
    path("people/load/limits/", load.limits, name="cases.load_limits"),
    path("cases/", case_pages.cases, name="cases.cases"),
    path("cases/open/", case_pages.open_case, name="cases.open_case"),
    path(f"{_INCIDENT}timeline/", pages.timeline, name="cases.timeline"),
    path(f"{_INCIDENT}timeline/export.json", pages.timeline_json, name="cases.timeline_json"),
    path(f"{_INCIDENT}timeline/export.txt", pages.timeline_text, name="cases.timeline_text"),
    path(f"{_INCIDENT}customers/", pages.customers_tab, name="cases.customers"),
    path(f"{_INCIDENT}edit/", pages.edit, name="cases.edit"),
    path(f"{_INCIDENT}impacts/", impacts.page, name="cases.impacts"),
    path(f"{_INCIDENT}hand-over/", handover.hand_overs_tab, name="cases.hand_overs"),
    path(f"{_INCIDENT}hand-over/start/", handover.start, name="cases.hand_over_start"),
    path(_OVER, handover.hand_over, name="cases.hand_over"),
    path(f"{_OVER}pack.txt", handover.hand_over_text, name="cases.hand_over_text"),
    path(f"{_OVER}pack.json", handover.hand_over_json, name="cases.hand_over_json"),
    path(f"{_OVER}<slug:name>/", handover.verb, name="cases.hand_over_verb"),
    *[path(f"{_INCIDENT}{name}/", view, name=f"cases.{name}") for name, view in verbs.VERBS.items()],
    path(f"{_INCIDENT}brief/", brief.page, name="cases.brief"),
    *[
        path(f"{_INCIDENT}{one.__name__}/", one, name=f"cases.{one.__name__}")
        for one in (brief.join, brief.go, brief.measure, brief.judge)
    ],
    *playbooks.urlpatterns,
    *waiting.urlpatterns,
    *authority.urlpatterns,
    *stakes.urlpatterns,
    path(_CASE, case_pages.case, name="cases.case"),
    *[path(f"{_CASE}{name}/", view, name=f"cases.case_{name}") for name, view in case_verbs.VERBS.items()],
    *claims.urlpatterns,
    *duties.urlpatterns,
    *evidence.urlpatterns,
]
