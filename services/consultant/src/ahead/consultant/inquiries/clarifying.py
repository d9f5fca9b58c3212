"""Questions back, where the date, the side or the setting decides and nobody said it.

Judged by the answer, not by the subject: an edition that has just begun, a code whose title leaves the side open,
sources that hold for one setting only.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Sequence
from datetime import date, timedelta

from ahead.consultant.inquiries.questions import date_of_service
from ahead.consultant.replies import Source

# An edition younger than this: many claims still to be coded are older than it.
FRESH = timedelta(days=92)
_SIDE = re.compile(
    r"\b(?:left|right|bilateral(?:ly)?|both (?:sides|knees|eyes|ears|hips|legs|arms)|[lr]t|50|e[1-4]|[ft][1-9a])\b",
    re.I,
)
_OPEN_SIDE = re.compile(r"\bunspecified (?:side|knee|hip|ankle|foot|toe|shoulder|elbow|wrist|hand|finger|thumb|arm|leg|limb|eye|ear|breast|upper|lower|lung|kidney|ovary|femur|tibia|fibula|humerus|radius|ulna|forearm|thigh|site, unspecified side)\b", re.I)  # fmt: skip
_SETTING = re.compile(
    r"\b(?:office|clinic|hospital|inpatient|outpatient|facility|professional|asc|ambulatory|emergency|ed\b|pos\b|home|nursing"
    r"|snf|telehealth|physician|practitioner|dme)",
    re.I,
)
_FOR_SETTING = re.compile(
    r"\b(?:practitioner|outpatient hospital|hospital outpatient|facility|opps|asc|ipps)\b", re.I
)


def asks_back(
    question: str, dated: bool, codes: Sequence[tuple[str, str, str]], sources: Sequence[Source], today: date
) -> tuple[str, ...]:
    """What to ask; empty where nothing that was left open decides."""
    asks: list[str] = []
    if not dated and (began := _edition_just_begun(sources, today)):
        asks.append(
            f"Was the service before {began}? Then tell us its date: another edition held until the day before."
        )
    if not _SIDE.search(question) and (
        open_side := [code for _, code, title in codes if _OPEN_SIDE.search(title)]
    ):
        asks.append(f"Which side: left, right or both? {', '.join(open_side[:4])} leaves it open.")
    held = {
        found.lower()
        for source in sources
        for found in _FOR_SETTING.findall(f"{source.source} {source.quote}")
    }
    if held and not _SETTING.search(question):
        asks.append("Where was it done, and who bills: the practitioner, or the facility? The rules differ.")
    return tuple(asks)


def answers(text: str, today: date) -> bool:
    """Whether this says what we may have asked back: a date, a side, a setting."""
    return bool(date_of_service(text, today) or _SIDE.search(text) or _SETTING.search(text))


def _edition_just_begun(sources: Sequence[Source], today: date) -> str:
    """The day on which the youngest edition cited began, if that is lately."""
    days = [day for source in sources if (day := _iso(source.window_from)) and today - FRESH < day <= today]
    return max(days).isoformat() if days else ""


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
