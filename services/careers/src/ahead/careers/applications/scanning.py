"""The port for looking at files before they are kept: ClamAV's daemon where one is set, else nobody, and that is said.

A scanner that is set and doesn't answer lets nothing through: not checked is not passed.
"""

import asyncio
import struct
from typing import Protocol
from urllib.parse import urlsplit

from ahead.shared.errors import Unavailable
from ahead.shared.settings import SettingsError

CHUNK = 64 << 10
PATIENCE_S = 30.0


class Scanner(Protocol):
    async def finds(self, body: bytes) -> str:
        """The name of what is wrong with a file; "" when nothing was found. Raises Unavailable."""
        ...


class NoScanner:
    """None is set: files are judged by their content alone."""

    async def finds(self, body: bytes) -> str:
        return ""


class Clamd:
    """ClamAV's daemon over TCP, by its command INSTREAM: the file in chunks, each behind its length."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def finds(self, body: bytes) -> str:
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._ask(body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise _unavailable() from error
        said = answer.rstrip("\0\n ")
        if said.endswith(" FOUND"):
            return said.removeprefix("stream:").removesuffix("FOUND").strip()[:100] or "something"
        if said != "stream: OK":
            raise _unavailable()
        return ""

    async def _ask(self, body: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(body), CHUNK):
                part = body[start : start + CHUNK]
                writer.write(struct.pack(">I", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return (await reader.read(4096)).decode("utf-8", "replace")
        finally:
            writer.close()


def _unavailable() -> Unavailable:
    return Unavailable(
        "Files can't be checked just now.", hint="Try again in a few minutes, or apply without a file."
    )


def make_scanner(address: str) -> Scanner:
    """Raises SettingsError for an address that isn't one."""
    if not address:
        return NoScanner()
    parts = urlsplit(address)
    if parts.scheme != "clamd" or not parts.hostname:
        raise SettingsError(f"AHEAD_CAREERS_SCANNER is {address!r}: it looks like clamd://127.0.0.1:3310")
    return Clamd(parts.hostname, parts.port or 3310)
