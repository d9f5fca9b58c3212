"""Somebody's mail program: sends by SMTP, reads what came in the platform's maildir."""

import mailbox
import shutil
import smtplib
import subprocess
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from ahead.shared.testing.waiting import wait_until


class Correspondent:
    """``address`` writes to ``service``; ``had``: the mails read so far, in order."""

    def __init__(self, address: str, folder: Path, port: int, service: str = "ask@localhost") -> None:
        self.address, self.service = address, service
        self.had: list[mailbox.MaildirMessage] = []
        self._folder, self._port = folder, port

    def mails(self) -> list[mailbox.MaildirMessage]:
        if not self._folder.exists():
            return []
        box = mailbox.Maildir(self._folder, create=False)
        return [mail for _, mail in sorted(box.items()) if mail["To"] == self.address]

    def next(self, within_s: float = 60) -> mailbox.MaildirMessage:
        """The next mail that comes."""
        mails = wait_until(
            lambda: self.mails()[len(self.had) :], within_s=within_s, what=f"a mail to {self.address}"
        )
        self.had.append(mails[0])
        return mails[0]

    def write(self, text: str, *, subject: str = "", answers: mailbox.MaildirMessage | None = None) -> None:
        """As a mail program does: an answer goes to Reply-To, names what it answers and quotes it."""
        mail = EmailMessage()
        mail["From"] = f"Jane Coder <{self.address}>"
        mail["To"] = str(answers["Reply-To"]) if answers else self.service
        mail["Subject"] = str(answers["Subject"]) if answers else subject
        mail["Message-ID"] = make_msgid(domain=self.address.rpartition("@")[2])
        if answers is not None:
            mail["In-Reply-To"] = answers["Message-ID"]
            earlier = str(answers["References"] or "").split()  # folded over lines where it is long
            mail["References"] = " ".join([*earlier, str(answers["Message-ID"])])
            quoted = "\n".join(f"> {line}" for line in text_of(answers).splitlines())
            text = f"{text}\n\nOn Monday, CaseConsultant wrote:\n{quoted}"
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self._port, timeout=20) as client:
            client.send_message(mail)

    def write_with_swaks(self, text: str, subject: str) -> bool:
        """The same with Debian's swaks; False where it isn't installed."""
        if shutil.which("swaks") is None:
            return False
        command = [
            *("swaks", "--server", "127.0.0.1", "--port", str(self._port), "--to", self.service),
            *("--from", self.address, "--header", f"Subject: {subject}", "--body", text),
            *("--ehlo", "client.example", "--hide-all"),
        ]
        subprocess.run(command, check=True, timeout=30)
        return True


def text_of(mail: mailbox.MaildirMessage) -> str:
    return _part(mail, 0)


def page_of(mail: mailbox.MaildirMessage) -> str:
    return _part(mail, 1)


def _part(mail: mailbox.MaildirMessage, number: int) -> str:
    part = mail.get_payload(number) if mail.is_multipart() else mail
    body = part.get_payload(decode=True)  # type: ignore[union-attr]
    assert isinstance(body, bytes)
    return body.decode()
