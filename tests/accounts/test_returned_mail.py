"""Accounts mails no address that CaseConsultant's mail came back from."""

from typing import Any

from ahead.accounts.models import RETURNED
from ahead.accounts.parts import Parts
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import encode, make_event
from ahead.shared.mail.returned import ReturnedFollower, address_name


async def follow(parts: Parts, address: str, name: str = "mail.bounced") -> None:
    event = make_event(
        "consultant", name, subject="a:one", plan="free", period="2026-11", thing="m1", at=parts.clock.now(),
        address=address_name("g" * 40, address),
    )  # fmt: skip
    follower = ReturnedFollower(parts.database, RETURNED, clock=parts.clock)
    for _ in range(2):  # as a broker may deliver it
        await follower.handle(
            [Message(event.type, encode(event), 1, 1), Message(event.type, b"{broken", 2, 1)]
        )


async def test_an_address_that_mail_came_back_from_gets_no_mail(
    browser: Any, parts: Parts, post_office: Any
) -> None:
    await follow(parts, "Gone@Example.org")
    await browser.register("gone@example.org")
    await browser.register("here@example.org")
    assert await post_office.mails_to("gone@example.org") == []
    assert len(await post_office.mails_to("here@example.org")) == 1


async def test_a_complaint_counts_like_a_bounce(browser: Any, parts: Parts, post_office: Any) -> None:
    await follow(parts, "angry@example.org", "mail.complained")
    await browser.register("angry@example.org")
    assert await post_office.mails_to("angry@example.org") == []
