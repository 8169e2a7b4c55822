"""What memory holds and for how long: fixed work whatever the history, bounded pages, and the database away."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import OperationalError

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.comms import actions, statuspage
from tomei.comms.statuspage import addresses, cache
from tomei.comms.tests import history
from tomei.comms.tests.factories import rows, update, words, world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


def text(path: str, query: str = "lang=en") -> str:
    found = statuspage.cached(path, query, "")
    assert found is not None
    return found[2].decode()


def queries_of(count: int, seen: Any) -> int:
    parts = history.components(NOW)
    history.past(parts, NOW, count)
    history.running(parts, NOW)
    with seen as captured:
        assert statuspage.refresh(NOW)
    return len(captured)


def test_fifty_past_incidents_take_as_many_queries_as_two(house: Any, django_assert_max_num_queries: Any) -> None:
    assert queries_of(50, django_assert_max_num_queries(12)) == 12


def test_ninety_days_of_ten_components_are_rendered_quickly(house: Any) -> None:
    parts = history.components(NOW)
    history.past(parts, NOW)
    history.running(parts, NOW)
    statuspage.refresh(NOW)
    took = []
    for _ in range(3):
        began = perf_counter()
        statuspage.refresh(NOW)
        took.append(perf_counter() - began)
    assert min(took) < 0.75  # about 0.1 s on a calm machine, both languages, every page and the disk
    assert len(text("/status/")) < 50_000


def test_what_is_older_than_ninety_days_has_its_month_and_its_page(house: Any, client: Any) -> None:
    parts = history.components(NOW)
    [old] = history.past(parts, NOW - timedelta(days=200), 1, over=timedelta(days=2))
    statuspage.refresh(NOW)
    address = f"/status/incidents/INC-{old.number}/"
    assert address not in text("/status/history/")
    assert "month=2026-05" in text("/status/history/")
    assert statuspage.cached(address, "lang=en", "") is None
    assert client.get(address + "?lang=en").status_code == 200
    assert "Shipment confirmation fails" in text(address)  # kept now
    month = client.get("/status/history/?month=2026-05&lang=en").content.decode()
    assert address in month or address in client.get("/status/history/?month=2026-04&lang=en").content.decode()
    for query in ("month=2026-13", "month=x", "month=0000-01", "month=2026-05x"):
        assert client.get(f"/status/history/?{query}").status_code in (200, 404)


def test_unknown_addresses_leave_nothing_behind(house: Any, client: Any) -> None:
    statuspage.refresh(NOW)
    shelf = cache._shelf
    for number in range(3):
        assert client.get(f"/status/incidents/INC-{number + 70}/").status_code == 404
    assert client.get("/status/incidents/INC-0/").status_code == 404
    assert client.get("/status/incidents/nothing/").status_code == 404
    assert cache._shelf is shelf
    assert shelf is not None
    assert shelf.rare == {}


def test_rare_pages_are_kept_up_to_a_bound(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "RARE", 3)
    statuspage.refresh(NOW)
    for month in range(1, 8):
        assert statuspage.rare("/status/history/", f"month=2025-0{month}&lang=en", "", NOW) is not None
    assert cache._shelf is not None
    assert [key[0][-2:] for key in cache._shelf.rare] == ["05", "06", "07"]


def test_a_page_that_nobody_renewed_is_renewed_behind_the_reader(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    statuspage.refresh(NOW)
    asked: list[int] = []
    monkeypatch.setattr(cache, "_renew", lambda: asked.append(1))
    text("/status/")
    monkeypatch.setattr(time, "now", lambda: NOW + timedelta(seconds=61))
    assert "As of" not in text("/status/")
    assert asked == [1]


def test_renewing_goes_in_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []

    class Held:
        def __init__(self, **given: Any) -> None:
            self.target = given["target"]

        def start(self) -> None:
            begun.append(self.target)

    monkeypatch.setattr(cache, "Thread", Held)
    monkeypatch.setattr(cache, "_asking_since", None)
    cache._renew()
    cache._renew()
    assert len(begun) == 1
    monkeypatch.setattr(time, "monotonic", lambda: (cache._asking_since or 0) + cache.PATIENCE_S + 1)
    assert cache._stuck()


def test_while_the_database_is_away_the_marked_page_is_made_once(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    statuspage.refresh(NOW)

    def away(now: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(cache, "build", away)
    assert not statuspage.refresh(NOW)
    made: list[str] = []
    ready = cache._ready

    def counted(body: bytes, path: str) -> Any:
        made.append(path)
        return ready(body, path)

    monkeypatch.setattr(cache, "_ready", counted)
    first, second = text("/status/"), text("/status/")
    assert (first == second, "As of 14:00 JST" in first, made) == (True, True, ["/status/"])


def test_every_other_audience_leaves_no_byte_in_memory_or_on_disk(
    house: Any, lead: Any, by_lead: Actor, tmp_path: Any
) -> None:
    here = world(by_lead, owner=lead)
    given: dict[str, Any] = {"severity": "SEV1a", "component_ids": [here.component.pk], "by": by_lead, "now": NOW}
    drill = cases.declare(title=Text("マーカー訓練", "MARKER drill"), drill=True, **given)
    hidden = cases.declare(title=Text("マーカー制限", "MARKER restricted"), restricted=True, **given)
    for incident, audience in (
        (here.incident, "affected"), (here.incident, f"customer:{here.towa.pk}"), (here.incident, "internal"),
        (here.incident, "executives"), (drill, "public"),
    ):  # fmt: skip
        size = len(audience) + incident.id
        parts = words(
            f"マーカー {size} %です。", f"MARKER {size} % of {audience}", internal=Text("マーカー社内", "MARKER inside")
        )
        told = update(NOW, parts=parts, audiences=(audience,))
        actions.publish(incident.id, told, by=by_lead, now=NOW, confirmed=True)
    rows("comms", "Update").create(
        incident_id=hidden.id, number=1, state="investigating", severity="SEV1a", languages=["ja", "en"],
        parts={"effect": {"ja": "マーカー", "en": "MARKER"}}, audiences=["public"], published_at=NOW,
    )  # fmt: skip
    statuspage.refresh(NOW)
    keys = [f"/status/incidents/{one.key}/" for one in (here.incident, drill, hidden)]
    for address in keys:
        assert statuspage.cached(address, "", "") is None
        assert statuspage.rare(address, "", "", NOW) is None
    for form in addresses.FEED_KINDS:
        assert "MARKER" not in text(addresses.feed(here.component.slug, form))
    month = statuspage.rare("/status/history/", "month=2026-11", "", NOW)
    assert month is not None
    assert cache._shelf is not None
    found = [month[2], *(kept.body for kept in cache._shelf.kept.values())]
    found += [one.read_bytes() for one in (tmp_path / "status").iterdir()]
    assert len(found) > 2 * (len(addresses.ENDPOINTS) + 2 * len(addresses.FEEDS))
    for body in found:
        assert b"MARKER" not in body
        assert "マーカー".encode() not in body
