"""Settings of Case2Code. Prefix ``AHEAD_LOOKUP_``."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SharedSettings, load


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_LOOKUP_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="The service's database; empty is a SQLite file below AHEAD_DATA."
    )
    service_key: str = Field(default="", description="Key with which the service gets tokens from accounts.")
    views_guest: int = Field(default=1, ge=0, description="Code page views a month for a guest.")
    views_free: int = Field(default=5, ge=0, description="Code page views a month for a free account.")
    cpt_titles: Literal["accounts", "public"] = Field(
        default="accounts",
        description="Who may see the AMA's text of CPT, as the licence says: registered accounts, or everybody.",
    )
    pages_cached: int = Field(
        default=2_000, ge=0, description="Rendered code pages that a web process keeps in memory."
    )

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url("lookup")

    @property
    def releases_dir(self) -> Path:
        """Files of the catalogue's releases, on SQLite."""
        return self.shared.data / "lookup" / "releases"

    def views_allowed(self, plan: str) -> int | None:
        """Code page views a month; None is unlimited."""
        return {"guest": self.views_guest, "free": self.views_free}.get(plan)
