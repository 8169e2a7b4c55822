"""Who is believed about who asks: only the proxies that the operator named in TOMEI_PROXIES."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from tomei.site.front.answers import Headers, Scope

CLAIMS = frozenset({b"forwarded", b"x-real-ip", b"x-scheme", b"x-url-scheme", b"via"})


class Proxies:
    """`clean(scope)` leaves the client's true address and scheme and removes every claim about them."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._networks = [ip_network(part.strip(), strict=False) for part in trusted]

    def clean(self, scope: Scope) -> None:
        headers: Headers = scope["headers"]
        client = (scope.get("client") or ("", 0))[0]
        if self._trusts(client):
            scope["client"] = (self._first_unknown(client, _all(headers, b"x-forwarded-for")), 0)
            scheme = (_all(headers, b"x-forwarded-proto") or [""])[-1].lower()
            if scheme in ("http", "https"):
                scope["scheme"] = scheme
        kept = [pair for pair in headers if pair[0] not in CLAIMS and not pair[0].startswith(b"x-forwarded-")]
        if scope.get("scheme") == "https" and self._networks:
            kept.append((b"x-forwarded-proto", b"https"))  # what SECURE_PROXY_SSL_HEADER reads; nobody else wrote it
        scope["headers"] = kept

    def _trusts(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._networks)

    def _first_unknown(self, client: str, chain: list[str]) -> str:
        """The last address of the chain that is none of our proxies: what stands left of it anybody can write."""
        for address in reversed(chain):
            if _parsed(address) is None:
                break
            client = address
            if not self._trusts(address):
                break
        return client


def _all(headers: Headers, name: bytes) -> list[str]:
    joined = ",".join(value.decode("latin-1") for key, value in headers if key == name)
    return [part.strip() for part in joined.split(",") if part.strip()]


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
