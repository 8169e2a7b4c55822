"""Files of an update: kept through every refusal, sent along, on the status page only while they stand there."""

from __future__ import annotations

import hashlib
import json
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases import timeline
from tomei.comms import actions, queries, statuspage, words
from tomei.comms.facts import UpdateFacts
from tomei.comms.statuspage import cache, disk
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.comms.tests.factories import words as parts
from tomei.delivery import mail
from tomei.delivery.rules import MOST_ATTACHED, MailServer, attachable
from tomei.files import actions as files
from tomei.files import queries as stored
from tomei.files.queries import FileFacts
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.wiring import lookups

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SERVER = MailServer("mail.test", 25, sender="support@tomei.test", sender_name="Tomei")


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    cache.forget()


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


def kept(here: Any, by: Actor, name: str = "画面.png", body: bytes = PNG) -> FileFacts:
    return files.add(name, "", body, about=f"incident:{here.incident.id}", by=by, now=NOW)


def publish(here: Any, by: Actor, *found: FileFacts, **given: Any) -> UpdateFacts:
    told = update(given.get("now", NOW), **{"file_ids": tuple(one.id for one in found), **given})
    return actions.publish(here.incident.id, told, by=by, now=NOW, confirmed=True)


def test_the_update_takes_its_files_along(here: Any, by_lead: Actor) -> None:
    one, two = kept(here, by_lead), kept(here, by_lead, "gateway.log", b"timeout\n")
    told = publish(here, by_lead, two, one)
    assert [(file.id, file.name) for file in told.files] == [(two.id, "gateway.log"), (one.id, "画面.png")]
    assert queries.update(told.id).files == told.files
    assert [(file.id, file.audience) for file in stored.of(f"update:{told.id}")] == [
        (one.id, "internal"), (two.id, "internal"),
    ]  # fmt: skip
    assert stored.of(f"incident:{here.incident.id}") == []
    entry = rows("cases", "Entry").get(incident=here.incident.id, code="update.published")
    assert entry.data["files"] == [
        {"id": two.id, "name": "gateway.log", "digest": hashlib.sha256(b"timeout\n").hexdigest()},
        {"id": one.id, "name": "画面.png", "digest": one.digest},
    ]
    assert timeline.verify(here.incident.id).holds


def test_what_is_not_there_is_refused_and_nothing_moves(here: Any, by_lead: Actor) -> None:
    mine = kept(here, by_lead)
    other = files.add("a.log", "", b"x", about="incident:99999", by=by_lead, now=NOW)
    for ids in ([mine.id, other.id], [mine.id, 99999]):
        with pytest.raises(Refused) as refused:
            publish(here, by_lead, file_ids=tuple(ids))
        assert refused.value.code == "files.not_there"
    many = [kept(here, by_lead, f"{number}.log", b"x").id for number in range(11)]
    with pytest.raises(Refused) as refused:
        publish(here, by_lead, file_ids=tuple(many))
    assert (refused.value.code, refused.value.facts) == ("update.too_many_files", {"count": 11, "limit": 10})
    assert rows("comms", "Update").count() == 0
    assert stored.file(mine.id).about == f"incident:{here.incident.id}"


def test_every_mail_carries_them_in_the_same_bytes_each_time(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead, kept(here, by_lead), kept(here, by_lead, "gateway.log", b"timeout\n"))
    sent = list(rows("delivery", "Message").filter(about=f"update:{told.id}"))
    assert len(sent) == 4
    for one in sent:
        raw = mail.render(one, SERVER)
        assert mail.render(one, SERVER) == raw
        got: Any = message_from_bytes(raw, policy=policy.default)
        assert got["Message-ID"] == one.message_id
        found = [(part.get_filename(), part.get_content_type()) for part in got.iter_attachments()]
        assert found == [("画面.png", "image/png"), ("gateway.log", "text/plain")]
        assert [part.get_payload(decode=True) for part in got.iter_attachments()] == [PNG, b"timeout\n"]
        assert got.get_body(("plain",)) is not None
        assert got.get_body(("html",)) is not None
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    ja, en = (next(one for one in sent if one.address == address) for address in ("it@towa.test", "ops@towa.test"))
    assert "添付: 画面.png、gateway.log" in ja.text
    assert "Attached: 画面.png, gateway.log" in en.text
    assert "Attached: 画面.png, gateway.log" in en.html


