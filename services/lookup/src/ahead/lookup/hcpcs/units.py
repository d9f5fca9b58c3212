"""What one unit of a code is, read from its official description: "Injection, ketorolac tromethamine, per 15 mg".

Only what stands in the wording is told; where two amounts could be the unit, none is.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+|one|per)"
_MEASURES: dict[str, str] = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "mgs": "mg",
    "mcg": "mcg", "microgram": "mcg", "micrograms": "mcg", "ug": "mcg",
    "g": "g", "gm": "g", "gram": "g", "grams": "g", "gms": "g",
    "ml": "ml", "milliliter": "ml", "milliliters": "ml", "cc": "ml",
    "unit": "units", "units": "units", "i.u.": "i.u.", "iu": "i.u.",
    "international unit": "i.u.", "international units": "i.u.",
    "usp unit": "USP units", "usp units": "USP units",
    "meq": "meq", "mmol": "mmol", "mci": "millicuries", "millicurie": "millicuries", "millicuries": "millicuries",
    "microcurie": "microcuries", "microcuries": "microcuries", "uci": "microcuries",
    "square centimeter": "square centimeters", "square centimeters": "square centimeters",
    "sq cm": "square centimeters", "cm2": "square centimeters",
}  # fmt: skip
_MEASURE = "|".join(sorted((re.escape(name) for name in _MEASURES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>\bup to|\bper|\beach|\bless than or equal to|\bgreater than|\bmore than|\bover)?\s*"
    rf"(?<![\w.-])(?<!\d,){_NUMBER}?\s*(?P<million>million )?(?P<measure>{_MEASURE})(?![\w/-])",
    re.IGNORECASE,
)
_WORDS = {"one": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Unit:
    """One billed unit is `amount` of `measure`; `up_to`: or any part of it ("up to 60 mg")."""

    amount: Decimal
    measure: str
    up_to: bool
    printed: str

    @property
    def text(self) -> str:
        amount = f"{self.amount.normalize():f}"
        measure = (
            self.measure.removesuffix("s") if self.amount == 1 and len(self.measure) > 4 else self.measure
        )
        return f"{'up to ' if self.up_to else ''}{amount} {measure}"


def unit_of(description: str) -> Unit | None:
    """The unit, or None where the description names none, or several that could be it."""
    found: list[Unit] = []
    by_word: list[Unit] = []
    for match in _AMOUNT.finditer(description):
        number, before = match[2], (match["before"] or "").lower()
        if before in ("greater than", "more than", "over", "less than or equal to"):
            continue
        if number is None and before not in ("per", "each"):
            continue
        amount = Decimal(1)
        if number is not None and number.lower() != "per":
            amount = _WORDS.get(number.lower()) or Decimal(number.replace(",", ""))
        if match["million"]:
            amount *= 1_000_000
        if amount <= 0:
            continue
        measure = _MEASURES[match["measure"].lower()]
        found.append(Unit(amount, measure, before == "up to", " ".join(match[0].split())))
        if before == "per":
            by_word.append(found[-1])
    for only in (found, by_word):
        if len(only) == 1:
            return only[0]
    # "1 mg (10 units)" and two ingredients: nothing in the wording says which of them is counted.
    same = {(unit.amount, unit.measure) for unit in found}
    return found[-1] if len(same) == 1 else None
