import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.people import NOW, signed_in
from tomei.accounts.models import AuditEntry, User
from tomei.cases.models import Entry, Incident
from tomei.delivery.models import Message
from tomei.integrations.models import SlackHeard, SlackLink, SlackOffer, SlackWorkspace
from tomei.integrations.slack import actions
from tomei.integrations.tests.conftest import FIXTURES, MASTER, SECRET, TOKEN, USER, Slack, pressable, words
from tomei.kernel import time

pytestmark = pytest.mark.wired


def untouched() -> tuple[int, int, int, int]:
    return (
        Incident.objects.count(), Message.objects.filter(purpose="chat").count(), SlackHeard.objects.count(),
        SlackOffer.objects.count(),
    )  # fmt: skip


@pytest.mark.parametrize("where", ["commands", "interactions"])
def test_before_it_is_set_up_the_doors_are_not_there(db, house, where):
    assert Slack().send(b"text=status", where).status_code == 404
    assert untouched() == (0, 0, 0, 0)


@pytest.mark.parametrize("where", ["commands", "interactions"])
def test_only_posts_are_taken(slack, where):
    assert slack.client.get(f"/in/slack/{where}").status_code == 405


def test_a_wrong_signature_is_refused_counted_and_shown(slack, joined, lead):
    joined(lead)
    answer = slack.send(urlencode(slack.fields("declare SEV1a x")).encode(), secret="w" * 32)
    assert (answer.status_code, answer.json()) == (401, {"code": "slack.bad_signature"})
    row = SlackWorkspace.objects.get()
    assert (row.refused, row.refused_code, row.refused_at) == (1, "slack.bad_signature", NOW)
    assert untouched() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": ""}, {"X-Slack-Request-Timestamp": ""}, {"X-Slack-Request-Timestamp": "x" * 9000},
        {"X-Slack-Signature": "v0=" + "0" * 64}, {"X-Slack-Signature": "v1=" + "0" * 64},
    ],
)  # fmt: skip
def test_what_is_not_signed_is_not_read(slack, joined, lead, headers):
    joined(lead)
    body = urlencode(slack.fields("declare SEV1a x")).encode()
    assert slack.send(body, **headers).status_code == 401
    assert untouched() == (0, 0, 0, 0)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_or_early_one_is_refused_however_well_it_is_signed(slack, joined, lead, seconds):
    joined(lead)
    body = urlencode(slack.fields("declare SEV1a x")).encode()
    answer = slack.send(body, at=int(NOW.timestamp()) + seconds)
    assert (answer.status_code, answer.json()["code"]) == (401, "slack.expired")
    assert untouched() == (0, 0, 0, 0)


def test_many_that_are_not_believed_write_once_a_second(slack, monkeypatch):
    for _ in range(5):
        slack.send(b"x=1", secret="w" * 32)
    assert SlackWorkspace.objects.get().refused == 1
    monkeypatch.setattr(time, "now", lambda: NOW + timedelta(seconds=2))
    slack.send(b"x=1", secret="w" * 32)
    assert SlackWorkspace.objects.get().refused == 6


def test_another_workspace_is_refused_though_the_app_is_ours(slack, joined, lead):
    joined(lead)
    answer = slack.command("declare SEV1a x", team_id="T0002")
    assert (answer.status_code, answer.json()["code"]) == (401, "slack.other_team")
    assert slack.press("take", "INC-1", team={"id": "T0002"}).status_code == 401
    assert untouched() == (0, 0, 0, 0)


def test_the_secret_of_one_workspace_opens_no_other(slack, joined, lead):
    joined(lead)
    actions.save(actions.Settings("T0002", "Other", "o" * 32), by=MASTER, now=NOW)
    body = urlencode(slack.fields("declare SEV1a x")).encode()
    assert slack.send(body, secret="o" * 32).status_code == 401
    assert untouched() == (0, 0, 0, 0)


def test_the_same_request_does_nothing_twice(slack, joined, lead):
    joined(lead)
    body = urlencode(slack.fields("declare SEV2 Orders fail")).encode()
    assert "INC-1" in words(slack.send(body))
    again = slack.send(body)
    assert again.status_code == 200 and "INC-1" not in words(again)
    retried = slack.send(body, at=int(NOW.timestamp()) + 60)  # the same trigger, signed anew
    assert "INC-1" not in words(retried)
    assert (Incident.objects.count(), SlackHeard.objects.count()) == (1, 1)


