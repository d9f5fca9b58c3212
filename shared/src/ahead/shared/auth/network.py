"""The client's address, believed only as far as the proxies in front of us are ours."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@lru_cache(maxsize=16)
def trusted_networks(setting: str) -> tuple[Network, ...]:
    """Networks of the setting ``AHEAD_TRUSTED_PROXIES``: comma-separated CIDR.

    Raises:
        ValueError: naming the part that isn't a network.
    """
    return tuple(ip_network(part.strip(), strict=False) for part in setting.split(",") if part.strip())


def client_address(scope: Mapping[str, Any], trusted: Sequence[Network]) -> str:
    """The address the request came from.

    X-Forwarded-For is read from its right end, and only while the one who wrote the next entry is a proxy of
    ours: what a stranger puts in front of it is never believed. Empty where the server doesn't tell.
    """
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    if not _is_trusted(peer, trusted):
        return peer
    hops: list[str] = []
    for name, value in scope.get("headers", ()):
        if name == b"x-forwarded-for":
            hops.extend(value.decode("latin-1").split(","))
    current = peer
    for hop in reversed(hops):
        address = _parse(hop)
        if address is None:
            break
        current = str(address)
        if not _is_trusted(current, trusted):
            break
    return current


def network_prefix(address: str) -> str:
    """The coarse neighbourhood of an address: IPv4 /24, IPv6 /48; "unknown" for anything else."""
    parsed = _parse(address)
    if parsed is None:
        return "unknown"
    length = 24 if isinstance(parsed, IPv4Address) else 48
    return str(ip_network((parsed, length), strict=False))


def network_bucket(address: str, at: datetime, key: str) -> str:
    """A name for the address's prefix on one day (UTC), which says nothing without the key.

    The salt changes daily: two days of one network can't be joined. 32 hexadecimal digits.
    """
    day = at.astimezone(UTC).date().isoformat()
    salt = hmac.digest(key.encode(), f"network-day:{day}".encode(), "sha256")
    return hmac.new(salt, network_prefix(address).encode(), hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=4096)
def _parse(text: str) -> Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def _is_trusted(address: str, trusted: Iterable[Network]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in trusted)
