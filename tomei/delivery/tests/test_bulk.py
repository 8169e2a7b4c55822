"""Many mails in a handful of statements, by the same rules as one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW
from tomei.clock.models import Job
from tomei.delivery import bulk
from tomei.delivery.models import Message
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def many(count: int) -> list[bulk.MailIn]:
    return [bulk.MailIn(f"p{number}@towa.test", "S", "T", f"update:1:contact:{number}") for number in range(count)]


def test_many_are_queued_once(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        assert bulk.queue_mails(many(100), purpose="update", rank=0, now=NOW, about="update:1") == 100
    assert bulk.queue_mails(many(101), purpose="update", rank=0, now=NOW, about="update:1") == 1
    assert (Message.objects.filter(state="waiting").count(), Job.objects.filter(kind="delivery.send").count()) == (
        101,
        101,
    )


def test_one_bad_mail_queues_none() -> None:
    for bad in (bulk.MailIn("nobody", "S", "T", "k"), bulk.MailIn("a@b.test", "S\nBcc: x", "T", "k")):
        with pytest.raises(Refused):
            bulk.queue_mails([*many(2), bad], purpose="update", rank=0, now=NOW)
    with pytest.raises(Refused):
        bulk.queue_mails(many(2), purpose="rumour", rank=0, now=NOW)
    assert not Message.objects.exists()
