"""What the service writes by itself. Each is short, says what happens next, and can be read aloud."""

from collections.abc import Mapping
from typing import Any

ANSWER_END = "This is an automated answer. Reply HUMAN to reach a coder."


def invitation(site: str) -> str:
    return (
        "Thank you for your question. CaseConsultant answers registered coders.\n\n"
        f"Register for free at {site}/account/register and link this address at {site}/consultant. "
        "Then send your question again."
    )


def used_up(limit: int, site: str) -> str:
    return (
        f"Your plan has {limit} inquiries a month, and they are used up. Nothing was lost: the question is kept.\n\n"
        f"See {site}/account for more, or write again next month."
    )


def handed_over(why: str) -> str:
    return f"A coder will look at your question and answer in this thread.\n\n{why}".strip()


def masked_note(counts: Mapping[str, int]) -> str:
    """Which kinds were taken out, never what; empty when nothing was."""
    if not counts:
        return ""
    kinds = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in sorted(counts.items()))
    return (
        f"We removed what may identify a patient before reading your mail: {kinds}. "
        "Please leave such details out next time; this is done as well as we can, not perfectly."
    )


def answer(result: Mapping[str, Any], masked: Mapping[str, int]) -> str:
    """An answer of the assistant as plain text, with its sources as footnotes."""
    sentences = [
        str(one["text"]).strip() + "".join(f" [{n}]" for n in one.get("citations", ()))
        for one in result.get("sentences", ())
    ]
    parts = ["\n".join(sentences)]
    codes = [f"{one['code']} {one['title']}" for one in result.get("codes", ())]
    if codes:
        parts.append("Codes:\n" + "\n".join(codes))
    notes = [_source(one) for one in result.get("citations", ())]
    if notes:
        parts.append("Sources:\n" + "\n".join(notes))
    if note := masked_note(masked):
        parts.append(note)
    return "\n\n".join([*parts, ANSWER_END])


def _source(one: Mapping[str, Any]) -> str:
    window = f", effective {one['from']}" if one.get("from") else ""
    window += f" to {one['to']}" if one.get("to") else ""
    return f"[{one['n']}] {one['source']} {one.get('release', '')}{window} {one.get('url', '')}".rstrip()
