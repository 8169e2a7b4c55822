"""Where signals come in and where they are looked at."""

from __future__ import annotations

from django.urls import path

from tomei.signals.web import doors, groups, sources

urlpatterns = [
    path("in/alertmanager/<str:key>", doors.receive, {"kind": "alertmanager"}, name="in.alertmanager"),
    path("in/generic/<str:key>", doors.receive, {"kind": "generic"}, name="in.generic"),
    path("signals/", groups.index, name="signals"),
    path("signals/<int:pk>/", groups.page, name="signals.page"),
    path("signals/<int:pk>/take/", groups.take, name="signals.take"),
    path("signals/<int:pk>/dismiss/", groups.dismiss, name="signals.dismiss"),
    path("signals/<int:pk>/watch/", groups.watch, name="signals.watch"),
    path("signals/watches/<int:pk>/loosen/", groups.loosen, name="signals.loosen"),
    path("signals/sources/", sources.index, name="signals.sources"),
    path("signals/sources/<int:pk>/", sources.page, name="signals.source"),
    path("signals/sources/<int:pk>/edit/", sources.edit, name="signals.source_edit"),
    path("signals/sources/<int:pk>/key/", sources.renew, name="signals.source_key"),
    path("signals/sources/<int:pk>/archive/", sources.archive, name="signals.source_archive"),
    path("signals/sources/<int:pk>/received/<int:received_id>/", sources.received, name="signals.received"),
]
