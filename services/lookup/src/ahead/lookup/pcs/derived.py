"""Names of values that are read from titles, where the tables held don't have them.

A title is made of the names of its code's characters and a few joining words. What the names that are known don't
account for is the name of the one that isn't. It is taken only where all titles with that value agree on it and
nothing else could be meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .labels import FIRST, NOT_HELD, WORD, Label, Vocabulary, agrees, printed_names, says, words

_WORDS = "a an and approach as at by for from in into of on onto or the through to using via with without"
_JOINING = frozenset(_WORDS.split(" "))
"""Words with which titles join the names; and "approach", which follows the name of one."""
_MEANS, _PLACE = ("with", "using"), ("into", "from", "in")
"""What stands before a device or substance, and before a body part."""
_GROUP = "New Technology Group"
_BODY_PART, _DEVICE, _QUALIFIER = 0, 2, 3
"""Places among characters 4 to 7, in the sections whose titles are read by joining words."""

Value = tuple[int, str, str]
"""Which of characters 4 to 7 (from 0), its value, and the group in New Technology, where it tells the substance."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a title and the joining word before it."""

    text: str
    after: str


def name_values(
    operation: str, titles: Mapping[str, str], vocabulary: Vocabulary
) -> dict[str, tuple[Label, ...]]:
    """The names of characters 4 to 7 of every code of one table.

    Args:
        operation: the table's own name: "Bypass".
        titles: official title by code, all of one table.
    """
    named = {code: printed_names(code, title, vocabulary) for code, title in titles.items()}
    _drop_outdated(operation, titles, named)
    _name_groups(titles, named)
    # A name found for one value leaves less to be explained by the next.
    while _derive(operation, titles, named):
        pass
    return {code: tuple(labels) for code, labels in named.items()}


def _value(code: str, index: int) -> Value:
    return index, code[FIRST - 1 + index], code[6] if code[0] == "X" and index == _DEVICE else ""


def _drop_outdated(operation: str, titles: Mapping[str, str], named: dict[str, list[Label]]) -> None:
    """A name of which all titles have a part only, and next to it something that no name accounts for, was
    changed since: the titles have the new one."""
    groups: dict[tuple[Value, str], list[str]] = {}
    for code, labels in named.items():
        for index, label in enumerate(labels):
            if label.text and not label.negative:
                groups.setdefault((_value(code, index), label.text), []).append(code)
    for ((index, _, _), text), codes in groups.items():
        parts = [part for part in words(text) if part not in _JOINING]
        told = [{part for part in parts if says(part, set(words(titles[code])))} for code in codes]
        if any(len(one) == len(set(parts)) for one in told) or not all(told):
            continue
        others = [_left(operation, titles[code], named[code], index, frozenset(parts)) for code in codes]
        if all(others) and (found := _shared(others)):
            for code in codes:
                named[code][index] = Label(max(found, key=len), "derived")


def _left(
    operation: str, title: str, labels: Sequence[Label], index: int, parts: frozenset[str]
) -> list[Stretch]:
    """Stretches that have a word of the name and a word that no name accounts for."""
    everything = {word for i, label in enumerate(labels) if i != index for word in words(label.text)}
    return [
        stretch
        for stretch in _unexplained(operation, title, labels, index)
        if parts & set(words(stretch.text))
        and any(
            w not in parts and w.rstrip("s") not in parts and w not in everything for w in words(stretch.text)
        )
    ]


def _name_groups(titles: Mapping[str, str], named: dict[str, list[Label]]) -> None:
    """The qualifier of New Technology is a group, which titles have at their end."""
    for code, labels in named.items():
        start = titles[code].rfind(_GROUP)
        if code[0] == "X" and start >= 0 and labels[_QUALIFIER] == NOT_HELD:
            labels[_QUALIFIER] = Label(titles[code][start:], "derived")


def _derive(operation: str, titles: Mapping[str, str], named: dict[str, list[Label]]) -> bool:
    """Names values that can be meant by one stretch only; true if there was one."""
    lacking: dict[Value, list[str]] = {}
    for code, labels in named.items():
        for index, label in enumerate(labels):
            if label == NOT_HELD:
                lacking.setdefault(_value(code, index), []).append(code)
    found = False
    for value, codes in lacking.items():
        index = value[0]
        # The same value was named by other codes of the table.
        known = {
            labels[index]
            for code, labels in named.items()
            if labels[index].origin == "derived" and _value(code, index) == value
        }
        if len(known) == 1:
            name = next(iter(known))
        else:
            text = _meant(operation, titles, named, value, codes)
            if not text:
                continue
            name = Label(text, "derived")
        for code in codes:
            named[code][index] = name
        found = True
    return found


def _meant(
    operation: str,
    titles: Mapping[str, str],
    named: dict[str, list[Label]],
    value: Value,
    codes: Sequence[str],
) -> str:
    """The one stretch that can be the value's name, or ""."""
    index = value[0]
    alone = all(sum(label == NOT_HELD for label in named[code]) == 1 for code in codes)
    per_code = [_unexplained(operation, titles[code], named[code], index, whole=alone) for code in codes]
    candidates = _shared(per_code)
    if alone and len(candidates) == 1:
        return candidates[0]
    placed = {s.text for one in per_code for s in one if _fits(s, index, one)}
    candidates = [text for text in candidates if text in placed]
    if alone and len(candidates) > 1:
        others = [title for code, title in titles.items() if _value(code, index) != value]
        candidates = [text for text in candidates if not any(text in other for other in others)]
    if len(candidates) != 1:
        return ""
    if alone or _only_one_shared(named, index, codes):
        return candidates[0]
    told = any(s.text == candidates[0] and _told_apart(s, index, per_code[0]) for s in per_code[0])
    return candidates[0] if told else ""


