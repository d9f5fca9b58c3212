"""A client's network, coarse enough to be no person and stable enough to count by for a day.

The client's true address is in ``scope["client"]``: ahead.shared.web puts it there from X-Forwarded-For, as
far as the proxies between are ours.
"""

import hmac
from datetime import UTC, date, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network


@lru_cache(maxsize=4096)
def network_prefix(address: str) -> str:
    """The coarse neighbourhood of an address: IPv4 /24, IPv6 /48; "unknown" for anything else."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, 48 if isinstance(parsed, IPv6Address) else 24), strict=False))


def network_bucket(address: str, at: datetime, key: str) -> str:
    """A name for the address's prefix on one day (UTC), which says nothing without the key.

    The salt changes daily: two days of one network can't be joined. 32 hexadecimal digits.
    """
    salt = _salt(at.astimezone(UTC).date(), key)
    return hmac.digest(salt, network_prefix(address).encode(), "sha256").hex()[:32]


@lru_cache(maxsize=4)
def _salt(day: date, key: str) -> bytes:
    return hmac.digest(key.encode(), f"network-day:{day.isoformat()}".encode(), "sha256")
