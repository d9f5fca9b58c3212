"""The kinds of identifiers of 45 CFR 164.514(b)(2)(i), A to R, with the cues and shapes that give them away."""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One way to find one kind. The group ``value`` is masked, else the whole match.

    Attributes:
        kind: what is told to people ("phone number"), and in capitals the placeholder.
        strong: a cue says what it is, so that it wins even over the shape of a code. Other rules win over a code
        only where they say "number", "no.", "id" or "#".
    """

    kind: str
    pattern: re.Pattern[str]
    strong: bool = False


def _rule(kind: str, pattern: str, *, strong: bool = False, case: bool = False) -> Rule:
    return Rule(kind, re.compile(pattern, 0 if case else re.IGNORECASE), strong)


# Between a cue and its value: "MRN: 123", "MRN #123", "MRN is 123", "member ID number - 123".
_SEP = r"(?:[ \t]*(?:number|num|no\b\.?|nbr|\#|id\b|is\b|was\b|=|:|-|–|\())*[ \t]*[:#=]?[ \t]*"
_VALUE = r"(?P<value>(?=[A-Z0-9/-]*\d)[A-Z0-9](?:[A-Z0-9/-]{2,38}[A-Z0-9]))(?![A-Z0-9])"

MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|{MONTHS}[ ]+\d{{1,2}}(?:st|nd|rd|th)?,?[ ]+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?:[ ]+of)?[ -]+{MONTHS},?[ -]+\d{{2,4}})"
)
_STREET = (
    r"(?:street|str|st|avenue|ave?|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|circle|cir|place|pl|way"
    r"|terrace|ter|parkway|pkwy|highway|hwy|trail|trl|square|sq|loop|pike|alley)"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND"
    "|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
# Abbreviations that follow a capitalised word for other reasons: physician, assistant, in, or, me, oh, hi...
_STATES_ALONE = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|IL|IA|KS|KY|MI|MN|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|SC|SD|TN|TX|UT|VT|VA|WA"
    "|WI|WY"
)
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri"
    "|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming"
)
_TOWN = r"(?:[A-Z][a-z'.]+(?:[ -][A-Z][a-z'.]+){0,2})"

RULES: tuple[Rule, ...] = (
    # N web addresses; those of publishers of rules say where a rule stands, and nobody's name.
    _rule(
        "web address",
        r"\b(?:https?://|ftp://|www\.)(?!(?:[\w-]+\.)*(?:gov|ama-assn\.org|aha\.org|who\.int|ahacentraloffice\.org)(?![\w.-]))[^\s<>\"')\]]+",
        strong=True,
    ),
    # F
    _rule("e-mail address", r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", strong=True),
    _rule(
        "web address",
        r"(?:twitter|instagram|facebook|linkedin|skype|handle)[ ]*(?::|is|handle|@)+[ ]*(?P<value>@?[\w.]{3,40})",
        strong=True,
    ),
    # G
    _rule(
        "social security number",
        r"\b(?:ssn|social security(?: number| no\.?)?|soc\.? sec\.?(?: no\.?)?)\b[^\n\d]{0,24}(?P<value>(?:[\dX*]{3}[- ]?[\dX*]{2}[- ]?)?\d{4})\b",
        strong=True,
    ),
    _rule("social security number", r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", strong=True),
    # E before D: "fax" says more than the shape of the number.
    _rule(
        "fax number",
        r"\b(?:fax|facsimile|telefax)\b[^\n\d]{0,16}(?P<value>\+?[\d(][\d ().-]{5,17}\d)",
        strong=True,
    ),
    _rule(
        "phone number",
        r"\b(?:phone|tel|telephone|cell|mobile|call(?:ed)?(?: (?:me|her|him|us|back))?(?: at| on)?|contact(?: number)?|reach(?:ed)?(?: (?:me|her|him))? at|ext(?:ension)?|pager|voicemail)\b[^\n\d(+]{0,12}(?P<value>\+?[\d(](?:[ ().-]?\d){6,14}(?:[ ]*(?:x|ext\.?)[ ]*\d+)?)(?!\d)",
        strong=True,
    ),
    _rule(
        "phone number",
        r"(?<![\w.-])(?:\+?1[-. ]?)?(?:\(\d{3}\)[ ]?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:[ ]*(?:x|ext\.?)[ ]*\d+)?(?![\d-])",
        strong=True,
    ),
    _rule("phone number", r"(?<![\w.+])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?!\d)", strong=True),
    # H
    _rule(
        "medical record number",
        rf"\b(?:mrn|emrn|mr\#|med(?:ical)?\.? rec(?:ord)?s?\.?|chart(?= ?(?:no|num|\#|id))|patient (?:id|number|no\.?|identifier|\#)|pt\.? (?:id|\#)|hospital number|unit number(?= ?:)){_SEP}{_VALUE}",
        strong=True,
    ),
    # I
    _rule(
        "health plan number",
        rf"\b(?:member(?:ship)?|subscriber|policy|policyholder|beneficiary|insurance|insured(?:'s)?|group|plan|medicare|medicaid|medi-cal|tricare|hic|payer|insurer|health plan)(?: (?:member|card|policy|beneficiary|plan))? ?(?:\b(?:id|number|no\b\.?|num|identifier)|\#){_SEP}{_VALUE}",
        strong=True,
    ),
    _rule(
        "health plan number",
        rf"\b(?:member|subscriber|policy|mbi|hicn){_SEP}(?P<value>(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{{4,38}}[A-Z0-9])(?![A-Z0-9])",
    ),
    _rule(
        "health plan number",
        r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
        strong=True,
        case=True,
    ),
    # J
    _rule(
        "account number",
        rf"\b(?:accounts?|acct\.?|bank|card|credit card|guarantor|invoice|routing|iban|billing(?= (?:id|no|number))|har(?= ?[:\#])|fin(?= ?[:\#]))\b{_SEP}{_VALUE}",
        strong=True,
    ),
    # L before K: a "license plate" is a vehicle's.
    _rule(
        "vehicle identifier",
        rf"\b(?:vin|vehicle(?: id(?:entification)?)?|(?:license |licence |number )?plate|tag(?= ?(?:number|no|\#)))\b{_SEP}{_VALUE}",
        strong=True,
    ),
    _rule(
        "vehicle identifier",
        r"\b(?=[A-Z0-9]*\d[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b",
        strong=True,
        case=True,
    ),
    # K
    _rule(
        "license number",
        rf"\b(?:licen[sc]e|lic\.?|driver'?s? lic\w*|dl(?= ?[:\#])|dea|certificate|certification|cert\.?|passport|permit)\b{_SEP}{_VALUE}",
        strong=False,
    ),
    # M
    _rule(
        "device identifier",
        rf"\b(?:serial|s/n|sn(?= ?[:\#])|udi|imei|device|lot(?= ?(?:no|num|\#|:))|implant(?= ?(?:id|no|number|\#))|pacemaker(?= ?(?:id|no|number|\#|serial))|mac address)(?: (?:serial|id|identifier))?\b{_SEP}(?P<value>(?=[A-Z0-9/():-]*\d)[A-Z0-9(][A-Z0-9/():-]{{2,60}}[A-Z0-9])",
        strong=False,
    ),
    _rule("device identifier", r"\b(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}\b", strong=True),
    _rule("device identifier", r"\(01\)\d{14}(?:\(\d{2}\)[A-Z0-9]+)*", strong=True),
    # O; four numbers with dots are also sections of a manual, hence a cue, or an octet that no section reaches.
    _rule(
        "IP address",
        r"\bip(?:v[46])?(?: address)?[ :#=]*(?:was|is|from)?[ ]*(?P<value>\d{1,3}(?:\.\d{1,3}){3})\b",
        strong=True,
    ),
    _rule(
        "IP address",
        r"(?<![\d.§])(?=(?:\d{1,3}\.){0,3}(?:1\d\d|2[0-4]\d|25[0-5])(?:\.|\b))(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])",
    ),
    _rule(
        "IP address",
        r"(?<![\w:])(?=[0-9A-F:]*[0-9])(?:[0-9A-F]{1,4}:){2,7}(?::?[0-9A-F]{1,4}|:)(?:(?::[0-9A-F]{1,4}){1,4})?(?![\w:])",
    ),
    # P, Q
    _rule(
        "biometric identifier",
        rf"\b(?:finger ?prints?|voice ?prints?|retina(?:l)? scan|iris scan|biometric|face ?id)\b(?: (?:id|identifier|template|hash|record|file))?{_SEP}{_VALUE}",
        strong=False,
    ),
    _rule(
        "photograph",
        r"(?<![\w()-])[\w()-]{1,80}\.(?:jpe?g|png|heic|gif|bmp|tiff?|dcm|webp)\b",
        strong=True,
    ),
    # R
    _rule(
        "other identifier",
        rf"\b(?:claim(?= ?(?:no|num|\#|id))|case(?= ?(?:no|num|\#|id))|icn|dcn|tcn|encounter(?= ?(?:no|num|\#|id|:))|visit(?= ?(?:no|num|\#|id))|csn|accession|specimen|order(?= ?(?:no|num|\#|id))|reference(?= ?(?:no|num|\#|id))|confirmation|study id|subject id|employee|rx(?= ?(?:no|num|\#))|prescription(?= ?(?:no|num|\#))|authorization(?= ?(?:no|num|\#|id))|auth(?= ?(?:no|num|\#|id))|tracking|token|user ?name|login|student id)\b{_SEP}{_VALUE}",
        strong=False,
    ),
    _rule("other identifier", r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", strong=True),
    # C: dates of the person; those of the service stay, they decide the edition.
    _rule(
        "date of birth or death",
        rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|birthday|born(?: on)?|b\.?d\.?(?=[ :])|d\.?o\.?d\.?|date of death|died(?: on)?|deceased(?: on)?|expired on|passed away(?: on)?|death date)[^\n\w]{{0,4}}(?:is|was|of|on|date)?[^\n\w]{{0,4}}(?P<value>{DATE}|{MONTHS}[ ]+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}/\d{{1,2}}|\d{{8}})(?![\d/])",
        strong=True,
    ),
    # Ages over 89.
    _rule(
        "age over 89",
        r"(?<![\d.$#/-])(?P<value>(?:9\d|1[0-2]\d))(?=[ -]?(?:y\.?o\.?\b|y/o|yrs?\b|years?[ -]old|year[ -]olds?|years? of age|[- ]year[- ]old|[ ]?[MF]\b(?!-)))",
        strong=True,
    ),
    _rule(
        "age over 89",
        r"\b(?:age[ds]?|aged)[ :=]*(?:is |was |of )?(?P<value>9\d|1[0-2]\d)\b(?![.%/-]\d|[ ]*(?:%|mg|days?|months?|minutes?))",
        strong=True,
    ),
    _rule(
        "age over 89",
        r"\b(?P<value>(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a) hundred(?:(?: and)?[ -]\w+)?))(?=[ -]year)",
        strong=True,
    ),
    # B: what is smaller than a state.
    _rule(
        "street address",
        rf"(?<![\w.-])\d{{1,6}}[A-Z]?[ ]+(?:[NSEW]\.?[ ]+|(?:North|South|East|West)[ ]+)?(?:\d+(?:st|nd|rd|th)|[A-Z][A-Za-z'-]+)(?:[ ]+[A-Z][A-Za-z'-]+){{0,2}}[ ]+(?i:{_STREET})\b\.?(?:,?[ ]+(?i:apt|apartment|suite|ste|unit|\#)\.?[ ]*\#?\w+)?",
        case=True,
    ),
    _rule("street address", r"\bP\.?[ ]?O\.?[ ]+Box[ ]+\d+\b", strong=True),
    _rule("city", rf"(?P<value>{_TOWN})(?=,?[ ]+(?:{_STATES})\.?,?[ ]+\d{{5}}(?:-\d{{4}})?\b)", case=True),
    _rule(
        "ZIP code",
        rf"\b(?:{_STATES}|{_STATE_NAMES}|\[CITY\],?)\.?,?[ ]+(?P<value>\d{{5}}(?:-\d{{4}})?)(?![\d-])(?![ ]*[-,]?[ ]*(?:and|with|mod|\d{{5}}))",
        case=True,
        strong=True,
    ),
    _rule(
        "ZIP code",
        r"\b(?:zip(?:[ -]?code)?|postal code)[ :#-]*(?:is|was|of)?[ ]*(?P<value>\d{5}(?:-\d{4})?)(?![\d-])",
        strong=True,
    ),
    _rule("city", rf"(?<![\w-])(?P<value>{_TOWN})(?=,[ ](?:{_STATES_ALONE}|{_STATE_NAMES})\b)", case=True),
    _rule(
        "city",
        rf"\b(?i:lives in|living in|resid(?:es|ing|ent) (?:in|of)|resident of|home in|hometown of|moved (?:to|from)|native of)[ ]+(?:the[ ](?:town|city|village)[ ]of[ ])?(?P<value>(?!(?:{_STATE_NAMES})\b){_TOWN})",
        case=True,
    ),
    _rule(
        "county",
        rf"\b(?P<value>{_TOWN})(?=[ ]+(?:County|Parish)\b)(?![ ]+County[ ]+(?:Hospital|Codes?))",
        case=True,
    ),
)
