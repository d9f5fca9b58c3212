"""Whether a line's diagnoses support its code: from lists of documents to a verdict.

A document's "no" is the claim's only where its contractor is the claim's; lists that words tie together are not
judged; and a code that no document held lists is neither covered nor not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release

from . import repository as rows
from .models import COVERED
from .repository import ListRow
from .schemas import Contractor, CoverageDocument, Verdict

Said = Literal["pass", "fail", "not_checked"]
_RECORD = "Point to a diagnosis that the document lists, if the record supports it; else tell the patient before (ABN)."
_STATE = "Say the state in which the claim is filed, or its contractor."


@dataclass(frozen=True)
class Filed:
    """Where a claim is filed, as far as it says so.

    Args:
        state: "TX".
        contractor: a name as documents print it, or a part of it: "Palmetto".
        kind: of the contractor that pays such claims: "Part A", "Part B", "DME MAC"; "" for any.
    """

    state: str = ""
    contractor: str = ""
    kind: str = ""

    @property
    def said(self) -> str:
        """ "Palmetto in SC"; "" where the claim says neither."""
        return " in ".join(one for one in (self.contractor, self.state) if one)

    def pays(self, one: Contractor) -> bool | None:
        """Whether it is the claim's contractor; None where the document or the claim doesn't tell."""
        if self.kind and one.kinds and self.kind.casefold() not in one.kinds.casefold():
            return False
        if self.contractor and self.contractor.casefold() not in one.name.casefold():
            return False
        if self.state and one.states:
            return self.state in one.states
        return True if self.contractor else None

    def of(self, document: CoverageDocument) -> bool | None:
        """Whether a document is of the claim's contractor; None where that is not known."""
        answers = {self.pays(one) for one in document.contractors}
        return True if True in answers else None if None in answers or not answers else False


@dataclass(frozen=True)
class DocumentFacts:
    """A document that lists the code, and where the diagnoses stand in it."""

    document: CoverageDocument
    found: tuple[ListRow, ...]
    tied: bool
    """It has several lists of codes, and words say which goes with which."""
    words: str
    """Those above the list in which the first diagnosis was found."""
    receipts: tuple[Receipt, ...]


def facts(
    connection: Connection,
    release: Release,
    documents: Sequence[CoverageDocument],
    diagnoses: Sequence[str],
) -> list[DocumentFacts]:
    answers: list[DocumentFacts] = []
    keys = [(one.document, one.version) for one in documents]
    found = rows.lists_with(connection, release.id, keys, diagnoses) if keys and diagnoses else []
    for one in documents:
        key = (one.document, one.version)
        own = tuple(row for row in found if (row.document, row.version) == key)
        procedures, covered = rows.lists_of(connection, release.id, key)
        tied = procedures > 1 or covered > 1 or any(row.asterisk for row in own)
        words = ""
        if own:
            kind = "covered" if own[0].listed == COVERED else "not_covered"
            words = rows.paragraph(connection, release.id, key, kind, own[0].list_number)
        receipts = tuple(receipt_of(release, row.source_row, row.source_file) for row in own) or (
            one.receipt,
        )
        answers.append(DocumentFacts(one, own, tied, words, receipts))
    return answers


def by_articles(code: str, diagnoses: Sequence[str], found: Sequence[DocumentFacts], filed: Filed) -> Verdict:
    """The verdict of articles in force that list the code; of those of the claim's contractor, where it is said."""
    answers = [(one, filed.of(one.document)) for one in found]
    there = [one for one, its in answers if its or (its is None and not filed.said)]
    if not there:
        names = _names([one.document for one in found])
        whose = filed.said or f"a {filed.kind} contractor"
        return Verdict(
            "not_checked",
            f"{code} is listed by {names}, none of which is said to be of {whose}: "
            "whether another document of the contractor there lists it is not held.",
            "", tuple(one.document.receipt for one in found),
        )  # fmt: skip
    judged = [(one, *_judged(one)) for one in there]
    receipts = tuple(dict.fromkeys(receipt for one, _, _ in judged for receipt in one.receipts))
    said: set[Said] = {status for _, status, _ in judged}
    why = " ".join(text for _, _, text in judged)
    if said == {"pass"}:
        return Verdict("pass", why, "", receipts)
    if said == {"fail"} and filed.said:
        return Verdict("fail", why, _RECORD, receipts)
    if said == {"fail"}:
        return Verdict("not_checked", f"{why} Whether the claim's contractor has such an article is not known.", _STATE,
                       receipts)  # fmt: skip
    if len(said) > 1 and not filed.said:
        return Verdict("not_checked", f"It depends on the contractor. {why}", _STATE, receipts)
    return Verdict("not_checked", why, "", receipts)


