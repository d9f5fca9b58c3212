"""What the service writes by itself. Each is short, says what happens next, and can be read aloud."""

from collections.abc import Mapping

ANSWER_END = "This is an automated answer. Reply HUMAN to reach a coder."
PART_WITH_EXPERT = "We are not sure enough of this one. A coder will look at it and answer in this thread."


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


def handed_over(why: str, masked: Mapping[str, int] | None = None) -> str:
    """``why`` is for the asker: a sentence, or nothing."""
    parts = ["A coder will look at your question and answer in this thread.", why, masked_note(masked or {})]
    return "\n\n".join(part for part in parts if part)


def masked_note(counts: Mapping[str, int]) -> str:
    """Which kinds were taken out, never what; empty when nothing was."""
    if not counts:
        return ""
    kinds = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in sorted(counts.items()))
    return (
        f"We removed what may identify a patient before reading your mail: {kinds}. "
        "Please leave such details out next time; this is done as well as we can, not perfectly."
    )
