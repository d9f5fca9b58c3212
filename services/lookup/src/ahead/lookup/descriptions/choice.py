"""What "unspecified", "other", "NOS", "NEC" and "in diseases classified elsewhere" mean for choosing a code."""

import re

_STOP = (
    "of|to|in|into|at|on|with|without|and|or|due|by|as|from|following|causing|during|affecting|involving|except|"
    "not|whether|while|for|against|between|primarily|right|left|which|that|is|when|during|subsequent"
)
_UNSPECIFIED = re.compile(rf"\bunspecified\b((?: (?!(?:{_STOP})\b)[\w'-]+){{0,3}})", re.IGNORECASE)
_TRAILING = re.compile(r"(?:,| as to| \() ?unspecified|\w unspecified\b(?! \w)|not specified", re.IGNORECASE)
_OTHER = re.compile(r"^other\b|\bother specified\b", re.IGNORECASE)
_NEC = re.compile(r"\bnot elsewhere classified\b|\bNEC\b", re.IGNORECASE)
_MANIFESTATION = re.compile(r"\bin (?:other |chronic )?diseases classified elsewhere\b", re.IGNORECASE)

# Nouns of which there are several to choose from; of other nouns the kind is missing.
_WHICH = re.compile(
    r"(?<!foreign )\b(eye|ear|eyelid|side|sites?|region|level|part|place|quadrant|shoulder|arm|elbow|forearm|wrist|"
    r"hand|palm|fingers?|thumb|hip|thigh|knee|leg|ankle|foot|feet|heel|toes?|limb|extremity|extremities|femur|tibia|"
    r"fibula|patella|humerus|radius|ulna|clavicle|scapula|bones?|joint|vertebrae?|muscles?|tendons?|ligaments?|"
    r"nerves?|artery|arteries|veins?|vessels?|organs?|lung|bronchus|kidney|ureter|ovary|tube|breast|testis|testicle|"
    r"lobe|tooth|teeth|cornea|retina|choroid|meniscus|calf|buttock|flank|cheek|month|week|drugs?|substances?|agents?|"
    r"cause|vehicle|objects?|animal|material|metacarpal|metatarsal|phalanx|carpal|tarsal|rib|nodes?|area|wall|degree|"
    r"type|form|stage|duration|time|number|status|gender|sex|body|persons?|equipment|device|procedure|firearm|gas|"
    r"metal|axilla|canthus|lip|gland)$",
    re.IGNORECASE,
)

MANIFESTATION = (
    "The words “in diseases classified elsewhere” mean that another disease causes this: that disease is coded "
    "first, and this code never stands alone or first."
)
NEC = "“Not elsewhere classified” means that it is chosen only when no other code describes the case more exactly."
OTHER = "“Other” means that the record names a form for which there is no code of its own."
NO_DETAIL = (
    "“Unspecified” means that the record gives no further detail; once it does, look for a more exact code."
)


def is_manifestation(title: str) -> bool:
    return _MANIFESTATION.search(title) is not None


def sentence(title: str) -> str:
    """A sentence on the word that decides the choice of this code, or ""."""
    if is_manifestation(title):
        return MANIFESTATION
    unspecified = _unspecified(title)
    if unspecified:
        return unspecified
    if _NEC.search(title):
        return NEC
    if _OTHER.search(title):
        return OTHER
    return ""


def _unspecified(title: str) -> str:
    missing: list[str] = []
    for match in _UNSPECIFIED.finditer(title):
        phrase = match[1].strip().lower()
        if phrase.endswith(" trimester") or phrase == "trimester":
            continue
        before = title[: match.start()].rstrip().lower()
        if not phrase or before.endswith("other and") or before.endswith("other or"):
            continue
        asked = f"which {phrase}" if _WHICH.search(phrase) else f"what kind of {phrase}"
        if asked not in missing:
            missing.append(asked)
    if re.match(r"other (?:and|or) unspecified\b", title, re.IGNORECASE):
        return "“Other and unspecified” takes forms without a code of their own, and records that don't name one."
    if missing:
        text = " or ".join(missing[:2])
        return f"“Unspecified” means that the record does not say {text}; once it does, look for a more exact code."
    told = re.sub(r"unspecified trimester", "", title, flags=re.IGNORECASE)
    return NO_DETAIL if _TRAILING.search(told) else ""