def test_a_mail_says_how_many_do_not_fit(here: Any, by_lead: Actor) -> None:
    big, small = kept(here, by_lead, "big.log", b"x" * (MOST_ATTACHED - 10)), kept(here, by_lead, "b.log", b"y" * 20)
    told = publish(here, by_lead, big, small)
    sent = rows("delivery", "Message").get(about=f"update:{told.id}", address="ops@towa.test")
    assert sent.files == [big.id]
    assert "Attached: big.log\nNot attached because of the size: 1." in sent.text


def test_what_fits_is_decided_in_order() -> None:
    most = MOST_ATTACHED
    assert attachable([(1, most), (2, 1)]) == (1,)
    assert attachable([(1, most + 1), (2, most - 1), (3, 2), (4, 1)]) == (2, 4)
    assert words.files_line([], 0, "en") == ""
    assert words.files_line([], 2, "ja").startswith("ファイル 2 件は")


def test_bytes_that_are_gone_do_not_keep_the_words(here: Any, by_lead: Actor, tmp_path: Any) -> None:
    one = kept(here, by_lead)
    told = publish(here, by_lead, one)
    (tmp_path / "files" / one.digest[:2] / one.digest).unlink()
    sent = rows("delivery", "Message").filter(about=f"update:{told.id}").first()
    got: Any = message_from_bytes(mail.render(sent, SERVER), policy=policy.default)
    assert "60 % of shipments fail." in got.get_body(("plain",)).get_content()
    assert list(got.iter_attachments()) == []


def test_a_correction_keeps_leaves_out_and_adds(here: Any, by_lead: Actor) -> None:
    wrong, right = kept(here, by_lead, "wrong.log", b"w"), kept(here, by_lead, "right.log", b"r")
    told = publish(here, by_lead, wrong, right)
    new = kept(here, by_lead, "new.log", b"n")
    done = actions.correct(
        told.id, told.parts, reason="別の会社の画面", file_ids=[right.id, new.id], by=by_lead, now=NOW + MINUTE
    )
    assert [one.name for one in done.files] == ["right.log", "new.log"]
    assert done.files[0].id != right.id
    assert queries.update(told.id).files == told.files
    again = actions.correct(done.id, parts("9割です。", "90 % fail."), reason="数字", by=by_lead, now=NOW + MINUTE)
    assert [one.name for one in again.files] == ["right.log", "new.log"]
    with pytest.raises(Refused, match=r"update\.nothing_changed"):
        actions.correct(again.id, again.parts, reason="同じ", by=by_lead, now=NOW + MINUTE)
    with pytest.raises(Refused, match=r"files\.not_there"):
        actions.correct(again.id, again.parts, reason="x", file_ids=[wrong.id], by=by_lead, now=NOW + MINUTE)


def test_a_translation_has_the_files_of_what_it_translates(here: Any, by_lead: Actor, by_colleague: Actor) -> None:
    told = publish(here, by_lead, kept(here, by_lead), parts=parts(en=""))
    done = actions.translate(told.id, "en", {"effect": "60 % fail."}, by=by_colleague, now=NOW + MINUTE)
    assert [one.name for one in done.files] == ["画面.png"]


# ---- the status page ----


def page(now: Any = NOW) -> str:
    statuspage.refresh(now)
    found = statuspage.cached("/status/", "lang=en", "")
    assert found is not None
    return found[2].decode()


def test_the_public_gets_them_while_the_update_stands(here: Any, by_lead: Actor, client: Any) -> None:
    told = publish(here, by_lead, kept(here, by_lead), audiences=("public", "affected"))
    [file] = told.files
    assert f'href="/status/files/{file.id}/%E7%94%BB%E9%9D%A2.png"' in page()
    answer = client.get(file.public_url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PNG)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Set-Cookie" not in answer.headers
    fronted = client.get(file.public_url, **{"tomei.front": True})
    assert (fronted.content, fronted["X-Tomei-File"].endswith(file.digest)) == (b"", True)
    assert client.get(f"/status/files/{file.id}/other.png").status_code == 404
    done = actions.correct(told.id, told.parts, reason="外します", file_ids=[], by=by_lead, now=NOW + MINUTE)
    assert done.files == ()
    assert client.get(file.public_url).status_code == 404
    assert "%E7%94%BB" not in page(NOW + MINUTE)


def test_the_summary_lists_them_while_the_update_stands(here: Any, by_lead: Actor) -> None:
    def listed(now: Any) -> list[Any]:
        statuspage.refresh(now)
        found = statuspage.cached("/status/api/v2/summary.json", "", "")
        assert found is not None
        [incident] = json.loads(found[2])["incidents"]
        return [one.get("files") for one in incident["incident_updates"]]

    told = publish(here, by_lead, kept(here, by_lead), audiences=("public", "affected"))
    [file] = told.files
    shown = {"name": "画面.png", "url": f"{settings.TOMEI_URL}{file.public_url}", "content_type": "image/png",
             "size": len(PNG), "sha256": file.digest}  # fmt: skip
    assert listed(NOW) == [[shown]]
    actions.correct(told.id, told.parts, reason="外します", file_ids=[], by=by_lead, now=NOW + MINUTE)
    assert listed(NOW + MINUTE) == [None, None]


