"""Favourites, notes, keywords and lists of accounts, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ahead.lookup.consumer import forget
from ahead.lookup.models import ALLOWANCE, PERSONAL
from ahead.lookup.personal import lists as lists_module
from ahead.lookup.personal import service as service_module
from ahead.lookup.personal.lists import read_codes
from ahead.lookup.personal.schemas import Overview
from ahead.lookup.personal.service import Personal
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.metering.allowance import take

ME, OTHER = "a:me", "a:other"


def asker(account: str, guest: str | None = None) -> Principal:
    return Principal(kind="account", id=account.removeprefix("a:"), plan="free", guest_id=guest)


async def rows_of(database: Database, account: str) -> int:
    async with database.read() as session:
        return sum(
            [
                await session.scalar(select(func.count()).select_from(t).where(t.c.account == account)) or 0
                for t in PERSONAL
            ]
        )


async def test_a_code_is_starred_once_in_every_spelling_and_unstarred(
    personal: Personal, database: Database, clock: FixedClock
) -> None:
    for typed in ("e119", "E11.9", " E119 "):
        await personal.star(ME, "icd10cm", typed, True)
        clock.advance(timedelta(days=1))
    kept = await personal.overview(asker(ME))
    assert [(one.system, one.code, one.at.day) for one in kept.favourites] == [("icd10cm", "E11.9", 5)]
    await personal.star(ME, "icd10cm", "E11.9", False)
    await personal.star(ME, "icd10cm", "I10", False)
    assert await rows_of(database, ME) == 0, "nothing is left behind"


async def test_a_note_stays_as_it_was_written_and_goes_when_it_is_empty(
    personal: Personal, database: Database
) -> None:
    text = "Ask for the side.\r\n<b>=1+1</b> 100 % ü 𝒳\n"
    await personal.write_note(ME, "icd10cm", "S52.501A", text)
    own = await personal.of_code(ME, "icd10cm", "S52501A")
    assert own.note == "Ask for the side.\n<b>=1+1</b> 100 % ü 𝒳"
    await personal.star(ME, "icd10cm", "S52.501A", True)
    await personal.write_note(ME, "icd10cm", "S52.501A", "  ")
    assert (await personal.of_code(ME, "icd10cm", "S52.501A")).favourite, "the star stays without the note"
    await personal.star(ME, "icd10cm", "S52.501A", False)
    assert await rows_of(database, ME) == 0


async def test_a_note_that_is_too_long_or_no_text_is_refused(personal: Personal) -> None:
    await personal.write_note(ME, "icd10cm", "I10", "x" * 2_000)
    for wrong in ("x" * 2_001, "a\0b", "a\x1bb"):
        with pytest.raises(BadInput):
            await personal.write_note(ME, "icd10cm", "I10", wrong)
    assert (await personal.of_code(ME, "icd10cm", "I10")).note == "x" * 2_000


@pytest.mark.parametrize(("system", "code"), [("icd10cm", "%%"), ("nothing", "I10"), ("icd10cm", "A00-A09")])
async def test_what_cannot_be_a_code_is_not_kept(
    personal: Personal, database: Database, system: str, code: str
) -> None:
    with pytest.raises(BadInput):
        await personal.star(ME, system, code, True)
    assert await rows_of(database, ME) == 0


async def test_keywords_are_the_same_in_any_case_and_spacing(personal: Personal) -> None:
    await personal.add_keyword(ME, "icd10cm", "I10", "  High   Pressure ")
    await personal.add_keyword(ME, "icd10cm", "I10", "high pressure")
    await personal.add_keyword(ME, "icd10cm", "E11.9", "HIGH PRESSURE")
    assert await personal.keywords_of(ME) == {"high pressure": [("icd10cm", "E11.9"), ("icd10cm", "I10")]}
    assert set(await personal.meant_by(asker(ME), "High pressure ")) == {
        ("icd10cm", "I10"),
        ("icd10cm", "E11.9"),
    }
    assert await personal.meant_by(asker(ME), "high") == ()
    assert await personal.meant_by(asker(OTHER), "high pressure") == ()
    assert await personal.meant_by(Principal(kind="guest", id="me"), "high pressure") == ()
    await personal.set_keywords(ME, "icd10cm", "I10", ["bp", "High pressure"])
    assert (await personal.of_code(ME, "icd10cm", "I10")).keywords == ("bp", "high pressure")
    await personal.set_keywords(ME, "icd10cm", "I10", [])
    await personal.remove_keyword(ME, "icd10cm", "E11.9", "HIGH pressure")
    assert await personal.keywords_of(ME) == {}
    for wrong in ("", "   ", "x" * 61):
        with pytest.raises(BadInput):
            await personal.add_keyword(ME, "icd10cm", "I10", wrong)


async def test_a_list_has_a_name_an_order_and_each_code_once(personal: Personal) -> None:
    codes = [("icd10cm", "I10"), ("icd10cm", "E11.9"), ("cpt", "99213")]
    first = await personal.lists.create(ME, "  Cardiology   clinic ", [*codes, *codes])
    assert (await personal.lists.one(ME, first)).name == "Cardiology clinic"

    async def order() -> list[str]:
        return [one.code for one in (await personal.lists.one(ME, first)).codes]

    assert await order() == ["I10", "E11.9", "99213"]
    await personal.lists.move(ME, first, ("cpt", "99213"), "up")
    assert await order() == ["I10", "99213", "E11.9"]
    await personal.lists.move(ME, first, ("icd10cm", "I10"), "up")
    await personal.lists.move(ME, first, ("icd10cm", "E11.9"), "down")
    await personal.lists.move(ME, first, ("icd10cm", "Z99.2"), "down")
    assert await order() == ["I10", "99213", "E11.9"], "at its ends nothing moves"
    await personal.lists.add(ME, first, [("icd10cm", "E11.9"), ("hcpcs", "J1885")])
    await personal.lists.remove(ME, first, ("icd10cm", "I10"))
    assert await order() == ["99213", "E11.9", "J1885"]
    await personal.lists.replace(ME, first, [("hcpcs", "J1885"), ("icd10cm", "I10")])
    assert await order() == ["J1885", "I10"]


async def test_lists_are_renamed_placed_and_deleted(personal: Personal, database: Database) -> None:
    ids = [await personal.lists.create(ME, name) for name in ("one", "two", "three")]
    await personal.lists.place(ME, ids[2], 1)
    assert [one.name for one in await personal.lists.all(ME)] == ["three", "one", "two"]
    await personal.lists.place(ME, ids[2], 99)
    await personal.lists.rename(ME, ids[0], "first")
    assert [one.name for one in await personal.lists.all(ME)] == ["first", "two", "three"]
    with pytest.raises(Conflict):
        await personal.lists.rename(ME, ids[0], "TWO")
    with pytest.raises(Conflict):
        await personal.lists.create(ME, "Three")
    for wrong in ("", " \n ", "x" * 81):
        with pytest.raises(BadInput):
            await personal.lists.create(ME, wrong)
    await personal.lists.add(ME, ids[1], [("icd10cm", "I10")])
    for list_id in ids:
        await personal.lists.delete(ME, list_id)
    assert await rows_of(database, ME) == 0


async def test_what_is_over_a_limit_changes_nothing(
    personal: Personal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "MOST_CODES", 2)
    monkeypatch.setattr(service_module, "MOST_OF_KEYWORD", 2)
    monkeypatch.setattr(service_module, "MOST_KEYWORDS", 3)
    monkeypatch.setattr(lists_module, "MOST_LISTS", 1)
    monkeypatch.setattr(lists_module, "MOST_CODES", 2)
    for code in ("A00.0", "A00.1"):
        await personal.star(ME, "icd10cm", code, True)
        await personal.add_keyword(ME, "icd10cm", code, "cholera")
    with pytest.raises(Conflict):
        await personal.write_note(ME, "icd10cm", "A00.9", "one too many")
    with pytest.raises(Conflict):
        await personal.add_keyword(ME, "icd10cm", "A00.9", "cholera")
    with pytest.raises(Conflict):
        await personal.set_keywords(ME, "icd10cm", "A00.0", ["cholera", "x", "y"])
    made = await personal.lists.create(ME, "one", [("icd10cm", "A00.0"), ("icd10cm", "A00.1")])
    with pytest.raises(Conflict):
        await personal.lists.create(ME, "two")
    with pytest.raises(Conflict):
        await personal.lists.add(ME, made, [("icd10cm", "A00.9")])
    kept = await personal.overview(asker(ME))
    assert (len(kept.favourites), len(kept.notes), [one.codes for one in kept.lists]) == (2, 0, [2])
    assert await personal.keywords_of(ME) == {"cholera": [("icd10cm", "A00.0"), ("icd10cm", "A00.1")]}


async def test_many_at_once_stay_within_the_limit_and_lose_nothing(
    personal: Personal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "MOST_CODES", 4)
    made = await personal.lists.create(ME, "one")
    stars = [personal.star(ME, "icd10cm", f"A0{number}.0", True) for number in range(8)]
    adds = [personal.lists.add(ME, made, [("icd10cm", f"A0{number}.0")]) for number in range(8)]
    done = await asyncio.gather(*stars, *adds, return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in done) == 4
    assert len((await personal.overview(asker(ME))).favourites) == 4
    assert len((await personal.lists.one(ME, made)).codes) == 8


async def fill(personal: Personal, number: int) -> str:
    """Something of each kind, told apart by the number; the list's id."""
    account = f"a:{number}"
    code = f"A{number:02d}.0"
    await personal.star(account, "icd10cm", code, True)
    await personal.write_note(account, "icd10cm", "I10", f"note of {number}")
    await personal.add_keyword(account, "icd10cm", code, "mine")
    return await personal.lists.create(account, "The list", [("icd10cm", code), ("icd10cm", "I10")])


