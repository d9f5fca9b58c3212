"""E-mail addresses as accounts keeps them, and addresses of pages that we may send somebody back to."""

import re
from urllib.parse import urlsplit

from ahead.shared.mail import BadAddress, checked_address

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_OWN_PAGES = ("/account/login", "/account/register", "/account/logout", "/account/second-factor")
MAX_NEXT = 2000


def normalise_address(text: str) -> str:
    """The form in which an address is compared and stored: trimmed, lower case, domain in ASCII.

    Raises:
        BadAddress: with words for the one who typed it.
    """
    address = checked_address(text.strip())
    if not address.username.isascii():
        raise BadAddress("letters outside of a–z before the @ are not supported")
    domain = address.domain.lower()
    if not _DOMAIN.fullmatch(domain) or ".." in domain:
        raise BadAddress("that is not a domain")
    return f"{address.username.lower()}@{domain}"


def safe_next(text: str | None, default: str = "/account") -> str:
    """A path on this site to go on to; anything else becomes the default.

    Browsers read ``//host``, ``/\\host`` and paths with control characters as other sites.
    """
    if not text or len(text) > MAX_NEXT or not text.startswith("/"):
        return default
    if text.startswith(("//", "/\\")) or "\\" in text or any(ord(character) <= 32 for character in text):
        return default
    if any(ord(character) == 127 for character in text) or not text.isascii():
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return default
    return default if parts.path.rstrip("/") in _OWN_PAGES else text


def next_from_referer(referer: str | None, public_url: str) -> str:
    """The page a visitor came from, when it is one of ours; empty otherwise."""
    if not referer or not referer.startswith(public_url + "/"):
        return ""
    path = safe_next(referer.removeprefix(public_url), "")
    return "" if path.startswith("/account") else path
