import json
from datetime import timedelta

import pytest

from tests.people import NOW, signed_in
from tomei.accounts import doors
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.cases import timeline
from tomei.cases.models import Entry, Incident
from tomei.comms import actions as comms
from tomei.comms import queries as told
from tomei.comms.models import Draft, Update
from tomei.comms.tests import factories
from tomei.delivery.models import Message
from tomei.integrations.slack import actions
from tomei.integrations.tests.conftest import MASTER, USER, pressable, words
from tomei.kernel.text import Text

pytestmark = pytest.mark.wired


@pytest.fixture
def world(slack, joined, lead):
    """The lead speaks in Slack; an incident with two customers runs."""
    lead.language = "en"
    lead.save()
    joined(lead)
    return factories.world(doors.actor(lead))


def key(world):
    return world.incident.key


def hooks(world=None):
    return list(Message.objects.filter(purpose="chat").order_by("pk"))


def answered(outside, tick):
    """What was posted to where somebody pressed."""
    outside.requests.clear()
    tick(NOW)
    return [json.loads(body) for path, _headers, body in outside.requests if path.startswith("/hooks/")]


# -- Declare ----------------------------------------------------------------------------------------------------------


def test_declaring_on_one_line(slack, joined, lead):
    joined(lead)
    answer = slack.command("declare SEV1b 受注できない &lt;b&gt;")
    row = Incident.objects.get()
    assert (row.severity, row.title) == ("SEV1b", {"ja": "受注できない <b>", "en": ""})
    assert answer.json()["response_type"] == "ephemeral" and "INC-1" in words(answer)
    assert pressable(answer) == {"take": "INC-1", "heartbeat_form": "INC-1", "promises": "INC-1", "open": ""}
    entry = Entry.objects.filter(code="declared").get()
    assert (entry.actor_kind, entry.actor_id, entry.data["via"]) == ("user", lead.pk, "slack")
    assert timeline.verify(row.pk).holds
    assert f"{lead.name} (Slack)" in signed_in(lead).get("/incidents/INC-1/").text


