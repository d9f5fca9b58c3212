"""The facts of a code's page as Case2Code tells it, each with its receipt."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """`text`: the statement, as a sentence. `about`: section, panel and label, to choose by."""

    about: str
    text: str
    receipt: Json
    section: str


def facts_of(page: Json) -> Iterator[Found]:
    """In the page's order. What has no receipt is left out: it could not be cited."""
    for section in page["sections"]:
        own = section.get("receipt")
        groups = [(section["title"], section.get("facts", ()), own)]
        for panel in section.get("panels", ()):
            given = panel.get("receipts") or ()
            groups.append((panel["title"], panel.get("facts", ()), given[0] if given else own))
        for title, facts, shared in groups:
            for fact in facts:
                receipt = fact.get("receipt") or shared
                if receipt and fact["value"]:
                    detail = f" {fact['detail']}" if fact.get("detail") else ""
                    text = f"{fact['label']}: {fact['value'].rstrip('.')}.{detail}"
                    yield Found(f"{title} {fact['label']}", text, receipt, section["key"])
        for block in section.get("notes", ()):
            for line in block["lines"]:
                if own:
                    text = f"{block['label']} at {block['at']['code']}: {line['text'].rstrip('.')}."
                    yield Found(f"notes {block['label']}", text, own | {"row": line["row"]}, section["key"])
