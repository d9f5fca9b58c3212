"""How codes and sums stand in a sentence."""

import re

# Diagnoses with a dot or four and more characters, procedures, HCPCS and CPT, as they stand in a sentence.
CODE = re.compile(
    r"(?<![\w.$])(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-V]\d{4}|\d{4}[0-9AFMTU]|[0-9A-HJ-NP-Z]{7})(?![\w])"
)
MONEY = re.compile(r"\$\s?[\d,]+(?:\.\d+)?")
# A procedure may have no digit: GZFZZZZ. No word is spelled so.
_LETTERS_ONLY = re.compile(r"(?<!\w)[BCDFGHX][A-HJ-NP-Z]{4}ZZ(?!\w)")
_SEVEN_LETTERS = re.compile(r"[A-Z]{7}|\d{7}")


def codes_in(text: str) -> set[str]:
    """Tokens that read as codes, in upper case."""
    text = text.upper()
    found = {
        one.group()
        for one in CODE.finditer(text)
        if not _SEVEN_LETTERS.fullmatch(one.group()) and any(letter.isdigit() for letter in one.group())
    }
    return found | set(_LETTERS_ONLY.findall(text))


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())
