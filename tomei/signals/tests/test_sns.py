"""SNS: nothing is believed before its signature holds, and nothing is reached but SNS itself."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from django.apps import apps
from django.test import Client

from tests.people import NOW
from tomei.clock.handlers import JobFacts
from tomei.delivery import net
from tomei.kernel.errors import Refused
from tomei.signals import actions
from tomei.signals.models import Certificate, Group, Received, Source
from tomei.signals.rules import sns
from tomei.signals.tests import vendors
from tomei.signals.tests.conftest import MASTER, World

CERTIFICATE = vendors.sns("x")["SigningCertURL"]
CONFIRM = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn&Token=2336412f"


@cache
def key_pair(number: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(number: int = 0, *, days: int = 30) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = NOW - timedelta(days=60)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key_pair(number).public_key())
        .serial_number(7).not_valid_before(start).not_valid_after(start + timedelta(days=60 + days))
        .sign(key_pair(number), hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM).decode()


def signed(body: vendors.Body, version: str = "1", number: int = 0) -> bytes:
    given = {**body, "SignatureVersion": version, "Signature": ""}
    text = sns.notice(json.dumps(given).encode()).signed
    digest = hashes.SHA1() if version == "1" else hashes.SHA256()
    signature = key_pair(number).sign(text.encode(), padding.PKCS1v15(), digest)
    return json.dumps({**given, "Signature": base64.b64encode(signature).decode()}).encode()


def confirmation(**changes: Any) -> vendors.Body:
    body = vendors.sns(
        "You have chosen to subscribe", Type="SubscriptionConfirmation", Token="2336412f", SubscribeURL=CONFIRM
    )
    return {name: value for name, value in {**body, **changes}.items() if name != "Subject"}


class Outside:
    """What stands for the network: answers by address, and what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: net.Answer | Exception) -> None:
        self.asked: list[str] = []
        self.certificate: net.Answer | Exception = answers.get("certificate", net.Answer(200, {}, pem().encode()))
        self.confirm: net.Answer | Exception = answers.get("confirm", net.Answer(200, {}, b"<Confirm/>"))
        monkeypatch.setattr(net, "get", self.get)

    def get(self, url: str, *, headers: Any = None) -> net.Answer:
        self.asked.append(url)
        found = self.certificate if url == CERTIFICATE else self.confirm
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def door(world: World) -> str:
    _made, key = actions.add_source("cloudwatch", "AWS", by=MASTER, now=NOW)
    return f"/in/cloudwatch/{key}"


def run(received_id: int) -> None:
    """What the clock does with the job."""
    job = JobFacts(1, actions.VERIFY, None, 1, NOW, {"received_id": received_id}, 0, 1)
    actions.settle_verified(job, actions.verify(job), NOW + timedelta(seconds=1))


