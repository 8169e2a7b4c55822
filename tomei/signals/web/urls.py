"""Where signals come in and where they are looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path

from tomei.signals import rules
from tomei.signals.web import compatible, doors, groups, mail, mapping, silences, sources


def _view(kind: str) -> Callable[..., HttpResponse]:
    return doors.receive_query if kind in doors.BY_QUERY else doors.receive


urlpatterns = [
    *(path(f"in/{kind}/<str:key>", _view(kind), {"kind": kind}, name=f"in.{kind}") for kind in rules.PARSERS),
    path("in/heartbeat/<str:key>", doors.ping, name="in.heartbeat"),
    path("in/heartbeat/<str:key>/", doors.ping, name="in.heartbeat_slash"),
    path("in/heartbeat/<str:key>/<str:word>", doors.ping, name="in.heartbeat_word"),
    path("in/mail/<str:key>", mail.receive, name="in.mail"),
    path("v2/enqueue", compatible.enqueue, name="pagerduty.enqueue"),
    path("v2/change/enqueue", compatible.enqueue, {"is_change": True}, name="pagerduty.change"),
    path("v2/alerts", compatible.create, name="opsgenie.create"),
    path("v2/alerts/requests/<str:request_id>", compatible.outcome, name="opsgenie.outcome"),
    path("v2/alerts/<path:identifier>/<str:operation>", compatible.act, name="opsgenie.act"),
    path("signals/", groups.index, name="signals"),
    path("signals/<int:pk>/", groups.page, name="signals.page"),
    path("signals/<int:pk>/take/", groups.take, name="signals.take"),
    path("signals/<int:pk>/dismiss/", groups.dismiss, name="signals.dismiss"),
    path("signals/<int:pk>/watch/", groups.watch, name="signals.watch"),
    path("signals/watches/<int:pk>/loosen/", groups.loosen, name="signals.loosen"),
    path("signals/silences/", silences.index, name="signals.silences"),
    path("signals/silences/<int:pk>/end/", silences.end, name="signals.silence_end"),
    path("signals/sources/", sources.index, name="signals.sources"),
    path("signals/sources/<int:pk>/", sources.page, name="signals.source"),
    path("signals/sources/<int:pk>/edit/", sources.edit, name="signals.source_edit"),
    path("signals/sources/<int:pk>/key/", sources.renew, name="signals.source_key"),
    path("signals/sources/<int:pk>/archive/", sources.archive, name="signals.source_archive"),
    path("signals/sources/<int:pk>/mapping/", mapping.page, name="signals.mapping"),
    path("signals/sources/<int:pk>/replay/", mapping.replay, name="signals.replay"),
    path("signals/sources/<int:pk>/received/<int:received_id>/", sources.received, name="signals.received"),
]
