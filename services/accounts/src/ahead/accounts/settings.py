"""Settings of accounts. Prefix ``AHEAD_ACCOUNTS_``."""

import os
from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SettingsError, SharedSettings, load

SERVICE = "accounts"
_KEY_SUFFIX = "_SERVICE_KEY"

# What a service may ask a token for. Nothing is granted that isn't listed here.
SERVICE_SCOPES: dict[str, frozenset[str]] = {
    "lookup": frozenset({"metering:read"}),
    "assistant": frozenset({"lookup:read-all", "consultant:inquire", "metering:read"}),
    "consultant": frozenset({"lookup:read-all", "assistant:answer", "metering:read"}),
    "careers": frozenset({"lookup:read-all", "metering:read"}),
    "metering": frozenset({"metering:read"}),
    "admin_dashboard": frozenset({"metering:read"}),
}


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_ACCOUNTS_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="The service's database; empty is a SQLite file below AHEAD_DATA."
    )
    key_secret: str = Field(
        default="",
        description="Encrypts signing keys and TOTP secrets at rest and signs mail links; 32 characters or more.",
    )
    session_idle_days: int = Field(default=14, ge=1, description="A session unused for so long ends.")
    session_days: int = Field(default=90, ge=1, description="A session ends after so long in any case.")
    confirm_within_days: int = Field(
        default=7, ge=1, description="An account whose e-mail is not confirmed by then lapses."
    )
    reset_link_minutes: int = Field(
        default=60, ge=5, description="How long a link to set a new password works."
    )
    new_per_network_per_day: int = Field(
        default=20,
        ge=1,
        description="New accounts that one network prefix (IPv4 /24, IPv6 /48) may register a day.",
    )
    hashes_at_once: int = Field(
        default=2, ge=1, description="Password hashes computed at the same time, 19 MiB of memory each."
    )
    mails_per_address_per_day: int = Field(
        default=10, ge=1, description="Mails a stranger can cause to one address in a day."
    )

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url(SERVICE)

    @property
    def checked_key_secret(self) -> str:
        """Raises SettingsError when it is missing: keys at rest are never left open."""
        if len(self.key_secret) < 32:
            raise SettingsError("AHEAD_ACCOUNTS_KEY_SECRET: set a secret of at least 32 characters")
        return self.key_secret

    @cached_property
    def service_keys(self) -> dict[str, str]:
        """Keys of the services that may get tokens, by name: every ``AHEAD_<SERVICE>_SERVICE_KEY`` set."""
        return {
            name.removeprefix("AHEAD_").removesuffix(_KEY_SUFFIX).lower(): value
            for name, value in os.environ.items()
            if name.startswith("AHEAD_") and name.endswith(_KEY_SUFFIX) and len(value) >= 32
        }
