"""Which addresses of the network are anybody's to ask."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Their last 32 bits are an IPv4 address that a gateway asks instead (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """False for this machine, its network, link-local and metadata addresses, and whatever hides one of those."""
    if isinstance(address, IPv6Address):
        if (inner := _inside(address)) is not None:
            return is_public(inner)
        if address.is_site_local or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def all_public(addresses: Iterable[str]) -> bool:
    """False for none as well."""
    found = [ip_address(one.partition("%")[0]) for one in addresses]
    return bool(found) and all(map(is_public, found))
