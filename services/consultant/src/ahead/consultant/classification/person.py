"""Words that only a person writes to a coder: a question, codes, what they want, an answer to what we said."""

# ruff: noqa: E501 - a pattern reads best on one line

import re

# Words of an answer such as "Left knee, the first injection."
SHORT = 16

# How people ask where they leave the question mark out.
_ASKS = re.compile(
    r"(?:^|[.!\n]\s*|\b(?:and|but|so|then|or) )(?:what|what's|whats|which|how|why|(?:when|who|where) (?:do|does|did|is|are|was|can|could|should|would|will|to)|can|could|may (?:i|we|it|a|an|the)|should|would|do(?! not)|does|did|is|are)\b"
    r"|[,:;]\s*(?:what|whats|what's|how|why|can|could|should|does|did|is|do (?:i|we|you|they)|may (?:i|we)|would|are (?:they|these|we|both)|which (?:one|codes?|modifiers?|is|are|should|do|of))\b"
    r"|\b(?:(?:please|pls|plz|can you|could you|kindly) (?:confirm|advise|explain|clarify|tell|help|guide|assist|suggest|have|let (?:me|us) know|reopen|say|look|send (?:me|us|an invoice))|need (?:help|to know|your|this|an? )|help (?:me|us|with|pls|please)|wonder(?:ing)? (?:if|whether|how)|(?:question|ask(?:ing)?) (?:about|on|for|if|whether)|looking for|trying to|any (?:advice|idea|thoughts)|not sure|unsure|(?:want|like|love) to know|would be grateful|still don['’]t (?:know|understand)|do you|whether (?:to|we|i|it)|since when)\b"
    r"|(?:^|[.!,:;¿]\s*)(?:qué|cuál|cómo|puedo|podemos|se puede|wie|welche[rsn]?|kann|darf|muss|zählt|gilt|quel(?:le)?s?|faut-il|est-ce|comment|peut-on|qual|como|posso|pode|quale|come|si può|jaki|czy)\b",
    re.IGNORECASE,
)
# What somebody wants or misses, said without a question.
_WANTS = re.compile(
    r"\bi(?:['’]d| would| really| still|['’]m| am)? (?:want(?:ed)?|need(?:ed)?|like|love|hope|hoping|ask(?:ed|ing)?|meant|disagree|think|thought|believe|doubt|paid|expected|await(?:ing)?|waiting|confused?|stuck|lost|wonder|suspect|suppose|guess|cancel|prefer)\b"
    r"|\b(?:i|we) (?:do|did|could|can|would|have|was|were|am|are)(?: not|n['’]t) (?:understand|know|see|find|follow|agree|get|recall|remember|received?|gotten|sure|able|asking)\b|\b(?:i|we) can(?:not|['’]t) (?:understand|see|find|follow|agree|get|open|read|log|code|bill|tell)\b"
    r"|\b(?:unsubscribe|remove|take|drop) me\b|\bcancel my\b"
    r"|\byou (?:answered|said|wrote|cited|quoted|missed|misread|misunderstood|told (?:me|us)|gave (?:me|us))\b|\bi (?:was|am) (?:asking|told|new|confused)\b",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?<![\w.])(?:I|i)(?:['’](?:m|ve|d|ll))?(?= [a-z])|\b(?:my|me|myself)\b", re.MULTILINE)
_OURS = re.compile(
    r"\b(?:(?:our|my) (?:doc(?:tor|s)?|surgeons?|providers?|physicians?|patients?|biller|payer|coders?|auditor|clinic|hospital|office|software|scrubber|np|md|pa|np['’]s|boss|team|group|practice|insurance|interventionalist|it)|we (?:bill(?:ed)?|code[d]?|report(?:ed)?|had|run|use|got|gave|append(?:ed)?|put|do|saw|see|called|open)|pt|pts)\b",
    re.IGNORECASE,
)
# How a person begins who answers somebody.
_REPLIES = re.compile(
    r"^\W*(?:human|yes|no|nope|yep|yeah|ok|okay|k|sure|right|correct|exactly|understood|got it|perfect|great|wonderful|awesome|agreed|sorry|oops|hm+|never ?mind|thanks[,.! ]|thank you[,.!]|thank u|thx|ty\b|many thanks|much appreciated|appreciate|noted|will do|that (?:helps|did|works|makes|was|is)|this (?:helps|is (?:great|very|exactly|what))|hello again|gracias|merci|danke|obrigad[oa]|grazie|sí|oui|ja|sim)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{5}|[A-V]\d{4}|modifiers?|mod(?: |\.)|\d{4}F|cpt|icd(?:-10)?(?:-cm|-pcs)?|hcpcs|pcs|drgs?|apc|ncci|cci|mue|lcd|ncd|e/m|bill(?:ed|able|ing)?|codes?|coded|coding|re?ported? with|reportable|claims?|denials?|denied|deny|payer|medicare|medicaid|payable|bundl\w+|units?|diagnos[ei]s|sequenc\w+|principal|laterality|global (?:days|period|package)|incident-?to|split/shared|place of service|pos \d\d|poa|present on admission|excludes[12]?|7th character|addenda|guidelines?|rvu|hcc|encoder|op(?:erative)? (?:note|report)|query|queries|audit\w*|appeal|write.?off|prior auth\w*|medical necessity|dos|date of service|c-section|cesarean|procedure|surgeon|surgery|inpatient|outpatient"
    r"|pos|crna|asc|snf|rhc|fqhc|cah|opps|ipps|mpfs|telehealth|new patient|established patient|facility|bilateral|anesthesia|biops(?:y|ies)|injections?|append|eob|carc|rarc|abn|mac|ppo|hmo|c[oó]digos?|codificar|coder|facturar|facturer|kodier\w*|abrechn\w*|modificador\w*|codice|codifica|код\w*)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|\d{5}|[A-V]\d{4})\b")
_MEANS_CODES = re.compile(
    r"\b(?:cpt|hcpcs|icd|modifiers?|mod|bill\w*|cod(?:e[sd]?|ing)|deni\w+|claims?|dos|pos|payer|medicare|dx|units?)\b|\d{5}-(?:\d\d|[A-Z][A-Z0-9])\b",
    re.IGNORECASE,
)
_NAMES_CODES = re.compile(rf"{_CODE.pattern}|\b[Mm]od(?:ifier)?s? [A-Z0-9]{{2}}\b")
# Two codes to choose from or to be billed together.
_CHOICE = re.compile(
    rf"{_CODE.pattern}(?:-\w\w)? ?(?:,|/|\+|&|or|vs\.?|versus|with|w/|and|plus|instead of)[, ]*(?:and |or )?{_CODE.pattern}"
)
# HCPCS Level II modifiers, which coders name without saying what they are.
_MODIFIER = re.compile(
    r"\b(?:LT|RT|X[EPSU]|Q[KSXYZW]|A[ADSI]|G[ACNOPQTVWXYZ]|KX|J[WZ]|TC|F[BCQSX0-9]|PT|CG|CO|CQ|SA|[ET][0-9]|L[CDM]|R[CI])\b"
)
# What a case is told with; alone it may stand in a notice of a clinic too.
_CLINICAL = re.compile(
    r"\b(?:pts?|surgeons?|diagnos\w+|\w{3,}(?:ectomy|oscopy|plasty|otomy|ostomy|itis|emia|osis|graphy|gram|pathy|algia|oma|desis)|fractures?|infusions?|chemo\w*|wounds?|screenings?|lesions?|catheters?|stents?|knees?|hips?|shoulders?|spin(?:e|al)|lumbar|cervical|thoracic|ankle|toes?|fingers?|tumou?rs?|cancer|diabet\w+|ckd|copd|chf|hypertension|sepsis|pneumonia|asthma|pregnan\w+|newborn|ultrasound|mri|x-?ray|ekg|eeg|debridement|anesthesia|hospice|telehealth|medication|insulin|paciente|patienten?|médecin|arzt|bilateral|laterality|(?:left|right) (?:side|leg|arm|knee|hip|eye|ear|foot|hand|shoulder|breast|heart|wrist|ankle|great)|перелом\w*|fraktur|fractura|fracture)\b",
    re.IGNORECASE,
)
# Speaking of what was asked and answered before.
_OF_OURS = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:questions?|case|thread|inquiry)\b|\byour (?:\w+ )?(?:answers?|explanation|advice|opinion|experts?|coders?|guidance|footnotes?|sources?|citations?|citing|service|pdf)\b|\bthe (?:\w+ )?(?:answer|footnote|citation|source)s? (?:about|on|to|for|was|is|you|from|with|that|i)\b|\b(?:mi|su) (?:pregunta|respuesta)\b|(?:votre|ma) (?:réponse|question)|(?:ihre|meine) (?:antwort|frage)",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"\b(?:dos|on) \d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b(?:left|right)\b(?! (?:now|away|the|a|an|for|us|our|on|in|at|me|you|messages?|word|here|after|before))|\b(?:both|bilateral|neither|outpatient|inpatient|commercial|male|female|initial|subsequent)\b",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S+|www\.\S+")
_QUESTION_MARK = re.compile(r"[?？](?!\S*=)")


