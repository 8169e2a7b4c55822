"""Forms of people, teams and oneself: they work without script, keep what was typed, and say what changed."""

from __future__ import annotations

import csv
import io

from tomei.accounts import actions, teams
from tomei.accounts.actions import Change
from tomei.accounts.models import AuditEntry, Team, User


def fields(user, **more):
    return {
        "name": user.name, "email": user.email, "role": user.role, "zone": user.zone, "language": user.language,
        "is_administrator": "1" if user.is_administrator else "", "deputy": "", "seen": "1", **more,
    }  # fmt: skip


def test_a_person_is_edited_by_a_plain_form(admin, colleague, lead, client_of):
    answer = client_of(admin).post(
        f"/people/{colleague.pk}/", fields(colleague, role="commander", deputy=str(lead.pk), is_administrator="1")
    )
    colleague.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/people/{colleague.pk}/")
    assert (colleague.role, colleague.deputy_id, colleague.is_administrator) == ("commander", lead.pk, True)


def test_the_second_of_two_administrators_loses_nothing_typed(admin, by_admin, colleague, client_of, now):
    actions.edit(colleague.pk, Change(role="commander"), seen=1, by=by_admin, now=now)
    client = client_of(admin)
    page = client.post(f"/people/{colleague.pk}/", fields(colleague, name="私の入力", role="observer"))
    html = page.content.decode()
    assert page.status_code == 409
    assert (admin.name in html, "role: commander" in html, 'value="私の入力"' in html) == (True, True, True)
    assert 'name="seen" value="2"' in html
    assert User.objects.get(pk=colleague.pk).name == colleague.name
    again = client.post(f"/people/{colleague.pk}/", fields(colleague, name="私の入力", role="observer", seen="2"))
    assert (again.status_code, User.objects.get(pk=colleague.pk).name) == (303, "私の入力")


def test_a_refused_form_keeps_what_was_typed(admin, colleague, client_of):
    page = client_of(admin).post(f"/people/{colleague.pk}/", fields(colleague, name="<script>x", zone="Mars"))
    html = page.content.decode()
    assert (page.status_code, "f-zone-e" in html, "&lt;script&gt;x" in html) == (422, True, True)
    assert "<script>x" not in html
    colleague.refresh_from_db()
    assert colleague.zone == "Europe/Berlin"


def test_letting_go_asks_first(admin, colleague, lead, client_of):
    client = client_of(admin)
    client.post(f"/people/{colleague.pk}/", fields(colleague, deputy=str(lead.pk)))
    assert lead.name in client.get(f"/people/{colleague.pk}/deactivate/").content.decode()
    assert User.objects.get(pk=colleague.pk).is_active
    assert client.post(f"/people/{colleague.pk}/deactivate/").status_code == 303
    assert not User.objects.get(pk=colleague.pk).is_active
    assert client.post(f"/people/{colleague.pk}/reactivate/").status_code == 303
    assert User.objects.get(pk=colleague.pk).is_active


def test_the_last_administrator_is_told_why_not(admin, client_of):
    page = client_of(admin).post(f"/people/{admin.pk}/deactivate/")
    assert (page.status_code, "最後の管理者" in page.content.decode()) == (409, True)
    assert User.objects.get(pk=admin.pk).is_active


def test_teams_by_plain_forms(admin, lead, colleague, client_of):
    client = client_of(admin)
    form = {"name": "決済", "lead": str(lead.pk), "members": [str(lead.pk), str(colleague.pk)]}
    assert client.post("/people/teams/", form).status_code == 303
    refused = client.post("/people/teams/", form)
    assert (refused.status_code, refused.content.decode().count('" checked> <bdi>')) == (422, 2)
    team = Team.objects.get()
    assert client.post(f"/people/teams/{team.pk}/", form | {"name": "支払", "seen": "1"}).status_code == 303
    stale = client.post(f"/people/teams/{team.pk}/", form | {"name": "私の案", "seen": "1"})
    assert (stale.status_code, 'value="私の案"' in stale.content.decode()) == (409, True)
    assert Team.objects.get().name == "支払"
    assert client.post(f"/people/teams/{team.pk}/remove/").status_code == 303
    assert teams.queries.teams() == []


def test_my_page_saves_in_my_new_language(watcher, client_of):
    client = client_of(watcher)
    client.cookies["tomei_lang"] = "ja"
    answer = client.post("/me/", {"name": "Megumi", "zone": "America/New_York", "language": "en"}, follow=True)
    html = answer.content.decode()
    assert ('<html lang="en"' in html, "Saved." in html, "America/New_York" in html) == (True, True, True)
    watcher.refresh_from_db()
    assert (watcher.shortcuts, watcher.role) == (False, "observer")
    bad = client.post("/me/", {"name": "", "zone": "UTC", "language": "en"})
    assert (bad.status_code, "f-name-e" in bad.content.decode()) == (422, True)


def test_the_audit_log_downloads_as_csv_that_runs_nothing(admin, by_admin, colleague, client_of, now):
    actions.edit(colleague.pk, Change(name='=HYPERLINK("x")'), seen=1, by=by_admin, now=now)
    AuditEntry.objects.create(at=now, actor_kind="user", actor_name="=1+1", code="@x", data={})
    answer = client_of(admin).get("/settings/audit/?format=csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().removeprefix("\ufeff"))))
    assert lines[0][:3] == ["id", "at", "actor_kind"]
    assert ["'=1+1", "'@x"] in [line[4:6] for line in lines]
    assert [line[5] for line in lines[1:]] == ["audit.exported", "'@x", "person.edited"]


def test_the_audit_page_turns_and_filters(admin, by_admin, client_of, now, monkeypatch):
    from tomei.accounts import audit
    from tomei.accounts.web import audit as page

    monkeypatch.setattr(page, "PAGE", 2)
    for number in range(3):
        audit.record("setting.changed", by=by_admin, now=now, name=f"<b>{number}")
    client = client_of(admin)
    html = client.get("/settings/audit/?code=setting").content.decode()
    assert (html.count("&lt;b&gt;"), 'rel="next"' in html, "<b>0" in html) == (2, True, False)
    assert client.get("/settings/audit/?code=session&person=x&after=-1").status_code == 200


def test_codes_are_said_in_words_where_there_are_words():
    from django.utils import translation

    from tomei.accounts import audit_words

    with translation.override("ja"):
        codes = ("person.joined", "contract.archived", "unknown.thing")
        assert [audit_words.label(code) for code in codes] == ["メンバーの参加", "契約: アーカイブ", "unknown.thing"]
    changed = {"changed": {"role": ["responder", "commander"], "deputy_id": [None, 3]}, "scopes": ["a", "b"], "x": ""}
    assert audit_words.detail(changed) == "role: responder → commander; deputy_id: – → 3; scopes: a, b"
