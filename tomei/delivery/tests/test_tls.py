"""TLS by real handshakes: what the settings demand is what happens."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tomei.delivery import net, smtp
from tomei.delivery.rules import MailServer
from tomei.delivery.tests.servers import only, smtp_server

MAIL = b"Subject: x\r\n\r\nbody\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tomei test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def offered(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate, monkeypatch):
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(net, "tls", lambda: context)


@pytest.fixture(autouse=True)
def closed():
    yield
    smtp.close()


def test_starttls_with_a_certificate_that_is_trusted(offered, trusted):
    with smtp_server(tls_context=offered, authenticator=only("u", "p")) as (box, port):
        smtp.send(MailServer("127.0.0.1", port, "u", "p", "starttls", "a@b.jp"), to="c@d.jp", mail=MAIL)
    assert box.tls == [True]


def test_starttls_with_a_certificate_that_nobody_signed_sends_nothing(offered):
    with smtp_server(tls_context=offered) as (box, port):
        with pytest.raises(smtp.Temporary) as refusal:
            smtp.send(MailServer("127.0.0.1", port, "", "", "starttls", "a@b.jp"), to="c@d.jp", mail=MAIL)
        assert "CERTIFICATE" in str(refusal.value).upper()
    assert box.mails == []


def test_where_nothing_is_demanded_starttls_is_used_all_the_same(offered):
    with smtp_server(tls_context=offered) as (box, port):
        smtp.send(MailServer("127.0.0.1", port, "", "", "none", "a@b.jp"), to="c@d.jp", mail=MAIL)
    assert box.tls == [True]


def test_a_plain_server_is_never_taken_for_tls():
    with smtp_server() as (box, port), pytest.raises(smtp.Temporary):
        smtp.send(MailServer("127.0.0.1", port, "", "", "tls", "a@b.jp"), to="c@d.jp", mail=MAIL)
    assert box.mails == []
