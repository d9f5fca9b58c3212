"""What the payment indicators of Addenda AA, BB and FF mean, in own words.

Source: Addendum DD1 of the ASC payment system ("ASC Payment Indicators"), which CMS publishes with each year's
rule. What is not in it is said to be unknown, never guessed.
"""

from dataclasses import dataclass
from typing import Literal

SOURCE = "Addendum DD1 of the CMS ASC payment system"

Paid = Literal["rate", "packaged", "contractor", "cost", "none", "special", "unknown"]
"""How it is paid: at the rate listed, with the procedure, at the contractor's price, at reasonable cost, not at
all, by a rule of its own, or by one that isn't known here."""
Adjusted = Literal["yes", "no", "service part", "unknown"]
"""Whether the rate follows the wages of the area. For "service part" the two readings are in `rules`."""


@dataclass(frozen=True)
class Indicator:
    code: str
    text: str
    paid: Paid
    adjusted: Adjusted = "no"


_ALL = (
    Indicator(
        "A2", "Surgical procedure on the ASC list since 2007 or earlier; paid from the hospital outpatient weight.",
        "rate", "yes",
    ),
    Indicator("B5", "Another code may have to be used; no payment.", "none"),
    Indicator("D1", "Ancillary dental service or item; packaged, no separate payment.", "packaged"),
    Indicator("D2", "Dental procedure added in 2024 or later, not office-based; paid from the weight.", "rate", "yes"),
    Indicator("D5", "Deleted or discontinued code; no payment.", "none"),
    Indicator("F4", "Corneal tissue or hepatitis B vaccine; paid at reasonable cost.", "cost"),
    Indicator(
        "G2", "Surgical procedure added in 2008 or later, not office-based; paid from the hospital outpatient weight.",
        "rate", "yes",
    ),
    Indicator("H2", "Brachytherapy source; paid separately at the hospital outpatient rate.", "rate"),
    Indicator("J7", "Pass-through device; paid separately at the contractor's price.", "contractor"),
    Indicator(
        "J8", "Device-intensive procedure; the rate is the device portion plus a service portion.",
        "rate", "service part",
    ),
    Indicator("K2", "Drug or biological; paid separately at the hospital outpatient rate.", "rate"),
    Indicator("K5", "No price or claims data are available; no payment.", "none"),
    Indicator("K7", "Unclassified drug or biological; at the contractor's price.", "contractor"),
    Indicator("L1", "Influenza or pneumococcal vaccine; packaged, no separate payment here.", "packaged"),
    Indicator(
        "L6", "New technology lens or, from 2025, a qualifying non-opioid device; paid by a rule of its own.", "special"
    ),
    Indicator("N1", "Packaged: paid with the procedure, no separate payment.", "packaged"),
    Indicator(
        "P2", "Office-based procedure added in 2008 or later; paid from the hospital outpatient weight.", "rate", "yes"
    ),
    Indicator(
        "P3", "Office-based procedure added in 2008 or later; paid from the office practice expense of the "
        "Physician Fee Schedule.", "rate", "yes",
    ),
    Indicator(
        "R2", "Office-based procedure added in 2008 or later that has no office practice expense; paid from the "
        "hospital outpatient weight.", "rate", "yes",
    ),
    Indicator(
        "Z2", "Radiology or diagnostic service with a covered procedure; paid from the hospital outpatient weight.",
        "rate", "yes",
    ),
    Indicator(
        "Z3", "Radiology or diagnostic service with a covered procedure; paid from the office practice expense of "
        "the Physician Fee Schedule.", "rate", "yes",
    ),
)  # fmt: skip
_BY_CODE = {one.code: one for one in _ALL}


def explained(code: str) -> Indicator:
    """An indicator as printed ("k5" is K5); one that isn't known says so, and its listed rate is unadjusted."""
    key = code.upper()
    return _BY_CODE.get(key) or Indicator(
        key, f"The meaning of {key} is not held here: read Addendum DD1 of its year.", "unknown", "unknown"
    )
