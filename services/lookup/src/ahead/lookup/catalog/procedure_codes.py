"""How codes of procedures, services and supplies are written: HCPCS Level II and CPT in one form."""

from typing import Literal

from ahead.shared.errors import BadInput


def code_of(text: str) -> str:
    """A HCPCS or CPT code as typed.

    Raises:
        BadInput: it can't be one.
    """
    code = text.strip().upper()
    if len(code) != 5 or not (code.isascii() and code.isalnum()) or not any(c.isdigit() for c in code):
        raise BadInput(
            f"{text.strip()[:20]!r} is not a HCPCS or CPT code.",
            slug="malformed-code",
            hint="A code has five characters, such as 99213 or G0463; modifiers are given apart.",
        )
    return code


def code_system_of(code: str) -> Literal["hcpcs", "cpt"]:
    """HCPCS Level II codes begin with a letter, CPT codes with a digit."""
    return "hcpcs" if code[0].isalpha() else "cpt"
