"""NCCI as a source of the catalogue: one release per setting and table."""

from collections.abc import Mapping, Sequence
from datetime import date

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..kinds import SOURCES, quarter_named
from ..models import ADD_ONS, MUE, PTP, PTP_RATIONALES
from .ptp import PtpReader
from .recognise import Edition, editions, recognise
from .small import add_on_rows, mue_rows

_LOADERS = {"ptp": "ncci-ptp/1", "mue": "ncci-mue/1", "add-on": "ncci-add-on/1"}
_TABLES = {"ptp": (PTP, PTP_RATIONALES), "mue": (MUE,), "add-on": (ADD_ONS,)}


class NcciSource:
    names: Mapping[str, str] = {source.system: source.name for source in SOURCES.values()}
    counted: Mapping[str, str] = {source.system: source.unit for source in SOURCES.values()}

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [_work(edition, options) for edition in editions(recognise(files), options.system)]


def _work(edition: Edition, options: Options) -> Work:
    name, start, end, remark = _window(edition, options)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        return Filled(_fill(edition, release_id, writer, progress))

    return Work(
        system=edition.system,
        kind=f"ncci-{edition.table}",
        edition=name,
        files=edition.files,
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader=_LOADERS[edition.table],
        tables=_TABLES[edition.table],
        fill=fill,
        remark=remark,
    )


def _fill(edition: Edition, release_id: int, writer: BulkWriter, progress: Progress) -> int:
    """Writes the bulk rows; returns how many, as the publisher counts them."""
    if edition.table == "mue":
        return writer.write(MUE, ((release_id, *row) for row in mue_rows(edition.files[0])))
    if edition.table == "add-on":
        found = add_on_rows(edition.files[0])
        rows = ((release_id, add_on, *rest) for add_on, *rest in found)
        return writer.write(ADD_ONS, rows)
    reader = PtpReader()
    assert edition.layout is not None
    for number, file in enumerate(edition.files):

        def read(part: float, number: int = number) -> None:
            # What comes after the rows, the indexes, takes a fifth of the time.
            progress(0.8 * (number + part) / len(edition.files), "Writing")

        writer.write(PTP, reader.read(release_id, number, file, edition.layout, read))
    writer.write(PTP_RATIONALES, reader.rationales(release_id))
    progress(0.8, "Sorting")
    return reader.rows


def _window(edition: Edition, options: Options) -> tuple[str, date, date | None, str]:
    """Name, first and last day, and what has to be said: no file of NCCI says its quarter inside."""
    first = edition.files[0]
    named = {quarter_named(file.name, posted=edition.table == "add-on") for file in edition.files}
    if len(named) > 1:
        raise Refused(first.name, "its parts are of different quarters")
    quarter = named.pop()
    if quarter is None:
        if options.window_from is None:
            raise Refused(first.name, "its name doesn't tell its quarter: say it with --from and --to")
        name, start, end, remark = "of unknown quarter", options.window_from, options.window_to, ""
    else:
        name, remark = quarter[0].label, quarter[1]
        start, end = quarter[0].first, quarter[0].last
    if edition.layout == "derived":
        remark = (
            "This form of the file has no effective dates: edits are known to be in force in this quarter \
and on their deletion dates."
        )
    return name, start, end, remark
