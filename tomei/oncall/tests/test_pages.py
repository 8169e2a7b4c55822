import pytest

from tomei.clock.engine import Engine
from tomei.delivery import smtp
from tomei.delivery.handlers import HANDLERS
from tomei.delivery.models import Message
from tomei.delivery.tests.servers import http_server
from tomei.oncall.models import ContactMethod

pytestmark = pytest.mark.django_db


def test_everybody_has_the_page_and_nobody_without_sign_in(client_of, lead, colleague, watcher, admin, client):
    assert [client_of(one).get("/me/contact/").status_code for one in (lead, colleague, watcher, admin)] == [200] * 4
    assert client.get("/me/contact/").status_code == 302
    assert client.post("/me/contact/mail/", {"address": "a@b.jp"}).status_code == 302
    assert ContactMethod.objects.count() == 0


def test_a_webhook_is_added_tested_and_its_url_never_shown(client_of, lead, settings):
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    client = client_of(lead)
    with http_server() as (kept, port):
        url = f"http://127.0.0.1:{port}/services/very-secret"
        form = {"template": "slack", "url": url, "label": "<b>夜間</b>"}
        assert client.post("/me/contact/webhook/", form).status_code == 303
        method = ContactMethod.objects.get()
        assert client.post(f"/me/contact/{method.pk}/test/").status_code == 303
        page = client.get("/me/contact/").content.decode()
        assert "very-secret" not in page and "&lt;b&gt;" in page and 'hx-trigger="load delay:1s"' in page
        Engine(HANDLERS).drain(Message.objects.get().created_at)
        smtp.close()
    assert kept.requests[0][0] == "/services/very-secret"
    part = client.get("/me/contact/?lang=en", headers={"HX-Request": "true"}).content.decode()
    assert "Arrived at the server" in part and "<html" not in part and "hx-get" not in part


@pytest.mark.parametrize(
    ("url", "form", "kept"),
    [("/me/contact/webhook/", {"template": "teams", "url": "nonsense", "label": "夜"}, "nonsense"),
     ("/me/contact/webhook/", {"template": "pagerduty", "url": "https://x.jp/y"}, "https://x.jp/y"),
     ("/me/contact/mail/", {"address": "not an address"}, "not an address")],
)  # fmt: skip
def test_what_was_typed_stays_when_it_is_refused(client_of, lead, url, form, kept):
    answer = client_of(lead).post(url, form)
    assert (answer.status_code, ContactMethod.objects.count()) == (422, 0)
    assert kept in answer.content.decode()


def test_a_secret_that_was_typed_is_not_written_back(client_of, lead):
    form = {"template": "generic", "url": "nonsense", "secret": "whsec_sehrgeheim"}
    assert "sehrgeheim" not in client_of(lead).post("/me/contact/webhook/", form).content.decode()


def test_anothers_method_is_not_there(client_of, lead, colleague):
    client_of(lead).post("/me/contact/mail/", {"address": "a@b.jp"})
    number = ContactMethod.objects.get().pk
    answers = [
        client_of(colleague).post(f"/me/contact/{number}/{act}/").status_code for act in ("test", "move", "remove")
    ]
    assert answers == [404] * 3
    assert client_of(lead).post(f"/me/contact/{number}/remove/").status_code == 303
    assert ContactMethod.objects.count() == 0


def test_every_refusal_is_said_in_both_languages():
    from tomei.oncall.texts import REFUSALS

    assert all(text.missing == () for entry in REFUSALS.values() for text in entry)
