"""Who hears that an address outside fails or stops: of a contract's the account owner, of ours the administrators."""

from __future__ import annotations

from tomei.accounts import queries as accounts
from tomei.comms.channels import owners
from tomei.customers import queries as customers
from tomei.delivery.endpoints import queries as endpoints
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.oncall import actions as oncall

_FAILS = Text("送信先への送信が続けて失敗しています", "An endpoint fails again and again")
_STOPPED = Text("送信先への送信を停止しました", "An endpoint was stopped")
_MAIL = Text("顧客への通知は、代わりにメールで送ります。", "Notices to the customer go by mail instead.")
_LOOK = Text("送信先を確かめてから、送信を再開してください。", "Look into the address, then turn it on again.")
RANK = 3


def told(event: Event) -> None:
    """One page per state; of subscribers' own addresses they hear themselves."""
    if event["use"] == "subscriber":
        return
    subject = _STOPPED if event.name == "endpoint.stopped" else _FAILS
    where, url, woken, more = _house(event) if event["use"] == "house" else _contract(event)
    text = Text(*("\n".join((more.said_in(one), event["last_error"][:200])).strip() for one in ("ja", "en")))
    title = Text(f"{subject.ja}：{where.said_in('ja')}", f"{subject.en}: {where.said_in('en')}")
    key = f"{event.name}:{event['endpoint_id']}:{event.at.isoformat()}"
    oncall.page_bulk([oncall.Page(pk, key, title, text, RANK, url) for pk in woken], now=event.at)


def _house(event: Event) -> tuple[Text, str, list[int], Text]:
    name = event["label"] or event["host"]
    place = f"/settings/endpoints/{event['endpoint_id']}/"
    return Text(name, name), place, [one.id for one in accounts.administrators()], _LOOK


def _contract(event: Event) -> tuple[Text, str, list[int], Text]:
    owner = owners.organisation_of(endpoints.one(event["endpoint_id"], owners.USES))
    if owner is None:
        return Text(event["host"], event["host"]), "/customers/", [], _MAIL
    found = customers.organisation(owner)
    woken = (
        [found.account_owner_id] if found.account_owner_id else [one.id for one in accounts.active_people("commander")]
    )
    return found.name, f"/customers/{owner}/channels/{event['endpoint_id']}/", woken, _MAIL
