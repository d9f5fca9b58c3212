"""The tools that the model may call, and nothing else: those of the built-in answerer, under bounds.

Each acts for the asker alone, on the date of service; its arguments are typed and short. What it tells goes into the
notes under a mark, as text for the model: the only thing that comes of it is what passes the gate.
"""

import inspect
import typing
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import structlog
from pydantic import Field
from pydantic_ai import RunContext, Tool

from ahead.assistant.answers.port import CodeNamed, Source, Turn
from ahead.assistant.gate.patterns import codes_in
from ahead.assistant.model.notes import Fact, Notes
from ahead.assistant.model.spending import Stopped
from ahead.assistant.tools import (
    books,
    claims,
    codes,
    coverage,
    crosswalks,
    fees,
    inpatient,
    procedures,
)
from ahead.assistant.tools.desk import Desk
from ahead.assistant.tools.results import Result

_log = structlog.get_logger()
_MOST_FACTS = 40
_MOST_ITEMS = 25
Text = Annotated[str, Field(max_length=120)]
# What may become part of an address at Case2Code: nothing that leads elsewhere.
Name = Annotated[str, Field(max_length=20, pattern=r"^(?:[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*[.-]?)?$")]
_NAMES = frozenset(
    {"system", "code", "codes", "key", "principal", "secondary", "procedures", "diagnosis", "diagnoses"}
)
NOTHING = {
    "none": "Nothing was found: the sources that are loaded don't hold it.",
    "no_edition": "No edition is held for the date of service.",
    "not_checked": "This could not be checked.",
    "not_understood": "It can't be looked up so.",
    "found": "",
}

# Each with its name for the model, and what the reader sees while it works.
_OFFERED: dict[str, tuple[Callable[..., Awaitable[Result]], str]] = {
    "find_codes": (codes.find, "Searching the codes"),
    "describe_codes": (codes.describe, "Reading codes"),
    "codes_below": (codes.below, "Reading the codes below a heading"),
    "code_history": (codes.history, "Reading a code's history"),
    "code_notes": (codes.notes, "Reading a code's notes"),
    "code_facts": (codes.facts, "Reading a section of a code's page"),
    "edition_changes": (codes.diff, "Comparing two editions"),
    "mue": (procedures.mue, "Reading the units allowed"),
    "ncci_pairs": (procedures.pairs, "Reading edits between codes"),
    "add_on": (procedures.add_on, "Reading add-on codes"),
    "modifier": (procedures.modifier, "Reading a modifier"),
    "modifiers_for": (procedures.modifiers_for, "Reading a code's modifiers"),
    "relative_values": (fees.relative_values, "Reading relative values"),
    "fee": (fees.fee, "Reading a fee"),
    "laboratory_fee": (fees.laboratory, "Reading a laboratory's fee"),
    "other_prices": (fees.fees_of_page, "Reading prices"),
    "coverage_documents": (coverage.documents, "Searching coverage documents"),
    "coverage_of_code": (coverage.of_code, "Reading a code's coverage"),
    "coverage_supports": (coverage.supports, "Reading a code's coverage"),
    "equivalents": (crosswalks.equivalents, "Reading a crosswalk"),
    "hcc": (crosswalks.risk, "Reading risk categories"),
    "severity": (inpatient.severity, "Reading CC and MCC"),
    "present_on_admission": (inpatient.present_on_admission, "Reading POA exemptions"),
    "ms_drg": (inpatient.drg, "Reading an MS-DRG"),
    "group_stay": (inpatient.group, "Grouping a stay"),
    "guideline": (books.guideline, "Reading a guideline"),
    "guidelines_about": (books.guidelines_about, "Searching the guidelines"),
    "guidelines_for": (books.guidelines_for, "Reading a code's guidelines"),
    "index_walk": (books.index, "Walking the index"),
    "neoplasm_table": (books.neoplasm, "Reading the table of neoplasms"),
    "drug_table": (books.drug, "Reading the table of drugs"),
    "seventh_character": (books.seventh, "Reading the 7th character"),
    "procedure_table": (books.procedure_table, "Reading a procedure table"),
    "excludes1": (claims.excludes, "Checking Excludes1 notes"),
    "place_of_service": (procedures.place, "Reading a place of service"),
}
LABELS = {name: label for name, (_, label) in _OFFERED.items()}


@dataclass
class Hand:
    """What one question has to hand: the turn, the facts noted so far, and how many tools may still be used."""

    turn: Turn
    notes: Notes
    left: int

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped("tools")

    def tell(self, result: Result) -> str:
        """The result as text, each fact under its mark."""
        named = tuple(CodeNamed(one.system, one.code, one.title) for one in result.named)
        lines = [
            self.notes.add(
                Fact(one.text, tuple(Source(receipt, one.text, one.url) for receipt in one.receipts), named)
            )
            for one in result.statements[:_MOST_FACTS]
        ]
        without = [] if lines else [NOTHING[result.state], "Say so with [none]."]
        return "\n".join([*lines, *([result.why] if result.why else []), *without])


def offered() -> list[Tool[Hand]]:
    return [_tool(name, function) for name, (function, _) in _OFFERED.items()]


def _tool(name: str, function: Callable[..., Awaitable[Result]]) -> Tool[Hand]:
    hints = typing.get_type_hints(function)
    asked = [one for one in inspect.signature(function).parameters.values() if one.name != "desk"]

    async def call(context: RunContext[Hand], **arguments: Any) -> str:
        hand = context.deps
        hand.take()
        turn, record = hand.turn, hand.turn.record
        known = set(record.codes)
        try:
            result = await function(Desk(turn.lookup, turn.principal, record, turn.as_of), **arguments)
        except (ValueError, LookupError, TypeError) as error:
            _log.warning("a tool of the model failed", tool=name, error=type(error).__name__)
            result = Result(name, "not_understood")
        # Case2Code repeats what it is asked, and says that it isn't there: what the model asked for bears out nothing.
        told = {one.code.upper() for one in result.named}
        told |= {code for one in result.statements for code in codes_in(one.text)}
        record.codes -= codes_in(str(arguments)) - known - told
        return hand.tell(result)

    bounded = {one.name: _bounded(one.name, hints[one.name]) for one in asked}
    call.__name__ = name
    call.__doc__ = f"{(function.__doc__ or '').strip()} For the date of service."
    call.__annotations__ = {"context": RunContext[Hand], **bounded, "return": str}
    own = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=RunContext[Hand])
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=bounded[one.name]) for one in asked]
    setattr(call, "__signature__", inspect.Signature([own, *named], return_annotation=str))  # noqa: B010
    return Tool(call, takes_ctx=True, name=name)


def _bounded(name: str, hint: Any) -> Any:
    """The same type, with an end."""
    text = Name if name in _NAMES else Text
    if hint is str:
        return text
    if typing.get_origin(hint) in (tuple, list, Sequence) and str in typing.get_args(hint):
        return Annotated[list[text], Field(max_length=_MOST_ITEMS)]
    return hint
