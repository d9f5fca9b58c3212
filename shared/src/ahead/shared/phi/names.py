"""Names of people: after a word that announces one, or where lists of the Census know first and last name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

# ruff: noqa: E501, SIM905, UP031, SIM114 - patterns and lists of words read best as they are

_WORD = r"[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*|[A-Z]['’][A-Z][a-z]+|[A-Z][a-z]?c[A-Z][a-z]+"
_UPPER = r"[A-Z][A-Z'’-]{1,}"
_INITIAL = r"[A-Z]\.?"

# Words with a capital that stand behind a cue or a first name without being a name.
_NEVER = frozenset(
    """a an the is was has had with who what which in on at for from and or of to by no not new patient patients
    medicare medicaid aetna cigna humana anthem tricare blue cross shield payer payor insurance hospital clinic
    medical center health care office emergency department inpatient outpatient icd cpt hcpcs drg ncci mue lcd
    ncd cms ama aha e/m em january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday presents presented comes came seen
    underwent received needs admitted discharged history diagnosis diagnoses procedure chapter section type
    left right bilateral male female man woman status post age aged year old yo dob mrn ssn phone id name
    number zip address email date please can could would should thanks thank you hi hello dear regards he she
    they we i it this that does do did how when where why provider services human person coder billing manager code codes coding modifier portal records reported complains complained denies states stated information""".split()
)
_EPONYM_TAIL = re.compile(
    r"['’]s\b|[ -](?:disease|syndrome|fracture|procedure|operation|sign|test|repair|score|scale|classification|phenomenon"
    r"|palsy|lymphoma|sarcoma|tumou?r|cyst|hernia|ulcer|catheter|esophagus|contracture|nodes?|criteria|index|method"
    r"|technique|anomaly|deformity|disorder|dystrophy|ataxia|chorea|aphasia|clamp|retractor|tube|drain|graft|rod"
    r"|prosthesis|flap|incision|stain|smear|maneuver|position|reflex|virus|gland|glands|duct|space|triangle|canal"
    r"|oximetry|codes?|manual|guidelines?|claims?|part|advantage|hospital|clinic|center|medical)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"""(?P<cue>\b(?i:mr|mrs|ms|miss|mister|master|dr|doctor|prof|sr|rev)\.?[ ]+
      | \b(?i:(?:patient|pt|client|member|insured|subscriber|guarantor|beneficiary|mother|father|wife|husband|son|daughter
          |brother|sister|spouse|partner|guardian|caregiver|parent|employer|contact|first|last|full|maiden)
          (?:['’]?s)?(?:[ ]+name)?[ ]*(?::|,|=|is|was|named|called|-)?[ ]*)
      | \b(?i:name[ds]?|a/k/a|aka|attn|re|signed(?:[ ]by)?|my[ ]name[ ]is)[ ]*(?::|=|is)?[ ]*)
      (?P<name>(?:%(word)s|%(upper)s|%(initial)s)(?:,?[ ]+(?:%(word)s|%(upper)s|%(initial)s)(?![\w-])){0,3})(?![\w-])"""
    % {"word": _WORD, "upper": _UPPER, "initial": r"[A-Z]\.(?:[ ]?[A-Z]\.)*"},
    re.VERBOSE,
)
_TITLE = re.compile(r"(?i:mr|mrs|ms|miss|mister|master|dr|doctor|prof|rev)\.?[ ]+$")
_NAMED = re.compile(r"(?i:name[ds]?|aka|a/k/a|called)[ ]*(?::|=|is|was)?[ ]*$")
_PAIR = re.compile(
    r"(?<![\w.-])(?P<first>[A-Za-z][A-Za-z'’-]+)(?P<middle>[ ]+[A-Z]\.?)?[ ]+(?P<last>[A-Za-z][A-Za-z'’-]+)(?![\w-])"
)
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr)\.?[ ]+(?P<name>[a-z][a-z'’-]+)(?:[ ]+(?P<last>[a-z][a-z'’-]+))?", re.IGNORECASE
)
_COMMA = re.compile(
    rf"(?<![\w.-])(?P<last>{_WORD}|{_UPPER}),[ ]*(?P<first>{_WORD}|{_UPPER})(?:[ ]+[A-Z]\b\.?)?"
)
_PART = r"[A-Z](?:['’][A-Z])?[a-z]+(?:-[A-Z][a-z]+)?"
_CAPITALS = re.compile(rf"(?<![\w.’'-])(?P<first>{_PART})(?:[ ][A-Z]\.?)?[ ](?P<last>{_PART})(?![\w-])")
_COMMA_CAPITALS = re.compile(rf"(?<![\w.’'-])(?P<last>{_PART}),[ ](?P<first>{_PART})(?![\w-])")
_KIN = re.compile(
    r"['’]s[ ](?:mother|father|wife|husband|son|daughter|spouse|bill|claim|chart|visit|note|plan|insurance)\b"
)
_PERSON_BEHIND = re.compile(
    r"['’]s[ ](?:mother|father|wife|husband|son|daughter|spouse|bill|claim|chart|visit|note|plan|insurance)\b"
    r"|,?[ ]\(?(?:d\.?o\.?b|mrn|mbi|ssn|member|born|aged?|\d{1,3}[ ]?(?:-year|yo\b|y/o|year|[MF]\b)|\d{1,3}\)|wife|husband|son|daughter|mother)"
    r"|,?[ ](?:M\.?D|D\.?O|NP|RN|PA-?C|DPM|CRNA|CPC|CCS|RHIT|CRC)\b"
    r"|[ ](?:was|is)[ ](?:seen|admitted|discharged|born|an?[ ]\d|a[ ](?:new|man|woman|patient))|[ ](?:called|came[ ]in|lives|phoned|complains|asked|presented|presents)\b",
    re.IGNORECASE,
)
_PERSON_BEFORE = re.compile(
    r"\b(?:subscriber|beneficiary|pt|patient|emergency[ ]contact|provider|signed[ ]by|son|daughter|mother|father|wife|husband)[,:]?[ ]$",
    re.IGNORECASE,
)
_ASK_FOR = re.compile(
    r"\b(?i:ask[ ]for|speak[ ]to|talk[ ]to|daughter|son|wife|husband)[,]?[ ](?P<value>[A-Z][a-z]{2,})(?![\w-])"
)
_INITIALS = re.compile(r"\b(?i:patient|pt)\.?[ ]+(?P<value>(?:[A-Z]\.[ ]?){1,2}[A-Z]\.)")


@lru_cache
def _list(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """(all names, those that are ordinary words too), in lower case."""
    lines = (files("ahead.shared.phi") / "data" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    both = frozenset(word.rstrip("*").lower() for word in words)
    return both, frozenset(word.rstrip("*").lower() for word in words if word.endswith("*"))


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of what looks like somebody's name; they may overlap."""
    yield from (found.span("value") for found in _INITIALS.finditer(text))
    yield from _after_cues(text)
    yield from _titled(text)
    yield from _listed(text)
    yield from _in_context(text)


def _in_context(text: str) -> Iterator[tuple[int, int]]:
    """Two words with capitals, in no list, where only somebody's name stands: before "was seen", a birth date, "MD"."""
    last_names, last_words = _list("last_names")
    position = 0
    while found := _CAPITALS.search(text, position):
        position = found.end("first")
        first, last = found["first"].lower(), found["last"].lower()
        if first in _NEVER or last in _NEVER or _looks_clinical(last) or _looks_clinical(first):
            continue
        if _EPONYM_TAIL.match(text, found.end()) and not _KIN.match(text, found.end()):
            continue
        named = last in last_names and last not in last_words
        if (
            named
            or _PERSON_BEHIND.match(text, found.end())
            or _PERSON_BEFORE.search(text[max(0, found.start() - 40) : found.start()])
        ):
            yield found.span()
            position = found.end()
    for found in _COMMA_CAPITALS.finditer(text):
        if not {found["first"].lower(), found["last"].lower()} & _NEVER and _PERSON_BEHIND.match(
            text, found.end()
        ):
            yield found.span()
    for found in _ASK_FOR.finditer(text):
        if found["value"].lower() not in _NEVER:
            yield found.span("value")


def _after_cues(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while found := _CUE.search(text, start):
        start = found.end("cue")
        span = _without_words(text, found.start("name"), found.end("name"), sure=bool(_surely(found["cue"])))
        if span is not None:
            yield span
            start = max(start, span[1])


def _titled(text: str) -> Iterator[tuple[int, int]]:
    """Names after a title as people type them in a hurry: "mr garcia"."""
    last_names, _ = _list("last_names")
    for found in _TITLED.finditer(text):
        if found["name"].lower() not in _list("first_names")[0] | last_names:
            continue
        last = found["last"]
        yield found.start("name"), found.end("last" if last and last.lower() in last_names else "name")


def _surely(cue: str) -> bool:
    """A title or "name" announces a name; "patient" is mostly followed by something else."""
    return bool(_TITLE.search(cue) or _NAMED.search(cue))


def _without_words(text: str, start: int, end: int, *, sure: bool) -> tuple[int, int] | None:
    """The leading words of a span that may be a name, None when the first isn't."""
    first, _ = _list("first_names")
    last, _ = _list("last_names")
    last_end = None
    for word in re.finditer(r"[^\s,]+", text[start:end]):
        plain = word[0].strip(".").lower()
        known = plain in first or plain in last
        initials = re.fullmatch(r"(?:[A-Z]\.)+", word[0]) is not None
        if plain in _NEVER or any(sign.isdigit() for sign in plain):
            break
        if last_end is None and not known and not sure and not initials:
            break
        if word[0].isupper() and not known and not initials and not (sure and len(plain) > 3):
            break  # an abbreviation: "patient COPD", "Dr. MD"
        last_end = start + word.end()
        if _EPONYM_TAIL.match(text, last_end) and not sure:
            return None
    return None if last_end is None else (start, last_end)


def _listed(text: str) -> Iterator[tuple[int, int]]:
    first_names, first_words = _list("first_names")
    last_names, last_words = _list("last_names")
    position = 0
    while found := _PAIR.search(text, position):
        position = found.end("first")
        first, last = found["first"].lower(), found["last"].lower()
        if first not in first_names or last in _NEVER or _EPONYM_TAIL.match(text, found.end()):
            continue
        capitals = found["first"][0].isupper() and found["last"][0].isupper()
        known = last in last_names
        ordinary = (first in first_words) + (last in last_words)
        if (capitals and known and ordinary < 2) or (capitals and found["middle"] and first not in _NEVER):
            yield found.start(), _on(text, found.end(), last_names)
        elif known and first not in first_words and (found["first"].islower() and found["last"].islower()):
            yield found.span()
        elif (
            capitals
            and not known
            and first not in first_words
            and re.sub(r"['’-]", "", found["last"])[2:].islower()
            and last not in first_names
            and not _looks_clinical(last)
        ):
            yield found.span()
    for found in _COMMA.finditer(text):
        first, last = found["first"].lower(), found["last"].lower()
        if first in first_names and last in last_names and not (first in first_words and last in last_words):
            yield found.span()


def _on(text: str, end: int, last_names: frozenset[str]) -> int:
    """Where the name ends that goes on after two words: "Hunter James Kelly"."""
    further = re.match(r"[ ]+([A-Z][A-Za-z'’-]+)(?![\w-])", text[end : end + 40])
    if further and further[1].lower() in last_names and not _EPONYM_TAIL.match(text, end + further.end()):
        return end + further.end()
    return end


def _looks_clinical(word: str) -> bool:
    return word.endswith(
        (
            "itis",
            "osis",
            "oma",
            "ectomy",
            "otomy",
            "scopy",
            "plasty",
            "graphy",
            "emia",
            "pathy",
            "ology",
            "ical",
            "tion",
        )
    )
