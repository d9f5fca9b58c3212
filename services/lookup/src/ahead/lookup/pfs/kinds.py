"""The sources of the fee schedule: what they are called here."""

from typing import Literal

Setting = Literal["facility", "nonfacility"]

RVU = "pfs"
RVU_QPP = "pfs-qpp"
"""From 2026 on there are two files, which differ in the conversion factor: this one is for clinicians who are
qualifying participants (QP) of an advanced alternative payment model."""
GPCI = "pfs-gpci"
LOCALITIES = "pfs-localities"
ANESTHESIA = "pfs-anesthesia"
OPPS_CAPS = "pfs-opps-caps"
ZIPS = "pfs-zip"
ZIP9S = "pfs-zip9"

NAMES = {
    RVU: "Physician Fee Schedule relative values",
    RVU_QPP: "Physician Fee Schedule relative values (QP)",
    GPCI: "Geographic practice cost indices",
    LOCALITIES: "Physician Fee Schedule localities",
    ANESTHESIA: "Anesthesia conversion factors",
    OPPS_CAPS: "OPPS caps of imaging",
    ZIPS: "ZIP codes to localities",
    ZIP9S: "ZIP+4 codes to localities",
}
COUNTED = {
    RVU: "codes and modifiers",
    RVU_QPP: "codes and modifiers",
    GPCI: "localities",
    LOCALITIES: "lines of counties",
    ANESTHESIA: "localities",
    OPPS_CAPS: "prices",
    ZIPS: "ZIP codes",
    ZIP9S: "ZIP+4 codes",
}

SETTING_NAMES: dict[Setting, str] = {"facility": "Facility", "nonfacility": "Non-facility"}
