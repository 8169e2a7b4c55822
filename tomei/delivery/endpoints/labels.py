"""What kinds, events and reasons are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "webhook": _("Signed webhook (JSON)"),
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "mattermost": "Mattermost",
}
EVENTS = {
    "incident.declared": _("An incident is declared"),
    "incident.moved": _("An incident changes its state"),
    "incident.severity_changed": _("A severity changes"),
    "incident.restored": _("Service is restored"),
    "incident.closed": _("An incident is closed"),
    "incident.reopened": _("An incident is reopened"),
    "incident.dismissed": _("An incident is dismissed"),
    "update.published": _("An update is published"),
    "promise.overdue": _("A promise is overdue"),
    "promise.missed": _("A promise is missed for good"),
    "case.opened": _("A case is opened"),
    "case.closed": _("A case is closed"),
    "signal.proposed": _("A signal waits for a decision"),
}
OFF = {
    "gone": _("The address answered that nothing will ever be taken there again."),
    "failing": _("Five days of failures without a break."),
    "person": _("Turned off by hand."),
}
