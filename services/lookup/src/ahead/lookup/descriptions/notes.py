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
    cause = next((t for t in texts if re.search(r"\([A-Z]\d", t)), "")
    if cause:
        cause = re.sub(r"^(?:code|any|the|underlying disease,? such as:?)\s+", "", cause, flags=re.IGNORECASE)
        return f"Another code goes before it where that applies: {cause}."
    return "The code of the underlying condition goes before it."


def _excludes1(texts: list[str]) -> str:
    return f"Not together with this code, because it means something else: {_list(texts[:2])}."


def _excludes2(texts: list[str]) -> str:
    return f"Not part of it, and coded in addition when the patient has it too: {_list(texts[:2])}."


def _use_additional(texts: list[str]) -> str:
    text = re.sub(r"^(?:an? )?(?:additional )?codes?,? ?", "", texts[0], flags=re.IGNORECASE)
    text = _EXAMPLES.sub("", text).rstrip(":").strip()
    if not text.startswith(("to ", "for ", "from ", "if ")):
        text = f"for {text}"
    return f"A further code is added {text}."


def _code_also(texts: list[str]) -> str:
    text = _EXAMPLES.sub("", texts[0]).rstrip(":").strip()
    return f"When present, this is coded as well: {text}."
