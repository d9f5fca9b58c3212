"""Who sent the request: the forwarded address, when the proxies between are ours, else the peer's."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from litestar.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks from a comma-separated list of CIDR blocks (``AHEAD_TRUSTED_PROXIES``).

    Raises:
        ValueError: naming the part that is no network.
    """
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


@lru_cache(maxsize=4096)
def _parse(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The nearest address that is not one of our proxies.

    Args:
        peer: address of the socket's other end.
        forwarded: X-Forwarded-For entries in the order of the header; the last was added by the peer.
        trusted: networks of our proxies. Entries beyond the first stranger are hearsay and not read.
    """
    current = _parse(peer)
    if current is None:
        return peer
    for entry in reversed(forwarded):
        if not any(current in network for network in trusted):
            break
        before = _parse(entry)
        if before is None:
            break
        current = before
    return str(current)


class ClientAddressMiddleware:
    """Puts the true client address into ``scope["client"]`` and the outer scheme into ``scope["scheme"]``."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client is not None:
            forwarded: list[str] = []
            scheme = ""
            for name, value in scope["headers"]:
                if name == b"x-forwarded-for":
                    forwarded.extend(value.decode("latin-1").split(","))
                elif name == b"x-forwarded-proto":
                    scheme = value.decode("latin-1")
            if (forwarded or scheme) and self._is_proxy(client[0]):
                scope["client"] = (client_address(client[0], forwarded, self._trusted), client[1])
                if scheme in ("http", "https"):
                    scope["scheme"] = scheme
        await self._app(scope, receive, send)

    def _is_proxy(self, peer: str) -> bool:
        address = _parse(peer)
        return address is not None and any(address in network for network in self._trusted)