def post(client: Client, url: str, body: bytes) -> Any:
    return client.post(url, data=body, content_type="text/plain; charset=UTF-8")


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["1", "2"])
def test_an_alarm_is_believed_when_its_signature_holds(
    door: str, client: Client, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    outside = Outside(monkeypatch)
    answer = post(client, door, signed(vendors.sns(vendors.ALARM), version))
    assert (answer.status_code, answer.json()["events"]) == (200, 0)
    assert outside.asked == [] and not Group.objects.exists()
    kept = Received.objects.get()
    assert kept.verdict == "unverified"
    run(kept.pk)
    assert outside.asked == [CERTIFICATE]
    group = Group.objects.get()
    assert (group.state, group.severity, group.triage, group.title) == ("firing", "critical", "proposed", "Orders 5xx")
    assert [(row.verdict, row.at) for row in Received.objects.all()] == [("understood", kept.at)]
    over = post(client, door, signed(vendors.sns(vendors.ALARM_END), version)).json()
    run(over["received"])
    group.refresh_from_db()
    assert group.state == "resolved"
    assert outside.asked == [CERTIFICATE], "the certificate is fetched once"
    assert Certificate.objects.get().url == CERTIFICATE


@pytest.mark.django_db
def test_the_door_leaves_a_job_for_the_clock(door: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Outside(monkeypatch)
    received = post(client, door, signed(vendors.sns(vendors.ALARM))).json()["received"]
    job = apps.get_model("clock", "Job").objects.get(kind="signals.verify")
    assert (job.key, job.payload) == (f"verify:{received}", {"received_id": received})


@pytest.mark.django_db
def test_a_subscription_is_confirmed_after_its_signature(
    door: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Outside(monkeypatch)
    received = post(client, door, signed(confirmation())).json()["received"]
    run(received)
    assert outside.asked == [CERTIFICATE, CONFIRM]
    assert Received.objects.get().verdict == "understood"
    assert Source.objects.get(kind="cloudwatch").first_received_at is not None


@pytest.mark.django_db
def test_a_forged_confirmation_reaches_nothing(door: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside(monkeypatch)
    run(post(client, door, signed(confirmation(), number=1)).json()["received"])
    assert outside.asked == [CERTIFICATE]
    row = Received.objects.get()
    assert (row.verdict, row.error) == ("not_understood", "sns.bad_signature")
    assert Source.objects.get(kind="cloudwatch").first_received_at is None


@pytest.mark.django_db
def test_a_changed_word_is_not_believed(door: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Outside(monkeypatch)
    body = json.loads(signed(vendors.sns(vendors.ALARM_END)))
    forged = {**body, "Message": json.dumps(vendors.ALARM)}
    run(post(client, door, json.dumps(forged).encode()).json()["received"])
    assert not Group.objects.exists()
    assert Received.objects.get().error == "sns.bad_signature"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [net.Answer(404, {}, b""), net.Answer(200, {}, b"no certificate"), net.Answer(200, {}, pem(days=-1).encode())],
)
def test_a_certificate_that_cannot_be_used(
    door: str, client: Client, monkeypatch: pytest.MonkeyPatch, answer: net.Answer
) -> None:
    Outside(monkeypatch, certificate=answer)
    run(post(client, door, signed(vendors.sns(vendors.ALARM))).json()["received"])
    assert Received.objects.get().error == "sns.bad_certificate"
    assert not Certificate.objects.exists() and not Group.objects.exists()


@pytest.mark.django_db
def test_who_does_not_answer_is_asked_anew(door: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside(monkeypatch, certificate=net.Unreachable("name not found"))
    received = post(client, door, signed(vendors.sns(vendors.ALARM))).json()["received"]
    with pytest.raises(net.Unreachable):
        run(received)
    assert Received.objects.get().verdict == "unverified"
    outside.certificate = net.Answer(503, {}, b"")
    with pytest.raises(net.Unreachable):
        run(received)
    outside.certificate = net.Answer(200, {}, pem().encode())
    run(received)
    assert Group.objects.get().state == "firing"
    run(received)  # the job once more: nothing is left to do
    assert Group.objects.get().events == 1


@pytest.mark.django_db
def test_a_message_that_is_no_alarm_is_kept(door: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Outside(monkeypatch)
    run(post(client, door, signed(vendors.sns("Your budget is used up"))).json()["received"])
    row = Received.objects.get()
    assert (row.verdict, row.error) == ("not_understood", "signal.wrong_shape where: Message")


@pytest.mark.django_db
def test_raw_delivery_and_broken_envelopes_are_refused_at_the_door(door: str, client: Client) -> None:
    for body in (vendors.raw(vendors.ALARM), b"{", b"[]", vendors.raw(vendors.sns("x", Signature="%%%"))):
        assert post(client, door, body).status_code == 400
    assert {row.verdict for row in Received.objects.all()} == {"not_understood"}


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com.evil.example/SimpleNotificationService-01.pem",
        "https://evil.example/sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com@evil.example/SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com:8443/SimpleNotificationService-01.pem",
        "https://evil-sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://s3.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com/other.pem",
        "https://sns.ap-northeast-1.amazonaws.com/a/../SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem?x=1",
        "https://[::1]/SimpleNotificationService-01.pem",
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-01.pem\r\nHost: x",
        "",
    ],
)
def test_only_addresses_of_sns_are_reached(url: str) -> None:
    with pytest.raises(Refused) as refused:
        sns.notice(vendors.raw(vendors.sns("x", SigningCertURL=url)))
    assert refused.value.code == "sns.foreign_address"
    with pytest.raises(Refused):
        sns.notice(vendors.raw(confirmation(SubscribeURL=url.replace("SimpleNotificationService-01.pem", "") + "\n")))


def test_the_text_that_is_signed() -> None:
    notice = sns.notice(vendors.raw(vendors.sns("hello")))
    assert notice.signed == (
        "Message\nhello\nMessageId\n22b80b92\nSubject\nALARM\nTimestamp\n2026-11-18T04:58:22.000Z\n"
        "TopicArn\narn:aws:sns:ap-northeast-1:123456789012:tomei\nType\nNotification\n"
    )
    assert sns.notice(vendors.raw(confirmation())).signed.splitlines()[4:6] == ["SubscribeURL", CONFIRM]


def test_a_certificate_of_another_kind_of_key_is_not_used() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    notice = sns.notice(vendors.raw(vendors.sns("x")))
    with pytest.raises(Refused) as refused:
        sns.verify(notice, made.public_bytes(serialization.Encoding.PEM), NOW)
    assert refused.value.code == "sns.bad_certificate"
