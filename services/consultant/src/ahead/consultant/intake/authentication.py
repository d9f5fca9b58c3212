"""Who really wrote: DKIM aligned with From, or the verdict of our own relay. Nothing else counts.

DNS is asked through a port, so that tests and other resolvers fit in.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network

import dkim
import dns.exception
import dns.resolver

from ahead.consultant.reading import ReadMessage

# (name such as b"sel._domainkey.example.org.", timeout) -> the TXT record, or None
TxtLookup = Callable[..., bytes | None]
_PASS = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*pass\b([^;]*)", re.IGNORECASE)
_DMARC_FAIL = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def txt_by_dns(name: bytes | str, timeout: float = 5) -> bytes | None:
    text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
    try:
        answer = dns.resolver.resolve(text, "TXT", lifetime=timeout)
    except dns.exception.DNSException:
        return None
    return next((b"".join(record.strings) for record in answer), None)


class Authenticator:
    def __init__(self, txt: TxtLookup, *, trusted_relay: str = "", verified_peers: str = "") -> None:
        self._txt = txt
        self._relay = trusted_relay.lower()
        self._peers = [ip_network(peer.strip()) for peer in verified_peers.split(",") if peer.strip()]

    def verified(self, raw: bytes, message: ReadMessage, peer: str) -> bool:
        """Whether the address in From is shown to be the sender's. Blocks on DNS."""
        if not message.sender or len(message.all("from")) != 1:
            return False
        if peer and any(ip_address(peer.partition("%")[0]) in network for network in self._peers):
            return True
        if self._relay:
            return self._relay_says_so(message)
        return self._signed(raw, message.sender.rpartition("@")[2])

    def _relay_says_so(self, message: ReadMessage) -> bool:
        """Only the topmost Authentication-Results, and only when our relay put it there."""
        value = _COMMENT.sub("", message.get("authentication-results"))
        name, _, results = value.partition(";")
        if name.strip().split(" ")[0].lower() != self._relay or _DMARC_FAIL.search(results):
            return False
        domain = message.sender.rpartition("@")[2]
        for method, details in _PASS.findall(results):
            if method.lower() == "dmarc":
                return True
            found = re.search(
                r"(?:header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"]+)", details
            )
            if found and aligned(found[1], domain):
                return True
        return False

    def _signed(self, raw: bytes, domain: str) -> bool:
        for index in range(min(raw.lower().count(b"dkim-signature:"), 5)):
            try:
                verifier = dkim.DKIM(raw)
                # With l= somebody may have added text below what was signed.
                valid = (
                    verifier.verify(idx=index, dnsfunc=self._txt) and b"l" not in verifier.signature_fields
                )
                signer = bytes(verifier.domain or b"").decode("ascii", "replace")
            except Exception:  # noqa: S112 - dkimpy raises many things on broken signatures; none of them verifies
                continue
            if valid and aligned(signer, domain):
                return True
        return False


def aligned(signer: str, author: str) -> bool:
    """The same domain, exactly (DMARC's strict mode): without a list of public suffixes less is a guess."""
    return signer.lower().strip(".") == author.lower().strip(".")
