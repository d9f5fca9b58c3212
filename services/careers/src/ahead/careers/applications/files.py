"""Resumes: judged by what is in them, kept under random names, handed out as attachments only.

Nothing here opens a document for its text. A PDF is one that begins and ends as one and whose pages can be counted;
a DOCX is a zip whose members say so and which stays small when it is unpacked, without macros.
"""

import asyncio
import io
import re
import secrets
import sys
import zipfile
from pathlib import Path

import msgspec

from ahead.careers.jobs.cleaning import line
from ahead.careers.settings import Settings
from ahead.shared.errors import BadInput, NotFound

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAX_MEMBERS = 500
MAX_UNPACKED = 50 << 20
MAX_RATIO = 200
MAX_PAGES = 60
PATIENCE_S = 30.0
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_FILE = re.compile(r"[0-9a-f]{40}\.(?:pdf|docx)")


class Resume(msgspec.Struct, frozen=True):
    name: str
    kind: str
    body: bytes


class NotAResume(BadInput):
    slug_ = "resume-refused"
    title_ = "That file can't be taken"


async def judge(name: str, body: bytes, limit_mb: int) -> Resume:
    """Raises NotAResume, with what to do instead."""
    if len(body) > limit_mb << 20:
        raise NotAResume(f"The file is larger than {limit_mb} MB.", hint="Save it smaller, without pictures.")
    if body[:5] == b"%PDF-":
        await _judge_pdf(body)
        kind = "pdf"
    elif body[:4] == b"PK\x03\x04":
        _judge_docx(body)
        kind = "docx"
    else:
        raise NotAResume("It is neither a PDF nor a Word document (DOCX).", hint="Save your resume as a PDF.")
    shown = line(re.split(r"[/\\]", name)[-1], 150) or "resume"
    stem = shown.rsplit(".", 1)[0] or "resume"
    return Resume(f"{stem}.{kind}", kind, body)


async def _judge_pdf(body: bytes) -> None:
    tail = body[-2048:].rstrip(b"\r\n\t \x00")
    if not tail.endswith(b"%%EOF"):
        raise NotAResume("The PDF has something behind its end.", hint="Save it as a PDF again.")
    if b"PK\x03\x04" in body[:1024] or _ACTIVE_PDF.search(body):
        raise NotAResume("The PDF holds scripts or other files.", hint="Print it to a new PDF.")
    said = await _read_apart(body)
    if said == "encrypted":
        raise NotAResume("The PDF is protected with a password.", hint="Save it without one.")
    if not said.isdigit():
        raise NotAResume("The PDF can't be read.", hint="Save it as a PDF again.")
    if not 0 < int(said) <= MAX_PAGES:
        raise NotAResume(f"The PDF has {said} pages.", hint=f"A resume has 1 to {MAX_PAGES}.")


async def _read_apart(body: bytes) -> str:
    """What the child says of a PDF; "" when it failed, was too slow or too large."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ahead.careers.applications.pdf_child",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(child.communicate(body), PATIENCE_S)
    except TimeoutError:
        return ""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return said.decode("ascii", "replace") if child.returncode == 0 else ""


def _judge_docx(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError) as error:
        raise NotAResume("The document can't be read.", hint="Save it as DOCX or PDF again.") from error
    unpacked = sum(member.file_size for member in members)
    bad_name = any(
        name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names
    )
    if len(members) > MAX_MEMBERS or unpacked > min(MAX_UNPACKED, len(body) * MAX_RATIO) or bad_name:
        raise NotAResume("The document is not made as Word makes one.", hint="Save it as a PDF.")
    if any(member.flag_bits & 1 for member in members):
        raise NotAResume("The document is protected with a password.", hint="Save it without one.")
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise NotAResume("It is neither a PDF nor a Word document (DOCX).", hint="Save your resume as a PDF.")
    if any("vbaproject" in name.lower() or name.lower().startswith("word/embeddings/") for name in names):
        raise NotAResume("The document holds macros or other files.", hint="Save it as a PDF.")


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

    def _path(self, name: str) -> Path:
        if not _FILE.fullmatch(name):
            raise NotFound("There is no such file.")
        return self._folder / name
