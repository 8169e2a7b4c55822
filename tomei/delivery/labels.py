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
    "event": pgettext_lazy("message", "Event to an endpoint"),
    "digest": pgettext_lazy("message", "Digest"),
    "notice": pgettext_lazy("message", "Update to a subscriber"),
    "confirm": pgettext_lazy("message", "Confirmation of a subscription"),
    "test": pgettext_lazy("message", "Test"),
    "invite": pgettext_lazy("message", "Invitation"),
    "reset": pgettext_lazy("message", "Password reset"),
    "signin": pgettext_lazy("message", "Sign-in to the customer room"),
    "answer": pgettext_lazy("message", "Answer to a mail"),
    "chat": pgettext_lazy("message", "Message to a chat"),
}
TEMPLATES = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "mattermost": "Mattermost",
    "ntfy": "ntfy",
    "pagerduty": "PagerDuty",
    "generic": _("Generic webhook"),
}
# As what a message went out: beside what a person may choose for an address of theirs.
SENT_AS = {**TEMPLATES, "event": _("Generic webhook"), "slack_app": "Slack"}
CHANNELS = {
    "mail": _("Mail"),
    "webhook": _("Webhook"),
    **{kind: name for kind, name in TEMPLATES.items() if kind != "generic"},
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
KINDS_IN = {
    "": _("not read yet"),
    "bounce": _("Bounce"),
    "auto": _("Automatic"),
    "loop": _("Our own mail, come back"),
    "reply": _("Reply to a message of ours"),
    "declaration": _("Somebody writes to us"),
}
VERDICTS_IN = {
    "": "",
    "bounced": _("The message is shown as not delivered."),
    "suppressed": _("The message is shown as not delivered; no further update goes to its address."),
    "delayed": _("Not delivered yet; the server there keeps trying."),
    "unproven": _("Belongs to no message of ours: nothing followed."),
    "repeated": _("Told before: nothing changed."),
    "noted": _("Noted; nobody answers it."),
    "timeline": _("Stands on the timeline of its incident, unverified."),
    "signal": _("A signal, unverified."),
    "no_source": _("Its source is archived: no signal was made."),
}
SECURITY_IN = {
    "tls": _("TLS from the start (usually port 993)"),
    "starttls": _("STARTTLS, demanded (usually port 143)"),
    "none": SECURITY["none"],
}
