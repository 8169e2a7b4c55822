"""Words for the codes of the audit log; a code without words is shown as it is."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext_lazy

_CODES = {
    "session.opened": gettext_noop("Signed in"),
    "session.closed": gettext_noop("Signed out"),
    "session.refused": gettext_noop("Sign-in refused"),
    "session.ended_everywhere": gettext_noop("Signed out everywhere"),
    "password.set": gettext_noop("Password set"),
    "link.made": gettext_noop("Administrator link made on the console"),
    "person.made_administrator": gettext_noop("Administrator made by link"),
    "person.enrolled": gettext_noop("Person added"),
    "person.invited": gettext_noop("Person invited"),
    "person.joined": gettext_noop("Person joined"),
    "person.edited": gettext_noop("Person edited"),
    "person.deactivated": gettext_noop("Person deactivated"),
    "people.exported": gettext_noop("List of people exported"),
    "person.reactivated": gettext_noop("Person reactivated"),
    "team.made": gettext_noop("Team made"),
    "team.edited": gettext_noop("Team edited"),
    "team.removed": gettext_noop("Team removed"),
    "template.saved": gettext_noop("Template of updates saved"),
    "template.archived": gettext_noop("Template of updates archived"),
    "template.returned": gettext_noop("Template of updates returned"),
    "first_text.saved": gettext_noop("First notice by itself: text saved"),
    "first_text.approved": gettext_noop("First notice by itself: text approved"),
    "first_text.archived": gettext_noop("First notice by itself: text archived"),
    "first_text.returned": gettext_noop("First notice by itself: text returned"),
    "token.made": gettext_noop("API token made"),
    "token.revoked": gettext_noop("API token revoked"),
    "setting.changed": gettext_noop("Setting changed"),
    "audit.exported": gettext_noop("Audit log exported"),
    "room.asked": gettext_noop("Customer room: sign-in asked for"),
    "room.mailed": gettext_noop("Customer room: sign-in mailed"),
    "room.busy": gettext_noop("Customer room: too many sign-ins asked for"),
    "room.code_wrong": gettext_noop("Customer room: wrong code"),
    "room.entered": gettext_noop("Customer room: signed in"),
    "room.chosen": gettext_noop("Customer room: organisation chosen"),
    "room.left": gettext_noop("Customer room: signed out"),
    "room.device_revoked": gettext_noop("Customer room: device signed out"),
    "room.key_made": gettext_noop("Customer room: feed key made"),
    "room.key_revoked": gettext_noop("Customer room: feed key revoked"),
}
# Other features write codes of a noun and what was done to it; these words join into a label.
_NOUNS = {
    "session": pgettext_lazy("audit", "Sign-in"),
    "password": pgettext_lazy("audit", "Password"),
    "person": pgettext_lazy("audit", "Person"),
    "team": pgettext_lazy("audit", "Team"),
    "token": pgettext_lazy("audit", "API token"),
    "setting": pgettext_lazy("audit", "Setting"),
    "house": pgettext_lazy("audit", "Our house"),
    "organisation": pgettext_lazy("audit", "Organisation"),
    "contact": pgettext_lazy("audit", "Contact"),
    "contract": pgettext_lazy("audit", "Contract"),
    "policy": pgettext_lazy("audit", "Policy"),
    "calendar": pgettext_lazy("audit", "Calendar"),
    "product": pgettext_lazy("audit", "Product"),
    "component": pgettext_lazy("audit", "Component"),
    "uses": pgettext_lazy("audit", "Components in use"),
    "source": pgettext_lazy("audit", "Signal source"),
    "signal": pgettext_lazy("audit", "Signal"),
    "watch": pgettext_lazy("audit", "Watchdog"),
    "delivery": pgettext_lazy("audit", "Sending"),
    "endpoint": pgettext_lazy("audit", "Endpoint"),
    "subscriber": pgettext_lazy("audit", "Subscriber"),
    "mail": pgettext_lazy("audit", "Mail"),
    "file": pgettext_lazy("audit", "File"),
    "incidents": pgettext_lazy("audit", "Incidents"),
    "timeline": pgettext_lazy("audit", "Timeline"),
    "slack": pgettext_lazy("audit", "Slack"),
    "audit": pgettext_lazy("audit", "Audit log"),
    "room": pgettext_lazy("audit", "Customer room"),
}
_DONE = {
    "added": pgettext_lazy("audit", "added"),
    "edited": pgettext_lazy("audit", "edited"),
    "changed": pgettext_lazy("audit", "changed"),
    "renamed": pgettext_lazy("audit", "renamed"),
    "removed": pgettext_lazy("audit", "removed"),
    "archived": pgettext_lazy("audit", "archived"),
    "returned": pgettext_lazy("audit", "taken back"),
    "exported": pgettext_lazy("audit", "exported"),
    "read": pgettext_lazy("audit", "read"),
    "founded": pgettext_lazy("audit", "founded"),
    "default": pgettext_lazy("audit", "made the default"),
    "version": pgettext_lazy("audit", "new version"),
    "key_renewed": pgettext_lazy("audit", "new key"),
    "taken": pgettext_lazy("audit", "taken"),
    "dismissed": pgettext_lazy("audit", "dismissed"),
    "bound": pgettext_lazy("audit", "bound"),
    "linked": pgettext_lazy("audit", "linked"),
    "unlinked": pgettext_lazy("audit", "unlinked"),
    "loosened": pgettext_lazy("audit", "loosened"),
    "released": pgettext_lazy("audit", "released"),
    "dropped": pgettext_lazy("audit", "dropped"),
    "retried": pgettext_lazy("audit", "tried again"),
    "unsuppressed": pgettext_lazy("audit", "address freed"),
    "server_set": pgettext_lazy("audit", "server set"),
    "rotated": pgettext_lazy("audit", "new signing secret"),
    "tested": pgettext_lazy("audit", "tested"),
    "turned_on": pgettext_lazy("audit", "turned on"),
    "turned_off": pgettext_lazy("audit", "turned off"),
    "bulk": pgettext_lazy("audit", "many at once"),
    "searched": pgettext_lazy("audit", "searched"),
}


def label(code: str) -> str:
    """Words for a code in the reader's language."""
    if code in _CODES:
        return _(_CODES[code])
    noun, _dot, done = code.partition(".")
    if noun in _NOUNS and done in _DONE:
        return f"{_NOUNS[noun]}: {_DONE[done]}"
    return code


def nouns() -> list[tuple[str, str]]:
    """What the log may be filtered by."""
    return [(noun, str(words)) for noun, words in _NOUNS.items()]


def detail(data: dict[str, Any]) -> str:
    """The facts of an entry on one line, as they are: what changed is shown old → new."""
    parts = []
    for name, value in data.items():
        if name == "changed" and isinstance(value, dict):
            parts += [f"{field}: {_plain(pair[0])} → {_plain(pair[1])}" for field, pair in value.items()]
        elif value not in (None, "", [], {}):
            parts.append(f"{name}: {_plain(value)}")
    return "; ".join(parts)[:500]


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
