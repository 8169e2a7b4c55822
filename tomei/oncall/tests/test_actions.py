import json

import pytest

from tomei.accounts import vault
from tomei.delivery.models import Message
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.oncall import actions, queries
from tomei.oncall.models import ContactMethod
from tomei.oncall.words import Step

pytestmark = pytest.mark.django_db
SUBJECT, TEXT = Text("期限です", "Due"), Text("本文", "Body")


@pytest.fixture
def page(now):
    def send(user, **columns):
        given = {
            "promise_id": 7, "incident_id": 12, "key": "step:7:1", "subject": SUBJECT, "text": TEXT, "rank": 1,
            "url": "/incidents/INC-12/", "now": now, "due_at": now,
        }  # fmt: skip
        return actions.page(user.pk, **{**given, **columns})

    return send


def test_without_a_method_the_accounts_address_is_paged(page, colleague, settings):
    settings.TOMEI_URL = "https://tomei.example.com"
    [number] = page(colleague)
    row = Message.objects.get(pk=number)
    assert (row.address, row.purpose, row.rank, row.promise_id, row.incident_id, row.user_id, row.subject) == (
        "colleague@tomei.test", "page", 1, 7, 12, colleague.pk, "Due",
    )  # fmt: skip
    assert "https://tomei.example.com/incidents/INC-12/" in row.text
    assert "06:00 CET" in row.text


def test_every_method_is_paged_and_the_same_step_once(page, lead, by_lead, now):
    actions.add_mail("night@example.com", by=by_lead, now=now)
    actions.add_webhook("slack", "https://hooks.slack.com/services/T/B/SECRET", by=by_lead, now=now)
    first, again = page(lead), page(lead)
    assert first == again and len(first) == 2
    rows = list(Message.objects.order_by("pk").values_list("channel", "template", "address_hint"))
    assert rows == [("mail", "", "night@example.com"), ("webhook", "slack", "hooks.slack.com")]
    data = Message.objects.get(template="slack").data
    assert (data["title"], data["text"], data["dedup"]) == ("期限です", "本文", "promise:7")
    assert page(lead, key="step:7:2") != first


def test_two_people_get_the_same_step(page, lead, colleague):
    assert set(page(lead)).isdisjoint(page(colleague))


def test_nobody_who_has_left_is_paged(page, outsider):
    assert page(outsider) == []
    assert Message.objects.count() == 0


def test_a_digest_is_one_message(lead, now):
    items = [Step(SUBJECT, TEXT, now, 300, "/x/"), Step(SUBJECT, TEXT, now, 200)]
    [number] = actions.digest(lead.pk, items, "digest:1", now)
    assert actions.digest(lead.pk, items, "digest:1", now) == [number]
    row = Message.objects.get()
    assert (row.purpose, row.subject) == ("digest", "Tomei が止まっていた間に通知できなかった項目：2件")
    assert actions.digest(lead.pk, [], "digest:2", now) == []


def test_the_address_of_a_webhook_is_kept_encrypted(by_lead, now):
    actions.add_webhook("pagerduty", "", secret="r" * 32, by=by_lead, now=now)
    row = ContactMethod.objects.get()
    assert "rrrr" not in row.address and row.hint == "events.pagerduty.com"
    assert json.loads(vault.open(row.address)) == {"url": "https://events.pagerduty.com/v2/enqueue", "secret": "r" * 32}


@pytest.mark.parametrize(
    ("template", "url", "secret", "code"),
    [("slack", "ftp://x.jp/", "", "delivery.bad_url"), ("slack", "http://u:p@x.jp/", "", "delivery.bad_url"),
     ("pagerduty", "", "", "delivery.no_secret"), ("ntfy", "https://ntfy.sh/", "", "delivery.no_topic"),
     ("irc", "https://x.jp/", "", "delivery.unknown_template")],
)  # fmt: skip
def test_a_bad_webhook_is_refused_and_nothing_kept(by_lead, now, template, url, secret, code):
    with pytest.raises(Refused) as refusal:
        actions.add_webhook(template, url, secret=secret, by=by_lead, now=now)
    assert (refusal.value.code, ContactMethod.objects.count()) == (code, 0)


def test_the_list_is_ordered_bounded_and_without_doubles(by_lead, lead, now):
    numbers = [actions.add_mail(f"a{n}@x.jp", by=by_lead, now=now) for n in range(3)]
    actions.move(numbers[2], up=True, by=by_lead, now=now)
    actions.move(numbers[0], up=True, by=by_lead, now=now)
    assert [method.id for method in queries.methods_of(lead.pk)] == [numbers[0], numbers[2], numbers[1]]
    with pytest.raises(Refused) as refusal:
        actions.add_mail("A1@x.jp".replace("A", "a"), by=by_lead, now=now)
    assert refusal.value.code == "contact.known"
    for n in range(3, 10):
        actions.add_mail(f"a{n}@x.jp", by=by_lead, now=now)
    with pytest.raises(Refused) as refusal:
        actions.add_mail("more@x.jp", by=by_lead, now=now)
    assert refusal.value.code == "contact.too_many"


def test_nobody_touches_anothers_method(by_lead, by_colleague, now):
    number = actions.add_mail("a@x.jp", by=by_lead, now=now)
    for act in (
        lambda: actions.remove(number, by=by_colleague, now=now),
        lambda: actions.move(number, up=True, by=by_colleague, now=now),
        lambda: actions.test(number, by=by_colleague, now=now),
    ):
        with pytest.raises(Missing):
            act()
    assert (ContactMethod.objects.count(), Message.objects.count()) == (1, 0)


def test_each_test_is_a_message_of_its_own(by_lead, now):
    number = actions.add_mail("a@x.jp", by=by_lead, now=now)
    assert actions.test(number, by=by_lead, now=now) != actions.test(number, by=by_lead, now=now)
    assert queries.test_of(number).state == "waiting"
