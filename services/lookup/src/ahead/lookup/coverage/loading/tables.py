"""Which table of the coverage database's export a file is: by its columns, as its data dictionary names them.

CMS publishes the export as zips (current_lcd.zip, current_article.zip, ncd.zip, and "all" ones) that hold a zip of
CSV files, a database and a dictionary. The CSV files are taken, in the zip in the zip or unpacked.
"""

import io
import struct
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ahead.lookup.catalog.loading.files import MAX_BYTES, InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .cells import heading

Export = Literal["lcd", "article", "ncd"]
MAIN: dict[Export, str] = {"lcd": "lcd", "article": "article", "ncd": "ncd_trkg"}
_INNER_LIMIT = 256 * 1024 * 1024

# Columns that tell a table, and one that it must not have.
_SIGNS: tuple[tuple[str, frozenset[str], str], ...] = tuple(
    (name, frozenset(columns.split()), absent)
    for name, columns, absent in (
        ("article", "article_id article_version title article_eff_date status", ""),
        ("lcd", "lcd_id lcd_version title orig_det_eff_date status", ""),
        ("ncd_trkg", "NCD_id NCD_vrsn_num NCD_mnl_sect NCD_mnl_sect_title NCD_efctv_dt", ""),
        ("article_x_hcpc_code", "article_id article_version hcpc_code_id hcpc_code_group", ""),
        ("article_x_hcpc_code_group", "article_id article_version hcpc_code_group paragraph", ""),
        ("article_x_icd10_covered", "article_id article_version icd10_code_id icd10_covered_group", ""),
        ("article_x_icd10_covered_group", "article_id article_version icd10_covered_group paragraph", ""),
        ("article_x_icd10_noncovered", "article_id article_version icd10_code_id icd10_noncovered_group", ""),
        (
            "article_x_icd10_noncovered_group",
            "article_id article_version icd10_noncovered_group paragraph",
            "",
        ),
        ("article_x_contractor", "article_id article_version contractor_id contractor_type_id", ""),
        ("article_x_primary_jurisdiction", "article_id article_version state_id", "contractor_id"),
        ("article_related_documents", "article_id article_version r_article_id r_lcd_id", ""),
        ("article_related_ncd_documents", "article_id article_version r_ncd_id", ""),
        ("lcd_x_hcpc_code", "lcd_id lcd_version hcpc_code_id hcpc_code_group", ""),
        ("lcd_x_hcpc_code_group", "lcd_id lcd_version hcpc_code_group paragraph", ""),
        ("lcd_x_contractor", "lcd_id lcd_version contractor_id contractor_type_id", ""),
        ("lcd_x_primary_jurisdiction", "lcd_id lcd_version state_id", "contractor_id"),
        ("lcd_related_documents", "lcd_id lcd_version r_article_id r_lcd_id", ""),
        ("lcd_related_ncd_documents", "lcd_id lcd_version r_ncd_id", ""),
        ("contractor", "contractor_id contractor_type_id contractor_version contractor_bus_name", ""),
        (
            "contractor_jurisdiction",
            "contractor_id contractor_type_id contractor_version state_id",
            "contractor_bus_name",
        ),
        ("contractor_type_lookup", "contractor_type_id description", "contractor_id"),
        ("state_lookup", "state_id state_abbrev", "contractor_id"),
    )
)
NEEDED: dict[Export, tuple[str, ...]] = {
    "article": (
        "article", "article_x_hcpc_code", "article_x_icd10_covered", "article_x_icd10_noncovered",
        "article_x_contractor", "contractor",
    ),
    "lcd": ("lcd", "lcd_x_hcpc_code", "lcd_x_contractor", "contractor"),
    "ncd": ("ncd_trkg",),
}  # fmt: skip
"""Without one of these a code or contractor that is missing would be taken for one that isn't listed."""


def table_of(head: bytes) -> str | None:
    """The table's name, by its columns; None for any other file."""
    names = frozenset(heading(head))
    if len(names) < 2:
        return None
    for name, columns, absent in _SIGNS:
        if columns <= names and (not absent or absent not in names):
            return name
    return None


@dataclass(frozen=True)
class NestedFile(InputFile):
    """A file in a zip that is itself a member of a zip."""

    inner: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name}/{self.member}/{self.inner}"

    @contextmanager
    def _open(self) -> Generator[tuple[BinaryIO, BinaryIO]]:
        outer = InputFile(self.path, self.member)
        data = io.BytesIO(outer.content(_INNER_LIMIT))
        with (
            self._refusing(),
            _damaged(self.name),
            zipfile.ZipFile(data) as archive,
            archive.open(self.inner) as member,
        ):
            yield io.BufferedReader(member), data  # pyright: ignore[reportArgumentType]


@contextmanager
def _damaged(name: str) -> Generator[None]:
    """What a damaged zip in memory raises besides what a damaged file does."""
    try:
        yield
    except (ValueError, KeyError, struct.error, OverflowError) as error:
        raise Refused(name, f"can't be read: {error}") from None


def unpacked(file: InputFile) -> list[InputFile]:
    """The CSV files of a "…_csv.zip" inside a zip; [] for anything else.

    Raises:
        Refused: it can't be read, or unpacks to too much.
    """
    if file.member is None or not file.member.lower().endswith("_csv.zip"):
        return []
    data = file.content(_INNER_LIMIT)
    try:
        with _damaged(file.name), zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(file.name, f"can't be read: {error}") from None
    for info in infos:
        if info.flag_bits & 1:
            raise Refused(file.name, f"{info.filename} in it is encrypted")
        if info.file_size > MAX_BYTES:
            raise Refused(file.name, f"{info.filename} in it unpacks to {info.file_size:,} bytes")
    return [NestedFile(file.path, file.member, inner=info.filename) for info in infos]
