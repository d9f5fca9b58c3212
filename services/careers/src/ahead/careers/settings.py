"""Settings of CareerCenter. Prefix ``AHEAD_CAREERS_``."""

import hashlib
import hmac
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SettingsError, SharedSettings, load

SERVICE = "careers"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_CAREERS_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="The service's database; empty is a SQLite file below AHEAD_DATA."
    )
    confirm_days: int = Field(
        default=14,
        ge=1,
        description="A job closes unless its employer has said within so long that it is open.",
    )
    resume_limit_mb: int = Field(default=5, ge=1, le=20, description="The largest resume taken.")
    scanner: str = Field(
        default="",
        description="ClamAV's daemon that looks at each resume, as `clamd://host:3310`; empty: none looks.",
    )
    service_key: str = Field(
        default="", description="Secret that proves to accounts that this is careers; for statistics of jobs."
    )
    feed_hours: int = Field(
        default=6, ge=1, description="How often employers' feeds are fetched from their addresses, in hours."
    )
    feed_hosts: str = Field(
        default="",
        description="Addresses of your own network that feeds may be fetched from, as `10.1.2.3:8080`, separated by "
        "commas; all others have to be public.",
    )
    alert_jobs_per_employer: int = Field(
        default=3, ge=1, description="Jobs of one employer in one alert mail; the others wait for the next."
    )
    keep_applications_days: int = Field(
        default=365,
        ge=1,
        description="Applications and their files are deleted so long after they were decided or withdrawn, or their "
        "job closed.",
    )

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url(SERVICE)

    @property
    def files(self) -> Path:
        """Where resumes lie, under random names."""
        return self.shared.data.absolute() / SERVICE / "files"

    @property
    def downloads(self) -> str:
        """The origin of files; the site's own where none is set."""
        return (self.shared.downloads_url or self.shared.public_url).rstrip("/")

    @property
    def fetched_from(self) -> frozenset[tuple[str, int]]:
        """`feed_hosts`, read.

        Raises:
            SettingsError: one of them isn't an address with a port.
        """
        found: set[tuple[str, int]] = set()
        for one in filter(None, (part.strip() for part in self.feed_hosts.split(","))):
            host, _, port = one.rpartition(":")
            try:
                found.add((str(ip_address(host.strip("[]"))), int(port)))
            except ValueError as error:
                raise SettingsError(f"AHEAD_CAREERS_FEED_HOSTS: {one!r} is no address with a port") from error
        return frozenset(found)

    @property
    def site(self) -> str:
        return self.shared.public_url.rstrip("/")

    def sign(self, purpose: str, *parts: str) -> str:
        """A token for a link that carries its own right, such as unsubscribing.

        Raises:
            SettingsError: there is no key.
        """
        if not self.shared.guest_key:
            raise SettingsError("AHEAD_GUEST_KEY: set a secret of at least 32 characters")
        text = "\n".join(("careers", purpose, *parts))
        return hmac.new(self.shared.guest_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]

    def is_signed(self, token: str, purpose: str, *parts: str) -> bool:
        return hmac.compare_digest(self.sign(purpose, *parts).encode(), token.encode("utf-8", "replace"))
