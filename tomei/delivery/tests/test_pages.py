"""The pages of the outbox as every standing person, by day and under hold."""

import pytest

from tomei.delivery import actions, hold, queries, server
from tomei.delivery.models import Message, Suppression
from tomei.delivery.tests.servers import smtp_server

pytestmark = pytest.mark.django_db
ADMIN_PAGES = ["/settings/outbox/", "/settings/held/", "/settings/mail/", "/settings/mail/test/"]


@pytest.mark.parametrize("url", [*ADMIN_PAGES, "/settings/outbox/1/", "/demo/mailbox/"])
def test_nobody_without_sign_in(client, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", ADMIN_PAGES)
def test_only_an_administrator_reads_them(client_of, lead, colleague, watcher, admin, url):
    assert [client_of(one).get(url).status_code for one in (lead, colleague, watcher, admin)] == [403, 403, 403, 200]


@pytest.mark.parametrize(
    "url",
    ["/settings/held/release/", "/settings/held/drop/", "/settings/outbox/1/retry/", "/settings/outbox/unsuppress/",
     "/settings/mail/", "/settings/mail/test/"],
)  # fmt: skip
def test_only_an_administrator_acts(client_of, lead, mail, now, url):
    hold.begin("restored", now=now)
    mail()
    before = list(Message.objects.values())
    assert client_of(lead).post(url, {"all": "1", "message": "1"}).status_code == 403
    assert client_of(lead).get("/settings/held/release/").status_code in (403, 405)
    assert (list(Message.objects.values()), hold.on()) == (before, True)


def test_the_outbox_says_what_waits_and_why(client_of, admin, mail, tick, now, settings):
    settings.TOMEI_MAIL_URL = "smtp://127.0.0.1:1/?from=a@b.jp"
    number = mail(subject="<script>alert(1)</script>")
    secret = mail(key="k:2", purpose="reset", text="https://tomei.test/reset/ABC")
    tick(now)
    page = client_of(admin).get("/settings/outbox/?lang=ja").content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert "refused" in page.lower() and "送信待ち" in page
    assert "本文" in client_of(admin).get(f"/settings/outbox/{number}/").content.decode()
    assert "reset/ABC" not in client_of(admin).get(f"/settings/outbox/{secret}/").content.decode()
    assert client_of(admin).get("/settings/outbox/999999/").status_code == 404
    answer = client_of(admin).post(f"/settings/outbox/{number}/retry/")
    assert (answer.status_code, answer["Location"]) == (303, "/settings/outbox/")


@pytest.mark.parametrize(("language", "word"), [("en", "Update to a subscriber"), ("ja", "購読者への続報")])
def test_the_outbox_shows_one_purpose(client_of, admin, mail, language, word):
    mail(key="k:1", purpose="notice", subject="to a subscriber.")
    mail(key="k:2", purpose="update", subject="to a customer.")
    client = client_of(admin)

    def shown(query: str) -> tuple[bool, bool]:
        page = client.get(f"/settings/outbox/?lang={language}&{query}").content.decode()
        assert word in page
        return "to a subscriber." in page, "to a customer." in page

    assert shown("") == shown("purpose=unknown") == (True, True)
    assert shown("purpose=notice") == shown("purpose=notice&state=waiting") == (True, False)
    assert shown("purpose=notice&state=failed") == (False, False)
    found = client.get("/api/v1/outbox?purpose=update").json()["items"]
    assert [one["subject"] for one in found] == ["to a customer."]


def test_the_outbox_is_read_a_page_at_a_time(client_of, admin, mail, django_assert_max_num_queries):
    for n in range(60):
        mail(key=f"k:{n}", subject=f"s{n}.")
    client = client_of(admin)
    with django_assert_max_num_queries(14):
        first = client.get("/settings/outbox/?state=waiting").content.decode()
    assert "s59." in first and "s9." not in first
    after = queries.page(limit=50)[1]
    second = client.get(f"/settings/outbox/?before={after}").content.decode()
    assert "s9." in second and "s59." not in second
    for broken in ("x", "-1", "99999999999999999999", "１"):
        assert client.get("/settings/outbox/", {"before": broken}).status_code == 200


def test_what_is_held_is_seen_dropped_and_released(client_of, admin, mail, now, settings):
    settings.DEMO = True
    mail(key="a", subject="もう送った")
    second = mail(key="b", subject="まだ送っていない")
    hold.begin("host_changed", now=now, host={"was": "tokyo-1", "is": "laptop"})
    client = client_of(admin)
    page = client.get("/settings/held/?lang=en").content.decode()
    assert "tokyo-1" in page and "もう送った" in page and "2 messages would leave" in page
    first = Message.objects.get(key="a").pk
    assert client.post("/settings/held/drop/", {"message": [str(first), "x"]}).status_code == 303
    assert client.post("/settings/held/drop/", {}).status_code == 409
    assert client.post("/settings/held/release/").status_code == 303
    assert hold.state() is None
    assert Message.objects.get(pk=first).state == "dropped"
    assert Message.objects.get(pk=second).state == "held"  # the clock wakes it at its next tick
    assert client.post("/settings/held/release/").status_code == 409


FORM = {
    "host": "127.0.0.1", "port": "25", "security": "none", "user": "", "password": "", "sender": "a@b.jp",
    "sender_name": "透明",
}  # fmt: skip


def test_mail_is_set_and_its_test_arrives(client_of, admin, tick):
    client = client_of(admin)
    with smtp_server() as (box, port):
        assert client.post("/settings/mail/", {**FORM, "port": str(port)}).status_code == 303
        assert queries.mail_is_set() is True
        assert client.post("/settings/mail/test/", {}).status_code == 303
        row = Message.objects.get()
        waiting = client.get("/settings/mail/test/", headers={"HX-Request": "true"}).content.decode()
        assert 'hx-trigger="load delay:1s"' in waiting and "<html" not in waiting
        tick(row.created_at)
    assert box.mails[0]["To"] == "admin@tomei.test"
    arrived = client.get("/settings/mail/test/?lang=en", headers={"HX-Request": "true"}).content.decode()
    assert "Arrived at the server" in arrived and "hx-get" not in arrived


@pytest.mark.parametrize(
    ("change", "word"),
    [({"host": "a b"}, "a b"), ({"port": "0"}, "127.0.0.1"), ({"port": "x"}, "127.0.0.1"),
     ({"security": "ssl3"}, "127.0.0.1"),
     ({"sender": "a@b.jp\r\nBcc: c@d.e"}, "127.0.0.1"), ({"sender_name": "x\ny"}, "127.0.0.1")],
)  # fmt: skip
def test_what_was_typed_stays_when_it_is_refused(client_of, admin, change, word):
    answer = client_of(admin).post("/settings/mail/", {**FORM, **change})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert server.current() is None


def test_the_environment_wins_and_says_so(client_of, admin, settings):
    settings.TOMEI_MAIL_URL = "smtp://u:geheim@mail.example.com/?from=a@b.jp"
    page = client_of(admin).get("/settings/mail/").content.decode()
    assert "TOMEI_MAIL_URL" in page and "geheim" not in page and 'name="host"' not in page
    assert client_of(admin).post("/settings/mail/", FORM).status_code == 422


def test_a_password_is_never_shown(client_of, admin):
    client = client_of(admin)
    client.post("/settings/mail/", {**FORM, "user": "u", "password": "sehr-geheim"})
    assert "sehr-geheim" not in client.get("/settings/mail/").content.decode()


def test_the_mailbox_is_only_in_the_demo(client_of, lead, mail, tick, now, settings):
    number = mail(html="<h1>題</h1><script>alert(1)</script>")
    settings.DEMO = True
    tick(now)
    client = client_of(lead)
    urls = [f"/demo/mailbox/{part}" for part in ("", f"{number}/", f"{number}/html/", f"{number}/source/")]
    pages = [client.get(url) for url in urls]
    assert [page.status_code for page in pages] == [200] * 4
    assert "frame-src 'self'" in pages[1]["Content-Security-Policy"]
    assert pages[2]["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert pages[3]["Content-Type"].startswith("text/plain")
    assert Message.objects.get().message_id in pages[3].content.decode()
    settings.DEMO = False
    assert [client.get(url).status_code for url in urls] == [404] * 4


def test_a_suppressed_address_can_be_written_to_again(client_of, admin, now):
    Suppression.objects.create(address="a@b.jp", reason="550", at=now)
    assert "a@b.jp" in client_of(admin).get("/settings/outbox/").content.decode()
    assert client_of(admin).post("/settings/outbox/unsuppress/", {"address": "a@b.jp"}).status_code == 303
    assert queries.is_suppressed("a@b.jp") is False
    assert client_of(admin).post("/settings/outbox/unsuppress/", {"address": "a@b.jp"}).status_code == 404


def test_every_refusal_is_said_in_both_languages():
    from tomei.delivery.texts import REFUSALS

    assert all(text.missing == () for entry in REFUSALS.values() for text in entry)
    assert actions.TEXT_LIMIT == 400_000
