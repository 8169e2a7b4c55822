"""The doors over HTTP, and the pages as each standing person sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW, signed_in
from tomei.kernel.text import Text
from tomei.signals import actions, queries
from tomei.signals.models import Group, Received, Source, Watch
from tomei.signals.tests.bodies import alert, alertmanager, generic
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    assert len(response.content) < 50_000
    return response.content.decode()


def post(client: Client, url: str, body: bytes) -> Any:
    return client.post(url, body, content_type="application/json")


def test_the_doors_are_open_by_their_key_alone(world: World) -> None:
    nobody = Client(enforce_csrf_checks=True)
    good = post(nobody, f"/in/alertmanager/{world.alertmanager_key}", alertmanager())
    assert (good.status_code, good.json()["new"]) == (200, 1)
    assert post(nobody, f"/in/generic/{world.generic_key}", generic()).status_code == 200
    wrong = post(nobody, "/in/alertmanager/in_guess", alertmanager())
    other = post(nobody, f"/in/generic/{world.alertmanager_key}", generic())
    assert (wrong.status_code, wrong.content) == (other.status_code, other.content) == (404, wrong.content)
    assert nobody.get(f"/in/alertmanager/{world.alertmanager_key}").status_code == 405
    bad = post(nobody, f"/in/alertmanager/{world.alertmanager_key}", b"{")
    assert (bad.status_code, bad.json()["code"]) == (400, "not_understood")
    large = post(nobody, f"/in/alertmanager/{world.alertmanager_key}", b" " * (7 * 1024 * 1024))
    assert (large.status_code, large.json()["code"]) == (413, "signal.too_large")
    assert post(nobody, "/in/alertmanager/in_guess", b" " * (7 * 1024 * 1024)).status_code == 404
    assert Received.objects.filter(source=world.alertmanager).count() == 3


def addresses(world: World) -> list[str]:
    world.send(alertmanager())
    world.send(b"{")
    received = Received.objects.order_by("pk")[0].pk
    return [
        "/signals/",
        "/signals/?show=proposed&q=Orders",
        f"/signals/{Group.objects.get().pk}/",
        "/signals/sources/",
        f"/signals/sources/{world.alertmanager}/",
        f"/signals/sources/{world.alertmanager}/received/{received}/",
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_stands_in_both_languages(world: World, admin: Any, language: str) -> None:
    client = signed_in(admin)
    for url in addresses(world):
        assert f'<html lang="{language}">' in page(client, f"{url}{'&' if '?' in url else '?'}lang={language}")


def test_who_only_reads_sees_no_form_and_no_key(world: World, watcher: Any) -> None:
    client = signed_in(watcher)
    for url in addresses(world):
        text = page(client, url)
        assert world.alertmanager_key not in text
        assert 'method="post" action="/signals' not in text
    pk = Group.objects.get().pk
    for url in (
        f"/signals/{pk}/take/",
        f"/signals/{pk}/dismiss/",
        f"/signals/{pk}/watch/",
        f"/signals/sources/{world.generic}/key/",
    ):
        assert client.post(url, {"reason": "x", "every": "5m"}).status_code == 403
    assert Group.objects.get().triage == "proposed"


def test_nobody_sees_the_pages_without_signing_in(world: World) -> None:
    for url in addresses(world):
        assert Client().get(url).status_code == 302


def test_a_source_is_added_and_its_lines_work_as_they_stand(world: World, admin: Any) -> None:
    client = signed_in(admin)
    response = client.post(
        "/signals/sources/", {"name": "新しい監視", "kind": "generic", "component_id": world.component_id}
    )
    made = Source.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (303, f"/signals/sources/{made.pk}/")
    text = page(client, f"/signals/sources/{made.pk}/?lang=en")
    assert "nothing arrived yet" in text
    shown = queries.shown(made.pk, by=MASTER)
    body = shown.curl.split("-d '")[1].split("' ")[0]
    path = shown.curl.rsplit(" ", 1)[1].split("8000", 1)[1]
    assert post(Client(), path, body.encode()).json()["new"] == 1
    part = client.get(
        f"/signals/sources/{made.pk}/?lang=en&part=arrived", headers={"HX-Request": "true"}
    ).content.decode()
    assert "signals arrive" in part
    assert "<html" not in part
    lines = queries.shown(world.alertmanager, by=MASTER)
    assert lines.address in lines.snippet
    test_body = lines.curl.split("-d '")[1].split("' ")[0]
    assert world.send(test_body.encode()).json["new"] == 1
    assert queries.waiting() == []


def test_a_source_that_cannot_be_is_refused_with_what_was_typed(world: World, admin: Any) -> None:
    client = signed_in(admin)
    for form in (
        {"name": "", "kind": "generic"},
        {"name": "x", "kind": "fax"},
        {"name": SCRIPT, "kind": "generic", "component_id": "9999"},
    ):
        response = client.post("/signals/sources/", form)
        assert response.status_code == 422
        assert "<script>alert" not in response.content.decode()
    assert Source.objects.count() == 2


def test_script_in_everything_a_sender_says_is_only_text(world: World, admin: Any) -> None:
    labels, notes = {SCRIPT: SCRIPT, "alertname": SCRIPT}, {"summary": SCRIPT, "description": SCRIPT}
    odd = alert(SCRIPT, labels=labels, annotations=notes, generatorURL="javascript:alert(1)", fingerprint=SCRIPT)
    world.send(alertmanager(odd, key=SCRIPT))
    client = signed_in(admin)
    received = Received.objects.get().pk
    for url in (
        "/signals/",
        f"/signals/{Group.objects.get().pk}/",
        f"/signals/sources/{world.alertmanager}/received/{received}/",
    ):
        text = page(client, url)
        assert "<script>alert" not in text
        assert 'href="javascript' not in text


def test_a_responder_takes_and_dismisses(world: World, colleague: Any) -> None:
    world.send(alertmanager())
    pk = Group.objects.get().pk
    client = signed_in(colleague)
    assert "Nobody has looked at it in time" in page(client, f"/signals/{pk}/")  # the test's now is long ago
    empty = client.post(f"/signals/{pk}/dismiss/", {"reason": " "})
    assert empty.status_code == 422
    assert client.post(f"/signals/{pk}/take/").status_code == 303
    assert client.post(f"/signals/{pk}/take/").status_code == 409
    assert client.post(f"/signals/{pk}/dismiss/", {"reason": "計画停止"}).status_code == 303
    assert (Group.objects.get().triage, Group.objects.get().reason) == ("dismissed", "計画停止")
    assert "計画停止" in page(client, f"/signals/{pk}/")


def test_a_watch_is_bound_and_taken_off(world: World, admin: Any) -> None:
    world.send(alertmanager(alert("Watchdog", labels={"severity": "none"})))
    pk = Group.objects.get().pk
    client = signed_in(admin)
    assert client.post(f"/signals/{pk}/watch/", {"every": "often"}).status_code == 422
    assert client.post(f"/signals/{pk}/watch/", {"every": "10m"}).status_code == 303
    assert Watch.objects.get().every_s == 600
    assert "Watchdog" in page(client, "/signals/sources/")
    assert client.post(f"/signals/watches/{Watch.objects.get().pk}/loosen/").status_code == 303
    assert Watch.objects.count() == 0


def test_the_list_is_paged_and_flat_in_queries(world: World, lead: Any, django_assert_max_num_queries: Any) -> None:
    events = [{"title": f"T{number}", "key": f"k{number}", "severity": "critical"} for number in range(70)]
    world.send(json.dumps({"events": events}).encode(), kind="generic")
    client = signed_in(lead)
    with django_assert_max_num_queries(12):
        first = page(client, "/signals/?lang=en")
    assert first.count("data-row") == 30
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert page(client, following).count("data-row") == 30
    assert len(client.get("/signals/?format=json").json()["items"]) == 30
    for odd in ("after=~", "after=x~1", "after=2026-01-01~1", "source=x", "show=all", "source=99999999999999999999"):
        page(client, f"/signals/?{odd}")


def test_what_is_under_another_source_is_not_there(world: World, admin: Any) -> None:
    world.send(alertmanager())
    client = signed_in(admin)
    page(client, f"/signals/sources/{world.generic}/received/{Received.objects.get().pk}/", 404)
    page(client, "/signals/999999/", 404)
    page(client, "/signals/sources/999999/", 404)


def test_a_declaration_starts_from_what_the_signal_says(world: World, by_lead: Any) -> None:
    world.send(alertmanager())
    known = queries.prefill(Group.objects.get().pk, by_lead)
    assert known is not None
    assert (known.title, known.severity) == (Text("OrdersDown: orders fail", "OrdersDown: orders fail"), "SEV1b")
    assert (known.component_ids, known.product_id) == ((world.component_id,), world.product_id)
    assert (known.began_at, queries.prefill(10**9, by_lead)) == (NOW, None)
    assert actions.prune(NOW) == 0
