"""What changed between the official editions, told as their files say; and the index that is older than the codes."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date

from icd10cm_books import Held, Open, official_file

from ahead.lookup.history.service import Histories
from ahead.lookup.indexes.codes import CodesOfDate


def listed(archive: str, part: str) -> dict[str, str]:
    """Codes and titles of a list of codes, by a reader of its own."""
    with zipfile.ZipFile(official_file(archive)) as opened:
        name = next(n for n in opened.namelist() if re.fullmatch(part, n))
        text = opened.read(name).decode("utf-8", errors="replace")
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return {code: title.strip() for code, title in pairs}


OLD = ("icd10cm-2026.zip", r"icd10cm-codes-2026\.txt")
NEW = ("icd10cm-2027.zip", r"icd10cm_codes_2027\.txt")


def sample(codes: set[str], every: int) -> Iterator[str]:
    yield from sorted(codes)[::every]


async def test_added_deleted_and_revised_codes_are_told(official_editions: Held, opened: Open) -> None:
    old, new = listed(*OLD), listed(*NEW)
    histories = Histories(opened(official_editions).catalog)

    async def last_change(code: str) -> tuple[set[str], bool]:
        history = await histories.of("icd10cm", code)
        assert [one.edition for one in history.editions] == ["April 2025", "FY2026", "FY2027"]
        return {change.kind for change in history.editions[-1].changes}, history.editions[-1].billable

    added, deleted = set(new) - set(old), set(old) - set(new)
    assert (len(added), len(deleted)) == (190, 30)
    for code in added:
        kinds, billable = await last_change(code)
        assert kinds <= {"added", "billable", "revised"}, code
        assert kinds & {"added", "billable"}, code
        assert billable
    for code in deleted:
        kinds, billable = await last_change(code)
        assert kinds & {"deleted", "heading"}, (code, kinds)
        assert not billable
    revised = {code for code in set(old) & set(new) if old[code] != new[code]}
    for code in revised:
        assert "revised" in (await last_change(code))[0], code
    for code in sample(set(old) & set(new) - revised, 997):
        assert (await last_change(code))[0] == {"unchanged"}, code


async def test_the_index_of_2025_leads_to_232_codes_that_are_dead_now(
    official_editions: Held, opened: Open
) -> None:
    """Terms whose code was complete when the index was in force and is not today: each says so."""
    one = opened(official_editions)
    then = listed("icd10cm-2025-april.zip", r"icd10cm-codes-April-2025\.txt")
    now = listed(*NEW)
    edition = await one.indexes.edition("index", date(2026, 11, 23))
    assert edition.status == "after_newest"
    assert edition.release is not None
    codes = await CodesOfDate.of(one.catalog, date(2026, 11, 23))
    dead = 0
    async for term in one.indexes.listed(edition.release):
        for printed in term.codes:
            key = printed.replace(".", "").rstrip("-")
            if key not in then or key in now:
                continue
            dead += 1
            told = await codes.one(printed)
            assert told.state in ("header", "not_in_edition"), printed
            assert told.why.startswith((f"{told.code} is not in FY2027", "Is no complete code in FY2027"))
    assert dead == 232


async def test_a_deleted_code_is_told_with_its_last_day(official_editions: Held, opened: Open) -> None:
    """Every code of FY2026 that is in no place of FY2027 any more."""
    one = opened(official_editions)
    histories = Histories(one.catalog)
    release = next(r for r in await one.catalog.answering("icd10cm") if r.edition == "FY2027")
    gone = sorted(set(listed(*OLD)) - set(listed(*NEW)))
    checked = 0
    for code in gone:
        if await one.catalog.node(release.id, code) is not None:
            continue  # It lives on as a heading.
        told = await histories.gone("icd10cm", code, date(2026, 10, 1))
        assert told is not None
        assert (told.deleted, told.last_held, told.open_as_of) == (
            date(2026, 10, 1),
            "FY2026",
            date(2026, 9, 30),
        )
        checked += 1
    assert checked + sum([await one.catalog.node(release.id, code) is not None for code in gone]) == 30
    assert await histories.gone("icd10cm", "A9999", date(2026, 10, 1)) is None
