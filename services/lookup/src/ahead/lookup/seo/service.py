"""robots.txt and sitemaps. They list public pages only: a robot sees the open part of a code page."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape

from ahead.lookup.catalog.schemas import Node, Release
from ahead.lookup.catalog.service import Catalog
from ahead.shared.errors import NotFound

PER_FILE = 10_000
"""The protocol allows 50,000; a file of fewer is answered at once."""
CLOSED = ("/account", "/admin", "/api/")
# Services with pages of their own to be found.
SITEMAPS = {"lookup": "/sitemap.xml", "careers": "/careers/sitemap.xml"}

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def robots(origin: str, peers: Mapping[str, str]) -> str:
    """Names the sitemaps of the services that are installed beside this one."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {origin}{path}" for name, path in SITEMAPS.items() if name in {"lookup", *peers}]
    return "\n".join(lines) + "\n"


async def index(catalog: Catalog, origin: str) -> str:
    """The list of sitemap files. A file is a part of this address, so that it may list the whole site."""
    entries: list[str] = []
    for system in await catalog.systems():
        release = await _shown(catalog, system.system)
        for number in range(1, _files(release) + 1):
            address = f"{origin}/sitemap.xml?part={release.system}-{number}"
            entries.append(_entry("sitemap", address, release))
    return f"{_HEAD}<sitemapindex {_SCHEMA}>\n{''.join(entries)}</sitemapindex>\n"


async def part(catalog: Catalog, origin: str, name: str) -> str:
    """One sitemap file, such as ``icd10cm-1``.

    Raises:
        NotFound: there is no such file.
    """
    system, _, number = name.rpartition("-")
    held = [one.system for one in await catalog.systems()]
    if system not in held or not (number.isascii() and number.isdigit() and len(number) <= 3):
        raise NotFound("There is no such sitemap.")
    release = await _shown(catalog, system)
    if not 1 <= int(number) <= _files(release):
        raise NotFound("There is no such sitemap.")
    nodes = await catalog.stretch(release.id, (int(number) - 1) * PER_FILE, PER_FILE)
    first = [f"{origin}/", f"{origin}/browse/{system}"] if number == "1" else []
    entries = [_entry("url", address, release) for address in first]
    entries += _entries(origin, nodes, release)
    return f"{_HEAD}<urlset {_SCHEMA}>\n{''.join(entries)}</urlset>\n"


def _entries(origin: str, nodes: Iterable[Node], release: Release) -> list[str]:
    """Chapters and sections are places to browse; everything below them has a code page."""
    entries: list[str] = []
    for node in nodes:
        kind = "browse" if node.kind in ("chapter", "section") else "codes"
        entries.append(_entry("url", f"{origin}/{kind}/{node.system}/{quote(node.dotted)}", release))
    return entries


def _entry(tag: str, address: str, release: Release) -> str:
    return f"<{tag}><loc>{escape(address)}</loc><lastmod>{release.window_from}</lastmod></{tag}>\n"


def _files(release: Release) -> int:
    return -(-release.nodes // PER_FILE)


async def _shown(catalog: Catalog, system: str) -> Release:
    """The edition that pages show when no date is asked for, else the newest one held."""
    edition = await catalog.edition_for(system)
    return edition.release or (await catalog.releases(system))[-1]
