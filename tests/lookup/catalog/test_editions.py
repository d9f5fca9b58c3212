"""Which edition answers for a date of service (rule 8): held, marked after the newest, none before and in gaps."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ahead.lookup.catalog.editions import choose
from ahead.lookup.catalog.schemas import Release

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def release(number: int, start: date, end: date | None) -> Release:
    return Release(
        id=number,
        system="icd10cm",
        kind="icd10cm-tabular",
        edition=f"edition {number}",
        source="made up",
        files=(),
        sha256=str(number),
        window_from=start,
        window_to=end,
        window_origin="option",
        rows=0,
        nodes=0,
        billable=0,
        remark="",
        loader="made-up/1",
        loaded_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )


@st.composite
def held(draw: st.DrawFn) -> list[Release]:
    windows = draw(st.lists(st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 700))), max_size=6))
    return [
        release(n, start, None if days is None else start + timedelta(days=days))
        for n, (start, days) in enumerate(windows, start=1)
    ]


def covers(release: Release, day: date) -> bool:
    return release.window_from <= day and (release.window_to is None or day <= release.window_to)


@given(held(), DAYS)
def test_a_covered_date_gets_an_edition_that_covers_it_and_no_mark(
    releases: list[Release], day: date
) -> None:
    edition = choose("icd10cm", releases, day)
    covering = [r for r in releases if covers(r, day)]
    assert (edition.status == "held") == bool(covering)
    if covering:
        assert edition.release in covering
        assert edition.message == ""
        assert not edition.marked
        assert edition.release.window_from == max(r.window_from for r in covering)


@given(held(), DAYS)
def test_a_date_that_is_not_covered_never_gets_an_edition_unless_it_is_past_all(
    releases: list[Release], day: date
) -> None:
    edition = choose("icd10cm", releases, day)
    if any(covers(r, day) for r in releases):
        return
    past_all = bool(releases) and all(r.window_to is not None and r.window_to < day for r in releases)
    assert (edition.status == "after_newest") == past_all
    assert (edition.release is not None) == past_all
    assert edition.marked == past_all
    if past_all:
        end = max(r.window_to for r in releases if r.window_to is not None)
        assert edition.message == f"published to {end.isoformat()}; a later edition is not loaded"
        assert edition.release is not None
        assert edition.release.window_to == end
    elif releases:
        before = all(day < r.window_from for r in releases)
        assert edition.status == ("before_first" if before else "gap")
        assert edition.message.startswith("No edition held for this date")
    else:
        assert edition.status == "nothing_loaded"


@given(held(), DAYS, st.randoms())
def test_the_order_in_which_editions_are_listed_decides_nothing(
    releases: list[Release], day: date, random: object
) -> None:
    shuffled = list(releases)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose("icd10cm", shuffled, day) == choose("icd10cm", releases, day)


def test_a_window_includes_its_first_and_its_last_day() -> None:
    year = [release(1, date(2025, 10, 1), date(2026, 9, 30))]
    assert [
        choose("icd10cm", year, day).status
        for day in (date(2025, 9, 30), date(2025, 10, 1), date(2026, 9, 30), date(2026, 10, 1))
    ] == ["before_first", "held", "held", "after_newest"]


def test_an_april_update_answers_from_its_own_first_day() -> None:
    october = release(1, date(2025, 10, 1), date(2026, 9, 30))
    april = release(2, date(2026, 4, 1), date(2026, 9, 30))
    assert choose("icd10cm", [october, april], date(2026, 3, 31)).release == october
    assert choose("icd10cm", [october, april], date(2026, 4, 1)).release == april


def test_of_two_files_for_one_window_the_one_loaded_last_answers() -> None:
    first = release(1, date(2025, 10, 1), date(2026, 9, 30))
    corrected = release(2, date(2025, 10, 1), date(2026, 9, 30))
    assert choose("icd10cm", [corrected, first], date(2026, 1, 1)).release == corrected
