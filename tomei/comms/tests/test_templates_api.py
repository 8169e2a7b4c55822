"""Templates, the word list, texts that go by themselves and reviews over the API; the template pages by the client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import NOW, person, signed_in
from tomei.accounts import doors, rights, tokens
from tomei.comms import actions, offering, queries, rules
from tomei.comms.beforehand import actions as firsts
from tomei.comms.models import FirstText, Template
from tomei.comms.tests.beforehand import TEXT
from tomei.comms.tests.factories import world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
NAME = {"ja": "出荷", "en": "Shipping"}
PARTS = {"effect": {"ja": "{product}の出荷が遅れています。", "en": "{product}: shipments are late."}}
FIRST = {
    "name": {"ja": "第一報", "en": "First notice"},
    "parts": {"effect": {"ja": "障害です。次は{next}です。", "en": "It fails. We write again by {next}."}},
}


@pytest.fixture
def call(house: Any, client_of: Any) -> Any:
    def make(by: Actor) -> Any:
        scopes = list(rights.grantable(by.rights))
        _, secret = tokens.make("api", scopes=scopes, expires_at=None, by=by, now=time.now())
        client = client_of(None, headers={"Authorization": f"Bearer {secret}"})

        def send(method: str, path: str, body: Any = None) -> Any:
            data = b"" if body is None else json.dumps(body).encode()
            return client.generic(method, f"/api/v1/{path}", data, "application/json")

        return send

    return make


@pytest.fixture
def by_second(db: None) -> Actor:
    return doors.actor(person("伊藤 遥", "second@tomei.test", "commander"))


def test_templates_are_listed_made_changed_and_removed_in_versions(call: Any, by_lead: Actor) -> None:
    api = call(by_lead)
    assert [one["key"] for one in api("GET", "templates").json()] == [one.key for one in rules.SHIPPED]
    made = api("POST", "templates", {"key": "shipping", "name": NAME, "parts": PARTS, "states": ["investigating"]})
    assert (made.status_code, made.json()["version"], made.json()["states"]) == (201, 1, ["investigating"])
    changed = api("PUT", "templates/shipping", {"name": NAME, "parts": PARTS, "seen": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = api("PUT", "templates/shipping", {"name": NAME, "parts": PARTS, "seen": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "template.stale")
    gone = api("DELETE", "templates/shipping?seen=2")
    assert (gone.status_code, gone.json()["is_archived"], gone.json()["version"]) == (200, True, 3)
    assert api("GET", "templates/shipping").json()["is_archived"]
    assert api("GET", "templates/nothing").status_code == 404
    assert Template.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"key": "No Spaces", "name": NAME, "parts": PARTS}, "template.bad_key"),
        ({"key": "x", "name": NAME, "parts": {"effect": {"ja": "{who}", "en": "{who}"}}}, "template.unknown_place"),
        ({"key": "x", "name": NAME, "parts": {"effect": {"ja": "あ", "en": ""}}}, "template.half"),
        ({"key": "x", "name": NAME, "parts": PARTS, "states": ["broken"]}, "template.unknown_fit"),
    ],
)
def test_what_no_template_can_be_is_refused(call: Any, by_lead: Actor, body: Any, code: str) -> None:
    answer = call(by_lead)("POST", "templates", body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert Template.objects.count() == 0


def test_who_may_not_edit_changes_nothing(call: Any, by_colleague: Actor) -> None:
    api = call(by_colleague)
    assert api("POST", "templates", {"key": "x", "name": NAME, "parts": PARTS}).status_code == 403
    assert api("PUT", "templates/first", {"name": NAME, "parts": PARTS}).status_code == 403
    assert api("DELETE", "templates/first").status_code == 403
    assert api("PUT", "house-words", {"words": ["WMS"]}).status_code == 403
    assert api("POST", "first-texts", {"key": "x", **FIRST}).status_code == 403
    assert (Template.objects.count(), FirstText.objects.count(), queries.house_words()) == (0, 0, frozenset())


def test_the_word_list_is_read_and_set(call: Any, person_admin: Any) -> None:
    api = call(person_admin)
    assert api("PUT", "house-words", {"words": ["WMS", " edi "]}).json() == {"words": ["EDI", "WMS"]}
    assert api("GET", "house-words").json() == {"words": ["EDI", "WMS"]}
    assert api("PUT", "house-words", {"words": ["x" * 41]}).json()["code"] == "words.too_many"


@pytest.fixture
def person_admin(db: None) -> Actor:
    admin = person("管理 者", "admin2@tomei.test", "commander")
    type(admin).objects.filter(pk=admin.pk).update(is_administrator=True)
    admin.refresh_from_db()
    return doors.actor(admin)


def test_first_texts_by_the_api(call: Any, by_lead: Actor, by_second: Actor) -> None:
    api, other = call(by_second), call(by_lead)
    made = api("POST", "first-texts", {"key": "orders", **FIRST, "severities": ["SEV1a"], "public": True})
    assert (made.status_code, made.json()["may_go"]) == (201, False)
    own = api("POST", "first-texts/orders/approve", {"seen": 1})
    assert (own.status_code, own.json()["code"]) == (409, "review.own_words")
    done = other("POST", "first-texts/orders/approve", {"seen": 1})
    assert (done.status_code, done.json()["may_go"], done.json()["approved_by_id"]) == (200, True, by_lead.user_id)
    edited = other("PUT", "first-texts/orders", {**FIRST, "seen": 1})
    assert (edited.json()["version"], edited.json()["may_go"]) == (2, False)
    assert other("POST", "first-texts/orders/archive", {"seen": 2}).json()["is_archived"]
    assert api("GET", "first-texts/orders").json()["version"] == 3
    assert [one["key"] for one in api("GET", "first-texts").json()] == ["orders"]
    admits = {"effect": {"ja": "損害を賠償いたします。{next}", "en": "We will compensate you. {next}"}}
    refused = api("POST", "first-texts", {"key": "x", "name": NAME, "parts": admits})
    assert (refused.status_code, refused.json()["code"]) == (409, "first.liability")
    assert FirstText.objects.count() == 3


def test_nothing_waits_where_no_policy_says_so(call: Any, by_lead: Actor, lead: Any) -> None:
    world(by_lead, owner=lead, now=time.now())
    api = call(by_lead)
    assert api("GET", "incidents/INC-1/first").status_code == 404
    held = api("POST", "incidents/INC-1/first/hold", {"reason": "x"})
    assert (held.status_code, held.json()["code"]) == (409, "first.not_waiting")


def test_reviews_by_the_api(call: Any, by_lead: Actor, by_colleague: Actor, lead: Any) -> None:
    here = world(by_lead, owner=lead, now=time.now())
    data = {"effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail.", "to": ["affected"]}
    draft = actions.save_draft(here.incident.id, data, by=by_colleague, now=time.now())
    base, author, lead_api = f"incidents/INC-1/drafts/{draft.id}", call(by_colleague), call(by_lead)
    assert author("POST", "incidents/INC-1/draft/review").status_code == 200
    said = lead_api("POST", f"{base}/comments", {"text": "60 % of what?", "part": "effect", "language": "en"})
    assert (said.status_code, said.json()["part"], said.json()["body"]) == (201, "effect", "60 % of what?")
    assert author("POST", f"{base}/approve", {"seen": draft.version}).status_code == 403
    stale = lead_api("POST", f"{base}/approve", {"seen": draft.version + 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "draft.stale")
    done = lead_api("POST", f"{base}/approve", {"seen": draft.version})
    assert (done.status_code, done.json()["kind"]) == (201, "approved")
    kinds = [one["kind"] for one in author("GET", f"{base}/review").json()["said"]]
    assert sorted(kinds) == ["approved", "asked", "comment"]
    assert lead_api("GET", "updates/unapproved").json() == {"items": [], "next": ""}


# Pages


def posted(**more: Any) -> dict[str, Any]:
    return {"key": "shipping", "name.ja": "出荷", "name.en": "Shipping", "seen": "0", **more}


def test_a_template_by_its_pages(house: Any, lead: Any, colleague: Any) -> None:
    client = signed_in(lead)
    assert client.get("/settings/templates/").status_code == 200
    words = {"effect.ja": "{product}の出荷", "effect.en": "{product} ships", "states": ["investigating"]}
    assert client.post("/settings/templates/new/", posted(**words)).status_code == 303
    assert offering.one("shipping").states == ("investigating",)
    kept = client.post("/settings/templates/shipping/", posted(**{**words, "effect.en": "{nobody} typed"}, seen="1"))
    assert kept.status_code == 422
    assert "{nobody} typed" in kept.content.decode()
    assert client.post("/settings/templates/shipping/archive/", {"seen": "1"}).status_code == 303
    assert offering.one("shipping").is_archived
    assert signed_in(colleague).post("/settings/templates/new/", posted(**words)).status_code == 403
    assert Template.objects.count() == 2


def test_a_first_text_by_its_pages(house: Any, lead: Any, by_second: Actor) -> None:
    firsts.save_text(TEXT, seen=0, by=by_second, now=NOW)
    client = signed_in(lead)
    page = client.get("/settings/first-notices/first/").content.decode()
    assert "/settings/first-notices/first/approve/" in page
    assert client.post("/settings/first-notices/first/approve/", {"seen": "1"}).status_code == 303
    assert FirstText.objects.get().approved_by_id == lead.pk
    again = client.post("/settings/first-notices/first/approve/", {"seen": "1"})
    assert again.status_code == 422
    words = {"key": "two", "effect.ja": "AWSのせいです。{next}", "effect.en": "It is the fault of AWS. {next}"}
    refused = client.post("/settings/first-notices/new/", posted(**words))
    assert refused.status_code == 422
    assert "It is the fault of AWS." in refused.content.decode()
    assert 'name="reason.' in refused.content.decode()
    for bad in ("x", "-1", "9" * 40, "1\x00"):
        assert client.post("/settings/first-notices/new/", posted(products=bad)).status_code == 404
    assert client.post("/settings/first-notices/first/nonsense/", {"seen": "1"}).status_code == 404
    assert FirstText.objects.count() == 1


@pytest.mark.parametrize("path", ["/settings/templates/", "/settings/first-notices/"])
def test_the_lists_ask_as_much_for_thirty_as_for_one(house: Any, lead: Any, by_second: Actor, path: str) -> None:
    client = signed_in(lead)

    def add(n: int) -> None:
        words = {"effect": Text("{next}の障害", "It fails, {next}")}
        actions.save_template(rules.Template(f"t{n}", Text("名", "Name"), words), seen=0, by=by_second, now=NOW)
        text = type(TEXT)(f"f{n}", Text("名", "Name"), words)
        firsts.save_text(text, seen=0, by=by_second, now=NOW)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    add(0)
    client.get(path)
    one = asked()
    for n in range(1, 30):
        add(n)
    assert asked() == one
