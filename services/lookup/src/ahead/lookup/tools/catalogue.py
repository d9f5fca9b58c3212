"""The tools there are, in the order of the page `/tools`: one line each."""

from typing import NamedTuple


class Tool(NamedTuple):
    """`name` is its address under /tools and in the API."""

    name: str
    title: str
    does: str


TOOLS: tuple[Tool, ...] = (
    Tool(
        "claim-check",
        "Claim check",
        "A whole claim judged by every rule held for its dates; what can't be checked is named.",
    ),
    Tool(
        "case-to-codes",
        "From a case to codes",
        "A note read into suggested diagnosis codes, each with its sentence; the text is not kept.",
    ),
    Tool("seventh-character", "7th character", "A code, its placeholders, and the 7th characters it takes."),
    Tool(
        "guidelines", "Official guidelines", "The ICD-10-CM guidelines by number or by words, page by page."
    ),
    Tool(
        "index-walk", "Index walk", "The alphabetic and the external cause index, from a main term to a code."
    ),
    Tool("neoplasm", "Table of neoplasms", "A site, and the code of each behavior of a neoplasm there."),
    Tool(
        "drugs",
        "Table of drugs and chemicals",
        "A substance, and its codes for poisoning, adverse effect and underdosing.",
    ),
    Tool(
        "ncci-pair",
        "NCCI pair checker",
        "Whether two codes may be reported together on a date, and by which rule.",
    ),
    Tool(
        "ms-drg",
        "MS-DRG grouper",
        "The MS-DRG of an inpatient stay, what made it so, what each code does, weight and length of stay.",
    ),
    Tool("mce", "Medicare Code Editor", "The edits that an inpatient claim meets, by the date of discharge."),
    Tool("mue", "MUE units", "The published limit of units of a code in a setting, and how it is applied."),
    Tool(
        "fees",
        "Fee calculator",
        "What Medicare allows for lines of one date by place and modifiers, with every step of the sum.",
    ),
    Tool(
        "asc-fee",
        "Surgical center fees",
        "What Medicare pays a surgical center for a session, in an area, and a hospital for the same.",
    ),
    Tool(
        "em-level",
        "Level of a visit",
        "Evaluation and management by two of three elements of decision making, or by total time.",
    ),
    Tool(
        "therapy-units",
        "Therapy units",
        "Units of timed therapy by the 8-minute rule, and by the midpoint rule.",
    ),
    Tool(
        "drug-units",
        "Drug units and waste",
        "Units of a drug given and discarded, and whether JW or JZ is needed on the date.",
    ),
    Tool(
        "personal",
        "Your codes",
        "Favourites, notes, keywords of your own, recent codes and lists, to download.",
    ),
    Tool("code-lists", "Code lists", "Up to 5,000 pasted codes judged for a date, with a table to download."),
    Tool(
        "pcs-builder",
        "ICD-10-PCS code builder",
        "A procedure code character by character; every value offered leads to a valid code.",
    ),
    Tool(
        "crosswalk",
        "Crosswalk",
        "ICD-9-CM codes in ICD-10-CM and back, with flags and combinations in words.",
    ),
    Tool(
        "release-diff", "What changed", "Codes added, deleted and retitled between two editions, to download."
    ),
)