def test_the_same_press_does_nothing_twice(slack, joined, lead):
    joined(lead)
    slack.command("declare SEV2 Orders fail")
    payload = slack.payload("take", "INC-1")
    body = urlencode({"payload": json.dumps(payload)}).encode()
    for _ in range(3):
        answer = slack.send(body, "interactions")
        assert (answer.status_code, answer.content) == (200, b"")
    assert Entry.objects.filter(code="role.taken").count() == 1
    assert Message.objects.filter(purpose="chat", key__startswith="slack:", about="").count() == 1


def test_a_body_of_more_than_a_mebibyte_is_not_taken(slack):
    answer = slack.send(b"text=" + b"x" * (1024 * 1024))
    assert answer.status_code == 413
    assert untouched() == (0, 0, 0, 0)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"team_id=T0001", b"team_id=T0001&user_id=%00", b"payload=[]"])
@pytest.mark.parametrize("where", ["commands", "interactions"])
def test_what_slack_signed_but_nobody_can_read(slack, where, body):
    answer = slack.send(body, where)
    assert answer.status_code in (400, 401)
    assert untouched() == (0, 0, 0, 0)


def test_slacks_own_check_of_the_certificate(slack):
    answer = slack.send(b"ssl_check=1&token=x")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_view_of_somebody_elses_is_acknowledged_and_does_nothing(slack, joined, lead):
    joined(lead)
    payload = (FIXTURES / "view_submission.json").read_text()
    answer = slack.send(urlencode({"payload": payload}).encode(), "interactions")
    assert (answer.status_code, answer.content) == (200, b"")
    assert untouched() == (0, 0, 0, 0)


# -- Who speaks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["status", "promises", "who", "help", "declare SEV1a x", "heartbeat INC-1 x", ""])
def test_who_is_not_linked_reads_nothing_and_does_nothing(slack, text):
    said = words(slack.command(text))
    assert "/tomei link" in said and "結び付いていません" in said and "not linked" in said
    assert Incident.objects.count() == 0


def test_linking_by_the_page(slack, lead):
    answer = slack.command("link")
    assert answer.json()["response_type"] == "ephemeral"
    url = next(one["url"] for block in answer.json()["blocks"] for one in block.get("elements", ()) if "url" in one)
    path = url.removeprefix("http://127.0.0.1:8000")
    page = signed_in(lead).get(path)
    assert "Steve" in page.text and lead.name in page.text and "Example" in page.text
    assert slack.client.get(path).status_code == 302  # nobody signed in: to the sign-in first
    assert SlackLink.objects.count() == 0
    assert signed_in(lead).post(path).status_code == 303
    link = SlackLink.objects.get()
    assert (link.slack_user_id, link.user_id) == (USER, lead.pk)
    assert AuditEntry.objects.filter(code="slack.linked", actor_id=lead.pk).count() == 1
    assert lead.name in words(slack.command("help"))


def test_a_link_opens_once_and_for_fifteen_minutes(slack, lead, colleague, space, monkeypatch):
    secret = actions.offer(space.pk, USER, "Steve", now=NOW)
    assert signed_in(lead).post(f"/slack/link/{secret}/").status_code == 303
    assert signed_in(colleague).post(f"/slack/link/{secret}/").status_code == 410
    assert SlackLink.objects.get().user_id == lead.pk
    late = actions.offer(space.pk, "U999", "Late", now=NOW)
    monkeypatch.setattr(time, "now", lambda: NOW + timedelta(minutes=15))
    assert signed_in(colleague).post(f"/slack/link/{late}/").status_code == 410
    assert signed_in(colleague).get("/slack/link/nonsense/").status_code == 410
    assert SlackLink.objects.count() == 1


def test_a_second_link_of_the_same_user_ends_the_first(slack, lead, space):
    first = actions.offer(space.pk, USER, "Steve", now=NOW)
    actions.offer(space.pk, USER, "Steve", now=NOW)
    assert signed_in(lead).post(f"/slack/link/{first}/").status_code == 410


def test_a_deactivated_person_does_nothing(slack, joined, lead):
    joined(lead)
    User.objects.filter(pk=lead.pk).update(is_active=False, deactivated_at=NOW)
    said = words(slack.command("declare SEV1a x"))
    assert "not active" in said and Incident.objects.count() == 0


def test_the_rights_of_the_person_decide(slack, joined, watcher):
    joined(watcher)
    said = words(slack.command("declare SEV1a x"))
    assert said and Incident.objects.count() == 0
    assert "INC-" not in words(slack.command("status"))


def test_unlinking_is_at_once_and_only_ones_own(slack, joined, lead, colleague):
    link = joined(lead)
    assert signed_in(colleague).post(f"/me/slack/{link.pk}/unlink/").status_code == 404
    assert signed_in(lead).post(f"/me/slack/{link.pk}/unlink/").status_code == 303
    assert "/tomei link" in words(slack.command("status"))


