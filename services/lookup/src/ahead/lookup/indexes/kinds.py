"""The four books: their keys among the releases, and what their columns are called here."""

from dataclasses import dataclass
from typing import Literal

Book = Literal["index", "external-cause", "neoplasm", "drugs"]


@dataclass(frozen=True)
class Kind:
    """One book. `columns` are those of its table, in the order of the file's columns 2 to 7; empty for an index."""

    book: Book
    system: str
    name: str
    short: str
    columns: tuple[str, ...] = ()


KINDS: dict[Book, Kind] = {
    kind.book: kind
    for kind in (
        Kind("index", "icd10cm-index", "ICD-10-CM alphabetic index", "Index to Diseases and Injuries"),
        Kind("external-cause", "icd10cm-eindex", "ICD-10-CM external cause index", "External Cause Index"),
        Kind(
            "neoplasm",
            "icd10cm-neoplasm",
            "ICD-10-CM table of neoplasms",
            "Table of Neoplasms",
            (
                "Malignant primary",
                "Malignant secondary",
                "In situ",
                "Benign",
                "Uncertain behavior",
                "Unspecified behavior",
            ),
        ),
        Kind(
            "drugs",
            "icd10cm-drugs",
            "ICD-10-CM table of drugs and chemicals",
            "Table of Drugs and Chemicals",
            (
                "Poisoning, accidental",
                "Poisoning, intentional self-harm",
                "Poisoning, assault",
                "Poisoning, undetermined",
                "Adverse effect",
                "Underdosing",
            ),
        ),
    )
}
BY_SYSTEM = {kind.system: kind for kind in KINDS.values()}
