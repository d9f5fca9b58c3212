"""Words that machines use, in subject and body, with how surely they are a machine's; and the shape of what they write.

A weight of 2 is enough where nothing speaks for a person, 1 only helps.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import bisect
import re
from collections.abc import Iterator

from ahead.consultant.classification.notices import AUTOMATIC, KINDS, MAILED_TO_MANY
from ahead.consultant.classification.notices import any_of as _any
from ahead.consultant.classification.person import LINK, is_about_coding
from ahead.consultant.classification.signs import STRONG, Sign
from ahead.consultant.reading import before_quotes

READ = 20_000
BEGINNING = 1_500


_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|i)\s*:", re.IGNORECASE)
_REPLY = re.compile(r"(?:re|aw|sv|antw?|odp|vs|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_NO_WORD = re.compile(r"\W*")
# A subject is looked at so far, without the marks of replies before it.
SUBJECT = 300
FOOTER = 800
SHORTEST_TITLE = 8
# So much weigh subjects that mail programs set by themselves.
SET_BY_PROGRAMS = 4
_BEFORE = "^"

# "Automatic reply" as mail programs put it before a subject, by language.
_AUTOMATIC = (
    r"auto(?:matic|mated)?[- ]?(?:re(?:ply|sponse)|respon(?:se|der)|answer)\b(?! (?:to|from|of)\b)|automatische (?:antwort|abwesenheit)|automatisch antwoord|r[ée]ponse automatique|respuesta autom[áa]tica|risposta automatica|resposta autom[áa]tica"
    r"|autosvar|automatis(?:kt?|ch) svar|automaattinen vastaus|(?:automatyczna )?odpowied[źz](?: automatyczna)\b|automatyczna odpowied[źz]|automatick[áa] odpove[dďť]|automatikus v[áa]lasz|r[ăa]spuns automat|otomatik yan[ıi]t|автоматический ответ|автоответ|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|automatski odgovor|自动(?:回复|答复)|自動(?:回覆|応答|返信)|자동 ?회신|tự động trả lời|balasan otomatis"
)
_ABSENT = r"abwesen(?:d|heit)\w*|absence du bureau|absent\(?e?\)? du bureau|fuera de (?:la )?oficina|fuori ufficio|ausente do escrit|afwezig\w*|frånvaro|nieobecno[śs][ćc]|poissa|不在"
_SUBJECT: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        4,
        _any(
            rf"{_BEFORE}(?:{_AUTOMATIC})",
            _BEFORE + r"auto\)?\s*:",
            rf"{_BEFORE}(?:{_ABSENT})",
            _BEFORE
            + r"(?:undeliver(?:able|ed)\s*:|undelivered mail|undeliverable(?: (?:mail|message|e-?mail))?\s*$|unzustellbar|delivery status notification|delivery (?:status|report|notification)\b.{0,4}$|(?:mail|message) delivery (?:failed|failure|problem|delayed|system|status|report)|delivery failure\s*:|delivery (?:has )?failed\s*$|returned mail\b|mail returned|non-?delivery|nondeliverable|échec de la remise|notification d.+échec|mail system error|failure notice\s*$|warning: could not send|delayed mail|mail delivery)",
            _BEFORE + r"report domain: \S+ submitter",
            _BEFORE + r"(?:return receipt(?: \(|\s*$)|disposition notification|read receipt\b)",
            _BEFORE + r"cron <",
            r"\bauto[- ]?reply:|\bawaits? moderator approval|\bdigest, vol\b|\(out of (?:the )?office\)",
        ),
    ),
    (
        3,
        _any(
            _BEFORE + r"out[- ]of[- ](?:the[- ])?office\s*(?:[:\-–]|$|until|\(|reply|auto)",
            _BEFORE + r"ooo\b\s*[:\-–]",
            _BEFORE + r"(?:vacation|absence|away) (?:reply|response|notice|message|note)\b",
            _BEFORE
            + r"(?:on|annual|maternity|paternity|parental|medical|sick) (?:vacation|leave|holiday|pto)\s*(?:[:\-–]|$|until|till|from|through)",
            _BEFORE + r"i(?:['’]m| am) (?:away|out of (?:the )?office|on (?:vacation|leave|holiday|pto))",
            r"^\w+ (?:\w+ )?is (?:away|out of (?:the )?office|on (?:vacation|leave))|away from (?:my|the) (?:mail|office|desk)|no longer (?:works? (?:here|at|for)|employed|with us)|e-?mail address (?:has )?changed",
            r"[\[(]?(?:ticket|case|request|issue|incident|inquiry|enquiry)\b[\] :#(\[]*[\w-]*\d*\W{0,3}\s*(?:has been |was |is )?(?:received|opened|created|updated|resolved|closed|logged)\b(?! by\b| from\b)|(?:support )?ticket (?:received|opened|created)",
            r"(?:we(?:['’]ve| have)?|has) received your (?:request|ticket|message|e-?mail|inquiry|enquiry|submission|question|application|payment)|(?:request|submission|inquiry|message) received\b",
            r"your (?:request|ticket|message|e-?mail|inquiry|enquiry|submission|case|order|application)\b[^?]{0,30}\b(?:has been|was|has|is) (?:received|opened|created|shipped|confirmed|closed|resolved|blocked|rejected|not delivered|delivered|ready|on (?:its|the) way|being processed)",
            r"message you sent blocked|(?:message|e-?mail|mail) (?:was )?(?:rejected|blocked|not delivered)\b|quota exceeded|virus (?:found|detected) in (?:message|mail)|could not be (?:delivered|processed)\s*$",
            _BEFORE + r"thank(?:s| you) for (?:contacting|your (?:submission|order|purchase|registration|interest|payment|inquiry|enquiry|request))",
            _BEFORE + r"(?:confirm|verify|activate) your (?:e-?mail|subscription|account|address|identity|registration)|(?:reset your password|password reset|your (?:password|verification code|one-time|security code|login code|receipt|invoice|statement|order|appointment|subscription)\b)|confirmation request|verification code",
            r"(?:are a person|not a robot|\[verification required\])",
            r"hemos recibido su|wir haben ihre|nous avons (?:bien )?re[çc]u|abbiamo ricevuto|recebemos (?:a )?su?a",
            _BEFORE + r"(?:scanned? (?:image|document|file)s? from|new fax\b|fax (?:received )?from|voice ?(?:mail|message) from|missed call)",
            r"\*\* ?problem|\[(?:firing|resolved|success|failed|alert|warning|critical|ok|down|up)\b|(?:service|host) alert\b|backup (?:job|report|completed|failed)|build (?:failed|succeeded|#)|job \"|messages? in (?:your )?quarantine|secure(?:d)? (?:e-?mail|message) from|encrypted message from",
            r"wants to connect|sent you a message|new (?:message|document|era|remit\w*|statement|eob)\b.*\b(?:portal|available)|new message in\b|invited you|mentioned you|shared .+ with you|\d+ new .{0,30}\bjobs?\b|how did we do|rate your|take our survey|your feedback|(?:weekly|daily|monthly) (?:digest|summary|report|newsletter)|claim rejection summary|newsletter|completed: |please sign|signature requested",
        ),
    ),
    (
        2,
        _any(
            _BEFORE + r"(?:read|not read|deleted|delivered|relayed|gelesen|lu|leído|lido|letto)\s*:\s",
            _BEFORE + r"(?:accepted|declined|tentative(?:ly accepted)?|canceled|cancelled|invitation|updated invitation|recall)\s*:\s",
            r"(?:verification|confirmation) required|delivery (?:failure|problem)|failed delivery|undeliverable|out of (?:the )?office|office (?:is )?closed|closed for|holiday (?:hours|closure)|save \d+ ?%|last chance|early bird|new webinar|webinar:|register (?:now|today)|\bfree (?:ceu|webinar|demo|trial)",
        ),
    ),
    (1, _any(r"^(?:warning|alert|reminder|notice|notification|important|update)\s*:", r"rejected|bounced?|returned")),
)  # fmt: skip

_BODY: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        4,
        _any(
            r"this is an? (?:auto(?:matic(?:ally)?|mated|[- ]?reply)|system)[- ]?(?:generated )?(?:reply|response|message|e-?mail|acknowledge\w*|confirmation)?\b[^.?]{0,80}\b(?:received|sent|reply|response|monitored|respond|acknowledg\w*)",
            r"this (?:message|e-?mail|mail|notification) (?:was|is|has been) (?:auto(?:matic(?:ally)?)?[- ]?|system[- ]?|computer[- ]?)(?:generated|created|sent)|(?:was|is|been) (?:generated|created|sent) automatically",
            r"this message was created automatically|you do not need to resend your message|this is the (?:qmail|mail ?system)|permanent (?:fatal )?errors?\b[^.?]{0,40}(?:address|deliver|sorry)|reporting-mta|final-recipient|diagnostic-code|(?:host|server) \S+ said: [45]\d\d",
        ),
    ),
    (
        3,
        _any(
            r"this is an? (?:auto(?:matic(?:ally)?|mated)|system)[- ]?(?:generated )?(?:reply|response|message|e-?mail|notification|acknowledge\w*|confirmation|notice)",
            r"(?:auto(?:matically)?|system|computer)[- ]generated (?:message|e-?mail|reply|response|notification)",
            r"(?:please )?(?:do not|don['’]t) (?:reply|respond) (?:directly )?to (?:this|the) (?:e-?mail|message|address|mail|notification)|please do not (?:reply|respond)\b|please don['’]t reply\b",
            r"(?:this )?(?:mail ?box|inbox|e-?mail (?:address|account|box)|address) is (?:not|no longer|un)(?: being)? ?(?:actively |regularly )?monitored|(?:unmonitored|unattended) (?:mail ?box|inbox|e-?mail|address)|mailbox is unattended|repl(?:ies|y) (?:to this (?:e-?mail|message|address) )?(?:are|is|will) not (?:be )?(?:read|monitored|seen|answered)|not monitoring (?:this|my) (?:in|mail)box",
            r"(?:^|[.!,:;]\s|\bi(?:['’]m| am| will be)[^.?]{0,30}|currently |is )(?:away|out of|on|taking|gone)\b[^.?]{0,40}\b(?:until|through|till|from|returning|return on|and will (?:return|be back|respond|reply)|back on|with (?:no|limited|intermittent))",
            r"i(?:['’]m| am) (?:currently )?(?:away|out of (?:the )?(?:office|country)|on (?:vacation|leave|annual|maternity|paternity|parental|holiday|pto|sick|a family|medical)|travel+ing)|i will be (?:away|out of (?:the )?office|on (?:vacation|leave|maternity|paternity|pto))\b|out sick (?:today|this week|until|and)|gone fishing|on holiday\.",
            r"(?:limited|no|intermittent|sporadic|little)(?: or no)? access to (?:my )?e-?mail|(?:upon|when|after) (?:my|i) return\b|(?:in|during) my absence|while i am (?:away|out)|(?:won['’]t|will not) be checking (?:my )?(?:e-?)?mail|when i am able to",
            r"is no longer (?:with|at|employed|working|monitored|in use|active)\b[^.?]{0,80}\.[^?]*(?:direct|contact|send|forward|please)|(?:update|change) your (?:address book|records|contacts)|i now receive mail at",
            r"(?:we(?:['’]ve| have)?|i(?:['’]ve| have)) (?:received|got) your (?:e-?mail|message|request|inquiry|enquiry|ticket|submission|note|question|form|correspondence|application|payment)|we got your (?:note|message|request)|got your request",
            r"(?:your|the) (?:e-?mail|message|mail|request|inquiry|enquiry|ticket|case|submission|form|correspondence|form)\b[^.?]{0,60}\b(?:has|have|was|were|been|is)\b[^.?]{0,12}\b(?:received|assigned|opened|logged|created|closed|submitted|registered|filed|queued|forwarded|solved|resolved|held)\b",
            r"(?:tracking|reference|ticket|case|confirmation|request) (?:number|id|no\.?)\b[^.?]{0,12}(?:is|-|:|#)\s*#?[\w-]*\d{3,}|assigned (?:it )?(?:the |a )?(?:tracking|reference|case|ticket)? ?(?:number|#)|a ticket (?:has been|was) created|opened ticket \w*\d|your case was created",
            r"(?:will|shall) (?:respond|reply|get back to you|be in touch|be answered|contact you|follow up|review)\b[^.?]{0,60}(?:within|shortly|as soon as|in \d|business|when we|hours|days|order)|gets? back to you within|messages? (?:are|will be) answered|response times? is|are processed within|you will be notified|(?:back|respond) (?:tomorrow|later today)",
            r"could not be delivered|could not deliver|(?:has|have|was|were)(?: not|n['’]t) (?:been )?delivered|delivery (?:has )?failed\.|delivery (?:to|of)[^.?]{0,60}(?:failed|delayed)|unable to deliver|user unknown|unknown (?:user|recipient)|mailbox (?:is |was )?(?:full|unavailable|not found|disabled|over)|over (?:its )?quota|no such (?:user|mailbox|recipient|address)|recipient(?:'s)? address (?:was )?rejected|couldn['’]t be delivered|did not reach the following|returned to sender|was (?:rejected|blocked|stopped) by (?:policy|our|the) (?:filter|scanner|policy|gateway|server|spam)?|is not listed|wasn['’]t found at|not reached all of its recipients|delivery to these recipients",
            r"this is a (?:return|read|delivery) receipt|your message[^.?]{0,80}was (?:read|deleted|displayed|delivered|not delivered) (?:on|without|to)|your mail (?:was|message was)[^.?]{0,30}(?:read|deleted)|would like to recall the message",
            r"(?:un|not )subscribe(?:d)?\b[^?]{0,30}(?:here|:|click|link|http)|click (?:here )?(?:to )?unsubscribe|you are receiving this|you(?:['’]re| are) (?:getting|receiving) (?:this|these) (?:e-?mail|message)|stop receiving these|view (?:this e-?mail )?in your browser|manage (?:alerts|your (?:preferences|subscription|notifications))|e-?mail preferences",
            r"reset (?:the|your) password|(?:link|code) expires? in|(?:click|tap|use|follow) the (?:button|link) (?:below|above)|enter \d{4,} to|verification code|one-time (?:code|password)|(?:don['’]t|do not) share this code|click https?://\S+ once|to release it, click|uses a filter for unknown senders",
            r"device name:|resolution: \d+|notification type:|\bhost: \w+[^?]{0,40}\bstate:|job: .{0,60}(?:start|result):|you have (?:received )?a? ?(?:new )?(?:fax|voice message|secure message)|sent you an encrypted|(?:is|are) attached as a pdf\.?\s*$|attached file is scanned",
            r"(?:ready|available|waiting)\b[^.?]{0,40}\bin the portal|(?:log|sign) in to (?:read|view|see)|track (?:the|your) package|has shipped|amount paid|receipt number|have completed the document|asks to add you|you missed a message|release or block|submit (?:your|the) request through|(?:use|through) our (?:web ?form|portal|online form)|form has been submitted",
            r"office (?:is|will be) closed\b[^?]{0,120}(?:answered|reopen|re-open|return|when we)|we re-?open\b|dial 911",
            r"virtual assistant|i(?:['’]m| am) (?:an? |the )?(?:mail ?)?(?:bot|automated assistant|ai assistant|ai agent)|as an ai\b|beep boop",
            r"\backnowledge(?:s|ment)?\b[^.?]{0,20}\b(?:receipt|your)|allow (?:up to )?\d+[^.?]{0,20}(?:days|hours)|(?:case|ticket|request|conversation) \S+ (?:is now open|was closed|closes automatically|has been opened)|is in our queue|individual replies may take|no action is (?:needed|required)",
            r"(?:slow|delayed) (?:to|in) (?:reply|respond)|responses? (?:will|may) be delayed|my working days are|covering my (?:accounts?|work|cases|desk)|expect to be back|(?:deleted|stop working|discontinued) (?:on|\.)|has been discontinued|nobody will see|my new address is",
            r"if you(?:['’]d| would) rather not|opt[- ]out|no longer want|update (?:your )?preferences|notification settings|turn off these|change your options|to this list|stop following|(?:view|read|see|open|watch|shop|review|pay|download|join|manage|update|track|reschedule)\b[^.?]{0,40}https?://",
            r"(?:new|recent) sign-?in|secure your account|manage your subscription|payment method|choose a plan|couldn['’]t charge|finish signing in|stops working after|your seat is saved|appointment (?:is confirmed|on)|friendly reminder|reply [cy] to confirm|thanks? (?:you )?for your (?:order|business|purchase)|estimated delivery|tracking number|invoice \S+ for \$|your certificate|congratulations! you|rate (?:this|the|our) (?:response|call|service)|the survey takes|transfer completed|transfer id|severity: |event: |view log|\bbatch \d+: |system generated|page\(s\)|the fax is|long message in mailbox|has sent you a (?:protected|secure)|verify that you are|waiting in the gateway|has been removed from your message|matched a policy|message[^.?]{0,30}was not sent on|been unsubscribed|subscribe again|was issued on|remittance advice can|view the determination|sign: https",
        ),
    ),
    (
        2,
        _any(
            r"(?:ich bin|bin ich)[^.]{0,60}(?:nicht (?:im (?:büro|haus)|erreichbar)|abwesend|im urlaub|außer haus)|(?:nicht (?:im büro|erreichbar)|wieder im haus)|je suis (?:absent|en congé|actuellement (?:absent|en congé))|estoy (?:fuera de|de vacaciones|ausente)|(?:me encuentro|estar[ée]) (?:fuera|ausente)|sono (?:fuori|assente|in ferie)|estou (?:fora|ausente|de f[ée]rias)|(?:estoy|me encuentro|estou) (?:de )?(?:vacaciones|férias)|me encuentro de vacaciones|sar[òo] (?:assente|fuori)|risponder[òo] al mio rientro|jeg er (?:på ferie|ikke)|olen lomalla|izindeyim|부재 중|ik ben (?:tot|afwezig|niet aanwezig|op vakantie)|(?:przebywam|jestem) (?:na urlopie|poza biurem)|jag är (?:inte på|borta|på semester)|不在にして|jsem mimo|нахожусь в отпуске|отсутствую",
            r"dies ist eine automatisch|ceci est un(?:e)? (?:message|courriel|réponse) automatique|est[ea] es un[a]? (?:mensaje|correo|respuesta) autom|questo è un messaggio automatico|gracias por (?:su mensaje|contactar|escribir|comunicar)|nous avons bien reçu|wir haben ihre (?:anfrage|nachricht|e-?mail) erhalten|(?:hemos recibido su|su solicitud ha sido recibida)|(?:su caso|su solicitud)[^.]{0,20}(?:fue|ha sido|sido) (?:cread|recibid)|no responda|bitte antworten sie nicht|merci de ne pas répondre|por favor no responda|vielen dank für ihre nachricht",
            r"back on (?:mon|tue|wed|thu|fri|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|the|\d)|back (?:the )?(?:mon|tue|wed|thu|fri)\w*|i(?:['’]ll| will) be back|for anything urgent|if (?:this|you need|it) is urgent|if you need immediate|for (?:urgent|immediate) (?:matters|assistance|help)|direct (?:all|your|any)\b[^.?]{0,40}(?:to|at)",
            r"register (?:at|now|today|here)|join us on|buy \w+ (?:\w+ )?(?:get|and)|save (?:up to )?\d+ ?%|in this issue",
        ),
    ),
    (1, _any(r"thank(?:s| you) for (?:contacting|reaching out|your (?:e-?mail|message|inquiry|enquiry|submission|interest))", r"this is a (?:notification|notice)\b")),
)  # fmt: skip
# What a gateway puts before a subject: [EXTERNAL], [SPAM?].
_TAG = re.compile(
    r"\[?(?:ext(?:ern(?:al)?)?|spam|suspected spam|caution|secure|encrypt(?:ed)?)\b\W*", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"')]*\s+")
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»]{12,400}[\"“”»]")
# With it another installation of ours ends what it answers; in a reply to us it stands in the quote.
_OUR_END = re.compile(r"\bautomated answer\b|\breply human to\b", re.IGNORECASE)
_TO_YOU = re.compile(r"\byour?\b", re.IGNORECASE)
_BELOW = [(kind, pattern) for _, kind, pattern in KINDS if pattern in (AUTOMATIC, MAILED_TO_MANY)]
_PATTERNS = [*((weight, "", pattern) for weight, pattern in _BODY), *KINDS]
_LABELLED = re.compile(r"^[ \t]*([A-Z][\w /#&-]{1,24}):[ \t]+\S", re.MULTILINE)
# Labels that coders write when they list what a case is about.
_OF_A_CASE = re.compile(
    r"(?:payer|payor|insurance|setting|pos|place|dos|date of service|dates?|dx|diagnos\w+|cpt|icd\S*|hcpcs|codes?|modifiers?|pt|patient|age|sex|procedure|provider|question|q|ps|note|chart \d+|op note|indication|findings?|re|fyi|from|to|sent|subject|cc|date|answer|a|approach|side|specialty|denial|carc|rarc|units?|impression|plan|assessment|hpi)(?: ?\d+)?",
    re.IGNORECASE,
)
_MERGED = re.compile(
    r"^\W*(?:hi|hello|hey|dear)[ ,]+(?:(?:valued |our )?(?:customer|applicant|candidate|member|user|subscriber|client|guest|shopper|reader|account holder|policy ?holder|patient|friend|provider)s?|\S+@\S+)\b",
    re.IGNORECASE,
)
_READING = re.compile(
    r"\b\d{4}-\d\d-\d\dT\d|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b\d+(?:\.\d+)? ?(?:ms|[kKMGT]i?B|Mbps|rpm)\b|\b\d\d:\d\d:\d\d\b|\bUTC\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b|-?\d+\.\d °?[CF]\b|[\w/]+\.(?:py|sh|js|java|log|txt|csv|xml|zip)\b"
)


def in_subject(subject: str) -> Iterator[Sign]:
    """The weightiest cue; none where a person has forwarded something, whose subject is another's."""
    answered = _REPLY.match(_NO_WORD.sub("", subject[:SUBJECT], count=1))
    subject = _core(subject)
    if _FORWARD.match(subject):
        return
    for weight, pattern in _SUBJECT:
        if found := pattern.search(subject):
            # People answer automatic replies too; the program's words then stand behind a "Re:".
            weight = min(weight, SET_BY_PROGRAMS - 1) if answered else weight
            yield Sign(weight, f"subject: {found[0].strip()[:60]}")
            return
    for _, kind, pattern in KINDS:
        if pattern.search(subject):
            yield Sign(2, f"subject: {kind}")
            return