async def test_fifty_accounts_with_the_same_codes_words_and_names_never_mix(
    personal: Personal, database: Database
) -> None:
    ids = dict(zip(range(50), [await fill(personal, number) for number in range(50)], strict=True))
    before: dict[int, Overview] = {}
    for number in range(50):
        kept = before[number] = await personal.overview(asker(f"a:{number}"))
        code = f"A{number:02d}.0"
        assert [one.code for one in kept.favourites] == [code]
        assert [one.note for one in kept.notes] == [f"note of {number}"]
        assert [(one.keyword, [c.code for c in one.codes]) for one in kept.keywords] == [("mine", [code])]
        assert [one.id for one in kept.lists] == [ids[number]]
        assert await personal.meant_by(asker(f"a:{number}"), "Mine") == (("icd10cm", code),)
        own = await personal.of_code(f"a:{number}", "icd10cm", "I10")
        assert (own.note, [one.id for one in own.lists]) == (f"note of {number}", [ids[number]])
    # Each tries what the next one has.
    for number in range(50):
        me, theirs = f"a:{number}", ids[(number + 1) % 50]
        for attempt in (
            personal.lists.one(me, theirs),
            personal.lists.rename(me, theirs, "mine now"),
            personal.lists.place(me, theirs, 1),
            personal.lists.add(me, theirs, [("icd10cm", "Z99.2")]),
            personal.lists.replace(me, theirs, []),
            personal.lists.remove(me, theirs, ("icd10cm", "I10")),
            personal.lists.move(me, theirs, ("icd10cm", "I10"), "up"),
        ):
            with pytest.raises(NotFound):
                await attempt
        await personal.lists.delete(me, theirs)
        await personal.star(me, "icd10cm", f"A{(number + 1) % 50:02d}.0", False)
        await personal.remove_keyword(me, "icd10cm", f"A{(number + 1) % 50:02d}.0", "mine")
    for number in range(50):
        assert await personal.overview(asker(f"a:{number}")) == before[number]
        assert len((await personal.lists.one(f"a:{number}", ids[number])).codes) == 2
    # One goes, the others stay.
    async with database.write() as session:
        await forget(session, ["a:7", "g:8"])
    assert await rows_of(database, "a:7") == 0
    for number in {*range(50)} - {7}:
        assert await personal.overview(asker(f"a:{number}")) == before[number]


