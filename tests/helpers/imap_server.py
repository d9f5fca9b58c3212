"""An IMAP server with IDLE (pymap, all in memory) and a client to look into it."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from ahead.shared.testing.server import ServerProcess

USER, PASSWORD = "ask", "made up"


class ImapServer(ServerProcess):
    def command(self) -> Sequence[str]:
        program = Path(sys.executable).parent / "pymap"
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        user = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
        return [sys.executable, str(program), *where, *user]

    def is_ready(self) -> bool:
        if not super().is_ready():
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """What it brings along, or is left of another test, is no mail any more."""
        with self.client() as client:
            client.add_flags(client.search(), [b"\\Seen"])

    @contextmanager
    def client(self) -> Generator[Any]:
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10) as client:
            client.login(USER, PASSWORD)
            client.select_folder("INBOX")
            yield client

    def deliver(self, raw: bytes) -> None:
        with self.client() as client:
            client.append("INBOX", raw)

    def unseen(self) -> int:
        with self.client() as client:
            return len(client.search(["UNSEEN"]))
