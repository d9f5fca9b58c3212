"""Who really wrote: DMARC, or DKIM or SPF in alignment with From, or the verdict of our own relay. Nothing else counts.

What DNS can't say at the moment is not decided: the caller tries again.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address, ip_network
from typing import Any

import dkim

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # both hold escape sequences that Python has come to dislike
    import spf
    from authheaders.dmarc_lookup import DMARCException, lookup_receiver_record

from ahead.consultant.intake.dns import Dns, DnsAway
from ahead.consultant.reading import ReadMessage

_PASS = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*pass\b([^;]*)", re.IGNORECASE)
_DMARC_FAIL = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
MAX_SIGNATURES = 5


@dataclass(frozen=True)
class Author:
    """Whether From is shown to be the sender's own, and by what, or why not."""

    verified: bool
    why: str


class Authenticator:
    def __init__(self, dns: Dns, *, trusted_relay: str = "", verified_peers: str = "") -> None:
        self._dns = dns
        self._relay = trusted_relay.lower()
        self._peers = [ip_network(peer.strip()) for peer in verified_peers.split(",") if peer.strip()]

    def judge(self, raw: bytes, message: ReadMessage, peer: str, envelope_from: str = "") -> Author:
        """Who wrote it. Blocks on DNS; raises DnsAway when that decides and doesn't answer.

        Args:
            peer: address of the server that handed it over; empty where it isn't known (then no SPF).
            envelope_from: MAIL FROM; empty for the null sender, or where it isn't known.
        """
        if not message.sender or len(message.all("from")) != 1:
            return Author(False, "not exactly one sender")
        if peer and any(ip_address(peer.partition("%")[0]) in network for network in self._peers):
            return Author(True, "handed over by a peer of ours")
        domain = message.sender.rpartition("@")[2]
        if self._relay:
            return self._by_relay(message, domain)
        return self._by_own_checks(raw, domain, peer, envelope_from)

    def _by_relay(self, message: ReadMessage, domain: str) -> Author:
        """Only the topmost Authentication-Results, and only when our relay put it there."""
        value = _COMMENT.sub("", message.get("authentication-results"))
        name, _, results = value.partition(";")
        if name.strip().split(" ")[0].lower() != self._relay:
            return Author(False, "no verdict of our relay")
        if _DMARC_FAIL.search(results):
            return Author(False, "DMARC failed at our relay")
        for method, details in _PASS.findall(results):
            if method.lower() == "dmarc":
                return Author(True, "DMARC by our relay")
            found = re.search(
                r"(?:header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"]+)", details
            )
            if found and aligned(found[1], domain, strict=True):
                return Author(True, f"{method.upper()} by our relay")
        return Author(False, "nothing passed at our relay")

    def _by_own_checks(self, raw: bytes, domain: str, peer: str, envelope_from: str) -> Author:
        asked = _Asked(self._dns)
        policy = _policy(asked, domain)
        for signer in _signers(raw, asked):
            if aligned(signer, domain, strict=policy.get("adkim") == "s"):
                return Author(True, "DMARC by DKIM" if policy else "aligned DKIM")
        sender = envelope_from.rpartition("@")[2].lower()
        if (
            sender
            and aligned(sender, domain, strict=policy.get("aspf") == "s")
            and _may_send(peer, envelope_from, asked)
        ):
            return Author(True, "DMARC by SPF" if policy else "aligned SPF")
        if asked.away:
            raise DnsAway(asked.away)
        return Author(False, "DMARC failed" if policy else "no aligned signature, and no aligned SPF")


class _Asked:
    """DNS for one message, which remembers whether an answer is missing."""

    def __init__(self, dns: Dns) -> None:
        self._dns = dns
        self.away = ""

    def lookup(self, name: str, kind: str) -> Sequence[Any]:
        try:
            return self._dns.lookup(name, kind)
        except DnsAway as error:
            self.away = str(error)
            raise

    def key(self, name: bytes | str, timeout: float = 5) -> bytes | None:
        """As dkimpy asks: the TXT record, or None."""
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        return next(iter(self.lookup(text, "TXT")), None)

    def policy(self, name: str) -> str | None:
        """As authheaders asks: the one DMARC record among the TXT records."""
        found = [text for text in self.lookup(name, "TXT") if text[:8].upper() == b"V=DMARC1"]
        return found[0].decode("ascii", "replace") if len(found) == 1 else None


