"""The API of people: the same rights as the pages, the same actions behind."""

from __future__ import annotations

import pytest

from tomei.accounts import tokens
from tomei.accounts.models import ApiToken, User

ROOT = "/api/v1"


@pytest.fixture
def bearer(client_of, now):
    """A client with a token that holds all that its maker may give."""
    from tomei.accounts import rights

    def make(by, *scopes):
        wanted = list(scopes) or list(rights.grantable(by.rights))
        _, secret = tokens.make("api", scopes=wanted, expires_at=None, by=by, now=now)
        return client_of(None, headers={"Authorization": f"Bearer {secret}"})

    return make


def send(client, method, path, body=None):
    return client.generic(method, f"{ROOT}{path}", b"" if body is None else _json(body), "application/json")


def _json(body):
    import json

    return json.dumps(body).encode()


def test_who_is_not_known_gets_nothing(lead, client_of):
    for path in ("/me", "/people", f"/people/{lead.pk}", "/teams", "/tokens", "/audit"):
        assert client_of(None).get(ROOT + path).status_code == 401
        assert client_of(None, headers={"Authorization": "Bearer tomei_guess"}).get(ROOT + path).status_code == 401


def test_a_token_says_what_it_may(bearer, by_colleague, colleague):
    answer = bearer(by_colleague, "read").get(f"{ROOT}/me").json()
    assert (answer["kind"], answer["rights"], answer["person"]["id"]) == ("token", ["read"], colleague.pk)


def test_lists_go_by_pages(bearer, by_watcher, lead, colleague, admin):
    client, seen, after = bearer(by_watcher), [], "0"
    while after:
        page = client.get(f"{ROOT}/people?limit=2&after={after}").json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert seen == sorted(User.objects.values_list("pk", flat=True))
    assert client.get(f"{ROOT}/people?limit=0").status_code == 422


@pytest.mark.parametrize("who", ["by_lead", "by_colleague", "by_watcher"])
def test_only_administrators_change_people(request, bearer, colleague, who):
    client = bearer(request.getfixturevalue(who))
    calls = [
        ("POST", "/people", {"name": "A", "email": "a@tomei.test"}),
        ("PATCH", f"/people/{colleague.pk}", {"seen": 1, "role": "commander"}),
        ("POST", f"/people/{colleague.pk}/deactivate", None),
        ("POST", f"/people/{colleague.pk}/reactivate", None),
        ("POST", f"/people/{colleague.pk}/sign-out", None),
        ("POST", "/teams", {"name": "T"}),
        ("GET", "/audit", None),
    ]
    answers = [send(client, *call) for call in calls]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "rights.missing")] * len(calls)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.version) == (True, 1)


def test_an_administrator_runs_the_house_by_program(bearer, by_admin, colleague, lead):
    client = bearer(by_admin)
    made = send(client, "POST", "/people", {"name": "新", "email": "New@tomei.test", "role": "observer"})
    assert (made.status_code, made.json()["standing"], made.json()["email"]) == (201, "invited", "new@tomei.test")
    changed = send(client, "PATCH", f"/people/{colleague.pk}", {"seen": 1, "role": "commander", "deputy_id": lead.pk})
    assert (changed.json()["role"], changed.json()["version"]) == ("commander", 2)
    stale = send(client, "PATCH", f"/people/{colleague.pk}", {"seen": 1, "role": "observer"})
    assert (stale.status_code, stale.json()["code"], stale.json()["facts"]["value"]) == (
        409, "person.changed", f"role: commander, deputy_id: {lead.pk}",
    )  # fmt: skip
    gone = send(client, "POST", f"/people/{colleague.pk}/deactivate")
    assert (gone.status_code, gone.json()["standing"]) == (200, "deactivated")
    team = send(client, "POST", "/teams", {"name": "T", "lead_id": lead.pk, "member_ids": [lead.pk]}).json()
    put = send(client, "PUT", f"/teams/{team['id']}", {**team, "name": "U", "seen": team["version"]})
    assert (put.json()["name"], put.json()["version"]) == ("U", 2)
    assert client.get(f"{ROOT}/teams/{team['id']}").json() == put.json()
    assert [item["id"] for item in client.get(f"{ROOT}/teams").json()["items"]] == [team["id"]]
    assert send(client, "DELETE", f"/teams/{team['id']}").status_code == 204
    codes = [item["code"] for item in client.get(f"{ROOT}/audit?limit=3").json()["items"]]
    assert codes == ["team.removed", "team.edited", "team.made"]


def test_tokens_by_a_session_and_never_by_a_token(lead, by_lead, bearer, client_of, now):
    body = {"name": "t", "scopes": ["read"], "days": 10}
    assert send(bearer(by_lead), "POST", "/tokens", body).status_code == 403
    made = send(client_of(lead), "POST", "/tokens", body)
    assert made.status_code == 201
    assert tokens.authenticate(made.json()["token"], now) is not None
    listed = client_of(lead).get(f"{ROOT}/tokens").json()["items"]
    assert "token" not in listed[0]
    revoked = send(client_of(lead), "POST", f"/tokens/{made.json()['id']}/revoke")
    assert revoked.json()["state"] == "revoked"


def test_a_person_named_by_a_program_is_not_believed(admin, lead, client_of):
    body = {"name": "t", "scopes": ["read"], "person": lead.email}
    send(client_of(admin), "POST", "/tokens", body)
    assert ApiToken.objects.get().made_by_id == admin.pk


@pytest.mark.parametrize(
    "path, body",
    [
        ("/people", {"name": "x" * 500, "email": "a@tomei.test"}),
        ("/people", {"name": "\ud800", "email": "a@tomei.test"}),
        ("/people", {"name": "A", "email": "a\u0000@tomei.test"}),
        ("/people", {"name": "A", "email": "a@tomei.test", "role": "king"}),
        ("/people", {"name": "A", "email": "a@tomei.test", "zone": "Asia/Tokyo/../.."}),
        ("/teams", {"name": "A", "member_ids": [2**63]}),
        ("/teams", {"name": "A", "member_ids": [2**63 - 1]}),
        ("/teams", {"name": ["A"]}),
        ("/people/9223372036854775808/deactivate", {}),
        ("/people/9223372036854775807/deactivate", {}),
    ],
)
def test_bad_input_has_an_answer(bearer, by_admin, path, body):
    answer = send(bearer(by_admin), "POST", path, body)
    assert answer.status_code in (404, 409, 422)
    assert set(answer.json()) == {"code", "message", "way_out", "facts"}
    assert User.objects.count() == 1
