"""Reading a query: a code or the beginning of one first, else words."""

import re
from dataclasses import dataclass

from ahead.lookup.search.knowledge import STOP_WORDS, Replaced, replace_known
from ahead.shared.search.analysis import raw_words, stem

MAX_WORDS = 10

# Codes may be typed without a dot, with blanks around it, padded with dashes ("E11.-"), in any case.
_CODE_SIGNS = re.compile(r"[\s.\-–—]+")
# Of digits alone, three and more may be the beginning of one.
_CODE = re.compile(r"[A-Z][0-9A-Z]{1,6}|[0-9][0-9A-Z]{2,6}")
_BETWEEN_TOKENS = re.compile(r"[\s,:;()=#?\"]+")
_SAYING_CODE = (
    "icd icd10 icd10cm icd10pcs icd9 icd9cm 9 10 cm pcs hcpcs cpt code codes"
    " dx diagnosis procedure billing medical what is the for of meaning"
)
_SAY_CODE = frozenset(_SAYING_CODE.split(" "))
"""Words beside a code that say nothing but that it is one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody may have meant.

    code: undotted, possibly only the beginning; "" when it can't be one. variants: the query in words, the
    likeliest first.
    """

    typed: str
    code: str
    variants: tuple["Variant", ...]


@dataclass(frozen=True, slots=True)
class Variant:
    words: tuple[str, ...]
    """As written, without words that say nothing."""
    replaced: tuple[Replaced, ...] = ()
    open_ended: bool = False
    """The last word may be the beginning of one."""

    @property
    def text(self) -> str:
        return " ".join(self.words)


def read(typed: str) -> Reading:
    """typed: at most 500 characters without control characters (checked at the edge)."""
    written = list(dict.fromkeys(raw_words(typed)))[: MAX_WORDS * 2]
    meant, replaced = replace_known(written)
    variants: list[Variant] = []
    for words, how in ((meant, replaced), (written, [])):
        variant = Variant(tuple(_telling(words)), tuple(how))
        if variant.words and all(variant.words != known.words for known in variants):
            variants.append(variant)
    return Reading(typed, _code(typed) or _named_code(typed), tuple(variants))


def read_typing(typed: str) -> Reading:
    """A query whose last word is still being typed: it may be the beginning of any word, a small one too."""
    reading = read(typed)
    written = list(dict.fromkeys(raw_words(typed)))[:MAX_WORDS]
    if not written:
        return reading
    *before, last = written
    meant, replaced = replace_known(before)
    # A synonym that the last word belongs to is complete: what it stands for is not looked for as a beginning.
    variants = [v for v in reading.variants if len(v.replaced) > len(replaced)]
    for words, how in ((meant, replaced), (before, [])):
        telling = (word for word in dict.fromkeys(words) if stem(word) not in STOP_WORDS)
        variant = Variant((*telling, last), tuple(how), open_ended=True)
        if all(variant.words != known.words for known in variants):
            variants.append(variant)
    return Reading(typed, reading.code, tuple(variants))


def _telling(words: list[str]) -> list[str]:
    telling = [word for word in dict.fromkeys(words) if stem(word) not in STOP_WORDS]
    return (telling or list(dict.fromkeys(words)))[:MAX_WORDS]


def _code(typed: str) -> str:
    compact = _CODE_SIGNS.sub("", typed.strip()).upper()
    if not _CODE.fullmatch(compact) or not any(c.isdigit() for c in compact[:3]):
        return ""
    return compact


def _named_code(typed: str) -> str:
    """The code in a query that only says besides that it is one: "icd 10 code R53.83"."""
    codes: list[str] = []
    for token in filter(None, _BETWEEN_TOKENS.split(typed)):
        if _SAY_CODE.issuperset(part for part in token.lower().split("-") if part):
            continue
        codes.append(_code(token))
    return codes[0] if len(codes) == 1 else ""
