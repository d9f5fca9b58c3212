"""DNS as a port: a real resolver, and one that answers from a zone file, for tests and machines without a network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.zone

TIMEOUT_S = 5.0
Answer = bytes | str | tuple[int, str]


class DnsAway(Exception):
    """Nobody answered: whether the record exists isn't known."""


class Dns(Protocol):
    def lookup(self, name: str, kind: str) -> Sequence[Answer]:
        """All records, empty when there is none: TXT as bytes, A, AAAA and PTR as text, MX as (preference, host).

        Blocks. Raises DnsAway.
        """
        ...


def _plain(record: Any, kind: str) -> Answer:
    match kind:
        case "TXT":
            return b"".join(record.strings)
        case "MX":
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
        case _:
            return record.address


class Resolver:
    """What the machine's resolver says."""

    def lookup(self, name: str, kind: str) -> Sequence[Answer]:
        try:
            records = dns.resolver.resolve(name, kind, lifetime=TIMEOUT_S)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return ()
        except (dns.resolver.YXDOMAIN, dns.name.NameTooLong, UnicodeError):
            return ()
        except dns.exception.DNSException as error:
            raise DnsAway(f"{kind} {name}: {type(error).__name__}") from error
        return [_plain(record, kind) for record in records]


class ZoneFile:
    """What a zone file says (RFC 1035), names written in full."""

    def __init__(self, text: str) -> None:
        self._zone = dns.zone.from_text(text, origin=".", relativize=False, check_origin=False)

    @classmethod
    def read(cls, path: Path) -> "ZoneFile":
        return cls(path.read_text(encoding="ascii"))

    def lookup(self, name: str, kind: str) -> Sequence[Answer]:
        try:
            full = dns.name.from_text(name)
        except dns.exception.DNSException:
            return ()
        found = self._zone.get_rdataset(full, dns.rdatatype.from_text(kind))
        return [_plain(record, kind) for record in found] if found else ()
