"""What the features of accounts are made of; put together once per process."""

from dataclasses import dataclass
from functools import cached_property

from ahead.accounts.keybox import KeyBox
from ahead.accounts.passwords.hashing import Passwords
from ahead.accounts.settings import Settings
from ahead.accounts.signing.service import Signer
from ahead.shared.auth.cookies import CookieJar
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database


@dataclass(frozen=True)
class Parts:
    settings: Settings
    database: Database
    keybox: KeyBox
    passwords: Passwords
    signer: Signer
    cookies: CookieJar
    clock: Clock

    @classmethod
    def make(cls, settings: Settings, *, clock: Clock | None = None) -> "Parts":
        clock = clock or SystemClock()
        database = Database(settings.database)
        keybox = KeyBox(settings.checked_key_secret)
        return cls(
            settings=settings,
            database=database,
            keybox=keybox,
            passwords=Passwords(settings.hashes_at_once),
            signer=Signer(database, keybox, clock),
            cookies=CookieJar(settings.shared),
            clock=clock,
        )

    @cached_property
    def public_url(self) -> str:
        return self.settings.shared.public_url.rstrip("/")

    def now(self) -> float:
        """Unix seconds by this process's clock."""
        return self.clock.now().timestamp()

    async def close(self) -> None:
        self.passwords.close()
        await self.database.close()
