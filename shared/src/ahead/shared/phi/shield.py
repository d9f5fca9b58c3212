"""What must survive: codes with their modifiers, figures, provider numbers. Found first, then kept from the rules."""

import re

_CODES = re.compile(
    r"""(?<![\w.$-])(?:
      [A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![\w.-]*\d{5})   # ICD-10-CM, dotted or a category
    | [A-TV-Z]\d[0-9A-Z][0-9A-Z]{1,4}                      # ICD-10-CM as claims write it
    | (?=[0-9A-HJ-NP-Z]*[A-Z])[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}          # ICD-10-PCS
    | \d{3}\.\d{1,2} | [EV]\d{2,3}\.\d{1,2}                # ICD-9-CM
    | \d{2}\.\d{1,2}
    | (?:\d{4}[0-9FTUM]|[A-V]\d{4})(?:-[0-9A-Z]{2}(?:,?[ ]?-?[0-9A-Z]{2}){0,3})?   # CPT, HCPCS with modifiers
    | \d{4,5}-\d{3,4}-\d{1,2}                              # NDC
    | \d{3}[A-Z0-9]{6}X                                    # taxonomy
    )(?![\w])""",
    re.VERBOSE,
)
_CUED = re.compile(
    r"\b(?:NPI|NDC|DRG|MS-DRG|APR-DRG|APC|HCC|CCN|CLIA|OPPS|rev(?:enue)?(?: code)?|TOB|type of bill|bill type|POS"
    r"|modifiers?|mod|CPT|HCPCS|ICD(?:-?10)?(?:-?(?:CM|PCS))?|codes?|units?|RVUs?|LCD|NCD|Article|transmittal"
    r"|CR|Pub\.?|chapter|section|§|page|taxonomy|condition|occurrence|value)"
    r"[ ]*(?:code|number|no\.?|\#|is|=|:)*[ ]*(?P<value>[A-Z]?\d[\w.-]*)",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\$[ ]?\d[\d,]*(?:\.\d+)?|\b\d+(?:\.\d+)?[ ]?(?:%|mg|mcg|ml|mL|cm|mm|units?|minutes?|mins?|hours?|days?)\b"
)


def shielded(text: str) -> list[tuple[int, int]]:
    """Spans that only a rule with a cue of its own may touch, in order of their start."""
    spans = [found.span() for found in _CODES.finditer(text)]
    spans += [found.span("value") for found in _CUED.finditer(text)]
    spans += [found.span() for found in _FIGURES.finditer(text)]
    return sorted(spans)
