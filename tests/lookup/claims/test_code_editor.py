"""Inpatient claims by the Medicare Code Editor's own program: it carries its data, so nothing has to be loaded."""

from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.editor import CodeEditorRule
from ahead.lookup.claims.rules.held import Coded
from ahead.lookup.claims.schemas import Claim, Diagnosis
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.inpatient import Inpatient
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

DAY = date(2026, 2, 3)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncGenerator[tuple[CodeEditorRule, Catalog]]:
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    database = Database(url)
    catalog = Catalog(database, tmp_path / "releases")
    reader = SourceReader(catalog, CatalogRepository(database, tmp_path / "releases"), source_names())
    inpatient = Inpatient(reader)
    yield CodeEditorRule(inpatient.mce), catalog
    await inpatient.close()
    await reader.close()
    await catalog.close()
    await database.close()


async def judged(
    opened: tuple[CodeEditorRule, Catalog], *codes: str, age: int | None = 67, sex: str = "F", day: date = DAY
) -> list[tuple[str, str]]:
    rule, catalog = opened
    edition = await catalog.edition_for("icd10cm", day)
    coded = tuple(Coded(n, code, code, "Y", edition, None) for n, code in enumerate(codes, 1))
    claim = Claim(
        "inpatient", tuple(Diagnosis(code, "Y") for code in codes), age=age, sex=sex, discharged=day
    )
    return [(one.rule, one.status) for one in await rule(claim, coded)]


async def test_a_newborn_s_diagnosis_on_an_adult_fails(opened: tuple[CodeEditorRule, Catalog]) -> None:
    found = await judged(opened, "A33")
    assert any(status == "fail" and rule == "mce-age-conflict" for rule, status in found)


async def test_an_unacceptable_principal_diagnosis_fails(opened: tuple[CodeEditorRule, Catalog]) -> None:
    # B95.0 names the germ behind another disease, never the disease.
    found = await judged(opened, "B950")
    assert any(status == "fail" and rule == "mce-unacceptable-pdx" for rule, status in found)


async def test_a_claim_without_edits_passes(opened: tuple[CodeEditorRule, Catalog]) -> None:
    assert ("mce", "pass") in await judged(opened, "I2109")


async def test_without_age_or_sex_nothing_is_judged(opened: tuple[CodeEditorRule, Catalog]) -> None:
    assert await judged(opened, "P220", age=None) == [("mce", "not_checked")]
    assert await judged(opened, "P220", sex="") == [("mce", "not_checked")]


async def test_a_date_after_the_editor_s_data_is_not_checked(opened: tuple[CodeEditorRule, Catalog]) -> None:
    assert ("mce", "not_checked") in await judged(opened, "I2109", day=date(2031, 1, 1))


async def test_other_settings_are_none_of_its_business(opened: tuple[CodeEditorRule, Catalog]) -> None:
    rule, catalog = opened
    edition = await catalog.edition_for("icd10cm", DAY)
    coded = (Coded(1, "P220", "P22.0", "", edition, None),)
    assert await rule(Claim("outpatient_hospital", (Diagnosis("P220"),)), coded) == []
