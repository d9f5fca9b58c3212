"""Words that machines use, with how surely they are a machine's, and words that only a person writes.

A weight of 4 decides against any question, 2 is enough where nothing speaks for a person, 1 only helps.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Iterator
from dataclasses import dataclass

READ = 20_000
BEGINNING = 1_500
FOOT = 600
# Words of an answer such as "Left knee, the first injection."
SHORT = 16
# Longer lists of codes that ask nothing are a system's.
LONG = 40
# Nothing that sentences say together outweighs a clear question about codes.
MOST_BY_BODY = 4


@dataclass(frozen=True)
class Cue:
    weight: int
    words: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


ROBOT_FOR_SURE = re.compile(
    r"^(?:mailer[-_.]?daemon|postmaster|(?:no|do[-_.]?not|donot|never)[-_.]?reply.*|.*[-_.+](?:no|donot)[-_.]?reply|bounces?|.*[-_.+=]bounces?|m?daemon|nobody|cron|listserv|majordomo|mailman|auto[-_.]?(?:reply|respond(?:er)?)|mail\.?delivery.*|microsoftexchange[0-9a-f]{20,})(?:\+.*)?$"
)
# Of these some are a team's mailbox.
ROBOT = re.compile(
    r"^(?:mailer[-_.]?daemon|postmaster|post\.?office|(?:no|do[-_.]?not|donot|never)[-_.]?reply.*|.*[-_.+](?:no|donot)[-_.]?reply|bounces?|.*[-_.+=]bounces?|auto[-_.]?(?:reply|respond(?:er)?|mail(?:er)?|confirm)"
    r"|daemon|mdaemon|nobody|root|cron|www-data|wordpress|nagios|zabbix|icinga|jenkins|grafana|backup|listserv|lyris|majordomo|mailman|sympa|.*-(?:request|owner|bounces?)|owner-.*|notifications?|.*[-_.]notifications?|(?:job|news|mail|system|security|price)?[-_.]?alerts?|newsletters?|mailmaster|system|uucp|smtp|abuse-?report|fbl|tlsrpt|dmarc.*|symantec_antivirus.*|antivirus|virus-?(?:admin|alert|scanner)|quarantine|mail-?(?:system|security)|securemail|mail\.?delivery.*|delivery[-_.].*|challenge|scann?er\d*|copier\d*|printer\d*|mfp\d*|fax\d*|e?fax|voicemail|microsoftexchange[0-9a-f]{20,}|dse)(?:\+.*)?$"
)
ROBOT_NAME = re.compile(
    r"mail(?:er)?[- ]?daemon|mail delivery (?:sub)?system|delivery (?:sub)?system|postmaster|mail administrator|auto(?:matic)?[- ]?(?:reply|respon)|internet mail delivery|returned mail|system administrator|via the vacation program|delivery notice",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|i)\s*:", re.IGNORECASE)
_REPLY = re.compile(r"(?:re|aw|sv|antw?|odp|vs|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_NO_WORD = re.compile(r"\W*")
# A subject is looked at so far, without the marks of replies before it.
SUBJECT = 300
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
            _BEFORE + r"(?:return receipt \(|disposition notification|read receipt\b)",
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
            r"this is an? (?:auto(?:matic(?:ally)?|mated)|system)[- ]?(?:generated )?(?:reply|response|answer|message|e-?mail|notification|acknowledge\w*|confirmation|notice)",
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
            r"\b(?:ooo|pto)\b|back in (?:the )?office|(?:attending|at) a (?:conference|training|meeting)\b[^.?]{0,40}\b(?:until|through|till|all (?:day|week))|i(?:['’]ve| have) (?:left|retired)|(?:my|i am on) (?:last day|sabbatical)",
            r"your (?:message|e-?mail|call|question|feedback|business) is (?:very )?important|(?:a|another) member of (?:our|the) (?:\w+ )?team|some(?:one|body) (?:from|on|in|at) (?:our|the) (?:\w+ )?(?:team|office|desk)|one of our (?:\w+ )?(?:agents|representatives|specialists|associates|coders|experts|team)|(?:high|heavy|large|unusual\w*) (?:call |e-?mail |ticket |message )?volume|(?:average|typical|estimated|usual|current) (?:response|wait|reply|turnaround)|reply (?:above|below) this line|(?:add|send) (?:more|additional|further) (?:details|information|comments)[^.?]{0,40}\b(?:reply|ticket|case)",
            r"(?:is there|if there['’]?s?(?: is)?) anything else|would you like me to|did (?:we|this|that) (?:answer|solve|resolve|help)|was this (?:\w+ )?helpful|how (?:would|do) you rate|how satisfied|how was your|(?:solve|answer)d? your (?:problem|question|issue)",
            r"will (?:keep|continue) (?:trying|retrying|to (?:try|retry|attempt))|(?:next|another) attempt|retr(?:y|ied|ies) (?:for|until|in|every|after)|undelivered|not (?:been )?delivered|deferred|bounced back|has (?:accepted|declined|tentatively|cancell?ed|proposed|shared|invited|commented|assigned|updated|completed|uploaded|requested)\b|exit (?:code|status)|\b(?:job|task|backup|import|export|scan|sync|batch|build|deploy\w*|script|process) \S{0,40} ?(?:finished|failed|completed|succeeded|started|is done)",
            r"(?:our|my) (?:team|company|firm|services?|platform|solution|software|agency)\b[^.?]{0,60}\b(?:helps?|offers?|provides?|saves?|specializ\w+|deliver\w*)|(?:schedule|book|set up|hop on|open to) an? (?:\w+[- ])?(?:call|demo|chat|meeting)|(?:quick|brief|\d+[- ]minute) (?:call|chat|demo)|just following up on my|limited[- ]time|special offer|discount|click (?:here|below)|learn more",
            r"dear (?:valued |our )?(?:customer|user|member|subscriber|client|provider|applicant|colleague|sir|patient|subscriber|account holder|vendor|supplier)s?\b",
            r"register (?:at|now|today|here)|join us on|buy \w+ (?:\w+ )?(?:get|and)|save (?:up to )?\d+ ?%|in this issue",
        ),
    ),
    (1, _any(r"thank(?:s| you) for (?:contacting|reaching out|your (?:e-?mail|message|inquiry|enquiry|submission|interest))", r"this is a (?:notification|notice)\b")),
)  # fmt: skip
# What stands at the foot of a machine's mail, below what a reply is cut at: short, for a person's has a disclaimer.
_FOOT = _any(
    r"this (?:is|was) an? (?:auto(?:matic(?:ally)?|mated)|system|unattended|unmonitored)[- ]?(?:generated |sent )?(?:reply|response|answer|message|e-?mail|mail|notification|notice|mailbox)",
    r"(?:auto(?:matically)?|system|computer)[- ]?(?:generated|sent) (?:by|from|message|e-?mail|reply|response|notification|mail)",
    r"(?:do not|don['’]t) (?:reply|respond) (?:directly )?to (?:this|the)|please do not (?:reply|respond)|(?:not|un)[- ]?monitored|repl(?:ies|y) to this (?:e-?mail|message|address) (?:are|is|will|go)",
    r"reply human to reach|\bunsubscribe\b|(?:manage|update|change) your (?:e-?mail )?(?:preferences|subscription|notifications?)|you(?:['’]re| are) receiving this|view (?:this )?(?:e-?mail )?(?:in|online)|all rights reserved|(?:©|\(c\)|copyright) ?20\d\d",
    r"\b(?:powered|sent|generated|delivered|created) by (?:zendesk|freshdesk|help ?scout|intercom|jira|service ?now|salesforce|hubspot|mailchimp|the \w+ system|an? (?:bot|automat\w+))",
)
_MACHINES_BOX = re.compile(
    r"^(?:news|updates?|marketing|events?|webinars?|education|feedback|surveys?|reports?|orders?|statements?|invoices?|receipts?|jobs|operator|servicedesk|security|verify|welcome|hello|training)(?:\+.*)?@",
    re.IGNORECASE,
)

# How people ask where they leave the question mark out.
_ASKS = re.compile(
    r"(?:^|[.!,:;\n]\s*|\b(?:and|but|so|then) )(?:what|what's|whats|which|how|why|when|who|where|can|could|may|should|would|do(?! not)|does|did|is|are)\b"
    r"|\b(?:(?:please|pls|can you|could you|kindly) (?:confirm|advise|explain|clarify|tell|help|have|let (?:me|us) know|reopen|send an invoice)|need (?:help|to know|your|this)|help (?:me|us|with|pls|please)|wonder(?:ing)? (?:if|whether|how)|(?:question|ask(?:ing)?) (?:about|on|for|if|whether)|looking for|trying to|any (?:advice|idea|thoughts)|not sure|unsure|(?:want|like|love) to know|need (?:the |a |an |some |your )?(?:\w+ ){0,2}(?:codes?|modifiers?|cpt|icd\S*|drg|hcpcs|rules?|answer|clarification|advice|guidance|information)|(?:codes?|coding|modifiers?|billing|cpt|icd(?:-10)?) for|please (?:code|check|review|verify|look (?:at|into|over))|(?:i am|i['’]m|we are|we['’]re) (?:confused|stuck|struggling|having trouble)|(?:advice|guidance|clarification|thoughts) (?:on|about|for|is|would)|how to|whether|what about|would be grateful|still don['’]t (?:know|understand)|do you)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{5}|[A-V]\d{4}|modifiers?|mod(?: |\.)|\d{4}F|cpt|icd(?:-10)?(?:-cm|-pcs)?|hcpcs|pcs|drgs?|apc|ncci|cci|mue|lcd|ncd|e/m|bill(?:ed|able|ing)?|codes?|coded|coding|re?ported? with|reportable|claims?|denials?|denied|deny|payer|medicare|medicaid|payable|bundl\w+|units?|diagnos[ei]s|sequenc\w+|principal|laterality|global (?:days|period|package)|incident-?to|split/shared|place of service|pos \d\d|poa|present on admission|excludes[12]?|7th character|addenda|guidelines?|rvu|hcc|encoder|op(?:erative)? (?:note|report)|query|queries|audit\w*|appeal|write.?off|prior auth\w*|medical necessity|dos|date of service|c-section|cesarean|procedure|surgeon|surgery|inpatient|outpatient|c[óo]digos?|codice|codici|factur\w+|fatturar\w*|abrechn\w+|modificador\w*|modificateur|modifikator\w*|diagn[óo]stic\w+|kodier\w+|кодир\w+|модификатор\w*)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|\d{5}|[A-V]\d{4})\b")
_MEANS_CODES = re.compile(
    r"\b(?:cpt|hcpcs|icd|modifiers?|mod|bill\w*|cod(?:e[sd]?|ing)|deni\w+|claims?|dos|pos|payer|medicare|dx|units?)\b|\d{5}-(?:\d\d|[A-Z][A-Z0-9])\b",
    re.IGNORECASE,
)
# What a coder asks back for: side, setting, which encounter, and the day; one of a kind is chance.
_ANSWER = re.compile(
    r"\b(?:left|right|bilateral|both sides|inpatient|outpatient|office|facility|asc|initial|subsequent|sequela|new patient|established|date of service|dos|medicare|medicaid|\d{1,2}/\d{1,2}/(?:\d\d){1,2})\b",
    re.IGNORECASE,
)
_BRIEF = re.compile(
    r"\d|\b(?:yes|no|yep|nope|thanks?|thx|ok(?:ay)?|human|correct|wrong|first|second|neither|both)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|www\.\S+")
_QUESTION_MARK = re.compile(r"[?？](?!\S*=)")


def in_subject(subject: str) -> Iterator[Cue]:
    """The weightiest cue; none where a person has forwarded something, whose subject is another's."""
    subject = _NO_WORD.sub("", subject[:SUBJECT], count=1)
    # A machine puts its words before the "Re:"; behind it they are what somebody answers to.
    most = 4
    while found := _REPLY.match(subject):
        subject, most = _NO_WORD.sub("", subject[found.end() :], count=1), 2
    if _FORWARD.match(subject):
        return
    for weight, pattern in _SUBJECT:
        if found := pattern.search(subject):
            yield Cue(min(weight, most), found[0].strip())
            return