def without_title(own: str, subject: str) -> str:
    """Without the subject where the body repeats it, as tickets and absence notes do."""
    subject = _core(subject)
    return own.replace(subject, " ") if len(subject) > SHORTEST_TITLE and own.strip() != subject else own


def _core(subject: str) -> str:
    """Without the marks of replies and gateways before it."""
    subject = _NO_WORD.sub("", subject[:SUBJECT], count=1)
    while found := _REPLY.match(subject) or _TAG.match(subject):
        subject = _NO_WORD.sub("", subject[found.end() :], count=1)
    return subject


def in_body(own: str) -> tuple[list[Sign], str]:
    """Cues in what the author wrote, one for a sentence, and the sentences without any.

    What stands in quotation marks is somebody else's. A sentence about codes that doesn't speak to "you" only has a
    machine's words as its topic.
    """
    said = " ".join(own.split())
    text = _QUOTED.sub(lambda quote: " " * len(quote[0]), said)
    said = _QUOTED.sub(lambda quote: " " * len(quote[0]) if "?" in quote[0] else quote[0], said)
    ends = [*(gap.end() for gap in _SENTENCE.finditer(text)), len(text)]
    best: dict[int, Sign] = {}
    touched: set[int] = set()
    for weight, kind, pattern in _PATTERNS:
        for cue in pattern.finditer(text):
            first = bisect.bisect_right(ends, cue.start())
            touched.update(range(first, bisect.bisect_left(ends, cue.end()) + 1))
            if weight > best.get(first, Sign(0, "")).weight:
                best[first] = Sign(weight, kind or f"words of a machine: {cue[0].strip()[:60]}")
    starts = [0, *ends]
    kept: list[str] = []
    for number, end in enumerate(ends):
        sentence = said[starts[number] : end].strip()
        if number in best and is_about_coding(sentence) and not _TO_YOU.search(sentence):
            best[number] = Sign(1, best[number].why)
            touched.discard(number)
        if number not in touched:
            kept.append(sentence)
    return list(best.values()), " ".join(kept)