async def test_recent_codes_are_the_ledgers_own(
    personal: Personal, database: Database, clock: FixedClock
) -> None:
    async def view(principal: str, thing: str) -> None:
        clock.advance(timedelta(minutes=1))
        async with database.write() as session:
            await take(
                session,
                ALLOWANCE,
                metric="code.viewed",
                principal=principal,
                thing=thing,
                period=clock.now().strftime("%Y-%m"),
                limit=None,
                at=clock.now(),
            )

    await view("g:before", "icd10cm/A00.0")
    for thing in ("icd10cm/I10", "cpt/99213"):
        await view(ME, thing)
    await view(OTHER, "icd10cm/E11.9")
    clock.advance(timedelta(days=30))
    await view(ME, "icd10cm/I10")
    recent = (await personal.overview(asker(ME, "before"))).recent
    assert [(one.system, one.code, one.at.month) for one in recent] == [
        ("icd10cm", "I10", 12),
        ("cpt", "99213", 11),
        ("icd10cm", "A00.0", 11),
    ]
    assert await rows_of(database, ME) == 0, "nothing is written down a second time"


def test_pasted_codes_are_read_in_one_system_and_what_is_none_is_named() -> None:
    assert read_codes("i10, E119;\nE11.9  s52.501a", "icd10cm") == [
        ("icd10cm", "I10"),
        ("icd10cm", "E11.9"),
        ("icd10cm", "E11.9"),
        ("icd10cm", "S52.501A"),
    ]
    with pytest.raises(BadInput, match="Not codes of ICD-10-CM: 99213, ~~"):
        read_codes("I10 99213 ~~", "icd10cm")
    for empty in ("", " ,; "):
        with pytest.raises(BadInput, match="No code was given"):
            read_codes(empty, "icd10cm")
    with pytest.raises(BadInput, match="at most 5,000"):
        read_codes("I10 " * 5_001, "icd10cm")
