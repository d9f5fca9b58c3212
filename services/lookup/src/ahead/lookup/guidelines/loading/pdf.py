"""The lines of a PDF, with where they stand and how they are set.

What pypdf gives are runs of text, each with a place, a font and a size: runs at one height are a line.
"""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from ahead.lookup.catalog.loading.refusal import Refused

MAX_PAGES = 1_000
"""The guidelines of FY2026 have 121."""
MAX_TEXT = 5_000_000
_SAME_LINE = 4.0
"""Points: superscripts and runs of another font stand this little off."""

# It warns on standard error about what it repairs; what matters is whether the sections come out whole.
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Run:
    x: float
    size: float
    bold: bool
    text: str


@dataclass(slots=True)
class Line:
    """`page` is 1-based; `x` and `y` are points from the lower left corner."""

    page: int
    x: float
    y: float
    runs: list[Run]

    @property
    def text(self) -> str:
        return " ".join("".join(run.text for run in self.runs).split())

    @property
    def size(self) -> float:
        return next((run.size for run in self.runs if run.text.strip()), 0.0)


def lines(data: bytes, name: str, first: int = 1, last: int = MAX_PAGES) -> Iterator[Line]:
    """The lines of pages `first` to `last`, in the order of the file.

    Raises:
        Refused: it is no PDF that can be read, is encrypted, or is larger than such a book can be.
    """
    total = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused(name, "is encrypted")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise Refused(name, f"has {count:,} pages; more than {MAX_PAGES:,} are not read")
        for number in range(first, min(last, count) + 1):
            for line in _lines_of(reader, number):
                total += len(line.text)
                if total > MAX_TEXT:
                    raise Refused(name, f"has more than {MAX_TEXT:,} characters of text")
                yield line
    except Refused:
        raise
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Refused(name, f"is no PDF that can be read: {type(error).__name__}: {error}"[:200]) from None
    except (RecursionError, AssertionError, NotImplementedError, ZeroDivisionError, OverflowError) as error:
        raise Refused(name, f"is no PDF that can be read: {type(error).__name__}") from None


def _lines_of(reader: pypdf.PdfReader, number: int) -> list[Line]:
    found: list[Line] = []

    def visit(text: str, now: list[float], matrix: list[float], font: Any, size: float) -> None:
        if not text.strip():
            if found and text:
                found[-1].runs.append(Run(0.0, found[-1].runs[-1].size, False, text))
            return
        x, y = matrix[4] * now[0] + now[4], matrix[5] * now[3] + now[5]
        bold = "Bold" in str((font or {}).get("/BaseFont", ""))
        run = Run(x, abs(size * matrix[0]), bold, text)
        if found and abs(found[-1].y - y) < _SAME_LINE:
            found[-1].runs.append(run)
        else:
            found.append(Line(number, x, y, [run]))

    reader.pages[number - 1].extract_text(visitor_text=visit)
    return found
