"""Is it ready? Small questions, without client libraries: they are asked while everything is starting."""

import asyncio
import contextlib
from pathlib import Path

from ahead.local.child import Ready

LIMIT = 2.0


async def _ask(host: str, port: int, question: bytes, *, until_closed: bool = False) -> bytes:
    """The beginning of the answer; empty when nothing answers."""
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection(host, port)
            if question:
                writer.write(question)
                await writer.drain()
            return await reader.read(-1 if until_closed else 64)
    except (OSError, TimeoutError):
        return b""
    finally:
        if writer:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def http(host: str, port: int, path: str, *, name: str = "", below: int = 300) -> Ready:
    """Ready when the path answers with a status below the given one."""

    async def probe() -> bool:
        question = f"GET {path} HTTP/1.1\r\nHost: {name or f'{host}:{port}'}\r\nConnection: close\r\n\r\n"
        answer = await _ask(host, port, question.encode())
        status = answer[9:12]
        return answer.startswith(b"HTTP/") and status.isdigit() and 200 <= int(status) < below

    return probe


def redis(host: str, port: int, password: str) -> Ready:
    """Ready when it answers and has read its append-only file."""

    async def probe() -> bool:
        answer = await _ask(host, port, f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode(), until_closed=True)
        return b"+PONG" in answer

    return probe


def file(path: Path) -> Ready:
    """Ready when the process has made the file whose name it was given."""

    async def probe() -> bool:
        return await asyncio.to_thread(path.exists)

    return probe
