"""The ways in by link: the first administrator, the console's link, invitations."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail

from tests.people import PASSWORD
from tomei.accounts import signin
from tomei.accounts.models import AuditEntry, OneTimeLink, User
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.ids import digest

FORM = {
    "name": "高橋 花", "email": "Hana@Tomei.Test", "password": "a long sentence 42", "again": "a long sentence 42",
    "zone": "Asia/Tokyo", "language": "ja",
}  # fmt: skip
HANA = signin.Newcomer("高橋 花", "hana@tomei.test", "a long sentence 42", "Asia/Tokyo", "ja")


def secret_of(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[1]


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


@pytest.fixture
def real_now(monkeypatch, now):
    """The doors read the clock; here it stands at `now`."""
    monkeypatch.setattr(time, "now", lambda: now)
    return now


def test_the_first_administrator_is_made_in_the_browser(db, client_of, real_now):
    url = signin.first_admin_link(real_now)
    assert url.startswith("http://127.0.0.1:8000/setup/first/")
    client, path = client_of(None), urlsplit(url).path
    page = client.get(path)
    assert (page.status_code, "password" in page.content.decode()) == (200, True)
    response = client.post(path, FORM)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    row = User.objects.get()
    assert (row.email, row.name, row.role, row.is_administrator, row.is_active) == (
        "hana@tomei.test", "高橋 花", "commander", True, True,
    )  # fmt: skip
    assert client.get("/me/").status_code == 200
    assert client_of(None).get(path).status_code == 410
    assert signin.first_admin_link(real_now) is None


def test_the_link_is_kept_as_a_digest_only(db, now):
    secret = secret_of(signin.first_admin_link(now))
    assert OneTimeLink.objects.get().digest == digest(secret)
    assert secret not in str(list(OneTimeLink.objects.values()) + list(AuditEntry.objects.values()))


def test_the_link_lasts_one_hour_and_the_newest_counts(db, now):
    old, new = (secret_of(signin.first_admin_link(now)) for _ in range(2))
    both = ("first_admin", "admin")
    assert refusal(signin.look, old, both, now) == "link.spent"
    assert signin.look(new, both, now + timedelta(minutes=59)).purpose == "first_admin"
    assert refusal(signin.look, new, both, now + timedelta(hours=1)) == "link.spent"
    assert refusal(signin.look, "guess", both, now) == "link.spent"


def test_a_link_printed_at_start_is_dead_once_somebody_administers(admin, db, now):
    assert signin.first_admin_link(now) is None
    admin.is_administrator = False
    admin.save()
    secret = secret_of(signin.first_admin_link(now))
    User.objects.update(is_administrator=True)
    assert refusal(signin.make_administrator, secret, HANA, now=now) == "link.spent"
    assert User.objects.count() == 1


def test_a_link_of_the_console_makes_one_more_and_signs_nobody_in(admin, client_of, real_now):
    path = urlsplit(signin.first_admin_link(real_now, force=True)).path
    client = client_of(None)
    response = client.post(path, FORM)
    assert (response.status_code, response.headers["Location"]) == (303, "/account/login/")
    assert client.get("/me/").status_code == 302
    assert User.objects.filter(is_administrator=True).count() == 2
    assert AuditEntry.objects.filter(code="link.made").count() == 1


def test_a_link_of_the_console_takes_back_who_was_locked_out(outsider, client_of, real_now):
    path = urlsplit(signin.first_admin_link(real_now, force=True)).path
    client_of(None).post(path, FORM | {"email": outsider.email})
    row = User.objects.get()
    assert (row.pk, row.is_active, row.is_administrator, row.deactivated_at) == (outsider.pk, True, True, None)
    assert row.check_password(FORM["password"])


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "f-name-e"),
        ({"email": "nowhere"}, "f-email-e"),
        ({"password": "short", "again": "short"}, "f-password-e"),
        ({"password": "password123", "again": "password123"}, "f-password-e"),
        ({"password": "hana@tomei.test", "again": "hana@tomei.test"}, "f-password-e"),
        ({"again": "another sentence 42"}, "f-again-e"),
        ({"zone": "Mars/Base"}, "f-zone-e"),
        ({"language": "fr"}, "f-language-e"),
        ({"password": "x" * 1001, "again": "x" * 1001}, "f-password-e"),
    ],
)
def test_a_slip_keeps_what_was_typed_and_the_link(db, client_of, real_now, wrong, field):
    path = urlsplit(signin.first_admin_link(real_now)).path
    typed = {**FORM, "name": "<b>花", **wrong}
    page = client_of(None).post(path, typed)
    html = page.content.decode()
    assert (page.status_code, field in html, User.objects.count()) == (422, True, 0)
    assert "<b>花" not in html
    if "name" not in wrong:
        assert "&lt;b&gt;花" in html
    assert FORM["password"] not in html
    assert client_of(None).post(path, FORM).status_code == 303


def test_an_invited_person_joins_by_mail(admin, client_of, real_now):
    form = {"name": "Новый", "email": "new@tomei.test", "role": "responder", "zone": "UTC", "language": "en"}
    inviter = client_of(admin)
    response = inviter.post("/people/invite/", form)
    row = User.objects.get(email="new@tomei.test")
    assert (response.status_code, response.headers["Location"]) == (303, f"/people/{row.pk}/")
    assert (row.is_active, row.has_usable_password(), row.joined_at) == (False, False, None)
    letter = mail.outbox[0]
    url = letter.body.split("Join Tomei:\n")[1].split("\n")[0]
    assert (letter.to, letter.subject) == (["new@tomei.test"], f"{admin.name} invites you to Tomei")
    assert f'href="{url}"' in letter.alternatives[0].content
    shown = inviter.get(response.headers["Location"]).content.decode()
    assert url in shown
    assert url not in inviter.get(response.headers["Location"]).content.decode()
    client, path = client_of(None), urlsplit(url).path
    assert client.get(path).status_code == 200
    joined = client.post(path, FORM | {"name": "Nowy", "email": "other@tomei.test", "language": "en"})
    row.refresh_from_db()
    assert (joined.status_code, row.is_active, row.joined_at, row.name) == (303, True, real_now, "Nowy")
    assert row.email == "new@tomei.test"  # the mail that carried the link proves it, no other
    assert client.get("/me/").status_code == 200
    assert client_of(None).post(path, FORM).status_code == 410


def test_an_invitation_in_japanese_greets_in_japanese(by_admin, now):
    signin.invite(
        name="林", email="h@tomei.test", role="observer", language="ja", zone="Asia/Tokyo", by=by_admin, now=now
    )
    letter = mail.outbox[0]
    assert letter.subject == f"{by_admin.name}さんから Tomei への招待"
    assert 'lang="ja"' in letter.alternatives[0].content


def test_a_name_cannot_break_out_of_the_mail(by_admin, now):
    name = "Eve\r\nBcc: all@tomei.test <img src=x>"
    signin.invite(name=name, email="e@tomei.test", role="observer", language="en", zone="UTC", by=by_admin, now=now)
    letter = mail.outbox[0]
    assert (letter.bcc, letter.to) == ([], ["e@tomei.test"])
    assert "<img" not in letter.alternatives[0].content


def test_an_invitation_lasts_seven_days_and_a_new_one_ends_the_old(by_admin, now):
    person, old = signin.invite(
        name="A", email="a@tomei.test", role="observer", language="en", zone="UTC", by=by_admin, now=now
    )
    new = signin.invite_again(person.id, by=by_admin, now=now)
    assert refusal(signin.look, secret_of(old), ("invite",), now) == "link.spent"
    assert signin.look(secret_of(new), ("invite",), now + timedelta(days=7, seconds=-1)).user_id == person.id
    assert refusal(signin.look, secret_of(new), ("invite",), now + timedelta(days=7)) == "link.spent"
    assert refusal(signin.look, secret_of(new), ("first_admin", "admin"), now) == "link.spent"


def test_an_invitation_that_was_withdrawn_opens_nothing(by_admin, client_of, real_now):
    from tomei.accounts import actions

    person, url = signin.invite(
        name="A", email="a@tomei.test", role="observer", language="en", zone="UTC", by=by_admin, now=real_now
    )
    actions.deactivate(person.id, by=by_admin, now=real_now)
    assert client_of(None).get(urlsplit(url).path).status_code == 410
    assert refusal(signin.join, secret_of(url), HANA, now=real_now) == "link.spent"
    actions.reactivate(person.id, by=by_admin, now=real_now)
    assert not User.objects.get(pk=person.id).is_active
    again = signin.invite_again(person.id, by=by_admin, now=real_now)
    assert signin.join(secret_of(again), HANA, now=real_now).is_active


def test_inviting_is_the_administrators(by_lead, by_admin, lead, now):
    new = {"name": "A", "email": "a@tomei.test", "role": "observer", "language": "en", "zone": "UTC", "now": now}
    assert refusal(signin.invite, **new, by=by_lead) == "rights.missing"
    assert refusal(signin.invite, **new | {"email": "LEAD@tomei.test"}, by=by_admin) == "person.mail_taken"
    assert refusal(signin.invite_again, lead.pk, by=by_admin, now=now) == "person.not_invited"
    assert (User.objects.count(), len(mail.outbox)) == (2, 0)


def test_a_person_may_be_enrolled_with_a_password(by_admin, by_lead, now):
    assert refusal(signin.enrol, HANA, role="observer", by=by_lead, now=now) == "rights.missing"
    found = signin.enrol(HANA, role="commander", by=by_admin, now=now)
    assert User.objects.get(pk=found.id).check_password(HANA.password)
    assert found.is_active


def test_whoever_opens_a_link_while_signed_in_becomes_the_invited(admin, watcher, client_of, by_admin, real_now):
    _, url = signin.invite(
        name="A", email="a@tomei.test", role="observer", language="en", zone="UTC", by=by_admin, now=real_now
    )
    client = client_of(watcher)
    client.post(urlsplit(url).path, FORM | {"language": "en"})
    assert "a@tomei.test" in client.get("/me/").content.decode()


def test_the_standing_people_can_sign_in(lead):
    assert lead.check_password(PASSWORD)
