"""What CPT answers."""

from datetime import datetime

import msgspec


class StatedLicence(msgspec.Struct, frozen=True):
    subject: str
    holder: str
    stated_by: str
    stated_at: datetime
    files: str
