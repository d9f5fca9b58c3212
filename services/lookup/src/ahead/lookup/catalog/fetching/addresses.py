"""Which files a source has at its publisher: the table of sources, and an edition filled into its addresses."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from string import Formatter
from typing import Any, cast
from urllib.parse import unquote, urlsplit

TABLE = Path(__file__).parent / "sources.toml"
AMA = "ama-click-through"
_KEYS = {"title", "addresses", "parts", "edition", "licence", "note", "sha256"}
_FIELDS = {"year", "yy", "quarter", "month", "letter", "ncci", "part"}
_QUARTER = re.compile(r"(20[0-9]{2})[- ]?q([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"20[0-9]{2}")
_MONTHS = ("january", "april", "july", "october")
_FIRST_NCCI = 1994
"""Version 32.1 is the second quarter of 2026."""


class FetchError(Exception):
    """What can't be fetched; the message says why and what to do, for the operator."""


@dataclass(frozen=True)
class Publication:
    """A source as the table describes it."""

    name: str
    title: str
    addresses: tuple[str, ...]
    parts: int = 1
    edition: str = ""
    licence: str = ""
    note: str = ""
    sha256: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class RemoteFile:
    """A file at its publisher. `sha256` is "" where it isn't known."""

    address: str
    name: str
    sha256: str


def publications(own: Path | None = None) -> dict[str, Publication]:
    """The table of sources; an operator's own file replaces entries by name.

    Raises:
        FetchError: a file is missing, no TOML, or has an entry that can't be used.
    """
    found = _read(TABLE)
    return found if own is None else found | _read(own)


def _read(path: Path) -> dict[str, Publication]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FetchError(f"{path}: can't be read: {error}") from None
    return {name: _publication(path, name, entry) for name, entry in table.items()}


def _publication(path: Path, name: str, entry: Any) -> Publication:
    def wrong(reason: str) -> FetchError:
        return FetchError(f"{path}: [{name}] {reason}")

    if not isinstance(entry, dict):
        raise wrong("is no table")
    given = cast("dict[str, Any]", entry)
    if unknown := sorted(set(given) - _KEYS):
        raise wrong(f"has {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}")
    addresses = given.get("addresses")
    if not isinstance(addresses, list) or not addresses or not all(isinstance(a, str) for a in addresses):  # pyright: ignore[reportUnknownVariableType]
        raise wrong("needs addresses, a list of texts")
    patterns = tuple(cast("list[str]", addresses))
    for pattern in patterns:
        try:
            fields = {one for _, one, _, _ in Formatter().parse(pattern) if one is not None}
        except ValueError:
            fields = {"a brace that doesn't close"}
        if not fields <= _FIELDS:
            raise wrong(
                f"has {', '.join(sorted(fields - _FIELDS))} in an address; known are {', '.join(sorted(_FIELDS))}"
            )
        _checked(pattern.format(**dict.fromkeys(_FIELDS, "1")), f"{path}: [{name}]")
    hashes = given.get("sha256", {})
    if not isinstance(hashes, dict):
        raise wrong("has no table of hashes in sha256")
    known = {str(key): str(value).lower() for key, value in cast("dict[str, Any]", hashes).items()}
    if not all(re.fullmatch(r"[0-9a-f]{64}", value) for value in known.values()):
        raise wrong("has a sha256 that is none")
    edition, licence, parts = given.get("edition", ""), given.get("licence", ""), given.get("parts", 1)
    if edition not in ("", "year", "quarter"):
        raise wrong('has another edition than "year" or "quarter"')
    if licence not in ("", AMA):
        raise wrong(f"has another licence than {AMA}")
    if not isinstance(parts, int) or not 1 <= parts <= 20:
        raise wrong("has parts that are no number from 1 to 20")
    return Publication(
        name,
        str(given.get("title", name)),
        patterns,
        parts,
        edition,
        licence,
        str(given.get("note", "")),
        known,
    )


def files_of(publication: Publication, edition: str, sha256: str = "") -> list[RemoteFile]:
    """The files of an edition ("2026", "2026q2"; "" where the source has only its newest).

    Raises:
        FetchError: the edition isn't one of this source.
    """
    values = _filled(publication, edition.strip())
    found: list[RemoteFile] = []
    for pattern in publication.addresses:
        for part in range(1, publication.parts + 1):
            address = pattern.format(**values, part=part)
            if address not in {one.address for one in found}:
                name = name_of(address)
                found.append(RemoteFile(address, name, publication.sha256.get(name, "")))
    return with_hash(found, sha256)


def with_hash(files: list[RemoteFile], sha256: str) -> list[RemoteFile]:
    """The hash that the operator gives, for a source of one file.

    Raises:
        FetchError: it is none, or there are several files.
    """
    if not sha256:
        return files
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise FetchError(f"{sha256[:80]!r} is not a SHA-256: 64 hexadecimal digits.")
    if len(files) != 1:
        raise FetchError(
            f"--sha256 is of one file, and the source has {len(files)}: put them into your own table."
        )
    return [RemoteFile(files[0].address, files[0].name, sha256.lower())]


def _filled(publication: Publication, edition: str) -> dict[str, Any]:
    if not publication.edition:
        if edition:
            raise FetchError(f"{publication.name} has its newest files only: leave --edition out.")
        return {}
    if publication.edition == "year":
        if not _YEAR.fullmatch(edition):
            raise FetchError(f"{publication.name} is published by year: say --edition 2026.")
        return {"year": edition, "yy": edition[2:]}
    match = _QUARTER.fullmatch(edition)
    if match is None:
        raise FetchError(f"{publication.name} is published by quarter: say --edition 2026q2.")
    year, quarter = match[1], int(match[2])
    return {
        "year": year, "yy": year[2:], "quarter": quarter, "month": _MONTHS[quarter - 1],
        "letter": "abcd"[quarter - 1], "ncci": f"{int(year) - _FIRST_NCCI}{quarter - 1}",
    }  # fmt: skip


def name_of(address: str) -> str:
    """The file's name, as it is kept here: the last part of its path and nothing that leads elsewhere.

    Raises:
        FetchError: the address is none from which a file can be fetched.
    """
    return _checked(address, "The address")


def _checked(address: str, where: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        raise FetchError(f"{where}: {address[:200]!r} is no address of a file (https://...).")
    name = PurePosixPath(unquote(parts.path)).name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,150}", name):
        raise FetchError(f"{where}: {address[:200]!r} doesn't end in the name of a file.")
    return name
