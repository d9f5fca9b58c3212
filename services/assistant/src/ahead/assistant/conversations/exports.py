"""A conversation as a file: Markdown for people, JSON for programs."""

from collections.abc import Sequence
from typing import Any

from ahead.assistant.answers.repository import decoded
from ahead.assistant.answers.schemas import Answer, Citation

DISCLAIMER = (
    "CasePilot supports the decisions of coders; it doesn't make them. Check the sources before you bill."
)


def markdown(conversation: Any, turns: Sequence[Any]) -> str:
    lines = [f"# {conversation.title}", ""]
    for row in turns:
        lines += [f"## {' '.join(row.question.split())}", "", f"Date of service: {row.as_of.isoformat()}", ""]
        if row.answer:
            lines += as_lines(decoded(row))
    return "\n".join([*lines, "---", "", DISCLAIMER, ""])


def as_lines(answer: Answer) -> list[str]:
    """Sentences with the numbers of their sources, and the sources below."""
    said: list[str] = []
    for sentence in answer.sentences:
        said += [sentence.text + "".join(f" [{n}]" for n in sentence.citations), ""]
    sources = [f"[{one.n}] {source_line(one)}" for one in answer.citations]
    return [*said, *[line + "  " for line in sources], *([""] if sources else [])]


def source_line(one: Citation) -> str:
    until = f" to {one.window_to}" if one.window_to else ""
    return (
        f"{one.source}, {one.release}, row {one.row}, in effect from {one.window_from}{until}, "
        f"SHA-256 {one.sha256}"
    )
