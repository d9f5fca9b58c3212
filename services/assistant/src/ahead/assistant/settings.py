"""Settings of CasePilot. Prefix ``AHEAD_ASSISTANT_``."""

from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SharedSettings, load

SERVICE = "assistant"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_ASSISTANT_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="The service's database; empty is a SQLite file below AHEAD_DATA."
    )
    service_key: str = Field(default="", description="Key with which the service gets tokens from accounts.")
    questions_guest: int = Field(default=1, ge=0, description="Questions a month for a guest.")
    questions_free: int = Field(default=10, ge=0, description="Questions a month for a free account.")
    inquiries_free: int = Field(
        default=2, ge=0, description="Conversations a month that a free account may hand to the experts."
    )
    answers_at_once: int = Field(
        default=8, ge=1, description="Answers that one process makes at the same time; further ones wait."
    )
    answer_seconds: float = Field(
        default=60.0, gt=0, description="How long one answer may take; what was found by then is kept."
    )
    retention_days: int = Field(default=90, ge=1, description="Conversations are forgotten after so long.")
    lookup_seconds: float = Field(default=3.0, gt=0, description="How long one call of lookup may take.")

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url(SERVICE)

    def questions_allowed(self, plan: str) -> int | None:
        """Questions a month; None is unlimited."""
        return {"guest": self.questions_guest, "free": self.questions_free}.get(plan)

    def inquiries_allowed(self, plan: str) -> int | None:
        """Conversations a month that may be handed to the experts; None is unlimited."""
        return {"guest": 0, "free": self.inquiries_free}.get(plan)
