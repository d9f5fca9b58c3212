"""The official instructions at a code in plain words: what is coded elsewhere, first, or in addition."""

import re
from collections.abc import Callable, Iterable

from ahead.lookup.catalog.schemas import CodeFacts, Note

_LONGEST = 110
_EXAMPLES = re.compile(r",? ?(?:such as|e\.g\.)[: ]*$", re.IGNORECASE)


def inclusion(facts: CodeFacts, title: str) -> str:
    """What records may call it, from the inclusion terms; or ""."""
    places = [*facts.own_notes]
    for group in facts.inherited:
        places += [n for n in group.notes if n.kind == "inclusion_term"]
    terms = [n.text for n in places if n.kind == "inclusion_term" and len(n.text) <= _LONGEST]
    named = [t for t in terms if not t.endswith(" NOS") and t.lower() != title.lower()]
    plain = [t.removesuffix(" NOS") for t in terms if t.endswith(" NOS")]
    if named:
        return f"Records may also call it {_either(named[:2])}."
    if plain:
        return f"A plain “{plain[0]}” without further detail (NOS, not otherwise specified) is coded here as well."
    return ""


def elsewhere(facts: CodeFacts, agrees: Callable[[str], bool]) -> str:
    """The one instruction that matters most here, nearest first; or "".

    Args:
        agrees: refuses wording that names a side, trimester or the like that this code doesn't have.
    """
    nearest: list[Note] = [*facts.own_notes]
    for group in reversed(facts.inherited):
        if group.at.kind in ("chapter", "section"):
            break
        nearest += group.notes
    for kind, say in (
        ("code_first", _code_first),
        ("excludes1", _excludes1),
        ("use_additional", _use_additional),
        ("code_also", _code_also),
        ("excludes2", _excludes2),
    ):
        texts = [n.text for n in nearest if n.kind == kind and len(n.text) <= _LONGEST and agrees(n.text)]
        if kind.startswith("excludes"):
            texts = [n.text for n in nearest if n.text in texts and n.references]
        if texts and (text := say(texts)):
            return text
    return ""


def _either(texts: Iterable[str]) -> str:
    return " or ".join(f"“{text}”" for text in texts)


def _list(texts: list[str]) -> str:
    return "; ".join(texts)


def _code_first(texts: list[str]) -> str:
    """The first line often is a heading ("underlying disease, such as:"), the lines below it examples."""
    head, examples = texts[0], [t for t in texts[1:] if not t.endswith(":")]
    if head.startswith("("):
        return f"A code {head} goes before it."
    if head.endswith(":") or not re.search(r"\([A-Z]\d", head):
        for_example = f", for example {_or(examples[:2])}" if examples else ""
        if "underlying" in head:
            return f"The code of the {_what(head)} goes before it{for_example}."
        return f"Another code goes before it where it applies{for_example or f': {_trimmed(head)}'}."
    return f"Another code goes before it where it applies: {_trimmed(head)}."


def _what(head: str) -> str:
    found = re.search(
        r"underlying (?:physiological )?(?:disease|condition|cause|disorder|neoplasm|infection)", head
    )
    return found[0] if found else "underlying condition"


def _trimmed(text: str) -> str:
    text = re.sub(r"^,? ?(?:if applicable,?|code,?) ?", "", text, flags=re.IGNORECASE)
    return _EXAMPLES.sub("", text).rstrip(":, ").strip()


def _or(texts: list[str]) -> str:
    return " or ".join(texts)


def _excludes1(texts: list[str]) -> str:
    return f"Not together with this code, because it means something else: {_list(texts[:2])}."


def _excludes2(texts: list[str]) -> str:
    return f"Not part of it, and coded in addition when the patient has it too: {_list(texts[:2])}."


def _use_additional(texts: list[str]) -> str:
    text = texts[0]
    if not re.search(r"\bcode", text):
        return ""
    text = _EXAMPLES.sub("", text).rstrip(": ").strip()
    if text.endswith((" using", " (for)", " to identify")):
        examples = [t for t in texts[1:] if not re.search(r"\bcode", t)]
        if not examples:
            return ""
        text = f"{text}: {_or(examples[:2])}".replace(" (for):", " for")
    return f"A further {text} is added."


def _code_also(texts: list[str]) -> str:
    text = _trimmed(texts[0])
    if texts[0].endswith(":") or not text:
        text = _or([t for t in texts[1:] if not t.endswith(":")][:2])
    return f"When present, this is coded as well: {text}." if text else ""
