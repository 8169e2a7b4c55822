"""What every request passes: whose language, sign-in before anything else, headers."""

from __future__ import annotations

import pytest
from django.test import Client

METHODS = ("get", "post", "put", "patch", "delete", "options", "head")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/", "/promises/", "/settings/", "/no-such-page/", "/files/1/"])
def test_every_method_asks_who_one_is_first(house, method, path):
    response = getattr(Client(), method)(path)
    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={path}")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(house):
    response = Client().get("/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (401, "/account/login/")


def test_a_name_that_only_begins_like_an_open_door_is_not_one(house):
    for path in ("/statusx/", "/apiary/", "/accounts/", "/inside/"):
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("asked", "cookie", "accepts", "spoken"),
    [
        ("en", "", "ja", "en"),
        ("ja", "en", "en", "ja"),
        ("", "en", "ja", "en"),
        ("", "", "ja,en;q=0.5", "ja"),
        ("", "", "en-GB", "en"),
        ("", "", "fr", "en"),
        ("xx", "", "ja", "ja"),
        ("<script>", "de", "", "en"),
    ],
)
def test_language_of_a_stranger(house, asked, cookie, accepts, spoken):
    client = Client(headers={"Accept-Language": accepts} if accepts else {})
    if cookie:
        client.cookies["tomei_lang"] = cookie
    response = client.get("/account/login/", {"lang": asked} if asked else {})
    assert response["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in response.content.decode()
    assert ("tomei_lang" in response.cookies) == (asked in ("ja", "en"))


def test_language_of_a_person_is_theirs_until_they_ask_for_another(house, colleague):
    client = Client(headers={"Accept-Language": "ja"})
    client.force_login(colleague)
    assert client.get("/me/")["Content-Language"] == "en"
    assert client.get("/me/?lang=ja")["Content-Language"] == "ja"
    assert client.get("/me/")["Content-Language"] == "ja"


def test_headers(house):
    response = Client().get("/account/login/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert ("no-store" in response["Cache-Control"], response["X-Frame-Options"]) == (True, "DENY")
    assert response["X-Content-Type-Options"] == "nosniff"
