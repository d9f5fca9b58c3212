"""What the web factory has to know about the service it builds an application for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ahead.shared.settings import SharedSettings
from ahead.shared.web.client_address import Network, parse_networks
from ahead.shared.web.rate_limit import Limits

ONE_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class WebService:
    """One service's web face. Make it with `from_settings`; tests may make it by hand.

    Attributes:
        name: the service's own name, such as ``lookup``; part of the API and static paths.
        title: the product's name as users read it, such as ``Case2Code``.
        public_url: the origin that users see, without a trailing slash.
        peers: the services installed beside this one, by name.
        secret: signs form tokens; shared by the services, so that a form may post to another one.
        trusted_proxies: networks whose X-Forwarded-* headers are believed.
        browser_assets: folder that holds ``node_modules``; None leaves pages without htmx.
        max_body: largest request body in bytes; a handler may set its own ``request_max_body_size``.
    """

    name: str
    title: str
    public_url: str = "http://127.0.0.1:8080"
    peers: Mapping[str, str] = field(default_factory=dict[str, str])
    secret: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    browser_assets: Path | None = None
    limits: Limits = field(default_factory=Limits)
    redis_url: str = ""
    max_body: int = ONE_MEBIBYTE
    version: str = "1"

    @classmethod
    def from_settings(
        cls, name: str, title: str, shared: SharedSettings, *, max_body: int = ONE_MEBIBYTE
    ) -> "WebService":
        return cls(
            name=name,
            title=title,
            public_url=shared.public_url.rstrip("/"),
            peers=shared.peers,
            secret=shared.guest_key,
            trusted_proxies=parse_networks(shared.trusted_proxies),
            browser_assets=Path(shared.browser_assets) if shared.browser_assets else None,
            limits=Limits(
                address_per_minute=shared.rate_limit_address_per_minute,
                principal_per_minute=shared.rate_limit_principal_per_minute,
            ),
            redis_url=shared.redis_url if shared.rate_limit_store == "redis" else "",
            max_body=max_body,
        )

    @property
    def secure(self) -> bool:
        """Whether users come over https: cookies are then ``Secure`` and ``__Host-``."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).netloc

    def installed(self, name: str) -> bool:
        return name == self.name or name in self.peers

    def cookie_name(self, base: str) -> str:
        return f"__Host-{base}" if self.secure else base
