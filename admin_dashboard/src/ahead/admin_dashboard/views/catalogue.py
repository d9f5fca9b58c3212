"""What the catalogue holds, how old it is, and loading more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from ahead.admin_dashboard.api import Api, ApiError
from ahead.admin_dashboard.session import Operator
from ahead.admin_dashboard.tables import table

_STATES = {
    "queued": "waits for its turn",
    "running": "is being loaded",
    "loaded": "loaded",
    "held": "was held already: nothing changed",
    "refused": "refused",
    "failed": "broke off",
}
_OPEN = ("queued", "running")


def show(api: Api, operator: Operator) -> None:
    st.title("Catalogue")
    st.caption(
        "The official files that Case2Code answers from, the dates that each answers for, and loading more."
    )
    st.button("Refresh", icon=":material/refresh:")
    if done := st.session_state.pop("load_asked", ""):
        st.success(done, icon=":material/check:")
    try:
        held = api.releases(operator.token)
        loads = api.loads(operator.token)
        files = api.import_files(operator.token)
    except ApiError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    _loads(loads)
    _ask(api, operator, files)
    _releases(held)


def _loads(loads: list[dict[str, Any]]) -> None:
    st.subheader("Loads")
    if not loads:
        st.info("None was asked for here yet.", icon=":material/inbox:")
        return
    for load in loads:
        if load["status"] in _OPEN:
            st.progress(
                load["percent"] / 100,
                text=f"{load['file_name']}: {load['stage'] or 'Waiting'}".replace("$", "\\$"),
            )
    table(
        "catalogue-loads",
        [
            {
                "file": load["file_name"],
                "state": _STATES.get(load["status"], load["status"]),
                "result": _result(load),
                "asked": _minute(load["created_at"]),
                "finished": _minute(load["finished_at"]),
            }
            for load in loads
        ],
        {
            "file": "File",
            "state": "State",
            "result": "Result",
            "asked": "Asked (UTC)",
            "finished": "Finished (UTC)",
        },
    )


def _result(load: Mapping[str, Any]) -> str:
    made = [
        f"{one['name']} {one['edition']}: {one['rows']}{'' if one['new'] else ', held already'}"
        for one in load["result"]
    ]
    return "; ".join([*made, load["message"]] if load["message"] else made)


def _ask(api: Api, operator: Operator, files: list[dict[str, Any]]) -> None:
    st.subheader("Load a file")
    st.caption(
        "An official file exactly as published, zipped or not: what it is is recognised by its content. What isn't "
        "understood is refused with its line, and what was held before stays."
    )
    uploaded = st.file_uploader("Upload a file", key="upload")
    names = [file["path"] for file in files]
    chosen = st.selectbox("Or choose one of the import folder", names, index=None, key="import_file")
    with st.form("load"):
        with st.expander("Say instead of the file"):
            system = st.text_input(
                "Source", key="load_system", help="Such as ptp-hospital; empty is as recognised."
            )
            edition = st.text_input("Name of the edition", key="load_release")
            start: date | None = st.date_input("First day in force", value=None, key="load_from")  # pyright: ignore[reportAssignmentType]
            end: date | None = st.date_input("Last day in force", value=None, key="load_to")  # pyright: ignore[reportAssignmentType]
        sent = st.form_submit_button("Load", type="primary")
    if not sent:
        return
    if uploaded is None and chosen is None:
        st.info("Upload a file or choose one first.", icon=":material/upload_file:")
        return
    try:
        path = chosen or ""
        if uploaded is not None:
            path = api.upload(uploaded.name, uploaded.getvalue(), operator.token)["path"]
        asked: dict[str, Any] = {"path": path, "system": system.strip(), "release": edition.strip()}
        asked |= {"window_from": start.isoformat()} if start else {}
        asked |= {"window_to": end.isoformat()} if end else {}
        load = api.ask_load(asked, operator.token)
    except ApiError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.session_state["load_asked"] = f"{load['file_name']} will be loaded. Refresh to see how far it is."
    st.rerun()


def _releases(held: Mapping[str, Any]) -> None:
    st.subheader("Releases held")
    rows: list[dict[str, Any]] = held["rows"]
    if not rows:
        st.info("No release is loaded.", icon=":material/inbox:")
        return
    ended = sorted(
        {row["name"] for row in rows} - {row["name"] for row in rows if not row["age"].startswith("ended")}
    )
    if ended:
        st.warning(
            f"Nothing is in force today of: {', '.join(ended)}. Verdicts and prices say “not checked” for today.",
            icon=":material/event_busy:",
        )
    table(
        "catalogue-releases",
        [
            {
                **row,
                "from": row["window_from"],
                "to": row["window_to"] or "further notice",
                "files": ", ".join(row["files"]),
                "loaded": _minute(row["loaded_at"]),
            }
            for row in rows
        ],
        {
            "name": "Source",
            "edition": "Edition",
            "rows": "Rows",
            "from": "In force from",
            "to": "to",
            "age": "Age",
            "window_origin": "Window from the",
            "files": "Files",
            "loaded": "Loaded (UTC)",
            "remark": "Remark",
        },
        note=f"As of {held['as_of']}.",
    )


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""
