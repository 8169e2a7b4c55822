"""The only opener of outgoing connections (law 12) beside `smtp`.

A host name is resolved once, every address it gives is judged, and the connection goes to a judged address with the
name kept for TLS and `Host`, so that a name cannot point elsewhere between the judgement and the connection.
No redirect is followed, an answer is cut at 1 MiB, and all of it ends after 10 seconds, however slowly bytes drip.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from tomei.delivery import faults
from tomei.kernel import time
from tomei.kernel.errors import Refused

LIMIT_BYTES = 1024 * 1024
LIMIT_SECONDS = 10.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Public by number, yet answered by a cloud's own machinery (Azure, Oracle), and site-local IPv6, which some Python
# versions call public.
_NEVER = tuple(ipaddress.ip_network(one) for one in ("168.63.129.16/32", "192.0.0.0/24", "fec0::/10"))
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server showed of itself, verified: until when it is good."""

    ends_at: datetime


class Unreachable(Exception):
    """No answer came: name not found, connection refused, time over. Worth another try; `reason` is one word of it."""

    def __init__(self, said: str, fault: BaseException | None = None) -> None:
        super().__init__(said)
        # Kept here, for who raises it on may cut the chain of causes (httpcore's pool does).
        self.reason = faults.why(fault) if fault is not None else "unreachable"


def judge(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """May we connect there? Private, loopback, link-local, multicast, metadata: only inside what the operator set."""
    plain = _unwrap(address)
    if any(plain.version == network.version and plain in network for network in allowed):
        return True
    if any(plain.version == network.version and plain in network for network in _NEVER):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries inside (mapped, NAT64, 6to4): it is where packets end up."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR and address.sixtofour is not None:
        return address.sixtofour
    return address


def allowed_networks() -> list[Network]:
    """The networks of `TOMEI_PRIVATE_NETWORKS`; refuses `delivery.bad_network` for what is no CIDR."""
    try:
        return [ipaddress.ip_network(part.strip(), strict=False) for part in settings.TOMEI_PRIVATE_NETWORKS]
    except ValueError as error:
        raise Refused("delivery.bad_network", error=str(error)[:80]) from error


def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, all judged. Refuses `delivery.private_address` when any one of them is not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host}: name not found", error) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    allowed = allowed_networks()
    for address in addresses:
        if not judge(ipaddress.ip_address(address), allowed):
            raise Refused("delivery.private_address", host=host[:120], address=address)
    return addresses


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A plain connection to a judged address of `host`; refuses as `resolve`, or `Unreachable`."""
    fault: Exception | None = None
    for address in resolve(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            fault = error
    raise Unreachable(f"{host}: {fault or 'no address'}", fault) from fault


def check_url(url: str) -> str:
    """The host of a URL that may be stored; refuses `delivery.bad_url` (not http(s), no host, a name and password)."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused("delivery.bad_url") from error
    bare = url.isascii() and url.isprintable() and " " not in url and len(url) <= 2000
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or not bare:
        raise Refused("delivery.bad_url")
    return host


class _Line(httpcore.NetworkStream):
    """A connection that knows when its time is over."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("time over")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Line(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guarded(httpcore.NetworkBackend):
    """Connects only to judged addresses; the name stays with the pool, which uses it for TLS and `Host`."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        fault: Exception | None = None
        for address in resolve(host, port):
            left = self._deadline - time.monotonic()
            if left <= 0:
                break
            try:
                return _Line(self._plain.connect_tcp(address, port, min(left, 5.0)), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise Unreachable(f"{host}: {fault or 'time over'}", fault or TimeoutError()) from fault


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """Certificates are always checked, against the system's authorities. Made once: loading them costs 10 ms."""
    return ssl.create_default_context()


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    seconds: float = LIMIT_SECONDS,
    most: int = LIMIT_BYTES,
) -> Answer:
    """Send one request and return its answer. `Refused` for an address that is not allowed, `Unreachable` otherwise."""
    check_url(url)
    deadline = time.monotonic() + min(seconds, LIMIT_SECONDS)
    sent = [("Host", urlsplit(url).netloc), ("User-Agent", "Tomei"), ("Connection", "close"), *headers.items()]
    if body or method == "POST":
        sent.append(("Content-Length", str(len(body))))
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls(), network_backend=_Guarded(deadline)) as pool,
            pool.stream(method, url, headers=sent, content=body or None) as response,
        ):
            got = _read(response.iter_stream(), deadline, min(most, LIMIT_BYTES))
            names = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in response.headers}
            return Answer(response.status, names, got)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unreachable(f"{urlsplit(url).hostname}: {error or type(error).__name__}", error) from error


def _read(chunks: Iterable[bytes], deadline: float, most: int) -> bytes:
    """What arrives within the limits; the rest is not wanted, so that an endless answer costs us nothing."""
    kept = bytearray()
    for chunk in chunks:
        kept += chunk[: most - len(kept)]
        if len(kept) >= most or time.monotonic() >= deadline:
            break
    return bytes(kept)


def post(url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
    """POST `body`; see `request`."""
    return request("POST", url, headers=headers, body=body)


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """GET `url`; see `request`."""
    return request("GET", url, headers=headers or {})


def reach(host: str, port: int, *, seconds: float) -> None:
    """Connect to a judged address of `host` and hang up; refuses as `resolve`, or `Unreachable`."""
    _connected(host, port, time.monotonic() + min(seconds, LIMIT_SECONDS)).close()


def _connected(host: str, port: int, deadline: float) -> socket.socket:
    fault: Exception = TimeoutError()
    for address in resolve(host, port):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), left)
        except OSError as error:
            fault = error
    raise Unreachable(f"{host}: {fault or 'time over'}", fault) from fault


def certificate(host: str, port: int, *, seconds: float) -> Certificate:
    """The certificate that a server shows for `host`; `Unreachable` also where its chain or its name does not hold."""
    deadline = time.monotonic() + min(seconds, LIMIT_SECONDS)
    plain = _connected(host, port, deadline)
    plain.setblocking(False)  # the whole handshake has one deadline, however slowly its bytes drip
    try:
        with tls().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as line:
            _shake_hands(line, deadline)
            shown = line.getpeercert() or {}
            return Certificate(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC))
    except (OSError, KeyError, ValueError) as error:
        raise Unreachable(f"{host}: {error or type(error).__name__}", error) from error
    finally:
        plain.close()


def _shake_hands(line: ssl.SSLSocket, deadline: float) -> None:
    while True:
        try:
            line.do_handshake()
            return
        except ssl.SSLWantReadError:
            wanted: tuple[list[Any], list[Any]] = ([line], [])
        except ssl.SSLWantWriteError:
            wanted = ([], [line])
        left = deadline - time.monotonic()
        if left <= 0 or not any(select.select(*wanted, [], left)):
            raise TimeoutError("time over")
