"""Rows of a table, from its codes: each row gives values for characters 4 to 7 that combine freely.

The publisher's rows of a later year than the tables held are not known; these make the same codes. They are a
partition: every combination of a row is a code, and every code is in one row.
"""

from collections.abc import Iterable, Sequence

Box = tuple[frozenset[int], ...]
"""For each character the values, as numbers."""

_ORDER = (3, 2, 1, 0)
"""Body parts are joined last: the publisher's rows list the body parts to which the same choices apply."""


def rows_of(combinations: Iterable[Sequence[int]]) -> list[Box]:
    """Boxes in the order of their first values. A value that has two names in a table is two numbers: no row has
    both."""
    boxes: list[Box] = [tuple(frozenset((value,)) for value in one) for one in combinations]
    while True:
        before = len(boxes)
        for axis in _ORDER:
            boxes = _joined(boxes, axis)
        if len(boxes) == before:
            return sorted(boxes, key=lambda box: [min(values) for values in box])


def _joined(boxes: Iterable[Box], axis: int) -> list[Box]:
    """Boxes that differ in one character only become one."""
    groups: dict[Box, frozenset[int]] = {}
    for box in boxes:
        rest = box[:axis] + box[axis + 1 :]
        groups[rest] = groups.get(rest, frozenset()) | box[axis]
    return [(*rest[:axis], values, *rest[axis:]) for rest, values in groups.items()]
