"""Settings come from the environment, are read once at a process's composition root, and never change after.

Every field carries a description: docs/settings.md is generated from them.
"""

import os
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PEER_PREFIX = "AHEAD_URL_"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable and what to do."""


class SharedSettings(BaseSettings):
    """What all services agree on. Prefix ``AHEAD_``."""

    model_config = SettingsConfigDict(env_prefix="AHEAD_", frozen=True, extra="ignore")

    data: Path = Field(default=Path(".data"), description="Folder for everything that is kept on disk.")
    public_url: str = Field(
        default="http://127.0.0.1:8080",
        description="The origin users see. https, or http on loopback only.",
    )
    downloads_url: str = Field(
        default="",
        description="The origin that files of strangers are sent from, without cookies; another host or port than the "
        "public address. Empty: the service sends them itself.",
    )
    nats_url: str = Field(
        default="nats://127.0.0.1:4222", description="NATS server, with user and password if any."
    )
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", description="Redis or Valkey for jobs.")
    guest_key: str = Field(
        default="",
        min_length=0,
        description="Secret that signs guest cookies; the same for every service, at least 32 characters.",
    )
    meilisearch_url: str = Field(
        default="", description="Meilisearch server; empty means the embedded engine."
    )
    meilisearch_key: str = Field(default="", description="A Meilisearch key with rights on ahead_* indexes.")
    search_engine: Literal["", "tantivy", "meilisearch"] = Field(
        default="", description="Search engine; empty chooses Meilisearch when its address is set."
    )
    browser_assets: str = Field(
        default="", description="Folder that holds node_modules with the browser's libraries."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1/32,::1/128",
        description="Networks whose X-Forwarded-For header is believed, comma-separated CIDR.",
    )
    rate_limit_address_per_minute: int = Field(
        default=1200, ge=0, description="Requests a minute that one address may send; 0 is no limit."
    )
    rate_limit_principal_per_minute: int = Field(
        default=600, ge=0, description="Requests a minute that one guest or account may send; 0 is no limit."
    )
    rate_limit_store: Literal["memory", "redis"] = Field(
        default="memory",
        description="Where requests are counted: each process for itself, or in Redis for all of a service.",
    )
    guests_per_network_per_day: int = Field(
        default=40,
        ge=1,
        description="New guests that one network prefix (IPv4 /24, IPv6 /48) may bring a day.",
    )
    smtp_host: str = Field(default="", description="SMTP relay for outgoing mail; empty writes to a maildir.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the SMTP relay.")
    smtp_username: str = Field(default="", description="User at the SMTP relay.")
    smtp_password: str = Field(default="", description="Password at the SMTP relay.")
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection to the relay is encrypted."
    )
    mail_from: str = Field(
        default="Coding Ahead <no-reply@localhost>", description="Sender of the platform's own mail."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is written to the log."
    )

    @model_validator(mode="after")
    def _check(self) -> "SharedSettings":
        url = self.public_url
        if url.startswith("http://"):
            host = url.removeprefix("http://").rsplit(":", 1)[0].rstrip("/")
            if host not in LOOPBACK_HOSTS:
                raise ValueError(
                    f"AHEAD_PUBLIC_URL is {url}: plain http is allowed on loopback only, use https"
                )
        elif not url.startswith("https://"):
            raise ValueError(
                f"AHEAD_PUBLIC_URL is {url!r}: it has to start with https:// (or http:// on loopback)"
            )
        if self.guest_key and len(self.guest_key) < 32:
            raise ValueError("AHEAD_GUEST_KEY has to have at least 32 characters")
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    def cookie_name(self, base: str) -> str:
        """``__Host-`` cookies need https; clients drop them over http, so loopback goes without."""
        return f"__Host-{base}" if self.secure_cookies else base

    @property
    def redis_configured(self) -> bool:
        """Whether somebody has said where Redis is; a default address may be nobody's."""
        return "redis_url" in self.model_fields_set and bool(self.redis_url)

    @property
    def peers(self) -> dict[str, str]:
        """Services installed beside this one, by name: ``AHEAD_URL_LOOKUP=http://...`` is ``{"lookup": ...}``."""
        return {
            name.removeprefix(PEER_PREFIX).lower(): value.rstrip("/")
            for name, value in os.environ.items()
            if name.startswith(PEER_PREFIX) and value
        }

    @property
    def engine(self) -> Literal["tantivy", "meilisearch"]:
        if self.search_engine:
            return self.search_engine
        return "meilisearch" if self.meilisearch_url else "tantivy"

    def database_url(self, service: str) -> str:
        """The default database of a service: one SQLite file in a folder of its own."""
        return f"sqlite+aiosqlite:///{self.data.absolute()}/{service}/{service}.db"


def load(cls: type[SettingsT]) -> SettingsT:
    """Read settings from the environment.

    Raises:
        SettingsError: with one line per wrong variable, ready to be shown to an operator.
    """
    try:
        return cls()
    except ValidationError as error:
        prefix = str(cls.model_config.get("env_prefix", ""))
        lines: list[str] = []
        for item in error.errors():
            name = "_".join(str(part) for part in item["loc"]).upper()
            # A name that the whole platform knows has no prefix of its service.
            name = name if name.startswith("AHEAD_") else prefix + name
            lines.append(f"{name}: {item['msg']}".lstrip(": "))
        raise SettingsError("\n".join(lines)) from error
