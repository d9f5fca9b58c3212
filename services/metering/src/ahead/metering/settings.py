"""Settings of metering. Prefix ``AHEAD_METERING_``."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SettingsError, SharedSettings, load


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_METERING_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="Database of metering; empty means a SQLite file below AHEAD_DATA."
    )
    batch: int = Field(
        default=500, ge=1, le=1_000, description="Most events that are stored and counted in one transaction."
    )
    durable: str = Field(
        default="metering",
        pattern=r"^[A-Za-z0-9_-]{1,32}$",
        description="Name of the durable consumer on the event stream.",
    )

    erasure_key: str = Field(
        default="",
        description="Makes the names under which events of erased accounts stay counted; 32 characters or more.",
    )

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url("metering")

    @property
    def checked_erasure_key(self) -> str:
        """Raises SettingsError when it is missing: names that anybody can reckon hide nobody."""
        if len(self.erasure_key) < 32:
            raise SettingsError("AHEAD_METERING_ERASURE_KEY: set a secret of at least 32 characters")
        return self.erasure_key