def _judged(one: DocumentFacts) -> tuple[Said, str]:
    """What one document says of the diagnoses."""
    name = f"{one.document.document} (version {one.document.version})"
    listed = sorted({row.diagnosis for row in one.found if row.listed == COVERED})
    against = sorted({row.diagnosis for row in one.found if row.listed != COVERED})
    if listed and against:
        return (
            "not_checked",
            f"{name} lists {_codes(listed)} as covered and {_codes(against)} as not covered.",
        )
    if listed and one.tied:
        words = f" Above the list stands: “{one.words[:300]}”" if one.words else ""
        return "not_checked", (
            f"{name} lists {_codes(listed)} as covered, in one of several lists whose words say what goes with what: "
            f"read it.{words}"
        )
    if listed:
        return "pass", f"{name} lists {_codes(listed)} as covered."
    if against:
        return "fail", f"{name} lists {_codes(against)} as not covered."
    if one.document.covered:
        return (
            "fail",
            f"{name} lists {one.document.covered:,} diagnoses as covered, and none of the line's is among them.",
        )
    return "not_checked", f"{name} lists the code and no diagnoses as covered: its words decide."


def by_merged(
    code: str,
    diagnoses: Sequence[str],
    lcds: tuple[str, ...],
    covered: int,
    listing: Mapping[str, int],
    receipt: Receipt,
    named: Sequence[CoverageDocument],
    filed: Filed,
) -> Verdict:
    """The verdict of the merged list: it knows which only where it names a single LCD."""
    its = {filed.of(one) for one in named} or {None}
    lists = [d for d in diagnoses if listing.get(d) == COVERED]
    against = [d for d in diagnoses if d in listing and listing[d] != COVERED]
    some = f"some of {', '.join(lcds)}" if len(lcds) > 1 else "".join(lcds)
    verb = "lists" if len(lcds) == 1 else "list"
    who = _names(named) if named else some
    if lists and against:
        why = f"{_codes(lists)} is listed as covered and {_codes(against)} as not covered, by {some}."
        return Verdict("not_checked", why, "", (receipt,))
    if filed.said and its == {False}:
        why = (
            f"The list of diagnoses held for {code} is of {who}, and not of the contractor of {filed.said}: whether a "
            "document there lists it is not held."
        )
        return Verdict("not_checked", why, "", (receipt,))
    if lists and len(lcds) == 1:
        return Verdict(
            "pass",
            f"The billing articles of {who} list {_codes(lists)} as covered for {code}.",
            "",
            (receipt,),
        )
    if lists:
        why = (
            f"The billing articles of {some} {verb} {_codes(lists)} as covered for {code}; the list that is held "
            "doesn't say of which. Read the article of the claim's contractor."
        )
        return Verdict("not_checked", why, "", (receipt,))
    if against:
        why = f"The billing articles of {some} {verb} {_codes(against)} as not covered for {code}."
    elif covered:
        why = (
            f"None of the line's diagnoses is among the {covered:,} that the billing articles of {', '.join(lcds)} "
            f"list as covered for {code}."
        )
    else:
        why = f"{code} is named for {', '.join(lcds)}, without a list of diagnoses."
        return Verdict("not_checked", why, "", (receipt,))
    if len(lcds) == 1 and filed.said and True in its:
        return Verdict("fail", f"{why} It is {who}.", _RECORD, (receipt,))
    return Verdict("not_checked", f"{why} Whether it is of the claim's contractor is not known.",
                   "" if filed.contractor else _STATE, (receipt,))  # fmt: skip


def nothing(code: str, articles: Edition, merged: Edition) -> Verdict:
    """No document that is held for the date lists the code."""
    if articles.status == "held" and articles.release is not None:
        return Verdict(
            "pass",
            f"None of the articles of {articles.release.edition} that are in force lists {code}: no list of diagnoses "
            "limits it. That doesn't say that it is covered.",
            "", (),
        )  # fmt: skip
    if merged.status == "held":
        return Verdict(
            "not_checked",
            f"{code} is not in the merged list of diagnoses, which is of some LCDs only: whether another document "
            "lists it is not held. That doesn't say that it is covered.",
            "", (),
        )  # fmt: skip
    messages = dict.fromkeys(f"{edition.message.rstrip('.')}." for edition in (articles, merged))
    return Verdict("not_checked", f"Not checked. {' '.join(messages)}", "", ())


def _names(documents: Sequence[CoverageDocument]) -> str:
    return "; ".join(
        f"{one.document} ({', '.join(c.name for c in one.contractors) or 'contractor not held'})"
        for one in documents
    )


def _codes(keys: Sequence[str]) -> str:
    return ", ".join(f"{key[:3]}.{key[3:]}" if len(key) > 3 else key for key in keys)
