"""The dated levels of visits, read from `data/levels.toml`, each with its line in that file."""

import hashlib
import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec

from ahead.lookup.catalog.schemas import Receipt

from .schemas import EmLevel, Mdm

FILE = "levels.toml"


class LevelRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    mdm: Mdm
    minutes: tuple[tuple[date, int], ...]

    def minutes_on(self, day: date) -> int | None:
        """The minutes in force on the day; None where time is not used."""
        held = [count for since, count in self.minutes if since <= day]
        return held[-1] if held else None


class FamilyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: str
    since: date
    levels: tuple[LevelRule, ...]


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    compiled: date
    note: str
    sources: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meta: Meta
    family: tuple[FamilyRule, ...]


class Rules(NamedTuple):
    meta: Meta
    families: dict[str, FamilyRule]
    rows: dict[str, int]
    sha256: str

    def family_of(self, code: str) -> FamilyRule | None:
        return next(
            (one for one in self.families.values() if any(level.code == code for level in one.levels)), None
        )

    def level(self, rule: LevelRule, since: date, day: date) -> EmLevel:
        dates = [since, *(start for start, _ in rule.minutes)]
        receipt = Receipt(
            FILE,
            f"compiled {self.meta.compiled.isoformat()}",
            "Case2Code's own words for public rules",
            self.sha256,
            self.rows[rule.code],
            max(start for start in dates if start <= day),
            min((start for start in dates if start > day), default=None),
            "file",
        )
        return EmLevel(rule.code, rule.mdm, rule.minutes_on(day), receipt)


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    content = (resources.files("ahead.lookup.emlevel") / "data" / FILE).read_bytes()
    text = content.decode()
    file = msgspec.convert(tomllib.loads(text), _File)
    rows = {
        line.split('"')[1]: number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip().startswith("{ code")
    }
    return Rules(file.meta, {one.key: one for one in file.family}, rows, hashlib.sha256(content).hexdigest())
