"""Questions that the sources can't answer, whoever asks: told from their words, with the reason."""

import re

from .wordlists import patterns, wordlists

_WORDS = patterns("refusals")
_PAYER = re.compile(rf"\b({'|'.join(wordlists('refusals')['payer'])})\b", re.IGNORECASE)
_CPT = re.compile(r"\d{4}[0-9AFMTU]")


def refusal(text: str, codes: tuple[str, ...]) -> str:
    """Why the sources can't answer, or ""."""
    if (found := _PAYER.search(text)) and _WORDS["payer_asked"].search(text.replace(found[1], " ")):
        return (
            f"{found[1]} sets terms of its own: its fees and policies are not in the sources, which are Medicare's and "
            "the publishers' of code systems. Ask for the Medicare figure instead, or look in the payer's own manual."
        )
    if _WORDS["ama"].search(text) and any(_CPT.fullmatch(code) for code in codes):
        return (
            "The official wording of CPT codes is the American Medical Association's and is not held here. What "
            "Medicare publishes about the code can be asked for: its values, edits, limits and modifiers."
        )
    if _WORDS["foreign"].search(text) or _WORDS["foreign_words"].search(text):
        return "The sources are those of the United States: other countries' and other systems' codes are not held."
    if _WORDS["advice"].search(text):
        return (
            "That is a clinical decision, which no source here answers. Once a provider has documented it, its coding "
            "can be asked for."
        )
    if _WORDS["money"].search(text):
        return (
            "Codes follow from the record, not from what is paid: no source here answers that. Ask what a code means, "
            "or which edits and limits it meets."
        )
    if _WORDS["unheld"].search(text):
        return (
            "That publication is not among the sources, which hold codes, the official guidelines, edits, limits, fees "
            "and coverage documents."
        )
    if _WORDS["career"].search(text):
        return "That is not in the sources, which hold codes, their rules and Medicare's figures."
    return ""
