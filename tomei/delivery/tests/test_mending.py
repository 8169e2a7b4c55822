"""What could not be delivered: narrowed down, counted, and mended in slices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW, signed_in
from tomei.clock.models import Job
from tomei.delivery import hold, mending, rules
from tomei.delivery.mending import Filters
from tomei.delivery.models import Message
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db
BY = Actor("user", 1, "Master", rights=frozenset({"delivery.release"}))


def fill(count: int, **columns: Any) -> list[int]:
    start = Message.objects.count()
    given = {
        "channel": "mail", "address": "a@x.test", "purpose": "notice", "state": "failed", "created_at": NOW,
        "attempts": 3, "last_error": "550 5.1.1 no such user", **columns,
    }  # fmt: skip
    Message.objects.bulk_create([Message(key=f"k:{start + number}", **given) for number in range(count)])
    return list(Message.objects.order_by("pk").values_list("pk", flat=True)[start:])


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Message.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def slices() -> int:
    """Run what the clock would, without sending anything."""
    count = 0
    while (row := Job.objects.filter(kind="delivery.mend").first()) is not None:
        row.delete()
        mending._slice(row.payload, NOW)
        count += 1
    return count


@pytest.mark.parametrize(
    ("error", "reason"),
    [("550 5.1.1 no such user", "550 5.1.1"), ("410 gone", "410"), ("suppressed: asked", "suppressed"),
     ("hooks.example.com: refused", "hooks.example.com"),
     ("delivery.private_address {'host'", "delivery.private_address")],
)  # fmt: skip
def test_what_failed_alike_has_one_reason(error: str, reason: str) -> None:
    assert rules.reason(error) == reason and error.startswith(reason)


def test_filters_narrow_by_channel_reason_organisation_and_incident() -> None:
    fill(1)
    fill(1, last_error="421 busy", organisation_id=7)
    fill(1, channel="webhook", template="slack", last_error="404 no_service", incident_id=9)
    fill(1, channel="webhook", template="event", last_error="410 gone")
    chosen: dict[str, dict[str, Any]] = {
        "all": {}, "mail": {"channel": "mail"}, "slack": {"channel": "slack"}, "webhook": {"channel": "webhook"},
        "reason": {"reason": "550 5.1.1"}, "organisation": {"organisation_id": 7}, "incident": {"incident_id": 9},
        "state": {"state": "sent"},
    }  # fmt: skip
    counts = {name: mending.rows(Filters(**given)).count() for name, given in chosen.items()}
    assert counts == {
        "all": 4, "mail": 2, "slack": 1, "webhook": 1, "reason": 1, "organisation": 1, "incident": 1, "state": 0,
    }  # fmt: skip
    reasons, owners = mending.offered()
    assert (sorted(reasons), owners) == ([("404", 1), ("410", 1), ("421", 1), ("550 5.1.1", 1)], [7])


def test_ten_thousand_are_tried_again_in_slices() -> None:
    fill(10_000)
    kept = fill(1, last_error="421 busy")[0]
    wanted = Filters(state="failed", reason="550")
    counted = mending.counted(wanted, NOW)
    late = fill(1)[0]  # failed after it was counted: nobody saw it
    assert mending.begin("retry", wanted, upto=counted.upto, by=BY, now=NOW) == counted.count == 10_000
    assert Job.objects.filter(kind="delivery.send").count() == 0
    assert slices() == 51
    assert states() == {"waiting": 10_000, "failed": 2}
    assert set(Message.objects.filter(state="failed").values_list("pk", flat=True)) == {kept, late}
    assert Job.objects.filter(kind="delivery.send").count() == 10_000


def test_given_up_they_never_leave_and_what_was_sent_stays() -> None:
    fill(3)
    fill(2, state="sent")
    fill(1, state="waiting", attempts=0, next_try_at=NOW)
    assert mending.begin("give_up", Filters(), upto=10**6, by=BY, now=NOW) == 3
    slices()
    assert states() == {"dropped": 3, "sent": 2, "waiting": 1}


@pytest.mark.parametrize(
    ("verb", "by", "code"),
    [("burn", BY, "delivery.unknown_verb"), ("retry", BY, "delivery.nothing_to_mend"),
     ("retry", Actor("user", 1, "x", rights=frozenset({"read"})), "rights.missing")],
)  # fmt: skip
def test_what_is_refused_changes_nothing(verb: str, by: Actor, code: str) -> None:
    fill(2)
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        mending.begin(verb, Filters(channel="slack"), upto=10**6, by=by, now=NOW)
    assert (states(), Job.objects.count()) == ({"failed": 2}, 0)


def test_nothing_is_tried_again_while_sending_is_held() -> None:
    fill(2)
    mending.begin("retry", Filters(), upto=10**6, by=BY, now=NOW)
    hold.begin("restored", now=NOW)
    slices()
    assert states() == {"failed": 2}
    with pytest.raises(Refused, match=r"delivery\.is_held"):
        mending.begin("retry", Filters(), upto=10**6, by=BY, now=NOW)


def test_the_page_counts_before_it_acts(house: Any, admin: Any) -> None:
    fill(3)
    client = signed_in(admin, headers={"Accept-Language": "en"})
    listed = client.get("/settings/outbox/?state=failed&reason=550").content.decode()
    assert "550 5.1.1" in listed and "verb=give_up&amp;state=failed&amp;reason=550" in listed
    asked = client.get("/settings/outbox/bulk/?verb=give_up&state=failed&reason=550").content.decode()
    upto = mending.counted(Filters(), NOW).upto
    assert f'name="upto" value="{upto}"' in asked and states() == {"failed": 3}
    given = {"verb": "give_up", "upto": str(upto), "state": "failed", "reason": "550"}
    assert client.post("/settings/outbox/bulk/", given).status_code == 303
    slices()
    assert states() == {"dropped": 3}
    assert client.get("/settings/outbox/?incident=INC-99").status_code == 409
    assert client.get("/settings/outbox/bulk/?verb=%00&organisation=x&channel=%00").status_code == 200


def test_the_api_does_the_same(house: Any, admin: Any) -> None:
    fill(2, organisation_id=7)
    fill(1)
    client = signed_in(admin)
    counted = client.get("/api/v1/outbox/bulk?organisation_id=7").json()
    body = {"verb": "give_up", "organisation_id": 7, "upto": counted["upto"]}
    assert client.post("/api/v1/outbox/bulk", body, content_type="application/json").json() == {"messages": 2}
    slices()
    assert states() == {"dropped": 2, "failed": 1}
    assert len(client.get("/api/v1/outbox?channel=mail&state=dropped").json()["items"]) == 2
    assert client.get("/api/v1/outbox?reason=%00&purpose=%00&channel=%00").status_code == 200
    assert client.get("/api/v1/outbox?incident=INC-99").json()["code"] == "delivery.unknown_incident"
