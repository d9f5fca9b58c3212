"""Which addresses are ours, and what a message says about its envelope where no SMTP client said it."""

from ahead.consultant.reading import ReadMessage
from ahead.consultant.reading.headers import addresses

# What mail servers write when they deliver, the surest first; To and Cc are the sender's own words.
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


class OurAddress:
    """``ask@example.org``: with it ``ask+anything@`` and ``bounces+anything@`` of the same domain."""

    def __init__(self, address: str) -> None:
        self.plain = address.lower()
        self._local, _, self.domain = self.plain.rpartition("@")

    def is_ours(self, address: str) -> bool:
        local, _, domain = address.lower().rpartition("@")
        return domain == self.domain and local.partition("+")[0] in (self._local, "bounces")

    def recipient(self, candidates: list[str]) -> str:
        """One message to several of our addresses is one question: the most telling address counts."""
        return max(filter(self.is_ours, candidates), key=lambda one: "+" in one, default="")

    def recipient_in(self, message: ReadMessage) -> str:
        """The address of ours that it was delivered to; the plain one where it doesn't say."""
        for name in _DELIVERED:
            found = [one for value in message.all(name) for one in addresses(value)]
            if recipient := self.recipient(found):
                return recipient
        return self.plain


def envelope_in(message: ReadMessage) -> str:
    """MAIL FROM as the server that delivered it wrote it down; From where it didn't. Empty: the null sender."""
    path = message.get("return-path")
    if not path:
        return message.sender
    return next(iter(addresses(path)), "")
