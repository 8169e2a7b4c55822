"""allauth's doors as this house hangs them: sign-in, sign-out, reset, limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import override_settings

from tests.people import PASSWORD
from tomei.accounts import sessions
from tomei.accounts.models import AuditEntry, User
from tomei.site import settings as house

LOGIN, RESET = "/account/login/", "/account/password/reset/"
NEW = "an even longer sentence 43"


def enter(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password, **extra})


@pytest.mark.parametrize("typed", ["lead@tomei.test", " LEAD@Tomei.test ", "ｌｅａｄ＠ｔｏｍｅｉ．ｔｅｓｔ"])
def test_one_signs_in_however_the_address_was_typed(lead, client_of, typed):
    client = client_of(None)
    response = enter(client, typed)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/me/").status_code == 200
    assert AuditEntry.objects.get().code == "session.opened"


def test_one_comes_back_to_the_page_that_was_asked_for(lead, client_of):
    client = client_of(None)
    asked = client.get("/people/").headers["Location"]
    html = client.get(asked).content.decode()
    assert 'name="next" value="/people/"' in html
    assert enter(client, lead.email, next="/people/").headers["Location"] == "/people/"


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_nobody_is_sent_away_by_a_forged_link(lead, client_of, target):
    assert enter(client_of(None), lead.email, next=target).headers["Location"] == "/"


def _without_token(html):
    import re

    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken":"[^"]*"|tomei-now" content="[^"]+"', "", html)


def test_an_unknown_address_and_a_wrong_password_look_the_same(lead, client_of):
    wrong = enter(client_of(None), "lead@tomei.test", "wrong-password-1")
    unknown = enter(client_of(None), "none@tomei.test", "wrong-password-1")
    bodies = [_without_token(page.content.decode()) for page in (wrong, unknown)]
    assert wrong.status_code == unknown.status_code == 200
    assert bodies[0].replace("lead@tomei.test", "none@tomei.test") == bodies[1]
    assert [entry.data["why"] for entry in AuditEntry.objects.order_by("pk")] == ["password", "unknown address"]
    assert "none@" not in str(list(AuditEntry.objects.values()))


def test_who_was_let_go_is_told_so_only_with_the_right_password(outsider, client_of):
    assert enter(client_of(None), outsider.email).headers["Location"] == "/account/inactive/"
    assert enter(client_of(None), outsider.email, "wrong-password-1").status_code == 200
    client = client_of(outsider)
    assert client.get("/me/").status_code == 302


def test_guessing_is_stopped_whatever_host_is_named(lead, client_of):
    for number in range(5):
        enter(client_of(None, headers={"host": f"h{number}.test"}), lead.email, "wrong-password-1")
    last = enter(client_of(None, headers={"host": "h9.test"}), lead.email)
    assert last.status_code == 200
    assert client_of(None).get("/me/").status_code == 302
    assert "Wait five minutes" in last.content.decode()


def test_too_many_tries_from_one_place_get_a_page_of_their_own(lead, client_of):
    answers = [enter(client_of(None), f"n{number}@tomei.test", "x" * 10).status_code for number in range(31)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_signing_out_needs_a_press_and_is_written_down(lead, client_of):
    client = client_of(lead)
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/me/").status_code == 200
    assert client.post("/account/logout/").headers["Location"] == LOGIN
    assert client.get("/me/").status_code == 302
    assert AuditEntry.objects.get().code == "session.closed"


def test_the_forms_want_their_token(lead, client_of):
    client = client_of(None, enforce_csrf_checks=True)
    assert enter(client, lead.email).status_code == 403


def ask(client, address):
    return client.post(RESET, {"email": address})


def test_a_forgotten_password_is_set_anew_by_mail(colleague, client_of):
    before = client_of(colleague)
    answer = ask(client_of(None, headers={"host": "evil.test"}), "ＣＯＬＬＥＡＧＵＥ@tomei.test")
    assert answer.headers["Location"] == "/account/password/reset/done/"
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([colleague.email], "Set a new password for Tomei")
    url = letter.body.split("Set a new password:\n")[1].split("\n")[0]
    assert url.startswith("http://127.0.0.1:8000/account/password/reset/key/")
    client = client_of(None)
    form = client.get(url.removeprefix("http://127.0.0.1:8000"), follow=True)
    where = form.redirect_chain[-1][0]
    short = client.post(where, {"password1": "short", "password2": "short"})
    assert (short.status_code, "f-password1-e" in short.content.decode() or "refusal" in short.content.decode()) == (
        200,
        True,
    )
    done = client.post(where, {"password1": NEW, "password2": NEW}, follow=True)
    assert done.status_code == 200
    colleague.refresh_from_db()
    assert colleague.check_password(NEW)
    assert before.get("/me/").status_code == 302
    assert [message.subject for message in mail.outbox[1:]] == ["Your password for Tomei was changed"]
    again = client_of(None).get(url.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "opens nothing any more" in again.content.decode()


def test_unknown_and_deactivated_addresses_get_the_same_answer_and_no_mail(lead, outsider, client_of):
    pages = []
    for address in (lead.email, outsider.email, "nobody@tomei.test"):
        answer = ask(client_of(None), address)
        pages.append((answer.status_code, answer.headers["Location"]))
    assert len(set(pages)) == 1
    assert [message.to for message in mail.outbox] == [[lead.email]]


def test_a_reset_link_dies_when_its_person_is_let_go(lead, by_admin, client_of, now):
    from tomei.accounts import actions

    ask(client_of(None), lead.email)
    url = mail.outbox[0].body.split(":\nhttp://127.0.0.1:8000")[1].split("\n")[0]
    actions.deactivate(lead.pk, by=by_admin, now=now)
    page = client_of(None).get(url, follow=True)
    assert "password1" not in page.content.decode()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(lead, client_of):
    here, there = client_of(lead), client_of(lead)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    wrong = here.post("/account/password/change/", form | {"oldpassword": "wrong-password-1"})
    assert wrong.status_code == 200
    assert here.post("/account/password/change/", form).headers["Location"] == "/me/"
    assert [client.get("/me/").status_code for client in (here, there)] == [200, 302]
    assert [entry.code for entry in AuditEntry.objects.filter(code="password.set")] == ["password.set"]


def test_a_person_without_a_password_may_set_one(lead, client_of):
    lead.set_unusable_password()
    lead.save()
    client = client_of(lead)
    assert client.get("/account/password/change/").headers["Location"] == "/account/password/set/"
    assert client.post("/account/password/set/", {"password1": NEW, "password2": NEW}).status_code == 302
    lead.refresh_from_db()
    assert lead.check_password(NEW)


def test_passwords_are_kept_by_argon2():
    from importlib import reload

    assert reload(house).PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        assert make_password(NEW).startswith("argon2$argon2id$")


@pytest.mark.parametrize("demo", [False, True])
def test_the_demo_is_entered_by_one_button_there_only(db, client_of, settings, demo):
    settings.DEMO = demo
    html = client_of(None).get(LOGIN).content.decode()
    assert ('action="/demo/enter/"' in html) is demo


def test_a_session_tells_live_doors_who_it_belongs_to(lead, client_of, by_lead, by_admin, now):
    from tomei.accounts import actions

    client = client_of(lead)
    key = client.cookies["tomei_session"].value
    assert sessions.actor_of_session(key) == by_lead
    assert [sessions.actor_of_session(wrong) for wrong in ("", "guess", key[:-1])] == [None] * 3
    actions.sign_out_everywhere(lead.pk, by=by_admin, now=now)
    assert sessions.actor_of_session(key) is None
    key = client_of(User.objects.get(pk=lead.pk)).cookies["tomei_session"].value
    actions.deactivate(lead.pk, by=by_admin, now=now)
    assert sessions.actor_of_session(key) is None


def test_when_somebody_was_last_here_is_kept_to_five_minutes(lead, client_of):
    client = client_of(lead)
    client.get("/me/")
    first = User.objects.get(pk=lead.pk).last_seen_at
    client.get("/me/")
    assert User.objects.get(pk=lead.pk).last_seen_at == first
    User.objects.update(last_seen_at=first - timedelta(minutes=6))
    client.get("/me/")
    assert User.objects.get(pk=lead.pk).last_seen_at > first
