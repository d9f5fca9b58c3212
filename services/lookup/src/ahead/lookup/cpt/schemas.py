"""What CPT answers."""

from datetime import datetime

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt


class LicensedText(msgspec.Struct, frozen=True):
    """The owner's own words on a code: of several descriptors the fullest, and that for patients.

    `public`: the operator's licence lets everybody see it; else registered accounts only.
    """

    text: str
    form: str
    consumer: str
    public: bool
    receipt: Receipt
    edition: Edition
    copyright: str


class StatedLicence(msgspec.Struct, frozen=True):
    subject: str
    holder: str
    stated_by: str
    stated_at: datetime
    files: str