# -- Settings ---------------------------------------------------------------------------------------------------------


def filled(**changed: str) -> dict[str, str]:
    return {
        "team_id": "T0009", "name": "New", "signing_secret": "n" * 32, "bot_token": TOKEN, "channel_id": "C0009",
        "language": "ja", **changed,
    }  # fmt: skip


def test_setting_up_by_the_page_keeps_secrets_sealed(house, admin):
    browser = signed_in(admin)
    assert browser.post("/settings/slack/", filled()).status_code == 303
    row = SlackWorkspace.objects.get()
    assert "n" * 32 not in row.signing_sealed and TOKEN not in row.token_sealed
    for page in ("/settings/slack/", f"/settings/slack/{row.pk}/", "/settings/audit/"):
        text = browser.get(page).text
        assert "n" * 32 not in text and TOKEN not in text and row.signing_sealed not in text
    entry = AuditEntry.objects.get(code="slack.added")
    assert "n" * 32 not in json.dumps(entry.data) and TOKEN not in json.dumps(entry.data)


def test_empty_secrets_keep_what_is_stored(space, admin):
    before = (space.signing_sealed, space.token_sealed)
    given = filled(team_id="T0001", signing_secret="", bot_token="", name="Renamed")
    assert signed_in(admin).post(f"/settings/slack/{space.pk}/", given).status_code == 303
    space.refresh_from_db()
    assert (space.signing_sealed, space.token_sealed) == before and space.name == "Renamed"


@pytest.mark.parametrize(
    "changed",
    [
        {"team_id": "x"}, {"team_id": ""}, {"signing_secret": ""}, {"signing_secret": "short"},
        {"signing_secret": "あ" * 32}, {"bot_token": "xoxp-1234567890123"}, {"bot_token": "xoxb-a b"},
        {"channel_id": "#incidents"}, {"bot_token": ""}, {"team_id": "T0001"}, {"team_id": "T\x00001"},
    ],
)  # fmt: skip
def test_what_cannot_be_saved_changes_nothing(space, admin, changed):
    before = list(SlackWorkspace.objects.values())
    answer = signed_in(admin).post("/settings/slack/", filled(**changed))
    assert answer.status_code == 422
    assert list(SlackWorkspace.objects.values()) == before
    assert changed.get("signing_secret", "") not in ("あ" * 32,) or "あ" * 32 not in answer.text


def test_removing_shuts_the_door(slack, space, admin, joined, lead):
    joined(lead)
    assert signed_in(admin).post(f"/settings/slack/{space.pk}/remove/").status_code == 303
    assert slack.command("status").status_code == 404
    assert SlackLink.objects.count() == 0


def test_only_administrators_see_the_page(space, lead, admin):
    assert signed_in(lead).get("/settings/slack/").status_code == 403
    page = signed_in(admin).get("/settings/slack/")
    assert "/in/slack/commands" in page.text and SECRET not in page.text


def test_a_test_message_goes_to_the_channel(space, admin, outside, tick):
    signed_in(admin).post(f"/settings/slack/{space.pk}/test/")
    tick(NOW)
    path, headers, body = outside.requests[0]
    assert (path, headers["Authorization"]) == ("/api/chat.postMessage", f"Bearer {TOKEN}")
    assert json.loads(body)["channel"] == "C0123ABCD"
    page = signed_in(admin).get("/settings/outbox/?purpose=test")
    assert page.status_code == 200 and TOKEN not in page.text and "Slack" in page.text
    pk = Message.objects.get(purpose="test").pk
    assert TOKEN not in signed_in(admin).get(f"/settings/outbox/{pk}/").text


def test_old_marks_and_links_are_forgotten(slack, space, joined, lead):
    joined(lead)
    slack.command("status")
    actions.offer(space.pk, "U9", "x", now=NOW)
    actions.prune([], NOW + timedelta(minutes=59))
    assert (SlackHeard.objects.count(), SlackOffer.objects.count()) == (1, 1)
    actions.prune([], NOW + timedelta(hours=2))
    assert (SlackHeard.objects.count(), SlackOffer.objects.count()) == (0, 0)


def test_help_names_every_verb(slack, joined, colleague):
    joined(colleague)
    said = words(slack.command(""))
    for verb in ("declare", "heartbeat", "update", "take", "who", "promises", "status"):
        assert f"/tomei {verb}" in said
    assert "There is no frobnicate" in words(slack.command("frobnicate now"))
    assert pressable(slack.command("declare")) == {"declare": "", "cancel": ""}
