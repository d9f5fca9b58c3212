"""Text from strangers, made harmless once when it comes in; templates escape everything else on the way out."""

import re
from html import escape, unescape

import nh3
from markupsafe import Markup

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "h3", "h4"}
# Made once: an import cleans a hundred thousand texts.
_CLEANER = nh3.Cleaner(tags=TAGS, attributes={}, link_rel=None)
MAX_DESCRIPTION = 20_000
# Whatever else there is begins a line.
_INLINE_TAG = re.compile(r"</?(?:strong|em|b|i)>")
_TAG = re.compile(r"<[^>]*>")
_ODD_SPACE = re.compile(r"[^\S\n ]|  ")
_WEB = re.compile(r"https?://[^\s<>\"'\\@]{1,290}", re.IGNORECASE)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOOKS_LIKE_HTML = re.compile(r"<(?:p|br|ul|ol|li|div|h[1-6]|b|strong|em|i|span)\b", re.IGNORECASE)


def _shown(text: str) -> str:
    """Without what nobody sees. Of what can be printed, which is told at once, nothing is hidden."""
    return text if text.isprintable() else _HIDDEN.sub("", text)


def clean_html(text: str) -> str:
    """A description as safe HTML without attributes and links; plain text becomes paragraphs."""
    text = _shown(text)[: MAX_DESCRIPTION * 2]
    if not _LOOKS_LIKE_HTML.search(text):
        parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
        text = "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts)
    return _CLEANER.clean(text)


def as_written(html: str) -> str:
    """What somebody writes to get this cleaned HTML: plain text, where it holds nothing but paragraphs and lines."""
    text = html.removeprefix("<p>").removesuffix("</p>").replace("</p><p>", "\n\n").replace("<br>", "\n")
    text = unescape(text) if "<" not in text else html
    return text if clean_html(text) == html else html


def plain(html: str) -> str:
    """The words of cleaned HTML, a line for each block."""
    if "</b>" in html or "</i>" in html or "</em>" in html or "</strong>" in html:
        html = _INLINE_TAG.sub("", html)
    text = _TAG.sub("\n", html)
    if "&" in text:
        text = unescape(text)
    lines = text.split("\n")
    if "  " in text or "\t" in text or (not text.isascii() and _ODD_SPACE.search(text)):
        lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(filter(None, map(str.strip, lines)))


def line(text: str, longest: int = 120) -> str:
    """One line of plain text: a title, a name, a city."""
    return " ".join(_shown(text).split())[:longest].strip()


def web_address(text: str) -> str:
    """A link that may be shown; "" for anything that isn't plain http or https."""
    text = text.strip()
    return text if _WEB.fullmatch(text) else ""


def as_markup(cleaned: str) -> Markup:
    """What `clean_html` made, as a template shows it. Every door cleans: the form, the feeds, the company's profile."""
    return Markup(cleaned)  # noqa: S704
