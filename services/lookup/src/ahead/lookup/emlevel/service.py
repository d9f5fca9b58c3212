"""Chooses the level of a visit: by two of the three elements of decision making, and by total time."""

from collections.abc import Callable
from datetime import date

from ahead.shared.errors import BadInput

from .rules import FamilyRule, load_rules
from .schemas import EmAnswer, EmAsked, EmLevel, EmVerdict, Mdm

_RANKS: tuple[Mdm, ...] = ("straightforward", "low", "moderate", "high")
# What each element of decision making is called at each of the four ranks.
_RANK = {
    "problems": {"minimal": 0, "low": 1, "moderate": 2, "high": 3},
    "data": {"minimal": 0, "limited": 1, "low": 1, "moderate": 2, "extensive": 3, "high": 3},
    "risk": {"minimal": 0, "low": 1, "moderate": 2, "high": 3},
}
MOST_MINUTES = 1_440


class EmLevels:
    """Judges what the user says of a visit. Knows no patient and reads no note."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today

    def choose(self, asked: EmAsked, as_of: date | None) -> EmAnswer:
        """Raises BadInput: no family, a code of none, a word that an element doesn't have, minutes that can't be."""
        rules, day = load_rules(), as_of or self._today()
        family = rules.families[asked.family] if asked.family else rules.family_of(asked.code.strip().upper())
        if family is None:
            raise BadInput(
                "That is no code of a visit whose level is chosen."
                if asked.code.strip()
                else "Say which kind of visit.",
                slug="no-such-family",
                hint="Families are: " + ", ".join(rules.families) + ".",
            )
        if asked.minutes is not None and not 0 < asked.minutes <= MOST_MINUTES:
            raise BadInput(f"Total time is 1 to {MOST_MINUTES:,} minutes.", slug="bad-minutes")
        elements = _elements(asked)
        if day < family.since:
            why = (
                f"Not checked: the rules held for this kind of visit begin on {family.since.isoformat()}; how "
                "levels were chosen before isn't held."
            )
            return EmAnswer(day, "no_edition", why, family.key, family.name, (), None, (), rules.meta.sources)
        levels = tuple(rules.level(rule, family.since, day) for rule in family.levels)
        verdicts: list[EmVerdict] = []
        if elements:
            verdicts.append(by_mdm(levels, elements))
        if asked.minutes is not None:
            verdicts.append(by_time(family, levels, asked.minutes))
        supported = [one.level for one in verdicts if one.level is not None]
        best = max(supported, key=lambda one: _RANKS.index(one.mdm), default=None)
        return EmAnswer(
            day,
            "held",
            "",
            family.key,
            family.name,
            tuple(verdicts),
            best,
            levels,
            rules.meta.sources,
        )


def _elements(asked: EmAsked) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, ranks in _RANK.items():
        if word := getattr(asked, name):
            if word not in ranks:
                raise BadInput(
                    f"{name.capitalize()} can't be {word!r}.",
                    slug="bad-element",
                    hint="They can be: " + ", ".join(ranks) + ".",
                )
            found[name] = ranks[word]
    return found


def by_mdm(levels: tuple[EmLevel, ...], elements: dict[str, int]) -> EmVerdict:
    """Two of three must meet or exceed the level: the second highest decides."""
    if len(elements) < 2:
        missing = " or ".join(name for name in _RANK if name not in elements)
        return EmVerdict("mdm", "not_checked", None, f"Two of the three elements decide: say {missing} too.")
    second = sorted(elements.values(), reverse=True)[1]
    mdm = _RANKS[second]
    met = ", ".join(name for name, rank in elements.items() if rank >= second)
    reached = [one for one in levels if _RANKS.index(one.mdm) <= second]
    level = reached[-1] if reached else levels[0]
    why = f"Decision making is {mdm}: {met} reach it, and two of the three elements have to."
    if not reached:
        why += f" The lowest level of this kind of visit is for {levels[0].mdm} or less."
    return EmVerdict("mdm", "level", level, why)


def by_time(family: FamilyRule, levels: tuple[EmLevel, ...], minutes: int) -> EmVerdict:
    """The highest level whose minutes are met or exceeded; emergency visits are never chosen by time."""
    timed = [one for one in levels if one.minutes is not None]
    if not timed:
        return EmVerdict(
            "time",
            "not_by_time",
            None,
            f"Time is never used to choose the level of an {family.name}: only decision making counts.",
        )
    reached = [one for one in timed if one.minutes is not None and one.minutes <= minutes]
    if not reached:
        return EmVerdict(
            "time",
            "too_short",
            None,
            f"{minutes} minutes are fewer than the {timed[0].minutes} of {timed[0].code}, the lowest level.",
        )
    level = reached[-1]
    return EmVerdict(
        "time", "level", level, f"{minutes} minutes meet the {level.minutes} that {level.code} asks for."
    )
