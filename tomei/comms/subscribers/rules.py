"""How often somebody may ask, and whom an update concerns. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LIFETIME = timedelta(days=1)  # of a confirmation that nobody opened
PAUSE = timedelta(hours=1)  # between two confirmations to one address
PER_NETWORK = 5  # confirmations within `PAUSE` that one network may ask for
KEPT = timedelta(days=7)  # how long a sent notice is kept, to show what became of it


def network(address: str) -> str:
    """The network that an address stands in: /24, or /64 of IPv6; what cannot be read is one network too."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def concerns(chosen: Collection[int], hurt: Collection[int]) -> bool:
    """Does an incident that hurts these components concern who chose those? Who chose none hears of all."""
    return not chosen or any(one in hurt for one in chosen)
