"""Every published OPPSCAP price, to the cent, and which codes the cap binds."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.pfs.loading import places, pprrvu
from ahead.lookup.pfs.pricing.amounts import cap_of, fee_of
from ahead.lookup.pfs.pricing.lines import Indices, cents
from ahead.lookup.pfs.repository import RvuRow, rvu_of

Rows = dict[str, dict[str, RvuRow]]


@pytest.fixture(scope="module")
def values(pfs_folder: Path) -> Rows:
    """Relative values, as the loader reads them."""
    found: Rows = {}
    for values in pprrvu.rows(InputFile(pfs_folder / "PPRRVU2025_Oct.csv")):
        row = rvu_of(values)
        found.setdefault(row.code, {})[row.modifier] = row
    return found


@pytest.fixture(scope="module")
def indices(pfs_folder: Path) -> dict[tuple[str, str], Indices]:
    read = places.gpcis(InputFile(pfs_folder / "GPCI2025.csv"))
    return {(row[0], row[1]): Indices(*(Decimal(one) for one in row[4:7])) for row in read}


@pytest.fixture(scope="module")
def published(pfs_folder: Path) -> list[list[str]]:
    """Read without the loader; the last row is blank."""
    with (pfs_folder / "OPPSCAP_Oct.csv").open(newline="") as file:
        return [row for row in csv.reader(file) if row[0] not in ("", "HCPCS")]


def test_all_published_prices_are_ours_to_the_cent(
    values: Rows, indices: dict[tuple[str, str], Indices], published: list[list[str]]
) -> None:
    california = {key[1]: at for key, at in indices.items() if key[0] in ("01112", "01182")}
    seen = 0
    for code, modifier, _, contractor, locality, facility, nonfacility in published:
        # Six localities of California are printed under the state's other contractor too.
        at = indices.get((contractor, locality)) or california[locality]
        rows = values[code]
        assert cap_of(rows, modifier, "facility", at) == Decimal(facility)
        assert cap_of(rows, modifier, "nonfacility", at) == Decimal(nonfacility)
        seen += 1
    assert seen == 16_100


def test_the_cap_binds_exactly_where_the_publisher_lists_a_price(
    values: Rows, indices: dict[tuple[str, str], Indices], published: list[list[str]]
) -> None:
    listed = {(row[0], row[1], row[3], row[4]): row for row in published if row[2] == "A"}
    bound = 0
    for rows in values.values():
        for row in rows.values():
            if row.status not in ("A", "R"):
                assert row.status == "C" or not row.has_cap
                continue
            for (contractor, locality), at in indices.items():
                fee = fee_of(row, "nonfacility", at)
                key = (row.code, row.modifier, contractor, locality)
                assert fee.capped == (key in listed)
                if fee.capped:
                    bound += 1
                    assert fee.amount == Decimal(listed[key][6]) < cents(fee.exact)
                if not row.has_cap:
                    break
    assert bound == 58 * 109


def test_parts_rounded_before_adding_would_miss_the_published_price(
    values: Rows, indices: dict[tuple[str, str], Indices], published: list[list[str]]
) -> None:
    california = {key[1]: at for key, at in indices.items() if key[0] in ("01112", "01182")}
    missed = seen = 0
    for code, modifier, status, contractor, locality, _, price in published:
        if status != "C" or modifier:
            continue
        at = indices.get((contractor, locality)) or california[locality]
        technical = cap_of(values[code], "TC", "nonfacility", at)
        assert technical is not None
        missed += technical + fee_of(values[code]["26"], "nonfacility", at).amount != Decimal(price)
        seen += 1
    assert (seen, missed) == (3_910, 998)
