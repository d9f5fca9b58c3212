"""Resumes: judged by what is in them, kept under random names, handed out as attachments only.

Nothing here opens a document for its text. A PDF is one that begins and ends as one and whose pages can be counted;
a DOCX is a zip whose members say so and which stays small when it is unpacked, without macros: `ahead.shared.extract`
looks, in a process of its own.
"""

import asyncio
import re
import secrets
from collections.abc import Container
from datetime import datetime
from pathlib import Path

import msgspec

from ahead.careers.jobs.cleaning import line
from ahead.careers.settings import Settings
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.extract import Limits, extract

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAX_PAGES = 60
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_FILE = re.compile(r"[0-9a-f]{40}\.(?:pdf|docx)")


class Resume(msgspec.Struct, frozen=True):
    name: str
    kind: str
    body: bytes


class NotAResume(BadInput):
    slug_ = "resume-refused"
    title_ = "That file can't be taken"


# What is wrong with a file, and what to do instead.
_REFUSED = {
    "encrypted": ("The file is protected with a password.", "Save it without one."),
    "damaged": ("The file can't be read.", "Save it as a PDF again."),
    "took too long": ("The file can't be read.", "Save it as a PDF again."),
    "packed too tightly": ("The document is not made as Word makes one.", "Save it as a PDF."),
    "macros or other files inside": ("The document holds macros or other files.", "Save it as a PDF."),
}
_NEITHER = ("It is neither a PDF nor a Word document (DOCX).", "Save your resume as a PDF.")


async def judge(name: str, body: bytes, limit_mb: int) -> Resume:
    """Raises NotAResume, with what to do instead."""
    if len(body) > limit_mb << 20:
        raise NotAResume(f"The file is larger than {limit_mb} MB.", hint="Save it smaller, without pictures.")
    if body[:5] == b"%PDF-":
        _judge_outside_of_pdf(body)
    elif body[:4] != b"PK\x03\x04":  # a document begins with its mark, or something else stands before it
        raise NotAResume(_NEITHER[0], hint=_NEITHER[1])
    found = await asyncio.to_thread(extract, body, limits=Limits(size=limit_mb << 20), with_text=False)
    if found.why or found.kind not in TYPES:
        detail, hint = _REFUSED.get(found.why, _NEITHER)
        raise NotAResume(detail, hint=hint)
    if found.kind == "pdf" and not 0 < found.pages <= MAX_PAGES:
        raise NotAResume(f"The PDF has {found.pages} pages.", hint=f"A resume has 1 to {MAX_PAGES}.")
    shown = line(re.split(r"[/\\]", name)[-1], 150) or "resume"
    stem = shown.rsplit(".", 1)[0] or "resume"
    return Resume(f"{stem}.{found.kind}", found.kind, body)


def _judge_outside_of_pdf(body: bytes) -> None:
    """What a browser or a reader would take for something else, or would run."""
    tail = body[-2048:].rstrip(b"\r\n\t \x00")
    if not tail.endswith(b"%%EOF"):
        raise NotAResume("The PDF has something behind its end.", hint="Save it as a PDF again.")
    if b"PK\x03\x04" in body[:1024] or _ACTIVE_PDF.search(body):
        raise NotAResume("The PDF holds scripts or other files.", hint="Print it to a new PDF.")


class Files:
    """Where resumes lie. A name is random and says nothing; it is never made from what a candidate sent."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.files

    def keep(self, resume: Resume) -> str:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{secrets.token_hex(20)}.{resume.kind}"
        path = self._path(name)
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(resume.body)
        return name

    def read(self, name: str) -> bytes:
        """Raises NotFound."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("This file is not here any more.") from error

    def remove(self, name: str) -> None:
        if name:
            self._path(name).unlink(missing_ok=True)

    def sweep(self, kept: Container[str], before: datetime) -> int:
        """Remove files that belong to no application: of a process that ended between the two. Returns how many.

        ``before``: newer ones may belong to one that is being recorded just now.
        """
        gone = 0
        for path in self._folder.glob("*") if self._folder.exists() else ():
            if path.name not in kept and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, name: str) -> Path:
        if not _FILE.fullmatch(name):
            raise NotFound("There is no such file.")
        return self._folder / name