def test_no_other_file_has_a_public_address(here: Any, by_lead: Actor, client: Any, lead: Any) -> None:
    waiting = kept(here, by_lead, "secret0.log", b"0")
    found = [("waiting", waiting.id, waiting.name)]
    audiences = ("affected", "internal", "executives", f"customer:{here.towa.pk}")
    for number, audience in enumerate(audiences, start=1):
        told = publish(
            here, by_lead, kept(here, by_lead, f"secret{number}.log", b"s"), audiences=(audience,),
            parts=parts(f"障害{number}件です。", f"{number} orders fail."),
        )  # fmt: skip
        found.append((audience, told.files[0].id, told.files[0].name))
    assert "secret" not in page()
    assert [(name, client.get(f"/status/files/{pk}/{file}").status_code) for name, pk, file in found] == [
        (name, 404) for name, _, _ in found
    ]
    assert client.get("/status/files/99999999999999999999/a.log").status_code == 404
    written = [one for one in disk.folder().iterdir() if not one.name.startswith(".")]  # drafts come and go
    for body in (one.read_bytes() for one in written):
        assert b"secret" not in body


def test_drills_and_restricted_incidents_show_none(here: Any, lead: Any, by_lead: Actor, client: Any) -> None:
    told = publish(here, by_lead, kept(here, by_lead), audiences=("public",))
    cases.set_restricted(here.incident.id, True, by=by_lead, now=NOW)
    assert client.get(told.files[0].public_url).status_code == 404
    drill = cases.declare(
        title=Text("演習", "Drill"), severity="SEV2", component_ids=[here.component.pk], drill=True, by=by_lead, now=NOW
    )
    one = files.add("a.log", "", b"x", about=f"incident:{drill.id}", by=by_lead, now=NOW)
    spoken = actions.publish(
        drill.id, update(NOW, audiences=("public", "internal"), file_ids=(one.id,)), by=by_lead, now=NOW, confirmed=True
    )
    assert client.get(spoken.files[0].public_url).status_code == 404
    sent = rows("delivery", "Message").filter(about=f"update:{spoken.id}")
    assert {(mail.address, tuple(mail.files)) for mail in sent} == {(lead.email, (one.id,))}


def test_who_may_find_the_incident_may_read_them(
    here: Any, by_lead: Actor, by_watcher: Actor, by_colleague: Actor
) -> None:
    told = publish(here, by_lead, kept(here, by_lead))
    assert lookups.may_read_update(told.id, by_watcher)
    cases.set_restricted(here.incident.id, True, by=by_lead, now=NOW)
    assert [lookups.may_read_update(told.id, by) for by in (by_lead, by_watcher, by_colleague)] == [True, False, False]


# ---- pages ----


def posted(**given: Any) -> dict[str, Any]:
    values = {
        "state": "investigating", "effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail.",
        "to": ["affected", "internal"], "seen": "", "draft_id": "", "confirmed": "1",
        "next": (time.now() + 14 * MINUTE).replace(microsecond=0).isoformat(),
    }  # fmt: skip
    return {**values, **given}


