"""Settings of the dashboard. Prefix ``AHEAD_ADMIN_DASHBOARD_``."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SharedSettings, load

# The name under which accounts knows the dashboard, and its own among the peers.
SERVICE = "admin_dashboard"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_ADMIN_DASHBOARD_", frozen=True, extra="ignore")

    service_key: str = Field(
        default="", description="Key with which the dashboard gets its token to read metering."
    )
    timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="How long the dashboard waits for a service before it says so."
    )

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)
