"""Argon2id, computed beside the event loop, a few at a time."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ahead.shared.errors import Unavailable

MEMORY_KIB = 19 * 1024
TIME_COST = 2
PARALLELISM = 1
# More than this many in line would wait for seconds: better to say so.
MAX_WAITING = 200

T = TypeVar("T")


class Passwords:
    """Hashes and verifies.

    A look-up that finds nobody verifies against ``dummy``, which never matches and costs the same. The hash
    runs without the interpreter's lock, so threads really work beside each other.
    """

    def __init__(self, at_once: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=TIME_COST,
            memory_cost=MEMORY_KIB,
            parallelism=PARALLELISM,
            hash_len=32,
            salt_len=16,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="argon2")
        self._waiting = 0
        # Of random bytes nobody knows: the same parameters, so the same time.
        self.dummy = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, normalise(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. None takes as long as a hash does, and is always False."""
        fits = await self._run(self._verify, stored or self.dummy, normalise(password))
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash should be made anew at this log-in, with today's parameters."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many people are logging in just now.", retry_after=3)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1


def normalise(password: str) -> str:
    """One form for what keyboards write differently (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