def in_footer(text: str, own: str) -> Iterator[Sign]:
    """What stands below a mail, where its author's own words end: the foot of a mailing, or of our own answers."""
    footer, said = " ".join(before_quotes(text)[-FOOTER:].split()), " ".join(own.split())
    if _OUR_END.search(footer):
        yield Sign(STRONG, "below it our own words")
        return
    for kind, pattern in _BELOW:
        found = pattern.search(footer)
        if found and found[0] not in said:
            yield Sign(3, f"below it {kind}")
            return


def in_shape(own: str, to: str) -> Iterator[Sign]:
    """How machines set out what they write, whatever it is about."""
    lines = [line for line in own.splitlines() if line.strip()]
    labels = [label for label in _LABELLED.findall(own) if not _OF_A_CASE.fullmatch(label.strip())]
    if len(labels) >= 3 and 2 * len(labels) >= len(lines):
        yield Sign(2, "a form filled in")
    elif len(labels) != len(set(labels)):
        yield Sign(2, "a record of a chat")
    local = re.search(r"([\w.+-]+)@", to)
    if _MERGED.match(own) or (
        local and re.match(rf"\W*(?:hi|hello|hey|dear)[ ,]+{re.escape(local[1])}\b", own, re.IGNORECASE)
    ):
        yield Sign(2, "addressed by a merge field")
    letters = [letter for letter in own if letter.isalpha()]
    if len(letters) > 20 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        yield Sign(1, "in capitals")
    readings = len(_READING.findall(own))
    if readings:
        yield Sign(min(readings, 2), "readings of a device")
    if links := len(LINK.findall(own)):
        yield Sign(1, f"{links} links")
