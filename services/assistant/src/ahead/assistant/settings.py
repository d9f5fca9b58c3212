"""Settings of CasePilot. Prefix ``AHEAD_ASSISTANT_``."""

from functools import cached_property
from typing import Literal

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

    @cached_property
    def language_model(self) -> "ModelSettings":
        return load(ModelSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url(SERVICE)

    def questions_allowed(self, plan: str) -> int | None:
        """Questions a month; None is unlimited."""
        return {"guest": self.questions_guest, "free": self.questions_free}.get(plan)

    def inquiries_allowed(self, plan: str) -> int | None:
        """Conversations a month that may be handed to the experts; None is unlimited."""
        return {"guest": 0, "free": self.inquiries_free}.get(plan)


class ModelSettings(BaseSettings):
    """The language model, where one is set: both `AHEAD_LLM_URL` and `AHEAD_LLM_MODEL`."""

    model_config = SettingsConfigDict(env_prefix="AHEAD_LLM_", frozen=True, extra="ignore")

    url: str = Field(
        default="",
        description="Address of the model's endpoint, such as `http://127.0.0.1:11434/v1`; empty: CasePilot answers "
        "with its built-in rules. Questions go there, masked.",
    )
    model: str = Field(default="", description="The model's name, as the endpoint calls it.")
    protocol: Literal["openai", "anthropic"] = Field(
        default="openai", description="What the endpoint speaks: `openai` (chat completions) or `anthropic`."
    )
    key: str = Field(default="", repr=False, description="The endpoint's key, where it asks for one.")
    seconds: float = Field(
        default=20.0,
        gt=0,
        description="How long the model may take for a question; then the rules finish it.",
    )
    silent_seconds: float = Field(
        default=8.0, gt=0, description="How long the endpoint may be silent before it is given up."
    )
    calls: int = Field(default=6, ge=1, description="Calls of the endpoint for a question.")
    tool_calls: int = Field(default=12, ge=1, description="Tools that the model may use for a question.")
    tokens: int = Field(default=60_000, ge=1, description="Tokens for a question, in and out together.")
    tokens_out: int = Field(default=1_200, ge=1, description="Tokens that one call may give back.")
    usd_per_million_in: float = Field(
        default=0.0, ge=0, description="Price of a million tokens in, in dollars; 0 counts no money."
    )
    usd_per_million_out: float = Field(
        default=0.0, ge=0, description="Price of a million tokens out, in dollars."
    )
    usd_per_question: float = Field(default=0.10, ge=0, description="Dollars for a question.")
    usd_per_user_day: float = Field(default=1.0, ge=0, description="Dollars for a user and day (UTC).")
    usd_per_day: float = Field(default=50.0, ge=0, description="Dollars a day (UTC) for all users together.")
    tokens_per_user_day: int = Field(default=500_000, ge=0, description="Tokens for a user and day (UTC).")

    @property
    def is_set(self) -> bool:
        return bool(self.url and self.model)
