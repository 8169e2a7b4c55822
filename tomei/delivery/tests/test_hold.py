from datetime import timedelta

import pytest

from tomei.accounts.models import AuditEntry
from tomei.clock.models import Job
from tomei.delivery import actions, hold
from tomei.delivery.models import Hold, Instance, Message
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA = tmp_path
    settings.TOMEI_URL = "https://tomei.example.com"
    settings.DEMO = True  # the built-in mailbox takes what is released
    return tmp_path


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_the_first_start_writes_where_it_is(place, now):
    hold.check_instance(now)
    hold.check_instance(now)
    row = Instance.objects.get()
    assert (place / "instance.id").read_text().strip() == row.uuid
    assert (row.address, hold.state()) == ("https://tomei.example.com", None)


@pytest.mark.parametrize("change", ["instance", "host", "address", "lost"])
def test_a_folder_that_finds_itself_elsewhere_starts_held(place, settings, monkeypatch, now, change):
    hold.check_instance(now)
    if change == "instance":
        (place / "instance.id").write_text("another\n")
    elif change == "lost":
        (place / "instance.id").unlink()
    elif change == "host":
        monkeypatch.setattr(hold.platform, "node", lambda: "laptop")
    else:
        settings.TOMEI_URL = "http://127.0.0.1:8000"
    hold.check_instance(now)
    state = hold.state()
    assert state.reason == f"{'instance' if change == 'lost' else change}_changed"
    assert (place / "instance.id").read_text().strip() == Instance.objects.get().uuid
    hold.check_instance(now)
    assert Hold.objects.count() == 1


def test_while_held_nothing_leaves_and_all_comes_back(place, mail, tick, now, by_admin):
    mail(key="before")
    hold.begin("restored", now=now)
    hold.begin("host_changed", now=now)
    mail(key="after")
    tick(now + timedelta(hours=1))
    assert states() == ["held", "held"]
    assert (hold.state().reason, hold.state().waiting) == ("restored", 2)
    assert hold.release(by=by_admin, now=now) == 2
    tick(now)
    assert states() == ["sent", "sent"]
    assert (hold.state(), Job.objects.count()) == (None, 0)
    assert list(AuditEntry.objects.values_list("code", flat=True)) == ["delivery.released"]


def test_a_hold_that_begins_while_a_message_is_on_its_way_to_the_clock(place, mail, tick, now):
    number = mail()
    Hold.objects.create(reason="restored", began_at=now)
    tick(now)
    assert Message.objects.get(pk=number).state == "held"


def test_many_come_back_a_batch_at_a_time(place, mail, tick, now, by_admin, monkeypatch):
    monkeypatch.setattr(hold, "BATCH", 3)
    hold.begin("restored", now=now)
    for n in range(8):
        mail(key=f"k:{n}")
    hold.release(by=by_admin, now=now)
    tick(now)
    assert states() == ["sent"] * 8


def test_dropped_ones_never_leave(place, mail, tick, now, by_admin):
    hold.begin("restored", now=now)
    numbers = [mail(key=f"k:{n}") for n in range(3)]
    with pytest.raises(Refused):
        hold.drop([], by=by_admin, now=now)
    assert hold.drop(numbers[:1], by=by_admin, now=now) == 1
    assert hold.state().waiting == 2
    with pytest.raises(Refused):
        actions.retry(numbers[0], by=by_admin, now=now)
    assert hold.drop(None, by=by_admin, now=now) == 2
    tick(now)
    assert (states(), hold.state()) == (["dropped"] * 3, None)


def test_only_an_administrator_releases(place, mail, now, by_lead, by_admin):
    hold.begin("restored", now=now)
    mail()
    for act in (lambda: hold.release(by=by_lead, now=now), lambda: hold.drop(None, by=by_lead, now=now)):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "rights.missing"
    assert (states(), hold.state().waiting) == (["held"], 1)
    hold.release(by=by_admin, now=now)
    with pytest.raises(Refused) as refusal:
        hold.release(by=by_admin, now=now)
    assert refusal.value.code == "delivery.not_held"