def in_sender(value: str) -> Iterator[Cue]:
    address = re.search(r"([^\s<>\"]+@)", value)
    if address and _MACHINES_BOX.match(address[1]):
        yield Cue(1, address[1])


def in_body(own: str) -> Iterator[Cue]:
    """Cues in what the author wrote, at most so many that they weigh MOST_BY_BODY together."""
    text = " ".join(own.split())
    left = MOST_BY_BODY
    for weight, pattern in _BODY:
        for found in pattern.finditer(text):
            if left <= 0:
                return
            yield Cue(min(weight, left), found[0].strip())
            left -= weight


def in_foot(text: str) -> Iterator[Cue]:
    """One cue at most, below the last question: a person who cites such words asks something about them."""
    end = max((found.end() for found in _QUESTION_MARK.finditer(_LINK.sub(" ", text))), default=0)
    if found := _FOOT.search(" ".join(_LINK.sub(" ", text)[end:][-FOOT:].split())):
        yield Cue(4, found[0].strip())


def asks_about_coding(own: str) -> bool:
    """A machine writes neither; a person who asks a coder something mostly writes both."""
    text = _LINK.sub(" ", own)
    return _asks(text) and bool(_TERMS.search(text))


def of_a_person(subject: str, own: str) -> int:
    """How much speaks for a person, against the weight of the cues."""
    text = _LINK.sub(" ", own)
    marks, terms = bool(_QUESTION_MARK.search(text)), len(set(map(str.lower, _TERMS.findall(text))))
    if marks and terms:
        return 4 if terms > 1 else 3
    if _ASKS.search(text) and terms > 1:
        return 3
    if terms and _ASKS.search(text):
        return 2
    if marks or terms > 2 or (terms and _CODE.search(subject)):
        return 1
    return 0


def speaks_to_us(subject: str, own: str, *, reply: bool, signs: int = 0) -> bool:
    """Whether a mail has anything of a person who talks to a coder: a question, codes, or a short answer.

    What has not is not surely a machine's; but nothing in it asks for an automatic answer either. ``signs``: the
    weight of a machine's words in it; with any, only a question about coding counts.
    """
    text = _LINK.sub(" ", own)
    words = len(text.split())
    if not words:
        return bool(_TERMS.search(subject)) or _asks(subject)
    linked = _LINK.search(own) is not None
    if _asks(text) and (not (linked or signs) or bool(_TERMS.search(text))):
        return True
    # Five digits alone may be a ticket's number.
    telling = [code for code in _CODE.findall(text) if not code.isdigit() or _MEANS_CODES.search(text)]
    if (telling and words < SHORT) or (len(telling) > 1 and words < LONG):
        return True
    if linked or signs:
        return False
    answers = len(set(map(str.lower, _ANSWER.findall(text))))
    return answers > 1 or (reply and words < SHORT and bool(answers or _BRIEF.search(text)))


def _asks(text: str) -> bool:
    return bool(_QUESTION_MARK.search(text) or _ASKS.search(text))
