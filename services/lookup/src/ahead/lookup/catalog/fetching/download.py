"""Downloads one file: resumable, within a size and a time, checked by its hash.

Addresses are the operator's own or the project's table, never a stranger's.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from .addresses import FetchError, RemoteFile

ATTEMPTS = 4
"""A connection that breaks is taken up where it broke."""
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
_AGENT = "ahead-catalog/1 (official code files for medical coders)"

Read = Callable[[float], None]
"""Is told which part of the file is here, 0 to 1."""


@dataclass(frozen=True)
class Downloaded:
    path: Path
    sha256: str
    size: int
    kept: bool
    """It was here already, whole and with the hash that is known."""


def download(
    file: RemoteFile,
    folder: Path,
    *,
    limit: int,
    read: Read = lambda _: None,
    timeout: httpx.Timeout = TIMEOUT,
    attempts: int = ATTEMPTS,
) -> Downloaded:
    """Downloads the file into the folder, beside its final name until it is whole.

    Args:
        limit: bytes that it may have.

    Raises:
        FetchError: it isn't there, is too large, isn't the file, or the publisher can't be reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    if file.sha256 and path.is_file() and hash_of(path) == file.sha256:
        return Downloaded(path, file.sha256, path.stat().st_size, True)
    part = path.with_name(path.name + ".part")
    with httpx.Client(
        timeout=timeout, follow_redirects=True, max_redirects=5, headers={"User-Agent": _AGENT}
    ) as client:
        for attempt in range(1, attempts + 1):
            try:
                _take(client, file, part, limit, read)
                break
            except httpx.TooManyRedirects:
                raise FetchError(f"{file.address} leads in circles.") from None
            except httpx.TransportError as error:
                if attempt == attempts:
                    raise FetchError(
                        f"{file.address} can't be reached: {error or type(error).__name__}. What came is kept: run the "
                        "command again to go on, or download the file yourself and run: ahead catalog load FILE"
                    ) from None
    sha256 = hash_of(part)
    if file.sha256 and sha256 != file.sha256:
        part.unlink()
        _marks(part).unlink(missing_ok=True)
        raise FetchError(
            f"{file.name} is not the file that is meant: its SHA-256 is {sha256}, and {file.sha256} is expected. "
            "Nothing was loaded."
        )
    part.replace(path)
    _marks(part).unlink(missing_ok=True)
    return Downloaded(path, sha256, path.stat().st_size, False)


def _take(client: httpx.Client, file: RemoteFile, part: Path, limit: int, read: Read) -> None:
    """One attempt: goes on where the last one ended if the publisher still has the same file."""
    have = part.stat().st_size if part.is_file() else 0
    mark = _mark(part) if have else ""
    headers = {"Accept-Encoding": "identity"}
    if have and mark:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark}
    with client.stream("GET", file.address, headers=headers) as answer:
        if answer.status_code == 416:
            part.unlink(missing_ok=True)
            raise httpx.ReadError("the publisher's file has changed")
        if answer.status_code not in (200, 206):
            raise FetchError(_refused(file, answer.status_code))
        if answer.headers.get("content-type", "").partition(";")[0].strip() in (
            "text/html",
            "application/xhtml+xml",
        ):
            raise FetchError(
                f"{file.address} answers with a web page ({answer.url}), not with the file: it may have another name, "
                "or stand behind a licence. Download it yourself and run: ahead catalog load FILE"
            )
        going_on = answer.status_code == 206 and have > 0
        start = have if going_on else 0
        whole = _whole(answer, start)
        if max(whole, start) > limit:
            raise FetchError(f"{file.name} has {whole:,} bytes; at most {limit:,} are taken.")
        _marks(part).write_text(
            json.dumps(answer.headers.get("etag") or answer.headers.get("last-modified") or "")
        )
        got = start
        with part.open("ab" if going_on else "wb") as out:
            for chunk in answer.iter_bytes():
                got += len(chunk)
                if got > limit:
                    raise FetchError(f"{file.name} has more than {limit:,} bytes.")
                out.write(chunk)
                if whole:
                    read(min(got / whole, 1.0))
        if whole and got < whole:
            raise httpx.ReadError(f"{got:,} of {whole:,} bytes came")


def _whole(answer: httpx.Response, start: int) -> int:
    """Bytes of the whole file; 0 where the publisher doesn't say."""
    length = answer.headers.get("content-length", "")
    return start + int(length) if length.isascii() and length.isdecimal() else 0


def _marks(part: Path) -> Path:
    return part.with_name(part.name + ".mark")


def _mark(part: Path) -> str:
    """What tells that the publisher's file is still the same; a weak one tells nothing."""
    try:
        mark = json.loads(_marks(part).read_text())
    except (OSError, ValueError):
        return ""
    return mark if isinstance(mark, str) and not mark.startswith("W/") else ""


def _refused(file: RemoteFile, status: int) -> str:
    if status in (404, 410):
        return f"{file.address} is not there (HTTP {status}): the edition has another name or isn't published yet."
    if status in (401, 403):
        return (
            f"{file.address} is not given to this machine (HTTP {status}). Download it yourself and run: "
            "ahead catalog load FILE"
        )
    return f"{file.address} can't be had now (HTTP {status}): try again later."


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