def test_declaring_by_the_form(slack, joined, lead, outside, tick):
    joined(lead)
    product, _component = factories.catalogue()
    form = slack.command("declare Orders fail").json()
    kinds = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert set(kinds) == {"severity", "title", "product", "stop"}
    assert kinds["title"]["initial_value"] == "Orders fail"
    assert Incident.objects.count() == 0
    values = {"severity": ["SEV2"], "title": "Orders fail", "product": [str(product.pk)], "stop": "No order goes out"}
    own = {"type": "message", "is_ephemeral": True}
    answer = slack.press("declare", "", values, response_url=outside.hook, container=own)
    assert (answer.status_code, answer.content) == (200, b"")
    row = Incident.objects.get()
    assert (row.severity, row.title["en"], row.product_id) == ("SEV2", "Orders fail", product.pk)
    assert Entry.objects.filter(code="note.fact").get().body == "No order goes out"
    (said,) = answered(outside, tick)
    assert "INC-1" in words(said) and said["replace_original"] is True and said["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "values",
    [
        {}, {"severity": ["SEV2"]}, {"title": "x"}, {"severity": ["SEV9"], "title": "x"},
        {"severity": ["SEV2"], "title": "x" * 301}, {"severity": ["SEV2"], "title": "x", "product": ["999999"]},
        {"severity": ["SEV2"], "title": "\x00\x07"},
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_says_so_and_stays(slack, joined, lead, outside, tick, values):
    joined(lead)
    slack.press("declare", "", values, response_url=outside.hook, container={"is_ephemeral": True})
    assert Incident.objects.count() == 0
    (said,) = answered(outside, tick)
    assert words(said) and said["replace_original"] is False


# -- Heartbeat --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "side"), [("再起動を試しています", "ja"), ("We restarted the queue", "en")])
def test_a_heartbeat_in_one_line(slack, world, text, side):
    said = words(slack.command(f"heartbeat {key(world)} {text}"))
    row = Update.objects.get()
    assert (row.kind, row.parts["tried"][side]) == ("heartbeat", text)
    assert row.next_at is not None and "Affected customers" in said and "Next word by" in said and "JST" in said
    assert Entry.objects.get(code="update.published").data["via"] == "slack"


def test_a_heartbeat_by_the_button_asks_before_it_goes_out(slack, world, outside, tick):
    slack.press("heartbeat_form", key(world), response_url=outside.hook)
    (form,) = answered(outside, tick)
    assert form["replace_original"] is False and Update.objects.count() == 0
    send = next(one for block in form["blocks"] if block["type"] == "actions" for one in block["elements"])
    assert send["action_id"] == "heartbeat" and "Affected customers" in send["confirm"]["text"]["text"]
    slack.press("heartbeat", send["value"], {"tried": "We restarted it"}, response_url=outside.hook,
                container={"is_ephemeral": True})  # fmt: skip
    assert Update.objects.get().parts["tried"]["en"] == "We restarted it"
    (said,) = answered(outside, tick)
    assert said["replace_original"] is True


def test_a_heartbeat_with_a_vague_time_is_refused_by_its_guard(slack, world):
    said = words(slack.command(f"heartbeat {key(world)} It will be fixed soon."))
    assert Update.objects.count() == 0 and said


@pytest.mark.parametrize(
    "text", ["heartbeat", "heartbeat we tried", "heartbeat INC-999 x", "heartbeat INC-1" + "9" * 40]
)
def test_a_heartbeat_of_nothing(slack, world, text):
    assert words(slack.command(text)) and Update.objects.count() == 0


# -- Update -----------------------------------------------------------------------------------------------------------


def test_an_update_is_kept_as_a_draft_and_published_by_the_button(slack, world, outside, tick, lead):
    text = f"update {key(world)} 60 % of orders fail since 13:40."
    answer = slack.command(text)
    draft = Draft.objects.get()
    assert draft.author_id == lead.pk and draft.data["effect.en"] == "60 % of orders fail since 13:40."
    assert Update.objects.count() == 0
    value = pressable(answer)["publish"]
    assert f"/incidents/{key(world)}/update/" in json.dumps(answer.json())
    page = signed_in(lead).get(f"/incidents/{key(world)}/update/")
    assert "60 % of orders fail" in page.text
    slack.press("publish", value, response_url=outside.hook)
    row = Update.objects.get()
    assert row.parts["effect"]["en"] == "60 % of orders fail since 13:40." and row.next_at is not None
    slack.press("publish", value, response_url=outside.hook)
    assert Update.objects.count() == 1


def test_findings_of_the_guards_come_back_and_hold_the_button(slack, world):
    answer = slack.command(f"update {key(world)} It will be fixed soon.")
    assert "publish" not in pressable(answer) and "A vague time" in words(answer)
    assert Draft.objects.count() == 1


def test_who_needs_an_approval_gets_no_button(slack, world, joined, colleague):
    joined(colleague, "U777")
    answer = slack.command(f"update {key(world)} 60 % of orders fail since 13:40.", user_id="U777")
    assert "publish" not in pressable(answer) and Draft.objects.get().author_id == colleague.pk
    draft = told.draft(world.incident.id, colleague.pk)
    value = f"{key(world)}|{draft.version}|{(NOW + timedelta(minutes=15)).isoformat()}"
    payload = slack.payload("publish", value)
    payload["user"]["id"] = "U777"
    slack.press("publish", value, user=payload["user"])
    assert Update.objects.count() == 0


def test_what_the_draft_said_before_is_not_lost(slack, world, lead):
    comms.save_draft(world.incident.id, {"effect.en": "First line", "scope.ja": "全国"}, by=doors.actor(lead), now=NOW)
    slack.command(f"update {key(world)} Second line")
    slack.command(f"update {key(world)} 三行目")
    data = Draft.objects.get().data
    assert (
        data["effect.en"] == "First line\nSecond line" and data["scope.ja"] == "全国" and data["effect.ja"] == "三行目"
    )


@pytest.mark.parametrize(
    "value", ["", "INC-1", "INC-1|x|y", "INC-1|99|2026-11-18T05:10:00Z", "|||", "INC-1|1|tomorrow"]
)
def test_a_forged_button_publishes_nothing(slack, world, value):
    slack.command(f"update {key(world)} 60 % of orders fail since 13:40.")
    version = Draft.objects.get().version
    slack.press("publish", value.replace("INC-1|1|", f"{key(world)}|{version}|"))
    assert Update.objects.count() == 0


# -- Who, promises, roles, status -------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["", "order", "受注", "SHIPPING"])
def test_who_owns_it(slack, world, asked):
    said = words(slack.command(f"who {asked}"))
    assert "Order Cloud" in said and "Owner:" in said and key(world) in said


def test_who_of_something_unknown(slack, world):
    assert "There is no product or component called nothing" in words(slack.command("who nothing"))


def test_promises_of_mine_and_of_an_incident(slack, world):
    mine, here = words(slack.command("promises")), words(slack.command(f"promises {key(world)}"))
    assert "JST" in here and here.index("•") and key(world) in here
    assert "First notice" in here or "first notice" in here.lower()
    assert mine


def test_taking_a_role_by_word_in_either_language(slack, world, lead):
    slack.command(f"take {key(world)}")
    slack.command(f"take {key(world)} 記録係")
    slack.command(f"take {key(world)} Customer liaison")
    held = incidents.holders(world.incident.id)
    assert held == {"commander": [lead.pk], "scribe": [lead.pk], "liaison": [lead.pk]}
    assert "emperor" in words(slack.command(f"take {key(world)} emperor"))


def test_status_marks_drills(slack, world, lead):
    cases.declare(title=Text("訓練", "Rehearsal"), severity="SEV3", drill=True, by=doors.actor(lead), now=NOW)
    said = words(slack.command("status"))
    assert key(world) in said and "DRILL INC-2" in said


def test_a_restricted_incident_is_there_for_its_holders_alone(slack, world, joined, colleague, lead):
    hidden = cases.declare(
        title=Text("漏えい", "Zebrafinch"), severity="SEV1a", restricted=True, by=doors.actor(lead), now=NOW
    )
    joined(colleague, "U777")
    other = {"user_id": "U777"}
    named = [
        f"{verb} {hidden.key}{rest}" for verb in ("promises", "take", "heartbeat", "update") for rest in ("", " x")
    ]
    for text in ("status", "promises", "who", *named):
        assert "Zebrafinch" not in words(slack.command(text, **other)), text
    assert incidents.holders(hidden.id) == {"expert": [lead.pk]}
    assert "Zebrafinch" in words(slack.command("status"))
    assert not [row for row in hooks() if "Zebrafinch" in json.dumps(row.data)]


# -- The channel ------------------------------------------------------------------------------------------------------


def test_the_channel_hears_of_a_declaration_and_of_each_update(slack, world, outside, tick, space):
    slack.command("declare SEV2 &lt;!channel&gt; &amp; @here *fails*")
    slack.command(f"heartbeat {key(world)} We restarted the queue")
    tick(NOW)
    posted = [(path, headers, json.loads(body)) for path, headers, body in outside.requests]
    assert [path for path, _h, _b in posted] == ["/api/chat.postMessage"] * len(posted) and len(posted) >= 2
    first = next(body for _p, _h, body in posted if "fails" in body["text"])
    assert first["channel"] == "C0123ABCD" and "<!" not in first["text"] and "&lt;!channel&gt; &amp; " in first["text"]
    assert {block["text"]["type"] for block in first["blocks"] if "text" in block} == {"plain_text"}
    assert set(pressable(first)) == {"take", "heartbeat_form", "promises", "open"}
    beat = next(body for _p, _h, body in posted if "restarted" in json.dumps(body))
    assert "We restarted the queue" in words(beat) and "JST" in words(beat)
    assert len({body["client_msg_id"] for _p, _h, body in posted}) == len(posted)


def test_a_word_to_one_customer_or_inside_stays_where_it_was_said(slack, world, lead):
    for audience in (f"customer:{world.towa.pk}", "internal"):
        given = factories_update(world, audience)
        comms.publish(world.incident.id, given, by=doors.actor(lead), now=NOW, confirmed=True)
    texts = [json.dumps(row.data) for row in hooks() if row.about.startswith("update:")]
    assert len(texts) == 2 and not [text for text in texts if "60 percent" in text]


def factories_update(world, audience):
    from tomei.comms.facts import UpdateInput  # next to its only use

    return UpdateInput(
        parts={"effect": Text("", f"60 percent of orders fail for {audience}")}, state="investigating",
        audiences=(audience,), next_at=NOW + timedelta(minutes=15),
    )  # fmt: skip


def test_what_was_to_be_told_of_an_incident_that_is_restricted_since_never_leaves(slack, world, outside, tick, lead):
    Message.objects.all().delete()
    slack.command("declare SEV2 Zebrafinch")
    made = Incident.objects.order_by("-pk").first()
    cases.set_restricted(made.pk, True, by=doors.actor(lead), now=NOW)
    tick(NOW)
    assert not [body for _path, _headers, body in outside.requests if b"Zebrafinch" in body]
    assert [row.state for row in hooks()] == ["dropped"]


def test_slack_says_no_with_200(slack, world, outside, tick):
    Message.objects.all().delete()
    outside.answers = [(200, {}, b'{"ok":false,"error":"channel_not_found"}')]
    slack.command("declare SEV2 Orders")
    Message.objects.exclude(purpose="chat").delete()
    tick(NOW)
    failed = Message.objects.filter(purpose="chat", state="failed").get()
    assert failed.last_error == "channel_not_found"


def test_429_is_waited_for(slack, world, outside, tick):
    Message.objects.all().delete()
    slack.command("declare SEV2 Orders")
    Message.objects.exclude(purpose="chat").delete()
    outside.answers = [(429, {"Retry-After": "900"}, b'{"ok":false,"error":"ratelimited"}')]
    tick(NOW)
    row = Message.objects.get(purpose="chat")
    assert row.state == "waiting" and row.next_try_at >= row.created_at + timedelta(seconds=900)
    first = outside.requests[-1][2]
    tick(row.next_try_at + timedelta(seconds=1))
    row.refresh_from_db()
    assert row.state == "sent" and outside.requests[-1][2] == first


def test_without_a_channel_nothing_is_posted(slack, world, space):
    Message.objects.all().delete()
    actions.save(actions.Settings("T0001", "Example"), space.pk, by=MASTER, now=NOW)
    slack.command("declare SEV2 Orders")
    assert hooks() == []


def test_a_press_without_an_address_of_slacks_is_done_and_says_nothing(slack, world, lead):
    Message.objects.all().delete()
    for url in ("https://evil.test/x", "", None, 5, "http://hooks.slack.com/x"):
        answer = slack.press("take", key(world), response_url=url)
        assert (answer.status_code, answer.content) == (200, b"")
    assert incidents.holders(world.incident.id) == {"commander": [lead.pk]}
    assert hooks() == []


@pytest.mark.parametrize("action", ["open", "", "drop_table", "take", "promises", "heartbeat_form", "update", "cancel"])
@pytest.mark.parametrize("value", ["", "INC-999", "x" * 5000, "INC-999\x00", "\ud800", "{}"])
def test_buttons_with_anything_in_them(slack, world, action, value):
    answer = slack.press(action, value)
    assert (answer.status_code, answer.content) == (200, b"")
    assert incidents.holders(world.incident.id) == {} and Update.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["declare SEV2 " + "x" * 4000, "heartbeat INC-1 " + "x" * 30000, "who " + "x" * 5000, "\x00", "😀" * 2000]
)
def test_words_of_any_length(slack, world, text):
    answer = slack.command(text)
    assert answer.status_code == 200 and answer.json()["response_type"] == "ephemeral"
    assert Incident.objects.count() == 1 and len(answer.content) < 20_000
    assert USER not in words(answer)
