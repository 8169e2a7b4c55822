"""Every page of accounts, as every standing person and as nobody, in both languages."""

from __future__ import annotations

import pytest

from tomei.accounts import signin, teams, tokens
from tomei.accounts.models import User

EVERYBODY = {"lead": 200, "colleague": 200, "watcher": 200, "admin": 200, None: 302}
ADMINISTRATORS = {"lead": 403, "colleague": 403, "watcher": 403, "admin": 200, None: 302}
READ = [
    ("/people/", EVERYBODY),
    ("/people/?standing=invited", EVERYBODY),
    ("/people/?standing=deactivated", EVERYBODY),
    ("/people/{person}/", EVERYBODY),
    ("/people/invite/", ADMINISTRATORS),
    ("/people/{person}/deactivate/", ADMINISTRATORS),
    ("/people/teams/", EVERYBODY),
    ("/people/teams/{team}/", ADMINISTRATORS),
    ("/tokens/", EVERYBODY),
    ("/me/", EVERYBODY),
    ("/settings/audit/", ADMINISTRATORS),
    ("/account/password/change/", EVERYBODY),
]
PUBLIC = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/")


@pytest.fixture
def standing(lead, colleague, watcher, admin, outsider, by_admin, now):
    teams.make("決済 <b>", lead_id=lead.pk, member_ids=[colleague.pk], by=by_admin, now=now)
    return {"lead": lead, "colleague": colleague, "watcher": watcher, "admin": admin, None: None}


@pytest.mark.parametrize("address, expected", READ)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_standing_person_reads_what_is_theirs(
    standing, client_of, by_admin, by_lead, now, address, expected, language
):
    team = teams.queries.teams()[0].id
    where = address.format(person=standing["colleague"].pk, team=team)
    signin.invite(
        name="招待 中", email="new@tomei.test", role="observer", language="ja", zone="UTC", by=by_admin, now=now
    )
    tokens.make("見張り", scopes=["read"], expires_at=None, by=by_lead, now=now)
    found = {}
    for name, user in standing.items():
        client = client_of(user)
        client.cookies["tomei_lang"] = language
        response = client.get(where)
        found[name] = response.status_code
        if response.status_code == 200:
            html = response.content.decode()
            assert f'<html lang="{language}"' in html
            assert "style=" not in html and " onclick" not in html
            assert len(response.content) < 50_000
    assert found == expected


WRITE = [
    "/people/invite/",
    "/people/{person}/",
    "/people/{person}/invite/",
    "/people/{person}/deactivate/",
    "/people/{person}/reactivate/",
    "/people/{person}/sign-out/",
    "/people/teams/",
    "/people/teams/{team}/",
    "/people/teams/{team}/remove/",
]


@pytest.mark.parametrize("address", WRITE)
def test_who_may_not_write_changes_nothing(standing, client_of, address):
    team = teams.queries.teams()[0].id
    person = standing["colleague"].pk
    before = list(User.objects.order_by("pk").values()), teams.queries.teams()
    fields = {"name": "X", "email": "x@tomei.test", "role": "commander", "seen": "1", "zone": "UTC", "language": "en"}
    for name, expected in ADMINISTRATORS.items():
        if name == "admin":
            continue
        client = client_of(standing[name])
        assert client.post(address.format(person=person, team=team), fields).status_code == expected
    ignored = ("last_login", "last_seen_at")
    after = list(User.objects.order_by("pk").values())
    for row in (*before[0], *after):
        for column in ignored:
            row.pop(column)
    assert (after, teams.queries.teams()) == before


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_doors_stand_open_to_everybody(db, client_of, address, language):
    response = client_of(None).get(address, {"lang": language})
    assert (response.status_code, f'<html lang="{language}"' in response.content.decode()) == (200, True)


@pytest.mark.parametrize("address", ["/account/signup/", "/account/email/", "/account/3rdparty/", "/account/"])
def test_the_doors_that_we_do_not_use_say_so(db, client_of, address):
    response = client_of(None).get(address)
    assert response.status_code == 404
    assert "invitation" in response.content.decode()


def test_nobody_signs_up(db, client_of):
    client_of(None).post(
        "/account/signup/", {"email": "n@tomei.test", "password1": "long-enough-77", "password2": "long-enough-77"}
    )
    assert User.objects.count() == 0


def test_an_unknown_person_is_not_there(admin, client_of):
    client = client_of(admin)
    assert [client.get(f"/people/{number}/").status_code for number in (999, 9223372036854775807)] == [404, 404]


def test_the_list_turns_its_pages(admin, client_of, monkeypatch, django_assert_max_num_queries):
    from tests.people import person
    from tomei.accounts.web import people

    monkeypatch.setattr(people, "PAGE", 3)
    for number in range(6):
        person(f"Name {number % 2}", f"n{number}@tomei.test", "observer")
    client, address, seen = client_of(admin), "/people/", []
    client.get("/me/")
    while address:
        with django_assert_max_num_queries(12):
            html = client.get(address).content.decode()
        seen += [part.split("<")[0] for part in html.split('<span class="rest meta">')[1:]]
        address = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in html else ""
        address = f"/people/{address}" if address else ""
    assert sorted(seen) == sorted([*(f"n{number}@tomei.test" for number in range(6)), admin.email])
