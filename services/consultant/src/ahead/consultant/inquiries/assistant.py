"""One question to the assistant's public API, and what of its answer may be mailed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import httpx
import msgspec

from ahead.consultant.replies import Sentence, Source
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.errors import Problem
from ahead.shared.logging import get_logger

log = get_logger(__name__)
PATH = "/api/assistant/v1/answers"
MOST_CHARACTERS = 4_000  # the assistant reads no more


@dataclass(frozen=True)
class Given:
    """What the assistant gave.

    Attributes:
        unsure: why a coder has to see it before it is mailed; empty when it may be mailed.
        unsaid: remarks about what the sources don't say.
        asks: its questions back.
    """

    unsure: str = ""
    away: bool = False
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    codes: tuple[tuple[str, str, str], ...] = ()
    unsaid: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    conversation: str = ""

    def numbered_after(self, count: int) -> "Given":
        """The same with its sources numbered on: several answers share one list."""
        number = {source.n: count + place for place, source in enumerate(self.sources, 1)}
        return replace(
            self,
            sentences=tuple(
                Sentence(one.text, tuple(number[n] for n in one.notes if n in number))
                for one in self.sentences
            ),
            sources=tuple(msgspec.structs.replace(one, n=number[one.n]) for one in self.sources),
        )


async def ask(
    client: ServiceClient, account: str, question: str, as_of: date | None, conversation: str, *, site: str
) -> Given:
    if len(question) > MOST_CHARACTERS:
        return Given(unsure="longer than the assistant reads")
    body = {
        "question": question,
        "as_of": as_of.isoformat() if as_of else None,
        "conversation": conversation or None,
    }
    try:
        response = await client.post("assistant", PATH, json=body, on_behalf_of=account)
        if response.status_code == 404 and conversation:  # it keeps conversations for a while only
            body["conversation"] = None
            response = await client.post("assistant", PATH, json=body, on_behalf_of=account)
    except Problem:
        return Given(unsure="the assistant is away", away=True)
    if response.status_code in (429, 502, 503, 504):
        return Given(unsure=f"the assistant answered {response.status_code}", away=True)
    if response.status_code not in (200, 201):
        log.warning("assistant refused", status=response.status_code)
        return Given(unsure=f"the assistant answered {response.status_code}")
    try:
        result: Any = response.json()
    except (ValueError, httpx.HTTPError):
        return Given(unsure="the assistant's answer can't be read")
    return (
        read(result, site)
        if isinstance(result, dict)
        else Given(unsure="the assistant's answer can't be read")
    )


def read(result: dict[str, Any], site: str) -> Given:
    """Only sentences with a source are told; questions back are asked; the rest is what can't be said."""
    status, withheld = result.get("status"), int(result.get("withheld") or 0)
    sources, known = _same_row_once([_source(one, site) for one in result.get("citations") or ()])
    told: list[Sentence] = []
    unsaid: list[str] = []
    asks: list[str] = []
    for one in result.get("sentences") or ():
        text = str(one.get("text") or "").strip()
        notes = tuple(dict.fromkeys(known[n] for n in one.get("citations") or () if n in known))
        if notes:
            told.append(Sentence(text, notes))
        elif text.endswith("?"):
            asks.append(text)
        elif text:
            unsaid.append(text)
    given = Given(
        sentences=tuple(told),
        sources=sources,
        codes=tuple(
            (str(one["system"]), str(one["code"]), str(one.get("title") or ""))
            for one in result.get("codes") or ()
        ),
        unsaid=tuple(unsaid),
        asks=tuple(asks),
        conversation=str(result.get("conversation") or ""),
    )
    if status == "unavailable":
        return replace(given, unsure="the assistant is away", away=True)
    return replace(given, unsure=_unsure(status, withheld, told, len(unsaid), asks))


def _same_row_once(sources: list[Source]) -> tuple[tuple[Source, ...], dict[int, int]]:
    """(the sources, each row of a file once; the number to cite for each number given)."""
    first: dict[tuple[str, str, int, str], Source] = {}
    number: dict[int, int] = {}
    for one in sources:
        kept = first.setdefault((one.source, one.release, one.row, one.window_from), one)
        number[one.n] = kept.n
    return tuple(first.values()), number


def _unsure(status: Any, withheld: int, told: list[Sentence], unsaid: int, asks: list[str]) -> str:
    if status not in ("answered", "partly", "not_in_sources"):
        return f"the assistant is not sure ({status})"
    if withheld:
        return f"{withheld} sentence{'s' if withheld > 1 else ''} withheld by the gate"
    if told:
        # Much of what was asked is missing: a coder may know it.
        return "little of what was asked is in the sources" if len(told) <= 2 * unsaid else ""
    # Nothing but a question back is a fair reply, nothing at all isn't.
    return "" if asks else "no answer in the sources"


def _source(one: dict[str, Any], site: str) -> Source:
    url = str(one.get("url") or "")
    if url.startswith("/"):
        url = site + url
    return Source(
        n=int(one["n"]),
        source=str(one.get("source") or ""),
        release=str(one.get("release") or ""),
        row=int(one.get("row") or 0),
        window_from=str(one.get("from") or ""),
        window_to=str(one.get("to") or ""),
        url=url if url.startswith(("http://", "https://")) else "",
        quote=str(one.get("quote") or "")[:500],
    )
