"""What rows of a mapping mean, in words."""

from collections.abc import Sequence

from .schemas import Alternative, System, Target

NAMES: dict[System, str] = {"icd9cm": "ICD-9-CM", "icd10cm": "ICD-10-CM"}


def alternatives(targets: Sequence[Target]) -> tuple[Alternative, ...]:
    """Single codes together first, then each scenario with its lists in order."""
    found: list[Alternative] = []
    single = tuple(target for target in targets if not target.combination)
    if single:
        found.append(Alternative(0, (single,), _one_of(single)))
    for scenario in sorted({target.scenario for target in targets if target.combination}):
        rows = [target for target in targets if target.combination and target.scenario == scenario]
        lists = tuple(
            tuple(row for row in rows if row.choice_list == number)
            for number in sorted({row.choice_list for row in rows})
        )
        words = f"Scenario {scenario}: {' together with '.join(_one_of(each) for each in lists)}."
        found.append(Alternative(scenario, lists, words))
    return tuple(found)


def _one_of(targets: Sequence[Target]) -> str:
    codes = [target.code for target in targets]
    if len(codes) == 1:
        return codes[0]
    return f"one of {', '.join(codes[:-1])} or {codes[-1]}"


def words(code: str, system: System, to: System, found: Sequence[Alternative]) -> tuple[str, ...]:
    """Sentences on what the rows of a code say."""
    single: tuple[Target, ...] = next((one.lists[0] for one in found if not one.scenario), ())
    combined = [one for one in found if one.scenario]
    said: list[str] = []
    if len(single) == 1 and not combined:
        target = single[0]
        if target.approximate:
            said.append(
                f"{code} is nearest to {target.code}: the two don't mean exactly the same (approximate)."
            )
        else:
            said.append(f"{code} and {target.code} mean the same (no approximate flag).")
    elif single:
        said.append(
            f"{code} has {len(single)} single codes in {NAMES[to]} to choose from: the record decides which one says "
            f"more exactly what {NAMES[system]} put under one code."
            if len(single) > 1
            else f"{code} can be said by {_one_of(single)} alone."
        )
        if all(target.approximate for target in single):
            said.append("All of them are approximate: none means exactly the same.")
    if combined:
        several = f"One of {len(combined)} combinations" if len(combined) > 1 else "A combination"
        said.append(
            f"{several} of codes of {NAMES[to]} is needed to say all of {code}: one code of each list, together."
        )
        said += [one.words for one in combined]
    return tuple(said)


def no_map(code: str, to: System) -> str:
    return f"{code} has no equivalent in {NAMES[to]} (no map): nothing there comes near enough."


def step(target: Target) -> str:
    """Where a row stands among the alternatives."""
    if not target.combination:
        return "Single code"
    return f"Scenario {target.scenario}, list {target.choice_list}: one of these"


def exactness(target: Target) -> str:
    return "Approximate" if target.approximate else "Same meaning"
