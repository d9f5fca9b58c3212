"""What the Medicare Code Editor does with a code, on its page. Inpatient claims only, and said so."""

from typing import Literal, cast

from ahead.lookup.codes.panels import Contribution, Fact, Panel, SectionKey, Subject
from ahead.lookup.ipps.contributing import marked

from .edits import SEX_OFF, text_of
from .schemas import AboutCode, Listed
from .service import Mce

TITLE = "Medicare Code Editor (inpatient claims only)"
_SEXES = {"F": "Female only", "M": "Male only"}
_AGES = {
    (0, 0): "Newborn: age 0",
    (0, 17): "Pediatric: ages 0 to 17",
    (9, 64): "Maternity: ages 9 to 64",
    (15, 124): "Adult: ages 15 to 124",
}
System = Literal["icd10cm", "icd10pcs"]


class MceSection:
    section: SectionKey = "compliance"
    systems = frozenset({"icd10cm", "icd10pcs"})

    def __init__(self, mce: Mce) -> None:
        self._mce = mce

    async def contribute(self, subject: Subject) -> Contribution:
        if not subject.billable:
            return Contribution()
        system = cast(System, subject.system)
        told = await self._mce.about(subject.code, system, subject.as_of)
        listed = await self._mce.listed(subject.code, system, subject.as_of)
        panels = [_program(told)]
        if listed.edition.release is None:
            file = f"Medicare Code Editor lists: {listed.edition.message}"
            return Contribution(tuple(panels), (file,))
        panels.append(_lists(listed))
        return Contribution(tuple(panels))


def _program(told: AboutCode | None) -> Panel:
    if told is None:
        return Panel(TITLE, note="Not checked: the code editor held has no data for this date of discharge.")
    if not told.known:
        return Panel(
            TITLE, note="The code editor knows no such valid code on this date.", receipts=(told.receipt,)
        )
    facts: list[Fact] = []
    if told.ages is not None:
        first, last = told.ages
        facts.append(Fact("Age", _AGES.get(told.ages, f"Ages {first} to {last}"), "Else an age conflict."))
    if told.sex:
        facts.append(
            Fact("Sex", _SEXES[told.sex], "Else a sex conflict; in force for discharges to 2024-09-30.")
        )
    elif told.sex_was:
        facts.append(Fact("Sex", f"{_SEXES[told.sex_was]}, for discharges to 2024-09-30.", SEX_OFF))
    facts += [Fact(text_of(name).title, text_of(name).why, text_of(name).fix, "bad") for name in told.edits]
    note = "" if facts else "No edit of age, sex, principal diagnosis or coverage is met by this code alone."
    return Panel(TITLE, note=note, facts=tuple(facts), receipts=(told.receipt,))


def _lists(listed: Listed) -> Panel:
    assert listed.edition.release is not None, "the lists are held"
    edition = listed.edition.release.edition
    facts = tuple(Fact(one.edit.replace("_", " "), one.text, receipt=one.receipt) for one in listed.found)
    note = f"Rows of this code in the lists of {edition}." if facts else f"In no list of {edition}."
    return Panel("Medicare Code Editor lists", note=note, facts=facts, edition=marked(listed.edition))
