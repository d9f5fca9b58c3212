"""What the features of CaseConsultant are made of; put together once per process."""

from dataclasses import dataclass
from pathlib import Path

from ahead.consultant.keybox import KeyBox
from ahead.consultant.settings import SERVICE, Settings
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database


@dataclass(frozen=True)
class Parts:
    settings: Settings
    database: Database
    keybox: KeyBox
    clock: Clock

    @classmethod
    def make(
        cls, settings: Settings, *, database: Database | None = None, clock: Clock | None = None
    ) -> "Parts":
        return cls(
            settings=settings,
            database=database or Database(settings.database),
            keybox=KeyBox(settings.checked_key_secret),
            clock=clock or SystemClock(),
        )

    def seal(self, text: str) -> bytes:
        return self.keybox.close(text.encode())

    def unseal(self, closed: bytes) -> str:
        return self.keybox.open(closed).decode()

    def client(self) -> ServiceClient:
        return ServiceClient(
            self.settings.shared, SERVICE, self.settings.service_key, ["assistant:answer"], timeout=45
        )

    @property
    def dkim_key(self) -> bytes:
        """The private key that signs outgoing mail; empty where none is set."""
        path = self.settings.dkim_key_file
        return Path(path).read_bytes() if path and self.settings.dkim_selector else b""
