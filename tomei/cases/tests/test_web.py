"""Pages and posted forms through the client, as every standing person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.accounts import doors
from tomei.cases import actions, hooks, queries
from tomei.cases.models import Entry, Incident
from tomei.cases.tests.factories import component, declared, organisation, product
from tomei.kernel import time
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
PAGES = ("timeline/", "customers/", "edit/", "timeline/export.json", "timeline/export.txt")


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: LATER)


@pytest.fixture
def burning(house, by_lead, lead):
    towa, kitahama = organisation("東和精機", account_owner=lead), organisation("北浜フーズ")
    part = component(product(owner=lead), used_by=[towa, kitahama])
    return declared(by_lead, component_ids=[part.pk])


def post(client, url, **fields):
    return client.post(url, fields)


def test_declaring_takes_a_title_and_a_severity(house, client_of, colleague):
    client = client_of(colleague)
    assert client.get("/incidents/declare/").status_code == 200
    answer = post(client, "/incidents/declare/", **{"title.en": "Shipping fails", "severity": "SEV2"})
    assert (answer.status_code, answer["Location"]) == (303, "/incidents/INC-1/")
    made = queries.by_number(1, doors.actor(colleague))
    assert (made.title, made.severity, made.owner_id) == (Text(en="Shipping fails"), "SEV2", colleague.pk)


def test_what_was_typed_is_kept_when_declaring_is_refused(house, client_of, lead):
    answer = post(
        client_of(lead), "/incidents/declare/", **{"title.ja": "出荷できない<b>", "severity": "SEV7", "words": "困る"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "出荷できない&lt;b&gt;" in page and "困る" in page and "SEV7" in page
    assert Incident.objects.count() == 0


def test_declaring_from_a_group_is_prefilled_and_settles_it(house, client_of, lead, monkeypatch):
    used = organisation()
    part = component(product(), used_by=[used])
    known = hooks.Prefill(7, Text("警報", "Alarm"), "SEV1b", part.product_id, (part.pk,), NOW)
    settled = []
    monkeypatch.setattr(hooks, "prefill", lambda group_id, by: known if group_id == 7 else None)
    monkeypatch.setattr(hooks, "declared_from", lambda *given: settled.append(given[:2]))
    page = client_of(lead).get("/incidents/declare/?group=7").content.decode()
    assert 'value="警報"' in page and 'value="2026-11-18T14:00"' in page
    answer = post(client_of(lead), "/incidents/declare/", **{"title.ja": "警報", "severity": "SEV1b", "group": "7",
                  "components": str(part.pk), "affected": "1", "organisations": str(used.pk)})  # fmt: skip
    assert answer.status_code == 303
    [made] = Incident.objects.all()
    assert (settled, made.signal_group_id) == ([(7, made.pk)], 7)


def test_an_observer_reads_and_cannot_act(burning, client_of, watcher):
    client = client_of(watcher)
    assert [client.get(f"{burning.url}{page}").status_code for page in PAGES] == [200] * 5
    assert client.get("/incidents/").status_code == client.get("/cases/CASE-1/").status_code == 200
    before = list(Incident.objects.values())
    for verb, fields in (("note", {"body": "x"}), ("move", {"move": "identify"}), ("severity", {"severity": "SEV1a"})):
        answer = post(client, f"{burning.url}{verb}/", **fields)
        assert answer.status_code == 403
    assert client.get("/incidents/declare/").status_code == 403
    assert list(Incident.objects.values()) == before


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_in_both_languages_under_its_size(burning, client_of, lead, language):
    client = client_of(lead)
    sub = ["/incidents/", "/incidents/?state=all", "/incidents/declare/", "/cases/", "/cases/open/", "/cases/CASE-1/",
           *(f"{burning.url}{page}" for page in PAGES[:3]), f"{burning.url}timeline/?at=2026-11-18T14:03"]  # fmt: skip
    for url in sub:
        answer = client.get(url, {"lang": language} if "?" not in url else {})
        assert answer.status_code == 200, url
        assert len(answer.content) < 50_000, url
        assert b"style=" not in answer.content and b" onclick" not in answer.content


def test_nobody_else_finds_a_restricted_one(burning, client_of, by_lead, colleague, admin, lead):
    actions.set_restricted(burning.id, True, by=by_lead, now=NOW)
    hidden = [*(f"{burning.url}{page}" for page in PAGES), "/cases/CASE-1/"]
    assert [client_of(colleague).get(url).status_code for url in hidden] == [404] * 6
    for url in (f"{burning.url}note/", f"{burning.url}move/", "/cases/CASE-1/close/"):
        assert client_of(colleague).post(url, {"body": "x", "move": "identify"}).status_code == 404
    assert "出荷できない" not in client_of(colleague).get("/incidents/?state=all").content.decode()
    assert [client_of(admin).get(url).status_code for url in hidden] == [200] * 6


def test_verbs_act_and_return(burning, client_of, lead, by_lead):
    client, back = client_of(lead), f"{burning.url}timeline/"
    note = post(client, f"{burning.url}note/", body="<script>alert(1)</script>", kind="decision", next=back)
    assert (note.status_code, note["Location"]) == (303, back)
    first = queries.cases_of(burning.id)[0]
    for verb, fields in (
        ("spoke", {"organisations": first.organisation_id, "channel": "phone", "with_whom": "山本様", "line": "説明"}),
        ("role", {"role": "commander", "seen": "0"}),
        ("severity", {"severity": "SEV1a", "seen": "0"}),
        ("undo", {}),
        ("stamp", {"name": "began", "at": "2026-11-18T13:50"}),
        ("move", {"move": "identify", "seen": "0"}),
        ("title", {"title.ja": "出荷確定ができない", "title.en": ""}),
        ("correct", {"seq": "2", "at": "2026-11-18T14:01"}),
        ("threat", {"case": str(first.number), "line": "解約"}),
        ("restricted", {"restricted": "1"}),
        ("restricted", {"restricted": "0"}),
    ):
        answer = post(client, f"{burning.url}{verb}/", **fields)
        assert (answer.status_code, answer["Location"]) == (303, burning.url), verb
    entries = Entry.objects.filter(incident=burning.id).exclude(code__startswith="promise.").order_by("seq")
    codes = list(entries.values_list("code", flat=True))
    assert codes == [
        "declared", "note.decision", "spoke", "role.taken", "severity.raised", "undone", "stamped", "identified",
        "retitled", "time_corrected", "customer.threatened", "restricted", "unrestricted",
    ]  # fmt: skip
    page = client.get(back).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    assert "山本様: 説明" in page and "出荷確定ができない" in page
    after = queries.incident(burning.id)
    assert (after.severity, after.state, after.owner_id) == ("SEV2", "identified", lead.pk)


def test_the_second_commander_loses_nothing_typed(burning, client_of, lead, by_lead):
    actions.move(burning.id, "mitigate", by=by_lead, now=NOW)
    answer = post(client_of(lead), f"{burning.url}move/", move="restore", seen="0", proof="十分間、失敗が0件")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "十分間、失敗が0件" in page and "佐藤 明" in page
    assert queries.incident(burning.id).state == "mitigating"


def test_case_verbs(burning, client_of, lead):
    client = client_of(lead)
    first, second = queries.cases_of(burning.id)
    for verb, fields in (
        ("acknowledge", {}),
        ("describe", {"words": "出荷が止まった", "stop": "3工場が停止", "deadline": "2026-11-18T15:30"}),
        ("severity", {"severity": "SEV1a"}),
        ("threat", {"line": "解約"}),
        ("resume", {"at": "2026-11-18T14:02"}),
        ("close", {"line": "了解"}),
        ("reopen", {"reason": "再発"}),
        ("hand-on", {"remaining_owner": "高橋"}),
    ):
        answer = post(client, f"{first.url}{verb}/", **fields)
        assert (answer.status_code, answer["Location"]) == (303, first.url), verb
    done = queries.case(first.id)
    assert (done.state, done.stop, done.severity, done.remaining_owner) == ("open", "3工場が停止", "SEV1a", "高橋")
    assert post(client, f"{second.url}withdraw/", reason="無関係").status_code == 303
    made = post(client, "/cases/open/", organisation=second.organisation_id, words="遅い", severity="SEV3")
    assert (made.status_code, made["Location"]) == (303, "/cases/CASE-3/")
    assert post(client, "/cases/CASE-3/link/", incident="INC-1").status_code == 303
    assert post(client, "/cases/CASE-3/link/", incident="INC-1").status_code == 409
    assert client.get(first.url).status_code == 200


def test_a_note_carries_files(burning, client_of, lead):
    from django.core.files.uploadedfile import SimpleUploadedFile  # only here

    log = SimpleUploadedFile("error.txt", b"timeout\n", "text/plain")
    answer = client_of(lead).post(f"{burning.url}note/", {"body": "ログ", "files": [log]})
    assert answer.status_code == 303
    last = Entry.objects.filter(incident=burning.id).order_by("-seq")[0]
    assert [sorted(one) for one in last.data["files"]] == [["digest", "id"]]
    assert f"/files/{last.data['files'][0]['id']}/" in client_of(lead).get(f"{burning.url}timeline/").content.decode()


def test_exports_carry_the_head_and_verify_elsewhere(burning, client_of, lead, by_lead):
    actions.note(burning.id, "=cmd()", by=by_lead, now=NOW)
    body = json.loads(client_of(lead).get(f"{burning.url}timeline/export.json").content)
    facts = queries.incident(burning.id)
    assert (body["head"], body["verified"], len(body["entries"])) == (facts.anchor, True, 2)
    assert body["entries"][-1]["hash"] == facts.head
    text = client_of(lead).get(f"{burning.url}timeline/export.txt").content.decode()
    assert facts.anchor in text.splitlines()[1] and "=cmd()" in text
    actions.retitle(burning.id, Text("=1+1"), by=by_lead, now=NOW)
    listed = client_of(lead).get("/incidents/export.csv").content.decode()
    assert "'=1+1" in listed
    assert json.loads(client_of(lead).get("/incidents/export.json").content)[0]["key"] == "INC-1"


def test_as_known_at(burning, client_of, lead, by_lead):
    actions.set_severity(burning.id, "SEV1a", by=by_lead, now=NOW + timedelta(minutes=2))
    at = client_of(lead).get(f"{burning.url}timeline/?at=2026-11-18T14:01&lang=en").content.decode()
    assert "As known at" in at and "SEV2</span></dd>" in at
    later = client_of(lead).get(f"{burning.url}timeline/?at=2026-11-18T14:02&lang=en").content.decode()
    assert "SEV1a</span></dd>" in later
    assert client_of(lead).get(f"{burning.url}timeline/?at=nonsense").status_code == 409
    assert client_of(lead).get("/incidents/?after=x").status_code == 409
    assert client_of(lead).get("/incidents/INC-99/timeline/").status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(burning, client_of):
    for url in ("/incidents/", f"{burning.url}timeline/", "/cases/CASE-1/"):
        assert client_of(None).get(url)["Location"].startswith("/account/login/")


def test_a_list_costs_the_same_however_long(burning, client_of, lead, by_lead, django_assert_max_num_queries):
    for _ in range(30):
        declared(by_lead)
    client = client_of(lead)
    client.get("/incidents/?state=all")
    with django_assert_max_num_queries(14):
        assert client.get("/incidents/?state=all").status_code == 200
    for n in range(60):
        actions.note(burning.id, f"n{n}", by=by_lead, now=NOW)
    with django_assert_max_num_queries(50):
        page = client.get(f"{burning.url}timeline/").content.decode()
    assert "?before=" in page and page.count('<li data-kind="') == 50