def _policy(asked: _Asked, domain: str) -> dict[str, str]:
    """The DMARC record of the domain or of its organisation; empty where there is none. Raises DnsAway."""
    for name in dict.fromkeys(filter(None, (domain, organisation(domain)))):
        try:
            record = lookup_receiver_record(name, asked.policy)
        except DMARCException:  # a record that can't be read is none (RFC 7489, 6.6.3)
            continue
        if record.get("p"):
            return record
    return {}


def _signers(raw: bytes, asked: _Asked) -> Iterator[str]:
    """Domains whose DKIM signature over the whole message verifies."""
    for index in range(min(raw.lower().count(b"dkim-signature:"), MAX_SIGNATURES)):
        try:
            verifier = dkim.DKIM(raw)
            valid = verifier.verify(idx=index, dnsfunc=asked.key)
            # With l= somebody may have added text below what was signed.
            if valid and b"l" not in verifier.signature_fields:
                yield bytes(verifier.domain or b"").decode("ascii", "replace")
        except Exception:  # noqa: S112 - dkimpy raises many things on broken signatures; none of them verifies
            continue


def _may_send(peer: str, envelope_from: str, asked: _Asked) -> bool:
    """Whether SPF says that this peer may send for the envelope's domain."""

    class Query(spf.query):
        """Asks our port, where pyspf asks the machine's resolver, and counts what found nothing as pyspf does."""

        def dns(self, name: Any, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
            key = (str(name).rstrip(".").lower(), qtype)
            if key not in self.cache:
                try:
                    found = [[one] if qtype == "TXT" else one for one in asked.lookup(*key)]
                except DnsAway as error:
                    raise spf.TempError(str(error)) from error
                self.cache[key] = found
            if not self.cache[key] and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                    raise spf.PermError("too many lookups that found nothing")
            return self.cache[key]

    if not peer:
        return False
    query = Query(i=peer.partition("%")[0], s=envelope_from, h=envelope_from.rpartition("@")[2], querytime=0)
    try:
        return query.check()[0] == "pass"
    except Exception:  # what pyspf makes of a hostile record: then nothing is shown
        return False


def aligned(signer: str, author: str, *, strict: bool = False) -> bool:
    """The same domain, or in the relaxed mode of DMARC the same organisation's."""
    signer, author = signer.lower().strip("."), author.lower().strip(".")
    return signer == author or (not strict and organisation(signer) == organisation(author) != "")


@lru_cache(maxsize=4096)
def organisation(domain: str) -> str:
    """The domain that was registered: one label below a public suffix. Empty for a public suffix itself.

    By publicsuffix.org's own algorithm, on the list that authheaders carries: publicsuffix2 takes two domains below
    a suffix that isn't listed for one organisation.
    """
    labels = domain.lower().strip(".").split(".")
    rules = _suffixes()
    suffix = 1  # labels of the suffix; what isn't listed has one
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        length = len(labels) - start
        if f"!{name}" in rules:
            suffix = length - 1
            break
        if name in rules or ".".join(("*", *labels[start + 1 :])) in rules:
            suffix = length
            break
    return ".".join(labels[-suffix - 1 :]) if len(labels) > suffix else ""


@lru_cache(maxsize=1)
def _suffixes() -> frozenset[str]:
    lines = (files("authheaders") / "public_suffix_list.txt").read_text(encoding="utf-8").splitlines()
    rules = (line.strip() for line in lines)
    return frozenset(
        rule.encode("idna").decode() if not rule.isascii() else rule
        for rule in rules
        if rule and not rule.startswith("//")
    )
