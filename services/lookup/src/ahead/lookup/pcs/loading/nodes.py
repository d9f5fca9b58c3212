"""The places of ICD-10-PCS from its order file: sections, body systems, tables, codes."""

from collections.abc import Iterator, Sequence

from ahead.lookup.catalog.loading.nodes import CodeRow

from .order import Listed

MEDICAL_AND_SURGICAL = "Medical and Surgical"
SECTIONS = {
    "0": MEDICAL_AND_SURGICAL,
    "1": "Obstetrics",
    "2": "Placement",
    "3": "Administration",
    "4": "Measurement and Monitoring",
    "5": "Extracorporeal or Systemic Assistance and Performance",
    "6": "Extracorporeal or Systemic Therapies",
    "7": "Osteopathic",
    "8": "Other Procedures",
    "9": "Chiropractic",
    "B": "Imaging",
    "C": "Nuclear Medicine",
    "D": "Radiation Therapy",
    "F": "Physical Rehabilitation and Diagnostic Audiology",
    "G": "Mental Health",
    "H": "Substance Abuse Treatment",
    "X": "New Technology",
}
"""Names of the sections. The order file writes them in front of its tables' titles, but for that of section 0."""


def body_system_names(tables: Sequence[Listed]) -> dict[str, str]:
    """Body systems by their two characters. A table's title is "section, body system, operation", without the
    section in section 0; the body system is what the titles of its tables begin with."""
    titles: dict[str, list[str]] = {}
    for table in tables:
        titles.setdefault(table.code[:2], []).append(_without_section(table.code, table.title))
    found: dict[str, str] = {}
    for system, given in titles.items():
        # A title without an operation is the body system's own.
        parts = [title.split(", ")[:-1] for title in given if ", " in title]
        shared = [same[0] for same in zip(*parts, strict=False) if len(set(same)) == 1]
        found[system] = ", ".join(shared) or SECTIONS[system[0]]
    return found


def operation_of(table: str, title: str, body_system: str) -> str:
    """The name of a table's operation: its title without section and body system; "" where it has none."""
    name = _without_section(table, title)
    return "" if name == body_system else name.removeprefix(f"{body_system}, ")


def _without_section(table: str, title: str) -> str:
    return title.removeprefix(f"{SECTIONS[table[0]]}, ")


def rows(listed: Sequence[Listed]) -> Iterator[CodeRow]:
    """In the order of the file, each section and body system before its first table. Their names stand in no line
    of their own: their row is that of their first table."""
    systems = body_system_names([one for one in listed if not one.billable])
    section = system = ""
    for one in listed:
        if one.billable:
            yield CodeRow(
                one.code, one.code, "code", one.code[:3], one.title, True, one.line, one.short_title
            )
            continue
        if one.code[0] != section:
            section = one.code[0]
            name = SECTIONS[section]
            yield CodeRow(section, section, "section", None, name, False, one.line, title_origin="derived")
        if one.code[:2] != system:
            system = one.code[:2]
            name = systems[system]
            yield CodeRow(system, system, "section", section, name, False, one.line, title_origin="derived")
        yield CodeRow(one.code, one.code, "category", system, one.title, False, one.line, one.short_title)