def _only_one_shared(named: dict[str, list[Label]], index: int, codes: Sequence[str]) -> bool:
    """Whether what all the titles share can't be another character's name: those lacking differ between them."""
    for other in range(len(named[codes[0]])):
        lacking = any(named[code][other] == NOT_HELD for code in codes)
        if other != index and lacking and len({code[FIRST - 1 + other] for code in codes}) == 1:
            return False
    return len(codes) > 1


def _fits(stretch: Stretch, index: int, all_of_title: Sequence[Stretch]) -> bool:
    """Whether the joining word before it allows a stretch to be this character's name."""
    if stretch.after in _MEANS:
        return index != _BODY_PART
    if stretch.after in _PLACE:
        return index == _BODY_PART
    if stretch.after == "of" and index in (_BODY_PART, _DEVICE):
        # "Insertion of a device into a part", else "Destruction of a part using a device".
        into = any(other.after in _PLACE for other in all_of_title)
        return (index == _DEVICE) == into
    return True


def _told_apart(stretch: Stretch, index: int, all_of_title: Sequence[Stretch]) -> bool:
    """Whether the joining words alone tell which character it names."""
    placed = [one.after for one in all_of_title]
    if index == _BODY_PART:
        return stretch.after in _PLACE or any(after in _MEANS for after in placed)
    if index == _DEVICE:
        return stretch.after in _MEANS or (stretch.after == "of" and any(after in _PLACE for after in placed))
    return False


def _unexplained(
    operation: str, title: str, labels: Sequence[Label], index: int, *, whole: bool = True
) -> list[Stretch]:
    """Stretches of the title, as printed, that the operation and the other names don't account for.

    Args:
        whole: keep a stretch with joining words in it as one; else cut it at those that tell characters apart.
    """
    said = set(words(title))
    names = [label.text for i, label in enumerate(labels) if i != index and agrees(label, said)]
    found = list(WORD.finditer(title))
    lower = [match[0].lower() for match in found]
    explained = _explained(lower, operation, names)
    stretches: list[Stretch] = []
    start: int | None = None
    after = before = ""
    for i, word in enumerate(lower):
        joins = word in _JOINING and not explained[i]
        comma = i > 0 and "," in title[found[i - 1].end() : found[i].start()]
        cut = joins and (start is None or comma or (not whole and word in (*_MEANS, *_PLACE)))
        if explained[i] or cut:
            if start is not None:
                stretches.append(Stretch(title[found[start].start() : found[i - 1].end()], after))
            start = None
            before = word if joins else ""
        elif start is None:
            start, after = i, before
    if start is not None:
        stretches.append(Stretch(title[found[start].start() : found[-1].end()], after))
    tidy = (Stretch(_tidied(one.text, title), one.after) for one in stretches)
    return [stretch for stretch in tidy if stretch.text]


def _explained(title: Sequence[str], operation: str, names: Sequence[str]) -> list[bool]:
    """Which words of a title the names account for: where one stands whole, there; else word by word. Titles begin
    with the operation; other names are looked for from the end, where the approach stands."""
    taken = [False] * len(title)
    rest: list[str] = []
    for name in [operation, *sorted(names, key=len, reverse=True)]:
        for parts in _orders(name):
            starts = range(len(title) - len(parts) + 1)
            fitting = [
                i
                for i in starts
                if list(title[i : i + len(parts)]) == parts and not any(taken[i : i + len(parts)])
            ]
            if parts and fitting:
                at = fitting[0] if name is operation else fitting[-1]
                taken[at : at + len(parts)] = [True] * len(parts)
                break
        else:
            rest += words(name)
    for part in rest:
        at = next((i for i, word in enumerate(title) if not taken[i] and word in (part, f"{part}s")), None)
        if at is not None:
            taken[at] = True
    return taken


def _orders(name: str) -> list[list[str]]:
    """How titles write a name: as it is, or "Kidney, Right" as "Right Kidney"."""
    parts = [words(part) for part in name.split(",")]
    turned = [word for part in reversed(parts) for word in part]
    return [words(name), turned, [*parts[-1], *(word for part in parts[:-1] for word in part)]]


def _tidied(stretch: str, title: str) -> str:
    """Without joining words at its end, with the bracket that it opened."""
    matches = list(WORD.finditer(stretch))
    while matches and matches[-1][0].lower() in _JOINING:
        matches.pop()
    if not matches:
        return ""
    text = stretch[: matches[-1].end()]
    if text.count("(") > text.count(")") and f"{text})" in title:
        text += ")"
    return text


def _shared(stretches: Sequence[Sequence[Stretch]]) -> list[str]:
    """The stretches that every one of the titles has, each once."""
    first, *others = stretches
    texts = dict.fromkeys(stretch.text for stretch in first)
    return [text for text in texts if all(any(text == s.text for s in other) for other in others)]
