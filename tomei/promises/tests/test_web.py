"""The pages, as standing people see them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tomei.clock.handlers import JobFacts
from tomei.kernel import time
from tomei.kernel.actor import CLOCK
from tomei.kernel.text import Text
from tomei.promises import actions, hooks, queries, rows, steps
from tomei.promises.facts import Named
from tomei.promises.models import Promise
from tomei.promises.tests.factories import customer, incident, promise

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def inc(house, monkeypatch):
    pk = incident(house)
    named = Named("INC-12", Text("出荷停止", "No shipping"), "/incidents/INC-12/")
    monkeypatch.setattr(hooks, "names", lambda incidents, cases, groups, works: {("incident", pk): named})
    return pk


@pytest.fixture
def owed(house, inc):
    """One promise that is due in 15 minutes from the true now."""
    now = time.now()
    return promise(house, inc, now=now, due_at=now + 15 * MINUTE, told=True, audience="affected")


def kept(house, inc, count: int, late: int = 0) -> None:
    """`count` kept and `late` late promises, due an hour ago."""
    now = time.now()
    due = now - timedelta(hours=1)
    for number in range(count + late):
        promise(house, inc, about=f"update:{number}", now=due - 15 * MINUTE, due_at=due)
        at = due if number < count else due + timedelta(seconds=90)
        actions.keep("next_update", incident_id=inc, about=f"update:{number}", by=CLOCK, now=at)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_empty_ledger_says_what_will_stand_there(house, colleague, client_of):
    page = client_of(colleague).get("/promises/")
    assert page.status_code == 200
    assert "No promise has fallen due in this period: nothing to show." in text(page)
    assert "Nothing is owed" in text(page)


def test_the_ledger(house, inc, owed, colleague, lead, client_of):
    kept(house, inc, 19, late=1)
    page = client_of(colleague).get("/promises/")
    words = text(page)
    assert "We kept 19 of 20 promises: 95.0 %. 1 came late, 0 never." in words
    assert "95 % interval 76.4 % to 99.1 %" in words
    assert "95 % not shown" in words
    assert "INC-12" in words
    assert "1 open" in words
    assert f"/promises/{owed.pk}/take/" in page.content.decode()
    assert len(page.content) < 50_000
    japanese = text(client_of(lead).get("/promises/"))
    assert "20件" in japanese
    assert "95.0 %" in japanese


def test_what_is_overdue_counts_as_broken(house, inc, colleague, client_of):
    now = time.now()
    promise(house, inc, now=now - 30 * MINUTE, due_at=now - 15 * MINUTE)
    words = text(client_of(colleague).get("/promises/"))
    assert "We kept 0 of 1 promises: 0.0 %" in words
    assert "1 is overdue now." in words


def test_live_parts_answer_alone(house, inc, owed, colleague, client_of):
    part = client_of(colleague).get("/promises/", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section class="panel"')
    assert "INC-12" in text(part)


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "customer=x", "customer=99999999999999999999", "period=forever", "team=-1", "state=odd"]
)
def test_what_cannot_be_read_asks_for_nothing(house, colleague, client_of, query):
    assert client_of(colleague).get(f"/promises/?{query}").status_code == 200


def test_filters_narrow_all_parts(house, inc, owed, colleague, client_of):
    kept(house, inc, 2)
    words = text(client_of(colleague).get("/promises/?kind=report"))
    assert "nothing to show" in words
    assert "0 open" in words


def test_lists_are_paged_by_key(house, inc, colleague, client_of):
    now = time.now()
    for number in range(60):
        promise(house, inc, now=now, due_at=now + number // 3 * MINUTE + MINUTE)
    client, seen, address = client_of(colleague), [], "/promises/open/"
    while address:
        body = client.get(address).content.decode()
        seen += [int(pk) for pk in re.findall(r'<th scope="row"><a href="/promises/(\d+)/"', body)]
        more = re.search(r'rel="next" href="([^"]+)"', body)
        address = more[1].replace("&amp;", "&") if more else ""
    in_order = list(Promise.objects.order_by("due_at", "pk").values_list("pk", flat=True))
    assert seen == in_order
    assert client.get("/promises/open/?after=nonsense").status_code == 404


def test_ended_ones_by_outcome(house, inc, colleague, client_of):
    kept(house, inc, 1, late=1)
    client = client_of(colleague)
    assert len(re.findall('data-state="late"', client.get("/promises/ended/").content.decode())) == 1
    assert len(re.findall('data-state="kept"', client.get("/promises/ended/?state=kept").content.decode())) == 1


def test_downloads(house, inc, owed, colleague, client_of):
    Promise.objects.filter(pk=owed.pk).update(text={"ja": "=1+1", "en": "<b>"})
    client = client_of(colleague)
    lines = b"".join(client.get("/promises/promises.csv").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    items = json.loads(b"".join(client.get("/promises/promises.json").streaming_content))["items"]
    assert [(item["id"], item["on"], item["state"]) for item in items] == [(owed.pk, "INC-12", "open")]


def test_one_promise(house, inc, owed, colleague, lead, client_of, monkeypatch):
    actions.reown(owed.pk, owner_id=lead.pk, by=CLOCK, now=time.now())
    monkeypatch.setattr(hooks, "ladder", lambda found, now: {facts.id: [] for facts in found})
    steps.run([JobFacts(1, rows.STEP, f"promise:{owed.pk}", 0, owed.due_at, {}, 0, 0)], owed.due_at + MINUTE)
    page = client_of(lead).get(f"/promises/{owed.pk}/")
    words = text(page)
    assert lead.name in words
    assert "該当者なし" in words
    assert "出荷停止" in words
    english = text(client_of(colleague).get(f"/promises/{owed.pk}/"))
    assert "The ladder found nobody" in english
    assert "yes: it never moves in silence" in english
    assert client_of(lead).get("/promises/999999/").status_code == 404


def test_taking_over(house, owed, colleague, watcher, client_of):
    assert client_of(watcher).post(f"/promises/{owed.pk}/take/").status_code == 403
    owed.refresh_from_db()
    assert owed.owner_id is None
    answer = client_of(colleague).post(f"/promises/{owed.pk}/take/", {"next": "/promises/?mine=1"})
    assert (answer.status_code, answer["Location"]) == (303, "/promises/?mine=1")
    owed.refresh_from_db()
    assert owed.owner_id == colleague.pk
    away = client_of(colleague).post(f"/promises/{owed.pk}/take/", {"next": "https://elsewhere.test/"})
    assert away["Location"] == "/"


def test_withdrawing(house, owed, lead, colleague, client_of):
    client = client_of(lead)
    assert client_of(colleague).post(f"/promises/{owed.pk}/withdraw/", {"reason": "x"}).status_code == 403
    refused = client.post(f"/promises/{owed.pk}/withdraw/", {"reason": "  "})
    assert refused.status_code == 422
    assert "理由が要ります" in text(refused)
    long = client.post(f"/promises/{owed.pk}/withdraw/", {"reason": "<script>" + "あ" * 2000})
    assert long.status_code == 422
    assert "&lt;script&gt;あああ" in long.content.decode()
    owed.refresh_from_db()
    assert owed.state == "open"
    assert client.post(f"/promises/{owed.pk}/withdraw/", {"reason": "17時に変更(先方の依頼)"}).status_code == 303
    owed.refresh_from_db()
    assert (owed.state, owed.reason) == ("withdrawn", "17時に変更(先方の依頼)")
    assert client.post(f"/promises/{owed.pk}/withdraw/", {"reason": "again"}).status_code == 422


def test_what_is_restricted_is_found_by_who_may(house, inc, owed, lead, colleague, admin, client_of, monkeypatch):
    actions.mark(inc, restricted=True, by=CLOCK, now=time.now())
    monkeypatch.setattr(hooks, "holds", lambda user_id: {inc} if user_id == lead.pk else set())
    found = {user.pk: client_of(user).get(f"/promises/{owed.pk}/").status_code for user in (lead, colleague, admin)}
    assert found == {lead.pk: 200, colleague.pk: 404, admin.pk: 200}
    assert client_of(colleague).post(f"/promises/{owed.pk}/take/").status_code == 404
    assert "INC-12" not in text(client_of(colleague).get("/promises/"))
    assert b"INC-12" not in b"".join(client_of(colleague).get("/promises/promises.csv").streaming_content)
    assert queries.next_due(5) == []


def test_nobody_reads_without_signing_in(house, owed, client_of):
    for address in ("/promises/", f"/promises/{owed.pk}/", "/promises/promises.csv", "/promises/open/"):
        assert client_of(None).get(address).status_code == 302


def test_drills_are_outside_every_figure(house, inc, colleague, client_of):
    kept(house, inc, 2)
    Promise.objects.update(drill=True)
    assert "nothing to show" in text(client_of(colleague).get("/promises/"))


def test_the_ledger_asks_the_database_as_often_for_many_as_for_few(house, inc, colleague, client_of):
    client, now, counts = client_of(colleague), time.now(), []
    client.get("/promises/")
    for many in (1, 20):
        for number in range(many):
            promise(house, inc, now=now, due_at=now + MINUTE, owed_to=customer(f"顧客{many}-{number}"))
        kept(house, inc, 5, late=5)
        with CaptureQueriesContext(connection) as asked:
            client.get("/promises/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 20
