"""A mail server that fails at random, at every place where one can; it remembers what it took."""

import asyncio
import random
import re
import threading
from collections import Counter
from contextlib import suppress

# How often each fault comes, in a hundred connections; the rest is taken as it should be.
FAULTS = {
    "421 at once": 4,
    "451 to MAIL": 4,
    "450 to RCPT": 4,
    "550 to RCPT": 2,
    "drop before DATA": 4,
    "drop in DATA": 4,
    "451 after DATA": 4,
    "554 after DATA": 2,
    "drop after DATA": 5,
    "tarpit": 2,
}
TARPIT_S = 30.0
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class FaultySmtp:
    """``taken``: (recipient, Message-ID) of every mail that was taken, also where we hung up before we said so."""

    def __init__(self, seed: int, *, calm: bool = False) -> None:
        self.taken: list[tuple[str, str]] = []
        self.faults: Counter[str] = Counter()
        self.calm = calm
        self.port = 0
        self._server: asyncio.Server | None = None
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "FaultySmtp":
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        ).result(10)
        self._server = server
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _fault(self) -> str:
        throw = self._chance.randrange(100)
        for name, share in FAULTS.items():
            if throw < share:
                return "" if self.calm else name
            throw -= share
        return ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._fault()
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(fault, reader, writer)
        self.faults[fault or "none"] += 1
        writer.transport.abort()

    async def _talk(self, fault: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        if fault == "421 at once":
            await say("421 4.3.2 not now")
            return
        await say("220 faulty.example ESMTP")
        to = ""
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            verb = line.partition(" ")[0].upper()
            if verb == "MAIL":
                await say("451 4.3.0 not now" if fault == "451 to MAIL" else "250 OK")
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0].lower()
                answers = {"450 to RCPT": "450 4.2.0 not now", "550 to RCPT": "550 5.1.1 nobody here"}
                await say(answers.get(fault, "250 OK"))
            elif verb == "DATA":
                if not await self._data(fault, to, reader, say):
                    return
            elif verb == "QUIT":
                await say("221 bye")
                return
            else:
                await say("250 OK")

    async def _data(self, fault: str, to: str, reader: asyncio.StreamReader, say: object) -> bool:
        """False: hang up."""
        assert callable(say)
        if fault == "drop before DATA":
            return False
        await say("354 go on")
        if fault == "drop in DATA":
            await reader.readline()
            return False
        raw = await reader.readuntil(b"\r\n.\r\n")
        if fault == "tarpit":
            # Whoever waits this long has hung up; nothing was taken.
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), TARPIT_S)
            return False
        if fault in ("451 after DATA", "554 after DATA"):
            await say(f"{fault[:3]} not this one")
            return True
        found = _MESSAGE_ID.search(raw)
        assert found, raw[:300]
        self.taken.append((to, found[1].decode()))
        if fault == "drop after DATA":
            return False
        await say("250 2.0.0 taken")
        return True
