"""Edit, let go and take back; the last administrator; stale writes; what the audit log keeps."""

from __future__ import annotations

import pytest

from tests.people import PASSWORD, person
from tomei.accounts import actions, audit, doors, queries, teams, tokens
from tomei.accounts.actions import Change
from tomei.accounts.models import AuditEntry, Team, User
from tomei.kernel import events
from tomei.kernel.errors import Missing, Refused, Stale


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(events, "emit", lambda name, **facts: told.append((name, facts)))
    return told


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_an_administrator_edits_and_the_log_says_what_changed(colleague, lead, by_admin, now):
    change = Change(name=" アンナ ", role="commander", deputy_id=lead.pk, email="ＡＮＮＡ@tomei.test")
    found = actions.edit(colleague.pk, change, seen=1, by=by_admin, now=now)
    assert (found.name, found.role, found.deputy_id, found.email) == ("アンナ", "commander", lead.pk, "anna@tomei.test")
    entry = AuditEntry.objects.get()
    assert (entry.code, entry.actor_name, entry.data["changed"]["role"]) == (
        "person.edited", by_admin.name, ["responder", "commander"],
    )  # fmt: skip


def test_saving_what_is_already_so_writes_nothing(colleague, by_admin, now):
    actions.edit(colleague.pk, Change(name=colleague.name), seen=1, by=by_admin, now=now)
    assert (AuditEntry.objects.count(), User.objects.get(pk=colleague.pk).version) == (0, 1)


@pytest.mark.parametrize("who", ["by_lead", "by_colleague", "by_watcher", "by_outsider"])
def test_only_administrators_edit(request, colleague, by_admin, now, who):
    by = request.getfixturevalue(who)
    for call in (
        lambda: actions.edit(colleague.pk, Change(role="commander"), seen=1, by=by, now=now),
        lambda: actions.deactivate(colleague.pk, by=by, now=now),
        lambda: actions.reactivate(colleague.pk, by=by, now=now),
        lambda: teams.make("x", lead_id=None, by=by, now=now),
    ):
        assert refusal(call) == "rights.missing"
    row = User.objects.get(pk=colleague.pk)
    assert (row.role, row.is_active, row.version, Team.objects.count()) == ("responder", True, 1, 0)


