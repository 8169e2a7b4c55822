"""Where signals come in and where they are looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path

from tomei.signals import rules
from tomei.signals.web import compatible, doors, groups, heartbeats, mail, mapping, probes, silences, sources


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
    path("signals/heartbeats/", heartbeats.index, name="signals.heartbeats"),
    path("signals/heartbeats/<int:pk>/", heartbeats.page, name="signals.heartbeat"),
    path("signals/heartbeats/<int:pk>/pause/", heartbeats.pause, name="signals.heartbeat_pause"),
    path("signals/heartbeats/<int:pk>/resume/", heartbeats.resume, name="signals.heartbeat_resume"),
    path("signals/heartbeats/<int:pk>/key/", heartbeats.renew, name="signals.heartbeat_key"),
    path("signals/heartbeats/<int:pk>/delete/", heartbeats.delete, name="signals.heartbeat_delete"),
    path("signals/probes/", probes.index, name="signals.probes"),
    path("signals/probes/<int:pk>/", probes.page, name="signals.probe"),
    path("signals/probes/<int:pk>/pause/", probes.pause, name="signals.probe_pause"),
    path("signals/probes/<int:pk>/resume/", probes.resume, name="signals.probe_resume"),
    path("signals/probes/<int:pk>/try/", probes.attempt, name="signals.probe_try"),
    path("signals/probes/<int:pk>/delete/", probes.delete, name="signals.probe_delete"),
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