def png(name: str = "screen.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


@pytest.fixture
def live(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead, now=time.now())


def ids(live: Any) -> list[int]:
    return [one.id for one in stored.of(f"incident:{live.incident.id}")]


def test_a_file_stays_through_every_refusal(live: Any, lead: Any, client_of: Any) -> None:
    client, url = client_of(lead), f"{live.incident.url}update/"
    answer = client.post(url, posted(do="send", files=[png()], next=""))
    [pk] = ids(live)
    text = answer.content.decode()
    assert (answer.status_code, f'name="file" value="{pk}"' in text, "screen.png" in text) == (422, True, True)
    bad = client.post(url, posted(do="send", file=[pk], files=[SimpleUploadedFile("a.exe", b"MZ")]))
    assert (bad.status_code, f'name="file" value="{pk}"' in bad.content.decode()) == (422, True)
    assert rows("comms", "Update").count() == 0
    assert client.post(url, posted(do="send", file=[pk])).status_code == 303
    listed = client.get(f"{live.incident.url}updates/").content.decode()
    assert f'<a href="/files/{pk}/">' in listed
    assert "screen.png" in listed


def test_attached_is_in_the_draft_and_can_be_taken_off(live: Any, lead: Any, client_of: Any) -> None:
    client, url = client_of(lead), f"{live.incident.url}update/"
    answer = client.post(url, posted(do="attach", files=[png("one.png"), png("two.png")]))
    first, second = ids(live)
    assert answer.status_code == 200
    opened = client.get(url).content.decode()
    assert [f'name="file" value="{pk}"' in opened for pk in (first, second)] == [True, True]
    assert "出荷の6割が失敗しています。" in opened
    version = str(rows("comms", "Draft").get().version)
    off = client.post(url, posted(drop=str(first), file=[first, second], seen=version)).content.decode()
    assert [f'name="file" value="{pk}"' in off for pk in (first, second)] == [False, True]
    assert rows("comms", "Draft").get().data["file"] == [str(second)]
    stale = client.post(url, posted(do="attach", file=[second], files=[png("three.png")], seen=version))
    assert (stale.status_code, "three.png" in stale.content.decode()) == (422, True)


def test_the_form_of_a_correction_holds_the_files(live: Any, lead: Any, by_lead: Actor, client_of: Any) -> None:
    now = time.now()
    one = files.add("screen.png", "", PNG, about=f"incident:{live.incident.id}", by=by_lead, now=now)
    told = actions.publish(live.incident.id, update(now, file_ids=(one.id,)), by=by_lead, now=now, confirmed=True)
    client, url = client_of(lead), f"{live.incident.url}updates/{told.number}/correct/"
    assert f'name="file" value="{one.id}"' in client.get(url).content.decode()
    fields = {"effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail."}
    off = client.post(url, {**fields, "file": [one.id], "drop": str(one.id)})
    assert (off.status_code, 'name="file"' in off.content.decode()) == (200, False)
    assert client.post(url, {**fields, "why": "他社の画面", "files": [png("right.png")]}).status_code == 303
    assert [file.name for file in queries.of_incident(live.incident.id)[0].files] == ["right.png"]


def test_by_the_api(live: Any, lead: Any, watcher: Any, client_of: Any) -> None:
    client, url = client_of(lead, enforce_csrf_checks=False), f"/api/v1/incidents/{live.incident.key}"
    added = client.post(f"{url}/files", {"file": png()})
    assert added.status_code == 201
    file = added.json()
    assert (file["name"], file["size"], file["url"]) == ("screen.png", len(PNG), f"/files/{file['id']}/")
    told = {
        "parts": {"effect": {"ja": "出荷の6割が失敗しています。", "en": "60 % of shipments fail."}},
        "audiences": ["affected"], "next_at": (time.now() + 14 * MINUTE).isoformat(), "confirmed": True,
        "file_ids": [file["id"]],
    }  # fmt: skip
    done = client.post(f"{url}/updates", json.dumps(told), content_type="application/json")
    assert (done.status_code, done.json()["files"]) == (201, [file])
    refused = client.post(f"{url}/updates", json.dumps(told), content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "files.not_there")
    assert client_of(watcher).post(f"{url}/files", {"file": png()}).status_code == 403


@pytest.mark.wired
def test_the_room_names_them_and_hands_them_out(
    live: Any, lead: Any, colleague: Any, by_lead: Actor, client_of: Any
) -> None:
    now = time.now()
    one = files.add("screen.png", "", PNG, about=f"incident:{live.incident.id}", by=by_lead, now=now)
    actions.publish(live.incident.id, update(now, file_ids=(one.id,)), by=by_lead, now=now, confirmed=True)
    room = client_of(colleague).get(live.incident.url).content.decode()
    assert f'<a href="/files/{one.id}/">' in room
    assert "screen.png" in room
    assert client_of(colleague).get(one.url).status_code == 200
    cases.set_restricted(live.incident.id, True, by=by_lead, now=now)
    assert client_of(colleague).get(one.url).status_code == 404


def test_the_demo_mailbox_names_them(here: Any, lead: Any, by_lead: Actor, client_of: Any, settings: Any) -> None:
    told = publish(here, by_lead, kept(here, by_lead, "gateway.log", b"timeout\n"))
    settings.DEMO = True
    sent = rows("delivery", "Message").filter(about=f"update:{told.id}").first()
    rows("delivery", "Message").filter(pk=sent.pk).update(state="sent", accepted_at=NOW)
    text = client_of(lead).get(f"/demo/mailbox/{sent.pk}/").content.decode()
    assert f'<a href="/files/{told.files[0].id}/">' in text
    assert "gateway.log" in text
    assert b"gateway.log" in client_of(lead).get(f"/demo/mailbox/{sent.pk}/source/").content
