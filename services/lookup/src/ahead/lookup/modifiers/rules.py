"""The project's own dated rules for modifiers, read from `data/rules.toml`."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec

SCHEMA = 1
MODIFIER = re.compile(r"[0-9]{2}|[A-Z][A-Z0-9]")

Kind = Literal[
    "anatomical",
    "component",
    "coverage notice",
    "distinct service",
    "drug waste",
    "extended service",
    "facility visit",
    "global package",
    "lab",
    "laterality",
    "multiple procedures",
    "policy condition",
    "prevention",
    "reduced service",
    "repeat",
    "surgeons",
    "telehealth",
]
PfsField = Literal[
    "", "MULT PROC", "BILAT SURG", "ASST SURG", "CO-SURG", "TEAM SURG", "PCTC IND", "GLOB DAYS"
]
Text = Annotated[str, msgspec.Meta(pattern=r"\A\S(?:.*\S)?\Z")]
Texts = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class RulesError(ValueError):
    """The file of rules breaks its own form; the message says which rule and what."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: date
    what: Text


class ModifierRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    modifier: str
    name: Text
    kind: Kind
    meaning: Text
    use_when: Texts
    do_not_use_when: Texts
    payment: Text
    # The percentages that `payment` states, in its order of first mention.
    percents: tuple[Decimal, ...] = ()
    pfs_field: PfsField
    # Of which code the field is read: the line's own, or the surgery whose global period it falls into.
    pfs_reads: Literal["", "line", "surgery"] = ""
    pfs_values: dict[str, Text] = {}
    ncci_associated: bool
    # None: not known for certain, or no end.
    in_force_from: date | None = None
    in_force_to: date | None = None
    required_from: date | None = None
    changes: tuple[Change, ...] = ()
    sources: Texts

    @property
    def is_hcpcs(self) -> bool:
        """Whether CMS maintains it (HCPCS Level II); modifiers of two digits belong to CPT."""
        return not self.modifier.isdigit()


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    compiled: date
    note: Text


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meta: Meta
    # Converted one by one, so that an error can name its rule.
    rule: list[dict[str, Any]]


def parse(text: str) -> tuple[Meta, dict[str, ModifierRule]]:
    """The rules by modifier, in the order of the file.

    Raises:
        RulesError: not TOML, an unknown or missing key, a value of the wrong kind, or a rule that contradicts itself.
    """
    try:
        file = msgspec.convert(tomllib.loads(text, parse_float=Decimal), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RulesError(f"modifier rules: {error}") from error
    if file.meta.schema != SCHEMA:
        raise RulesError(f"modifier rules: schema {file.meta.schema}, this program reads {SCHEMA}")
    rules: dict[str, ModifierRule] = {}
    for number, table in enumerate(file.rule, 1):
        name = f"modifier rule {number} ({table.get('modifier', 'without modifier')})"
        try:
            rule = msgspec.convert(table, ModifierRule)
        except msgspec.ValidationError as error:
            raise RulesError(f"{name}: {error}") from error
        if wrong := [*_contradictions(rule)]:
            raise RulesError(f"{name}: {'; '.join(wrong)}")
        if rule.modifier in rules:
            raise RulesError(f"{name}: stands twice")
        rules[rule.modifier] = rule
    return file.meta, rules


def _contradictions(rule: ModifierRule) -> Iterator[str]:
    if not MODIFIER.fullmatch(rule.modifier):
        yield "a modifier is two digits, or a capital letter with a capital letter or digit"
    if bool(rule.pfs_field) != bool(rule.pfs_values) or bool(rule.pfs_field) != bool(rule.pfs_reads):
        yield "pfs_field, pfs_reads and pfs_values go together"
    start, end = rule.in_force_from, rule.in_force_to
    if start and end and end < start:
        yield f"in force to {end}, before {start}"
    days = [change.on for change in rule.changes]
    if days != sorted(days):
        yield "changes are not in the order of their dates"
    dated = [*days, *([rule.required_from] if rule.required_from else [])]
    if any((start and day < start) or (end and day > end) for day in dated):
        yield "a change or the required date lies outside the time in force"


@lru_cache(maxsize=1)
def _shipped() -> tuple[Meta, dict[str, ModifierRule]]:
    file = resources.files("ahead.lookup.modifiers") / "data" / "rules.toml"
    return parse(file.read_text(encoding="utf-8"))


def load_rules() -> dict[str, ModifierRule]:
    """The rules that come with the program, by modifier: read once and shared, so don't change the dict."""
    return _shipped()[1]


def load_meta() -> Meta:
    return _shipped()[0]


def in_force(rule: ModifierRule, as_of: date) -> bool:
    """Whether the modifier could be reported for that date of service; a side without a date does not limit."""
    return (rule.in_force_from is None or rule.in_force_from <= as_of) and (
        rule.in_force_to is None or as_of <= rule.in_force_to
    )
