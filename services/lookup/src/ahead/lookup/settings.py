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
    fetch_sources: Path | None = Field(
        default=None,
        description="TOML file of the operator's own addresses for `ahead catalog fetch`: a mirror, names, hashes.",
    )
    fetch_limit_mb: int = Field(default=1_024, ge=1, description="Megabytes that a fetched file may have.")
    import_dir: Path | None = Field(
        default=None,
        description="Folder from which operators load files on the dashboard, and where uploads go; empty is "
        "lookup/import below AHEAD_DATA.",
    )
    upload_limit_mb: int = Field(default=256, ge=1, description="Megabytes that an uploaded file may have.")

    use_days: int = Field(
        default=90,
        ge=0,
        le=1_000,
        description="Days of views, as metering counts them, that decide between hits of a search that are otherwise "
        "about equal; 0 leaves use aside.",
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

    @property
    def import_folder(self) -> Path:
        """Files that operators load from the dashboard."""
        return self.import_dir or self.shared.data / "lookup" / "import"

    def views_allowed(self, plan: str) -> int | None:
        """Code page views a month; None is unlimited."""
        return {"guest": self.views_guest, "free": self.views_free}.get(plan)
