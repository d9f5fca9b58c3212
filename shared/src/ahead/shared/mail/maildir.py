"""Mail into a maildir on disk: what runs locally, readable with any mail program."""

import asyncio
import itertools
import os
import socket
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from ahead.shared.mail.port import MailDelayed

_counter = itertools.count()


class MaildirPort:
    """Writes into ``tmp``, syncs and renames into ``new``, so that a reader never meets half a mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message: EmailMessage, *, envelope_from: str | None = None) -> None:
        try:
            await asyncio.to_thread(self._write, message, envelope_from)
        except OSError as error:
            raise MailDelayed(f"{self.folder}: {error.strerror}") from error

    def _write(self, message: EmailMessage, envelope_from: str | None) -> None:
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
        name = f"{seconds}.M{nanoseconds // 1000:06d}P{os.getpid()}Q{next(_counter)}.{host}"
        path = self.folder / "tmp" / name
        with path.open("xb") as file:
            if envelope_from is not None:  # as a mail server writes it on delivery
                file.write(f"Return-Path: <{envelope_from}>\n".encode())
            file.write(message.as_bytes(policy=default.clone(linesep="\n")))
            file.flush()
            os.fsync(file.fileno())
        target = self.folder / "new" / name
        path.rename(target)
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
