import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from tomei.delivery.models import Message

pytestmark = pytest.mark.django_db
BACKEND = "tomei.delivery.backend.OutboxBackend"


def test_what_django_sends_is_queued(settings):
    settings.EMAIL_BACKEND = BACKEND
    assert send_mail("再設定", "本文", None, ["a@example.com", "b@example.com"]) == 1
    rows = list(Message.objects.order_by("pk").values_list("address", "subject", "purpose", "state"))
    assert rows == [("a@example.com", "再設定", "reset", "waiting"), ("b@example.com", "再設定", "reset", "waiting")]


def test_an_invitation_says_so_and_is_queued_once_per_key(settings):
    settings.EMAIL_BACKEND = BACKEND
    for _ in range(2):
        mail = EmailMultiAlternatives(
            "招待", "本文", to=["a@example.com"], headers={"X-Tomei-Purpose": "invite", "X-Tomei-Key": "invite:7"}
        )
        mail.attach_alternative("<p>本文</p>", "text/html")
        mail.send()
    row = Message.objects.get()
    assert (row.purpose, row.html) == ("invite", "<p>本文</p>")
