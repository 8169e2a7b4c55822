"""What may be done without asking: a proposal until adopted, then versions, read by whoever works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.cases import brief, pack, queries
from tomei.cases.authority import actions, rules, shipped
from tomei.cases.authority import queries as cards
from tomei.cases.authority.models import AuthorityVersion
from tomei.cases.authority.rules import Line
from tomei.cases.tests.factories import declared, product
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text

MINUTE = timedelta(minutes=1)


def test_the_proposal_is_in_both_languages_and_says_whom_to_ask():
    assert rules.check(shipped.LINES) == shipped.LINES
    assert all(one.text.ja and one.text.en for one in shipped.LINES)
    assert {one.level for one in shipped.LINES} == set(rules.LEVELS)


def test_a_difference_says_what_came_went_and_changed():
    a, b, c = (Line(n, Text(str(n))) for n in (1, 2, 3))
    never = replace(a, level="never")
    assert rules.diff([a, b], [never, c]) == [("changed", a, never), ("added", None, c), ("removed", b, None)]


@pytest.mark.django_db
def test_saving_the_proposal_adopts_it_and_the_same_again_writes_nothing(house, by_lead, by_watcher):
    assert cards.card(None).is_proposal
    first = actions.save_card(shipped.LINES, seen=0, by=by_lead, now=NOW)
    assert (first.number, first.lines) == (1, shipped.LINES)
    assert actions.save_card(shipped.LINES, seen=1, by=by_lead, now=NOW) == first
    with pytest.raises(Stale):
        actions.save_card(shipped.LINES[:3], seen=0, by=by_lead, now=NOW)
    tries = [[], [Line(0, Text("あ"), "ask")], [Line(0, Text("あ"), "often")], [Line(0, Text("あ"), "ask", "king")],
             [Line(0, Text("あ"), "ask", "", 10**9)], [Line(0, Text(str(n))) for n in range(41)],
             [Line(0, Text("あ" * 5000))]]  # fmt: skip
    for lines in tries:
        with pytest.raises(Refused):
            actions.save_card(lines, by=by_lead, now=NOW)
    with pytest.raises(Refused):
        actions.save_card(shipped.LINES[:3], by=by_watcher, now=NOW)
    with pytest.raises(Refused):
        actions.save_card(shipped.LINES, product_id=10**9, by=by_lead, now=NOW)
    assert AuthorityVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_product_has_its_own_and_a_pack_the_one_that_stood_then(house, by_lead):
    made = declared(by_lead, product_id=product().pk)
    own = [Line(1, Text("再起動", "Restart"))]
    actions.save_card(own, product_id=made.product_id, by=by_lead, now=NOW + 5 * MINUTE)
    incident = queries.incident(made.id)
    assert cards.card(made.product_id).lines == own and cards.card(None).is_proposal
    then, now = (pack.build(incident, at, past=False, language="en", zone="UTC").card.number
                 for at in (NOW + MINUTE, NOW + 6 * MINUTE))  # fmt: skip
    assert (then, now) == (0, 1)
    assert f"{made.url}authority/" in brief.build(incident, NOW + 6 * MINUTE, "en", "UTC").text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_is_read_in_an_incident_and_adopted_and_edited_in_settings(
    house, by_lead, lead, watcher, client_of, language
):
    made, client = declared(by_lead), client_of(lead)
    page = client.get(f"{made.url}authority/", {"lang": language})
    assert (page.status_code, b"style=" in page.content, len(page.content) < 50_000) == (200, False, True)
    assert client.post("/settings/authority/", {"adopt": "on", "seen": "0"}).status_code == 303
    assert client.get("/settings/authority/", {"lang": language}).status_code == 200
    sent = {"line.0.key": "1", "line.0.ja": "見る", "line.0.level": "ask", "line.0.person": str(lead.pk), "seen": "1"}
    assert client.post("/settings/authority/", sent).status_code == 303
    assert cards.card(None).lines == [Line(1, Text("見る"), "ask", "", lead.pk)]
    assert lead.name in client.get(f"{made.url}authority/").content.decode()
    assert len(client.get("/settings/authority/").content) < 50_000
    assert client_of(watcher).post("/settings/authority/", sent).status_code == 403
    for wrong in ("?product=x", "?product=99999999999999999999", "?version=-1"):
        assert client.get(f"/settings/authority/{wrong}").status_code in (200, 404, 409, 422)
