"""Pages of the customer room; the table of addresses."""

from __future__ import annotations

from django.urls import path

from tomei.room.web import asking, declaring, ending, evidence, feeds, house, pages, signing

_EVIDENCE = "room/incidents/<str:key>/evidence/"
urlpatterns = [
    path("room/", pages.home, name="room"),
    path("room/sign-in/", signing.ask, name="room.sign_in"),
    path("room/sign-in/sent/", signing.sent, name="room.sent"),
    path("room/sign-in/code/", signing.code, name="room.code"),
    path("room/sign-in/link/<str:secret>/", signing.link, name="room.link"),
    path("room/choose/", signing.choose, name="room.choose"),
    path("room/sign-out/", signing.leave, name="room.leave"),
    path("room/status/", pages.state, name="room.status"),
    path("room/incidents/<str:key>/", pages.incident, name="room.incident"),
    path("room/declare/", declaring.declare, name="room.declare"),
    path("room/cases/<str:key>/", declaring.case, name="room.case"),
    path("room/cases/<str:key>/contest/", declaring.contest, name="room.contest"),
    path("room/cases/<str:key>/lead/", declaring.lead, name="room.lead"),
    path(_EVIDENCE, evidence.listed, name="room.evidence"),
    path(f"{_EVIDENCE}begin/", evidence.begin, name="room.evidence_begin"),
    path(f"{_EVIDENCE}uploads/<str:upload_key>/", evidence.upload, name="room.evidence_upload"),
    path(f"{_EVIDENCE}uploads/<str:upload_key>/<int:number>/", evidence.chunk, name="room.evidence_chunk"),
    path(f"{_EVIDENCE}<int:pk>/", evidence.one, name="room.evidence_one"),
    path(f"{_EVIDENCE}<int:pk>/file/", evidence.file, name="room.evidence_file"),
    path(f"{_EVIDENCE}<int:pk>/original/", evidence.original, name="room.evidence_original"),
    path(f"{_EVIDENCE}<int:pk>/describe/", evidence.describe, name="room.evidence_describe"),
    path("room/questions/", asking.index, name="room.questions"),
    path("room/questions/<str:key>/", asking.question, name="room.question"),
    path("room/questions/<str:key>/answer/", asking.answer, name="room.answer"),
    path("room/incidents/<str:key>/say/<slug:word>/", ending.say, name="room.say"),
    path("room/maintenances/<str:key>/", pages.maintenance, name="room.maintenance"),
    path("room/files/<int:file_id>/<str:name>", pages.file, name="room.file"),
    path("room/devices/", pages.devices, name="room.devices"),
    path("room/devices/<int:device_id>/revoke/", pages.revoke_device, name="room.revoke_device"),
    path("room/keys/", pages.make_key, name="room.make_key"),
    path("room/keys/<int:key_id>/revoke/", pages.revoke_key, name="room.revoke_key"),
    path("room/feed/<str:key>/<path:name>", feeds.feed, name="room.feed"),
    path("settings/room/", house.settings, name="room.settings"),
]
