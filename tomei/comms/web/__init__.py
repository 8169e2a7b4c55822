"""Pages of updates and the public status page; the table of addresses."""

from __future__ import annotations

from django.urls import path

from tomei.comms.beforehand import web as beforehand
from tomei.comms.channels import web as channels
from tomei.comms.maintenance import web as maintenance
from tomei.comms.statuspage import addresses
from tomei.comms.subscribers import staff, web
from tomei.comms.web import composer, reviewing, status, templates, updates

_INCIDENT = "incidents/<str:key>/"

urlpatterns = [
    path(f"{_INCIDENT}update/", composer.compose, name="comms.compose"),
    path(f"{_INCIDENT}update/draft/", composer.draft, name="comms.draft"),
    path(f"{_INCIDENT}update/look/", composer.look, name="comms.look"),
    path(f"{_INCIDENT}update/review/", reviewing.review, name="comms.review"),
    path("settings/templates/", templates.index, name="comms.templates"),
    path("settings/templates/words/", templates.words, name="comms.words"),
    path("settings/templates/new/", templates.edit, name="comms.new_template"),
    path("settings/templates/<slug:key>/", templates.edit, name="comms.template"),
    path("settings/templates/<slug:key>/archive/", templates.archive, name="comms.archive_template"),
    path("updates/unapproved/", reviewing.unapproved, name="comms.unapproved"),
    path(f"{_INCIDENT}updates/<int:number>/looked/", reviewing.look_after, name="comms.look_after"),
    path(f"{_INCIDENT}first/", composer.first, name="comms.first"),
    path(f"{_INCIDENT}heartbeat/", updates.heartbeat, name="comms.heartbeat"),
    path(f"{_INCIDENT}updates/", updates.listed, name="comms.updates"),
    path(f"{_INCIDENT}updates/<int:number>/correct/", updates.correct, name="comms.correct"),
    path(f"{_INCIDENT}updates/<int:number>/translate/", updates.translate, name="comms.translate"),
    *maintenance.urlpatterns,
    *beforehand.urlpatterns,
    path("status/", status.page, name="status"),
    path("status/files/<int:file_id>/<str:name>", status.file, name="status-file"),
    path("status/subscribe/", web.ask, name="status-subscribe"),
    path("status/subscribe/<str:secret>/", web.confirm, name="status-confirm"),
    path("status/subscription/<str:secret>/", web.manage, name="status-subscription"),
    path("status/subscription/<str:secret>/unsubscribe/", web.leave, name="status-unsubscribe"),
    path("customers/<int:pk>/channels/", channels.index, name="comms.channels"),
    path("customers/<int:pk>/channels/<int:endpoint_id>/", channels.one, name="comms.channel"),
    path("customers/<int:pk>/channels/<int:endpoint_id>/<slug:verb>/", channels.act, name="comms.channel_act"),
    path("settings/subscribers/", staff.subscribers, name="comms.subscribers"),
    path("settings/subscribers/<int:subscriber_id>/remove/", staff.remove, name="comms.remove_subscriber"),
    path("status/history/", status.page, name="status-history"),
    path("status/how-we-work/", status.page, name="status-work"),
    path("status/incidents/<str:key>/", status.page, name="status-incident"),
    path("status/maintenances/<str:key>/", status.page, name="status-maintenance"),
    path(addresses.CALENDAR.lstrip("/"), status.page, name="status-calendar"),
    *(path(address.lstrip("/"), status.page) for address in (*addresses.ENDPOINTS, *addresses.FEEDS)),
    *(path(f"status/components/<slug:component>/feed.{form}", status.page) for form in addresses.FEED_KINDS),
]
