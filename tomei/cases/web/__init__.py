"""Pages and posted verbs of incidents and cases. `room_context` feeds the war room of `tomei.web`."""

from __future__ import annotations

from django.urls import path

from tomei.cases.web import case_pages, case_verbs, pages, verbs
from tomei.cases.web.room import room_context

__all__ = ["room_context", "urlpatterns"]

_INCIDENT = "incidents/<str:key>/"
_CASE = "cases/<str:key>/"

urlpatterns = [
    path("incidents/", pages.incidents, name="cases.incidents"),
    path("incidents/export.csv", pages.export_csv, name="cases.export_csv"),
    path("incidents/export.json", pages.export_json, name="cases.export_json"),
    path("incidents/declare/", pages.declare, name="cases.declare"),
    path("cases/", case_pages.cases, name="cases.cases"),
    path("cases/open/", case_pages.open_case, name="cases.open_case"),
    path(f"{_INCIDENT}timeline/", pages.timeline, name="cases.timeline"),
    path(f"{_INCIDENT}timeline/export.json", pages.timeline_json, name="cases.timeline_json"),
    path(f"{_INCIDENT}timeline/export.txt", pages.timeline_text, name="cases.timeline_text"),
    path(f"{_INCIDENT}customers/", pages.customers_tab, name="cases.customers"),
    path(f"{_INCIDENT}edit/", pages.edit, name="cases.edit"),
    *[path(f"{_INCIDENT}{name}/", view, name=f"cases.{name}") for name, view in verbs.VERBS.items()],
    path(_CASE, case_pages.case, name="cases.case"),
    *[path(f"{_CASE}{name}/", view, name=f"cases.case_{name}") for name, view in case_verbs.VERBS.items()],
]
