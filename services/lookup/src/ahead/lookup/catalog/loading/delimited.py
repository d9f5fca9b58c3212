"""Reads tables of text: a record on each line, cells between commas or tabs, in quotation marks where they need it."""

import csv
from collections.abc import Iterator

from .files import InputFile, Read
from .refusal import Refused


def records(
    file: InputFile, read: Read | None = None, *, encoding: str = "utf-8", delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """The number of each line (from 1) and its cells as they stand; none in an empty line.

    Raises:
        Refused: not text, or a quotation mark that doesn't end on its line.
    """
    for start, lines in file.blocks(read, encoding=encoding):
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = start
        try:
            for cells in reader:
                if start + reader.line_num - 1 > number:
                    raise csv.Error("a quotation mark doesn't end on its line")
                yield number, cells
                number += 1
        except csv.Error as error:
            raise Refused(file.name, f"can't be read: {error}", line=number) from None