def asks_about_coding(own: str) -> bool:
    """A machine writes neither; a person who asks a coder something mostly writes both."""
    text = LINK.sub(" ", own)
    return _asks(text) and bool(_TERMS.search(text))


def is_about_coding(sentence: str) -> bool:
    """A question with a term of coders, or a statement with a code or two terms."""
    terms = {term.lower() for term in _TERMS.findall(sentence)}
    return bool(terms) and (len(terms) > 1 or bool(_CODE.search(sentence)) or _asks(sentence))


def speaks(subject: str, own: str, *, reply: bool) -> int:
    """How much of a person who talks to a coder is in it: 0 for nothing, 2 for a sign, 4 and more for a question on codes."""
    text, linked = LINK.sub(" ", own), bool(LINK.search(own))
    if not text.split():
        return (2 if _asks(subject) else 0) + (2 if _TERMS.search(subject) else 0)
    mark, asks = bool(_QUESTION_MARK.search(text)), bool(_ASKS.search(text))
    wants, ours = bool(_WANTS.search(text)), bool(_OF_OURS.search(text))
    # Codes that the subject names are what "Levels or nerves?" is about.
    terms = len({*map(str.lower, _TERMS.findall(text)), *_MODIFIER.findall(text)}) + bool(
        _CODE.search(subject) and len(text.split()) < SHORT
    )
    clinical = len(set(map(str.lower, _CLINICAL.findall(text))))
    topic = min(terms + (clinical > 0), 2) + ours
    themselves = bool(_SELF.search(text) or _OURS.search(text))
    if mark or asks:
        weight = (
            2 + min(topic, 2) + (1 if mark and topic else 0) + themselves + bool(_NAMES_CODES.search(text))
        )
    elif _telling(text):
        weight = 2 + themselves
    else:
        weight = (2 if wants else 0) + (1 if topic > 1 or ours else 0) + themselves
    if reply:
        answers = bool(_REPLIES.match(text) or terms or _DETAIL.search(text) or clinical)
        weight += answers
        if len(text.split()) < SHORT and not linked and (answers or themselves):
            weight = max(weight, 2)
    if topic:
        return weight
    # What is about nothing of ours is any salesman's or robot's too: then nothing else may speak for a machine.
    return min(weight, 2 if mark or reply or themselves else 1)


def _telling(text: str) -> bool:
    """Codes that stand for a question. Five digits alone may be a ticket's number."""
    if _CHOICE.search(text):
        return True
    telling = [code for code in _CODE.findall(text) if not code.isdigit() or _MEANS_CODES.search(text)]
    return (bool(telling) and len(text.split()) < SHORT) or len(telling) > 1


def _asks(text: str) -> bool:
    return bool(_QUESTION_MARK.search(text) or _ASKS.search(text))
