"""Settings of CaseConsultant. Prefix ``AHEAD_CONSULTANT_``."""

from datetime import timedelta
from functools import cached_property
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ahead.shared.settings import SettingsError, SharedSettings, load

SERVICE = "consultant"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AHEAD_CONSULTANT_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="", description="The service's database; empty is a SQLite file below AHEAD_DATA."
    )
    key_secret: str = Field(
        default="",
        description="Encrypts mail at rest and signs reply addresses; 32 characters or more.",
    )
    service_key: str = Field(default="", description="The service's key at accounts.")
    address: str = Field(default="ask@localhost", description="The address that questions are mailed to.")
    smtp_host: str = Field(
        default="127.0.0.1", description="Where mail is taken in; 0.0.0.0 for all interfaces."
    )
    smtp_port: int = Field(
        default=8025,
        ge=0,
        le=65535,
        validation_alias="AHEAD_SMTP_IN_PORT",
        description="Port on which mail comes in by SMTP.",
    )
    lmtp_port: int = Field(
        default=0, ge=0, le=65535, description="Port for LMTP, from a mail server of our own; 0 for none."
    )
    imap_host: str = Field(
        default="",
        description="Mailbox that mail is fetched from by IMAP; empty for none. Its unread mail is ours.",
    )
    imap_port: int = Field(default=993, ge=1, le=65535, description="Port of the IMAP server.")
    imap_tls: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="How the line to the IMAP server is encrypted; none on loopback only."
    )
    imap_user: str = Field(default="", description="Login at the IMAP server.")
    imap_password: str = Field(default="", description="Password at the IMAP server.", repr=False)
    imap_folder: str = Field(default="INBOX", description="Folder that mail is fetched from.")
    webhook_key: str = Field(
        default="",
        repr=False,
        description="Signs mail that a provider posts to /api/consultant/v1/inbound; empty takes none.",
    )
    max_message_mb: int = Field(default=25, ge=1, le=100, description="The largest mail taken.")
    answers_per_sender_per_hour: int = Field(
        default=6, ge=1, description="Mails that one address gets in an hour; then its mail is held."
    )
    automatic_turns_per_thread: int = Field(
        default=3,
        ge=1,
        description="Automatic answers in one thread within a day; then the experts take over.",
    )
    answers_per_hour: int = Field(
        default=500,
        ge=1,
        description="Automatic mails to everybody together in an hour; then all mail is held.",
    )
    trusted_relay: str = Field(
        default="",
        description="The authserv-id of our own mail relay, whose Authentication-Results are believed.",
    )
    verified_peers: str = Field(
        default="",
        description="Networks whose mail counts as verified (comma-separated CIDR), such as an own relay that checks.",
    )
    expert_hours: int = Field(
        default=24, ge=1, description="Within how many hours a coder's answer is promised; free plan."
    )
    expert_hours_pro: int = Field(default=8, ge=1, description="The same for the plan pro.")
    review_all: bool = Field(
        default=False, description="Let a coder see every answer before it goes out; the machine drafts."
    )
    expert_words: str = Field(
        default="appeal,lawsuit,legal advice,subpoena,fraud,whistleblow",
        description="Questions with one of these words (comma-separated) go to a coder at once.",
    )
    assistant_patience_s: int = Field(
        default=45,
        ge=0,
        description="How long an assistant that is away is asked again before a coder takes over.",
    )
    hand_over_s: int = Field(
        default=60,
        ge=1,
        le=600,
        description="How long handing one mail to the mail server may take, in seconds.",
    )
    send_retry_s: float = Field(
        default=5.0,
        gt=0,
        description="When a deferred mail is tried again, in seconds; each time twice as long, up to 64 times that.",
    )
    send_within_hours: int = Field(
        default=48, ge=1, description="How long a mail that the mail server defers is tried again."
    )
    resend_jobs_after_s: int = Field(
        default=30,
        ge=2,
        description="When a job that a worker took and didn't finish is given out again, in seconds.",
    )
    dns_zone_file: str = Field(
        default="",
        description="A zone file that answers what DNS is asked about senders, for machines without a network.",
    )
    dkim_selector: str = Field(default="", description="Selector of the DKIM key; empty sends unsigned.")
    dkim_key_file: str = Field(default="", description="File with the DKIM private key (PEM).")

    @cached_property
    def shared(self) -> SharedSettings:
        return load(SharedSettings)

    @property
    def database(self) -> str:
        return self.database_url or self.shared.database_url(SERVICE)

    @property
    def peers(self) -> str:
        """Networks whose mail counts as verified: this machine itself, as long as no domain is set up."""
        return self.verified_peers or ("127.0.0.0/8,::1/128" if self.domain == "localhost" else "")

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def words_for_experts(self) -> tuple[str, ...]:
        return tuple(word.strip().lower() for word in self.expert_words.split(",") if word.strip())

    def expert_time(self, plan: str) -> timedelta:
        """Within what a coder's answer is promised."""
        return timedelta(hours=self.expert_hours_pro if plan == "pro" else self.expert_hours)

    @property
    def checked_key_secret(self) -> str:
        """Raises SettingsError when it is missing: mail is never kept in the open."""
        if len(self.key_secret) < 32:
            raise SettingsError("AHEAD_CONSULTANT_KEY_SECRET: set a secret of at least 32 characters")
        return self.key_secret
