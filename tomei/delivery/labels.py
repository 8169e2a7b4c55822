"""What states, purposes and reasons are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "waiting": pgettext_lazy("message", "waiting"),
    "held": pgettext_lazy("message", "held"),
    "failed": pgettext_lazy("message", "failed"),
    "sent": pgettext_lazy("message", "accepted"),
    "dropped": pgettext_lazy("message", "dropped"),
}
PURPOSES = {
    "page": pgettext_lazy("message", "Page"),
    "update": pgettext_lazy("message", "Update"),
    "digest": pgettext_lazy("message", "Digest"),
    "test": pgettext_lazy("message", "Test"),
    "invite": pgettext_lazy("message", "Invitation"),
    "reset": pgettext_lazy("message", "Password reset"),
}
TEMPLATES = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "mattermost": "Mattermost",
    "ntfy": "ntfy",
    "pagerduty": "PagerDuty",
    "generic": _("Generic webhook"),
}
REASONS = {
    "restored": _("A backup was restored. What waited in it may have been sent already."),
    "instance_changed": _("The database and this data folder do not belong together: one of them is a copy."),
    "host_changed": _("This data folder was moved to another machine, or copied."),
    "address_changed": _("The address of this house (TOMEI_URL) is another one than before."),
}
SECURITY = {
    "starttls": _("STARTTLS, demanded (usually port 587)"),
    "tls": _("TLS from the start (usually port 465)"),
    "none": _("None demanded (STARTTLS where the server offers it)"),
}
