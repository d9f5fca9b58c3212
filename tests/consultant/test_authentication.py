"""Who really wrote: what DKIM, SPF and DMARC say of mail, with DNS answered from a zone file."""

import base64
from collections.abc import Sequence
from functools import lru_cache

import dkim
import pytest
from consultant_world import World, question
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ahead.consultant.inquiries.service import Reader
from ahead.consultant.intake.authentication import Authenticator, Author, organisation
from ahead.consultant.intake.dns import Answer, DnsAway, ZoneFile
from ahead.consultant.reading import read_message

PEER = "203.0.113.5"


@lru_cache
def keys() -> tuple[bytes, str]:
    """(private PEM, the TXT record of the public key)"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def zone(*more: str) -> ZoneFile:
    """Keys of three domains and what else is published."""
    record = keys()[1]
    halves = f'"{record[:200]}" "{record[200:]}"'
    signers = [
        f"s._domainkey.{name}. 60 IN TXT {halves}"
        for name in ("clinic.example", "mail.clinic.example", "evil.example")
    ]
    return ZoneFile("\n".join([*signers, *more]) + "\n")


def signed(domain: str, *, length: bool = False, raw: bytes | None = None) -> bytes:
    raw = raw or question()
    return dkim.sign(raw, b"s", domain.encode(), keys()[0], length=length) + raw


def judged(raw: bytes, dns: ZoneFile, *, envelope: str = "x@elsewhere.example", peer: str = PEER) -> Author:
    return Authenticator(dns).judge(raw, read_message(raw), peer, envelope)


def test_only_an_aligned_whole_signature_verifies() -> None:
    dns = zone()
    assert judged(signed("clinic.example"), dns) == Author(True, "aligned DKIM")
    assert judged(signed("mail.clinic.example"), dns).verified, "the same organisation"
    assert not judged(question(), dns).verified
    assert not judged(signed("evil.example"), dns).verified, "not aligned"
    assert not judged(signed("clinic.example").replace(b"20610-LT", b"20610-RT"), dns).verified, "changed"
    assert not judged(signed("clinic.example", length=True) + b"more\r\n", dns).verified, "text added below"
    two = b"From: Boss <boss@clinic.example>\r\n" + signed("clinic.example")
    assert not judged(two, dns).verified, "two senders"
    assert not judged(signed("clinic.example"), ZoneFile("")).verified, "no key published"


SPF = 'clinic.example. 60 IN TXT "v=spf1 ip4:203.0.113.0/28 -all"'


@pytest.mark.parametrize(
    ("envelope", "peer", "verified"),
    [
        ("jane@clinic.example", PEER, True),
        ("bounce@mail.clinic.example", PEER, False),  # publishes no SPF of its own
        ("jane@clinic.example", "198.51.100.7", False),
        ("x@evil.example", PEER, False),  # passes, but it isn't From
        ("", PEER, False),
        ("jane@clinic.example", "", False),
    ],
)
def test_spf_counts_for_the_domain_in_from_only(envelope: str, peer: str, verified: bool) -> None:
    dns = zone(SPF, 'evil.example. 60 IN TXT "v=spf1 +all"')
    assert judged(question(), dns, envelope=envelope, peer=peer).verified is verified


def test_spf_follows_includes_and_mail_exchangers() -> None:
    dns = zone(
        'clinic.example. 60 IN TXT "v=spf1 include:_spf.host.example -all"',
        '_spf.host.example. 60 IN TXT "v=spf1 mx:host.example ~all"',
        "host.example. 60 IN MX 10 mx1.host.example.",
        f"mx1.host.example. 60 IN A {PEER}",
    )
    assert judged(question(), dns, envelope="jane@clinic.example") == Author(True, "aligned SPF")


def test_dmarc_decides_how_strictly_domains_align() -> None:
    strict = zone(SPF, '_dmarc.clinic.example. 60 IN TXT "v=DMARC1; p=reject; adkim=s; aspf=s"')
    relaxed = zone(SPF, '_dmarc.clinic.example. 60 IN TXT "v=DMARC1; p=none"')
    assert judged(signed("clinic.example"), strict) == Author(True, "DMARC by DKIM")
    assert judged(question(), strict, envelope="jane@clinic.example") == Author(True, "DMARC by SPF")
    assert judged(signed("mail.clinic.example"), relaxed).verified
    assert judged(signed("mail.clinic.example"), strict) == Author(False, "DMARC failed")
    assert judged(question(), relaxed) == Author(False, "DMARC failed"), "also where the policy asks nothing"


def test_a_subdomain_is_under_the_policy_of_its_organisation() -> None:
    dns = zone('_dmarc.clinic.example. 60 IN TXT "v=DMARC1; p=reject; adkim=s"')
    raw = question(sender="Jane <jane@mail.clinic.example>")
    assert judged(signed("mail.clinic.example", raw=raw), dns).verified
    assert not judged(signed("clinic.example", raw=raw), dns).verified


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("mail.clinic.example", "clinic.example"),
        ("a.b.co.uk", "b.co.uk"),
        ("co.uk", ""),
        ("x.github.io", "x.github.io"),
        ("www.ck", "www.ck"),
        ("com", ""),
        ("", ""),
    ],
)
def test_an_organisation_is_one_label_below_a_public_suffix(domain: str, registered: str) -> None:
    assert organisation(domain) == registered


def test_neighbours_below_a_public_suffix_are_not_aligned() -> None:
    dns = zone()
    raw = question(sender="Jane <jane@example>")
    assert not judged(signed("clinic.example", raw=raw), dns).verified


@pytest.mark.parametrize(
    "record",
    [
        '"v=spf1 include:clinic.example -all"',  # itself
        '"v=spf1 ' + "a:x.example " * 12 + '+all"',  # more lookups than allowed
        '"v=spf1 ip4:999.1.1.1 %{x} +all"',
        '"v=spf1" "v=spf1 +all"',
    ],
)
def test_hostile_spf_records_show_nothing(record: str) -> None:
    dns = zone(f"clinic.example. 60 IN TXT {record}")
    assert not judged(question(), dns, envelope="jane@clinic.example").verified


class Away:
    def lookup(self, name: str, kind: str) -> Sequence[Answer]:
        raise DnsAway(f"{kind} {name}")


async def test_nothing_is_decided_while_dns_is_away(world: World) -> None:
    """The job fails and is done again; the mail is neither answered nor dropped."""
    await world.link("jane@clinic.example")
    raw = signed("clinic.example")
    await world.intake.accept(raw, envelope_from="x@y.example", recipient="ask@ahead.example", peer=PEER)
    world.handle("process", Reader(world.parts, Authenticator(Away())).process)
    with pytest.raises(DnsAway):
        await world.work()
    world.handle("process", Reader(world.parts, Authenticator(zone())).process)
    await world.work()
    assert len(world.mails()) == 1


def test_only_the_topmost_verdict_of_our_relay_counts() -> None:
    authenticator = Authenticator(ZoneFile(""), trusted_relay="mx.ahead.example")

    def verified(head: str) -> bool:
        raw = question(head=head)
        return authenticator.judge(raw, read_message(raw), PEER).verified

    ours = "Authentication-Results: mx.ahead.example; dmarc=pass header.from=clinic.example\r\n"
    assert verified(ours)
    assert verified(
        "Authentication-Results: mx.ahead.example; spf=pass smtp.mailfrom=jane@clinic.example\r\n"
    )
    assert not verified("Authentication-Results: mx.ahead.example; spf=pass smtp.mailfrom=x@evil.example\r\n")
    assert not verified("Authentication-Results: mx.evil.example; dmarc=pass\r\n" + ours)
    assert not verified(
        "Authentication-Results: mx.ahead.example; dmarc=fail; dkim=pass header.d=clinic.example\r\n"
    )
    assert not verified("Authentication-Results: mx.ahead.example; dmarc=fail (dmarc=pass)\r\n")
