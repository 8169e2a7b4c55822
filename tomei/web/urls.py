"""Addresses of the pages that join features."""

from __future__ import annotations

from django.urls import path, re_path

from tomei.web import demo, pages, room

urlpatterns = [
    path("", pages.now, name="now"),
    path("settings/", pages.settings_index, name="settings"),
    path("setup/", pages.setup_index, name="setup"),
    path("setup/<slug:name>/", pages.setup_step, name="setup-step"),
    path("health/", pages.health, name="health"),
    re_path(r"^health/jobs/(?P<job_id>[0-9]{1,18})/(?P<verb>retry|drop)/$", pages.dead_job, name="health-job"),
    path("demo/enter/", demo.enter, name="demo-enter"),
    path("healthz", pages.healthz, name="healthz"),
    path("incidents/<str:key>/", room.room, name="incident"),
]
