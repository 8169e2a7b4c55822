"""API tokens: shown once, never more than their maker may do now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tomei.accounts import actions, tokens
from tomei.accounts.actions import Change
from tomei.accounts.models import ApiToken, AuditEntry, User
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_a_token_acts_as_its_maker_within_its_scopes(lead, by_lead, now):
    made, secret = tokens.make("見張り", scopes=["read", "update.publish"], expires_at=None, by=by_lead, now=now)
    actor = tokens.authenticate(secret, now)
    assert (actor.kind, actor.id, actor.user_id, actor.is_administrator) == ("token", made.id, lead.pk, False)
    assert actor.rights == {"read", "update.publish"}
    assert (secret.startswith("tomei_"), made.hint, made.state) == (True, secret[-4:], "live")
    assert secret not in str(list(ApiToken.objects.values()) + list(AuditEntry.objects.values()))


def test_a_token_loses_what_its_maker_loses(lead, by_lead, by_admin, now):
    _, secret = tokens.make("t", scopes=["read", "update.publish"], expires_at=None, by=by_lead, now=now)
    actions.edit(lead.pk, Change(role="responder"), seen=1, by=by_admin, now=now)
    assert tokens.authenticate(secret, now).rights == {"read"}


def test_a_token_that_opens_nothing_is_nobody(lead, by_lead, now):
    _, secret = tokens.make("t", scopes=["read"], expires_at=now + timedelta(days=1), by=by_lead, now=now)
    assert tokens.authenticate(secret, now + timedelta(days=1)) is None
    wrong = ["", "tomei_", secret[:-1], secret.upper(), secret.removeprefix("tomei_"), "tomei_\ud800", "x" * 10**5]
    assert [tokens.authenticate(text, now) for text in wrong] == [None] * len(wrong)
    User.objects.update(is_active=False)
    assert tokens.authenticate(secret, now) is None


def test_nobody_gives_a_token_more_than_they_have(by_watcher, by_admin, now):
    for by, scope in ((by_watcher, "incident.declare"), (by_admin, "update.publish"), (by_admin, "me.edit")):
        call = {"scopes": ["read", scope], "expires_at": None, "by": by, "now": now}
        assert refusal(tokens.make, "t", **call) == "token.scope_not_yours"
    assert ApiToken.objects.count() == 0


def test_a_token_makes_no_tokens(by_lead, now):
    _, secret = tokens.make("t", scopes=["read"], expires_at=None, by=by_lead, now=now)
    by = tokens.authenticate(secret, now)
    assert refusal(tokens.make, "u", scopes=["read"], expires_at=None, by=by, now=now) == "rights.missing"


def test_only_the_console_makes_a_token_for_somebody_else(lead, watcher, outsider, by_admin, now):
    made, _ = tokens.make("t", scopes=["read"], expires_at=None, by=by_admin, now=now, maker_id=lead.pk)
    assert made.maker_id == by_admin.id
    console = Actor("console", name="console", rights=frozenset({"token.own"}))
    made, _ = tokens.make("t", scopes=["read"], expires_at=None, by=console, now=now, maker_id=watcher.pk)
    assert made.maker_id == watcher.pk
    for person, code in ((watcher.pk, "token.scope_not_yours"), (outsider.pk, "token.maker_inactive")):
        call = {"scopes": ["update.publish"], "expires_at": None, "by": console, "now": now, "maker_id": person}
        assert refusal(tokens.make, "t", **call) == code


def test_use_is_noted_once_a_minute(by_lead, now, django_assert_num_queries):
    made, secret = tokens.make("t", scopes=["read"], expires_at=None, by=by_lead, now=now)

    def used(seconds):
        tokens.authenticate(secret, now + timedelta(seconds=seconds))
        return (ApiToken.objects.get(pk=made.id).last_used_at - now).total_seconds()

    assert [used(seconds) for seconds in (0, 59, 60, 61, 200)] == [0, 0, 0, 61, 200]


def test_one_revokes_ones_own_and_an_administrator_any(by_lead, by_colleague, by_admin, now):
    made, secret = tokens.make("t", scopes=["read"], expires_at=None, by=by_lead, now=now)
    with pytest.raises(Missing):
        tokens.revoke(made.id, by=by_colleague, now=now)
    assert tokens.authenticate(secret, now) is not None
    assert tokens.revoke(made.id, by=by_admin, now=now).state == "revoked"
    assert tokens.authenticate(secret, now) is None
    tokens.revoke(made.id, by=by_lead, now=now + timedelta(hours=1))
    assert ApiToken.objects.get().revoked_at == now
    assert AuditEntry.objects.filter(code="token.revoked").count() == 1


def test_the_page_shows_a_new_token_once(lead, client_of):
    client = client_of(lead)
    answer = client.post("/tokens/", {"name": "<i>監視", "days": "30", "scopes": ["read", "update.draft"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tokens/")
    first, second = (client.get("/tokens/").content.decode() for _ in range(2))
    assert ('id="fresh">tomei_' in first, 'id="fresh">' in second) == (True, False)
    assert "<i>監視" not in first
    row = ApiToken.objects.get()
    assert (row.scopes, (row.expires_at - row.created_at).days) == (["read", "update.draft"], 30)
    client.post(f"/tokens/{row.pk}/revoke/")
    assert ApiToken.objects.get().revoked_at is not None


def test_the_secret_waits_sealed_in_the_session(lead, client_of):
    from django.contrib.sessions.models import Session

    client = client_of(lead)
    client.post("/tokens/", {"name": "t", "days": "never", "scopes": ["read"]})
    stored = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    assert ("tomei_shown_once" in stored, f"tomei_{'A'}" in stored.replace("tomei_shown_once", "")) == (True, False)
    assert ApiToken.objects.get().hint not in stored.split("secret")


@pytest.mark.parametrize(
    "wrong, shown",
    [
        ({"name": ""}, "f-name-e"),
        ({"days": "0"}, "f-days-e"),
        ({"days": "ever"}, "f-days-e"),
        ({"days": "3999"}, "f-days-e"),
        ({"scopes": []}, 'class="error"'),
        ({"scopes": ["audit.read"]}, 'class="error"'),
    ],
)
def test_a_form_that_was_refused_keeps_what_was_typed(lead, client_of, wrong, shown):
    form = {"name": "用途", "days": "30", "scopes": ["read"]} | wrong
    page = client_of(lead).post("/tokens/", form)
    html = page.content.decode()
    assert (page.status_code, shown in html, ApiToken.objects.count()) == (422, True, 0)
    assert "用途" in html or wrong == {"name": ""}


def test_one_sees_ones_own_tokens_and_an_administrator_all(
    lead, colleague, admin, by_lead, by_colleague, client_of, now
):
    for by in (by_lead, by_colleague):
        tokens.make(f"of {by.id}", scopes=["read"], expires_at=None, by=by, now=now)
    seen = {}
    for user in (lead, colleague, admin):
        html = client_of(user).get("/tokens/").content.decode()
        seen[user.pk] = [name for name in (f"of {lead.pk}<", f"of {colleague.pk}<") if name in html]
    assert seen == {
        lead.pk: [f"of {lead.pk}<"],
        colleague.pk: [f"of {colleague.pk}<"],
        admin.pk: [f"of {lead.pk}<", f"of {colleague.pk}<"],
    }
