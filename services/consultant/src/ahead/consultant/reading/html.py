"""HTML as text: what a person sees, without what is hidden from people and meant for machines."""

import re
from contextlib import suppress
from html import unescape

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

# Deeper than any mail; beyond it rendering recurses too far, and the words alone are taken.
MAX_DEPTH = 150
MAX_HTML = 4_000_000

_CONFIG = ParserConfig(css=CSS_PROFILES["strict"].copy(), display_links=False, display_images=False)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
_SILENT = re.compile(
    r"<(script|style|head|title|noscript|template)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_UNREAD = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:br|p|div|tr|td|th|li|h[1-6]|table|title|head|body|blockquote|pre)\b[^>]*>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0*(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|[\"']|!|$)|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|[\"']|$)"
    r"|mso-hide\s*:\s*all|max-height\s*:\s*0|text-indent\s*:\s*-\d{3,}|clip\s*:\s*rect\(0",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"(?<![\w-])color\s*[:=]\s*[\"']?(#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background|bgcolor", re.IGNORECASE)
_HIDDEN_ATTRIBUTE = re.compile(
    r"(?:^|\s)hidden(?:\s|=|$)|aria-hidden\s*=\s*[\"']?true|\bsize\s*=\s*[\"']?0\b", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTE = re.compile(r"<blockquote\b", re.IGNORECASE)


def visible_text(html: str) -> str:
    """What a reader of the mail sees; hidden text is what only a machine would have read."""
    return _INVISIBLE.sub("", _render(without_hidden(html)))


def whole_text(html: str) -> str:
    """Every word of it, hidden or not, without a layout: for the record."""
    html = html[:MAX_HTML]
    if "<script" in (lower := html.lower()) or "<style" in lower:
        html = _UNREAD.sub(" ", html)
    return _words(_COMMENT.sub(" ", html) if "<!--" in html else html)


def _render(html: str) -> str:
    html = html[:MAX_HTML].replace("\0", "")
    if not html.strip():
        return ""
    if _depth(html) <= MAX_DEPTH:
        with suppress(Exception):  # lxml and inscriptis raise many things on broken pages
            return get_text(html, _CONFIG).strip("\n")
    return _words(html)


def _words(html: str) -> str:
    """Without a layout: tags gone, text kept."""
    if "<" in html:
        html = _ANY_TAG.sub("", _BLOCK.sub("\n", html))
    return unescape(html.replace("&nbsp;", " ")).replace("\xa0", " ").strip()


def _depth(html: str) -> int:
    depth = deepest = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in _VOID or found[3].endswith("/"):
            continue
        depth += -1 if found[1] else 1
        deepest = max(deepest, depth)
    return deepest


def without_hidden(html: str) -> str:
    """The page without elements that are not shown: display none, size 0, white on white, hidden."""
    html = _SILENT.sub("", _COMMENT.sub("", html[:MAX_HTML]))
    pieces: list[str] = []
    hiding = ""  # the name of the hidden element we are in
    inner = position = 0
    for found in _TAG.finditer(html):
        closing, name = bool(found[1]), found[2].lower()
        if hiding:
            if name == hiding:
                inner += -1 if closing else (not found[3].endswith("/"))
            if inner == 0:
                hiding, position = "", found.end()
            continue
        if not closing and name not in _VOID and _is_hidden(found[3]):
            pieces.append(html[position : found.start()])
            hiding, inner = name, 1
    if not hiding:
        pieces.append(html[position:])
    return "".join(pieces)


def _is_hidden(attributes: str) -> bool:
    if not attributes.strip():
        return False
    if _HIDDEN.search(attributes) or _HIDDEN_ATTRIBUTE.search(_unquoted(attributes)):
        return True
    return bool(_COLOUR.search(attributes) and not _BACKGROUND.search(attributes))


def _unquoted(attributes: str) -> str:
    """Values of class, title and the like say nothing about being hidden."""
    return re.sub(r"\b(?:class|id|title|alt|href|src|style)\s*=\s*(?:\"[^\"]*\"|'[^']*')", " ", attributes)
