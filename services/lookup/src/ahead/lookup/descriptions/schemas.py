"""What a description is."""

from typing import Literal

import msgspec

Origin = Literal["written", "composed"]


class Description(msgspec.Struct, frozen=True):
    """Plain text for a reader without medical training, in paragraphs.

    `origin` tells whether somebody wrote it for this code or rules composed it from the code's structure,
    title and notes; pages have to show which.
    """

    paragraphs: tuple[str, ...]
    origin: Origin
