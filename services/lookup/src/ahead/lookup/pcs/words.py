"""Words about values and rows, shared by the code page and the builder."""

from .schemas import TableRow, Value


def named(value: Value) -> str:
    """ "J Appendix"; a name that was read from titles is marked."""
    if value.origin == "not_held":
        return f"{value.value} (name not held)"
    return f"{value.value} {value.name}" + ("*" if value.origin == "derived" else "")


def has_derived(row: TableRow) -> bool:
    return any(value.origin == "derived" for axis in row.axes for value in axis)
