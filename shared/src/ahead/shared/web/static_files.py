"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from ahead.shared.errors import NotFound
from ahead.shared.web.rate_limit import RATE_LIMIT

FAVICON = "/favicon.ico"
SHARED_STATIC = Path(__file__).parent / "static"
_MODULES = "node_modules/@fontsource-variable/atkinson-hyperlegible-"
# Browser libraries that pages use, by the name they get here.
BROWSER_LIBRARIES = {
    "vendor/htmx.js": "node_modules/htmx.org/dist/htmx.min.js",
    "vendor/sans.woff2": _MODULES + "next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "vendor/mono.woff2": _MODULES + "mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2",
}
# A typeface made for telling characters apart: O and 0, I, l and 1, which codes are full of.
_FONTS = {
    "vendor/sans.woff2": "Atkinson Hyperlegible Next",
    "vendor/mono.woff2": "Atkinson Hyperlegible Mono",
}
# The shared style sheet is kept in parts and served as one.
_BUNDLE = "css/app"

_FOR_EVER = "public, max-age=31536000, immutable"
# The name is an older or newer version's: during an upgrade pages of both are about.
_ASK_AGAIN = "public, no-cache"
_TYPES = {
    ".ico": "image/x-icon",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class StaticFile:
    body: bytes
    content_type: str
    hashed_name: str


def hashed(name: str, body: bytes) -> str:
    """``css/app.css`` becomes ``css/app.1f2e3d4c5b6a.css``."""
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{extension}"


def unhashed(hashed_name: str) -> str:
    """The file's own name, whatever the hash says."""
    stem, _, extension = hashed_name.rpartition(".")
    name, _, _ = stem.rpartition(".")
    return f"{name}.{extension}"


class StaticFiles:
    """The files of a service: the shared ones, its own beside or over them, and browser libraries.

    Args:
        service: name in the path ``/static/<service>/``.
        folders: the service's own folders; a later one wins over an earlier one.
        browser_assets: folder with ``node_modules``; a library that is not there is simply not served.
    """

    def __init__(
        self, service: str, folders: Sequence[Path] = (), browser_assets: Path | None = None
    ) -> None:
        self._service = service
        self._base = f"/static/{service}/"
        self._files: dict[str, StaticFile] = {}
        for name, where in BROWSER_LIBRARIES.items():
            if browser_assets is not None and (browser_assets / where).is_file():
                self._add(name, (browser_assets / where).read_bytes())
        for folder in (SHARED_STATIC, *folders):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and "." in path.name and not name.startswith(_BUNDLE + "/"):
                    self._add(name, path.read_bytes())
        parts = [part.read_text("utf-8") for part in sorted((SHARED_STATIC / _BUNDLE).glob("*.css"))]
        self._add(_BUNDLE + ".css", "\n".join([self._font_faces(), *parts]).encode())

    def _add(self, name: str, body: bytes) -> None:
        suffix = Path(name).suffix
        content_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._files[name] = StaticFile(body, content_type, hashed(name, body))

    def _font_faces(self) -> str:
        return "\n".join(
            f'@font-face {{ font-family: "{family}"; font-weight: 200 800; font-display: swap; '
            f'src: url("{self.url(name)}") format("woff2"); }}'
            for name, family in _FONTS.items()
            if name in self._files
        )

    def __contains__(self, name: str) -> bool:
        return name in self._files

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """The style sheets of every page: the shared one, then the service's own ``css/<service>.css``."""
        return tuple(name for name in ("css/app.css", f"css/{self._service}.css") if name in self._files)

    @property
    def scripts(self) -> tuple[str, ...]:
        """The modules of every page, and the service's own ``js/<service>.js``."""
        names = ("js/search.js", "js/page.js", f"js/{self._service}.js")
        return tuple(name for name in names if name in self._files)

    @property
    def fonts(self) -> tuple[str, ...]:
        """Fonts that pages ask for at once, so that text doesn't jump when they arrive."""
        return tuple(name for name in _FONTS if name in self._files)

    def url(self, name: str) -> str:
        """The address of a file, such as ``css/app.css``.

        Raises:
            KeyError: there is no such file; a template that names one is wrong.
        """
        return self._base + self._files[name].hashed_name

    def favicon(self) -> HTTPRouteHandler:
        """What browsers and feed readers ask for without having read a page. The pages' own icon is an SVG."""
        icon = self._files["favicon.ico"]

        @get(FAVICON, name="favicon", include_in_schema=False, sync_to_thread=False, opt={RATE_LIMIT: None})
        def favicon() -> Response[bytes]:
            return Response(
                icon.body, media_type=icon.content_type, headers={"Cache-Control": "public, max-age=86400"}
            )

        return favicon

    def handler(self) -> HTTPRouteHandler:
        files = self._files

        @get(
            self._base + "{name:path}",
            name="static",
            include_in_schema=False,
            sync_to_thread=False,
            opt={RATE_LIMIT: None},
        )
        def static_file(name: FromPath[str]) -> Response[bytes]:
            name = name.lstrip("/")
            file = files.get(unhashed(name))
            if file is None:
                raise NotFound("There is no such file.")
            caching = _FOR_EVER if name == file.hashed_name else _ASK_AGAIN
            return Response(file.body, media_type=file.content_type, headers={"Cache-Control": caching})

        return static_file
