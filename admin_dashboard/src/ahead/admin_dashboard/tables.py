"""Tables with their download."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

# A spreadsheet would run a cell that begins so; searches are words of strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """CSV in UTF-8 with a mark that spreadsheets recognise it by."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def table(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    expanded: bool = True,
    note: str = "",
) -> None:
    """A table and its CSV download.

    Args:
        name: the file's name, without ``.csv``.
        columns: heading by key, in order.
        expanded: False folds the table away below its chart.
    """

    def draw() -> None:
        frame = pd.DataFrame([{heading: row.get(key) for key, heading in columns.items()} for row in rows])
        st.dataframe(frame, hide_index=True, width="stretch")
        if note:
            st.caption(note)
        st.download_button(
            "Download as CSV",
            as_csv(
                [{heading: row.get(key, "") for key, heading in columns.items()} for row in rows],
                list(columns.values()),
            ),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv-{name}",
            on_click="ignore",
        )

    if expanded:
        draw()
    else:
        with st.expander("As a table, to download"):
            draw()