@pytest.mark.parametrize(
    "change, code",
    [
        (Change(name=" "), "person.name_missing"),
        (Change(email="no mail"), "person.mail_unreadable"),
        (Change(email="LEAD@tomei.test"), "person.mail_taken"),
        (Change(role="king"), "person.role_unknown"),
        (Change(zone="Mars/Base"), "time.unknown_zone"),
        (Change(language="fr"), "person.language_unknown"),
        (Change(deputy_id=10**9), "person.deputy_unknown"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_saved(colleague, lead, by_admin, now, change, code):
    before = User.objects.values().get(pk=colleague.pk)
    assert refusal(actions.edit, colleague.pk, change, seen=1, by=by_admin, now=now) == code
    assert User.objects.values().get(pk=colleague.pk) == before


def test_nobody_is_their_own_deputy(colleague, outsider, by_admin, now):
    own = Change(deputy_id=colleague.pk)
    assert refusal(actions.edit, colleague.pk, own, seen=1, by=by_admin, now=now) == "person.deputy_self"
    gone = Change(deputy_id=outsider.pk)
    assert refusal(actions.edit, colleague.pk, gone, seen=1, by=by_admin, now=now) == "person.deputy_unknown"


def test_the_second_administrator_is_told_what_the_first_changed(colleague, by_admin, now):
    actions.edit(colleague.pk, Change(role="commander"), seen=1, by=by_admin, now=now)
    with pytest.raises(Stale) as caught:
        actions.edit(colleague.pk, Change(role="observer"), seen=1, by=by_admin, now=now)
    assert caught.value.facts == {"who": by_admin.name, "at": "2026-11-18 05:00 UTC", "value": "role: commander"}
    assert queries.person(colleague.pk).role == "commander"


def test_the_last_administrator_stays(admin, by_admin, now):
    take = Change(is_administrator=False)
    assert refusal(actions.edit, admin.pk, take, seen=1, by=by_admin, now=now) == "person.last_administrator"
    assert refusal(actions.deactivate, admin.pk, by=by_admin, now=now) == "person.last_administrator"
    assert queries.person(admin.pk).is_administrator
    person("次", "next@tomei.test", "observer", is_administrator=True)
    assert not actions.edit(admin.pk, take, seen=1, by=by_admin, now=now).is_administrator


def test_an_administrator_who_has_not_joined_does_not_count(admin, by_admin, now):
    person("招待", "inv@tomei.test", "observer", is_administrator=True, is_active=False)
    assert refusal(actions.deactivate, admin.pk, by=by_admin, now=now) == "person.last_administrator"


def test_who_is_let_go_can_do_nothing_at_once(
    colleague, lead, watcher, admin, by_admin, by_colleague, client_of, now, heard
):
    actions.edit(colleague.pk, Change(deputy_id=watcher.pk), seen=1, by=by_admin, now=now)
    actions.edit(watcher.pk, Change(deputy_id=lead.pk), seen=1, by=by_admin, now=now)
    actions.deactivate(watcher.pk, by=by_admin, now=now)
    client = client_of(colleague)
    _, secret = tokens.make("t", scopes=["read"], expires_at=None, by=by_colleague, now=now)
    assert (client.get("/me/").status_code, tokens.authenticate(secret, now) is None) == (200, False)
    heard.clear()
    found = actions.deactivate(colleague.pk, by=by_admin, now=now)
    assert (found.is_active, heard) == (
        False,
        [("person.deactivated", {"now": now, "user_id": colleague.pk, "deputy_id": lead.pk})],
    )
    assert (client.get("/me/").status_code, tokens.authenticate(secret, now)) == (302, None)
    actions.deactivate(colleague.pk, by=by_admin, now=now)
    assert len(heard) == 1
    actions.reactivate(colleague.pk, by=by_admin, now=now)
    assert (client.get("/me/").status_code, tokens.authenticate(secret, now)) == (302, None)
    assert client_of(User.objects.get(pk=colleague.pk)).get("/me/").status_code == 200


def test_an_actor_of_a_deactivated_person_holds_nothing(by_outsider):
    assert (by_outsider.rights, by_outsider.is_administrator) == (frozenset(), False)


def test_signing_out_everywhere_ends_every_session_and_no_other(lead, colleague, by_lead, client_of, now):
    here, there, other = client_of(lead), client_of(lead), client_of(colleague)
    assert [client.get("/me/").status_code for client in (here, there, other)] == [200, 200, 200]
    response = here.post("/me/sign-out-everywhere/")
    assert (response.status_code, response.headers["Location"]) == (303, "/account/login/")
    assert [client.get("/me/").status_code for client in (here, there, other)] == [302, 302, 200]


def test_nobody_ends_the_sessions_of_others_but_an_administrator(lead, by_colleague, by_admin, now):
    assert refusal(actions.sign_out_everywhere, lead.pk, by=by_colleague, now=now) == "rights.missing"
    actions.sign_out_everywhere(lead.pk, by=by_admin, now=now)
    assert User.objects.get(pk=lead.pk).session_epoch == 1


def test_one_edits_oneself_but_neither_role_nor_mail(watcher, by_watcher, now):
    change = Change(name="恵", zone="Asia/Seoul", language="en", shortcuts=False, role="commander", email="x@y.test")
    actions.edit_me(change, by=by_watcher, now=now)
    row = User.objects.get(pk=watcher.pk)
    assert (row.name, row.zone, row.language, row.shortcuts) == ("恵", "Asia/Seoul", "en", False)
    assert (row.role, row.email, row.is_administrator) == ("observer", "watcher@tomei.test", False)


def test_facts_for_other_features(lead, colleague, watcher, admin, outsider, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert {found.id for found in queries.active_people()} == {lead.pk, colleague.pk, watcher.pk, admin.pk}
    assert [found.id for found in queries.active_people("commander")] == [lead.pk]
    assert [found.id for found in queries.administrators()] == [admin.pk]
    with django_assert_num_queries(1):
        assert set(queries.people([lead.pk, outsider.pk, 10**6])) == {lead.pk, outsider.pk}
    assert queries.people([]) == {}
    with pytest.raises(Missing):
        queries.person(10**6)


def test_teams_are_made_edited_and_removed(lead, colleague, outsider, by_admin, now):
    made = teams.make("決済", lead_id=lead.pk, member_ids=[colleague.pk, lead.pk], by=by_admin, now=now)
    assert made == queries.team(made.id)
    assert made.member_ids == tuple(sorted([colleague.pk, lead.pk]))
    assert refusal(teams.make, "決済", lead_id=None, by=by_admin, now=now) == "team.name_taken"
    assert refusal(teams.make, "x", lead_id=outsider.pk, by=by_admin, now=now) == "team.member_unknown"
    assert refusal(teams.make, "x", lead_id=None, member_ids=[10**6], by=by_admin, now=now) == "team.member_unknown"
    edited = teams.edit(made.id, name="支払", lead_id=None, member_ids=[], seen=1, by=by_admin, now=now)
    assert (edited.name, edited.lead_id, edited.member_ids, edited.version) == ("支払", None, (), 2)
    with pytest.raises(Stale) as caught:
        teams.edit(made.id, name="他", lead_id=None, member_ids=[], seen=1, by=by_admin, now=now)
    assert caught.value.facts["value"] == "支払; –; "
    teams.remove(made.id, by=by_admin, now=now)
    with pytest.raises(Missing):
        queries.team(made.id)
    assert [entry.code for entry in AuditEntry.objects.order_by("pk")] == ["team.made", "team.edited", "team.removed"]


def test_who_left_may_stay_in_a_team_that_is_edited(lead, colleague, by_admin, admin, now):
    made = teams.make("A", lead_id=lead.pk, member_ids=[lead.pk], by=by_admin, now=now)
    actions.deactivate(lead.pk, by=by_admin, now=now)
    kept = teams.edit(made.id, name="B", lead_id=lead.pk, member_ids=[lead.pk], seen=1, by=by_admin, now=now)
    assert (kept.lead_id, kept.member_ids) == (lead.pk, (lead.pk,))


def test_the_door_makes_actors_of_people_only(lead, rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = lead
    assert doors.actor_of(request) == doors.actor(lead)
    request.user = AnonymousUser()
    assert refusal(doors.actor_of, request) == "rights.missing"


def test_the_audit_log_is_read_in_pages_and_filtered(lead, by_lead, by_admin, now):
    for number in range(5):
        audit.record("token.made" if number % 2 else "session.opened", by=by_lead, now=now, n=number)
    audit.record("tokenish.thing", by=by_admin, now=now)
    first = audit.entries(audit.Filter(), 4)
    rest = audit.entries(audit.Filter(before=first[-1].pk), 4)
    assert [entry.data.get("n") for entry in [*first, *rest]] == [None, 4, 3, 2, 1, 0]
    assert [entry.data["n"] for entry in audit.entries(audit.Filter(code="token"), 9)] == [3, 1]
    assert len(audit.entries(audit.Filter(code="session.opened", person_id=lead.pk), 9)) == 3
    assert len(list(audit.every(audit.Filter(), step=2))) == 6


def test_the_password_is_no_part_of_any_record(lead, client_of):
    client_of(None).post("/account/login/", {"login": lead.email, "password": PASSWORD})
    client_of(None).post("/account/login/", {"login": PASSWORD, "password": "wrong-password"})
    assert PASSWORD not in str(list(AuditEntry.objects.values()))
