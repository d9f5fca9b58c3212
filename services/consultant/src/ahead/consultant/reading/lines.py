"""What a line of a mail is, by its look: the marks that mail programs put around what they quote.

The kinds of lines follow email_reply_trimmer (Civilized Discourse Construction Kit, MIT), whose public cases
the tests are held to.
"""

import re

# ruff: noqa: E501 - a pattern reads best on one line

_FLAGS = re.IGNORECASE
_ON_WROTE = [
    # Chinese, Dutch, English, French, German, Italian, Norwegian, Polish, Portuguese, Russian, Spanish, Swedish, ...
    r"^[ \t*]*>*[ \t]*[在于][\s\S]{5,250}?(?:写道|寫道)[：:]?[ \t]*$",
    r"^[ \t]*\d{4}[年/-][\s\S]{5,200}?(?:写道|寫道|：)[：:]?[ \t]*$",
    r"^[ \t>*]*Op[ \t][\s\S]{5,250}?(?:het[ \t\n]+volgende[ \t\n]+geschreven|schreef[^\n]*)[ \t]*:[ \t*]*$",
    r"^[ \t>*]*(?:On|At)[ \t\n][\s\S]{5,250}?[ \t\n](?:wrote|writes|said|sent)[ \t]*:[ \t*]*$",
    r"^[ \t>*]*On[ \t][^\n]{5,120}(?:\d{4}|AM|PM)[^\n]{0,120}(?:wrote|writes|said)\b[^\n]{0,4}$",
    r"^[ \t>*]*Le[ \t][\s\S]{5,250}?a[ \t\xa0\n]+[ée]crit[ \t\xa0]*:[ \t*]*$",
    r"^[ \t>*]*Am[ \t][\s\S]{5,250}?(?:schrieb|geschrieben)[^\n:]{0,120}:?[ \t*]*$",
    r"^[ \t>*]*(?:Il|Alle|Nel)[ \t][\s\S]{5,250}?ha[ \t\n]+scritto[ \t]*:?[ \t*]*$",
    r"^[ \t>*]*(?:På|Den)[ \t][\s\S]{5,250}?skrev[^\n]{0,160}:[ \t*]*$",
    r"^[ \t>*]*(?:W dniu|Dnia)[ \t][\s\S]{5,250}?(?:napisał(?:\(a\)|a)?|pisze)[ \t]*:?[ \t*]*$",
    r"^[ \t>*]*(?:Em|No dia)[ \t][\s\S]{5,250}?escreveu[ \t]*:?[ \t*]*$",
    r"^[ \t>*]*(?:\d{1,2}[ .][^\n]{3,20}\d{4}[^\n]{0,40}|(?:В|Пн|Вт|Ср|Чт|Пт|Сб|Вс|Понедельник|Вторник|Среда|Четверг|Пятница|Суббота|Воскресенье)\b[\s\S]{5,200}?)(?:пользователь[\s\S]{0,150}?)?(?:написал(?:\(а\)|а)?|пише|писал[а]?)?[ \t]*:[ \t*]*$",
    r"^[ \t>*]*\d{1,2}[^\n]{3,60}\d{1,2}:\d{2}[\s\S]{0,150}?(?:написал(?:\(а\)|а)?|пише|пишет|написав)[ \t]*:[ \t*]*$",
    r"^[ \t>*]*El[ \t][\s\S]{5,250}?escribi[óo][ \t]*:?[ \t*]*$",
    r"^[ \t>*]*Den[ \t][\s\S]{5,250}?(?:skrev|skrev följande)[ \t]*:?[ \t*]*$",
]
_SOMEONE = [
    r"^[ \t>*]*[^\n>]{2,120}<[^\n>]+@[^\n>]+>[ \t]*(?:wrote|writes|schrieb|schreef|escribió|escreveu|a écrit|ha scritto|skrev|napisał(?:\(a\))?|написал(?:\(а\))?|пише)[^\n:]{0,60}:[ \t*]*$",
    r"^[ \t>*]*[^\n>]{2,60}[ \t](?:wrote|writes|said)(?:[ \t](?:on|in)\b[^\n:]{0,80})?:[ \t]*$",
    r"^[ \t>*]*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[^\n]{0,60}<?[^\n]+@[^\n]+>?[ \t]*:[ \t]*$",
    r"^[ \t>*]*[^\n]{0,80}<[^\n>]+@[^\n>]+>[ \t]*(?:schrieb am|wrote on)[^\n]*(?:\n[^\n]{1,60})?:[ \t]*$",
    r"^[ \t>*]*\d{4}-\d{1,2}-\d{1,2}[ \t]+\d{1,2}:\d{2}[ \t]+GMT[^\n]*(?:<[ \t]*\n[^\n>]+@[^\n>]+>:?)?[ \t]*$",
    r"^[ \t>*]*\d{4}[/-]\d{1,2}[/-]\d{1,2}[ \t][^\n]{2,80}<[^\n>]+@[^\n>]+>:?[ \t]*$",
    r"^[ \t>*]*-{2,}[ \t]*On[ \t][^\n]{5,200}[ \t]wrote[ \t]*-{2,}[ \t]*$",
    r"^[ \t>*]*In message[ \t][^\n]{3,200}(?:\n[^\n]{1,120})?(?:writes|wrote)[ \t]*:[ \t]*$",
]
MULTI_LINE = [re.compile(pattern, _FLAGS | re.MULTILINE) for pattern in (*_ON_WROTE, *_SOMEONE)]
_MARKERS = [
    r"^[ \t>*]*(?:-{2,}|_{2,}|={2,}|\*{2,})?[ \t]*(?:Original Message|Original Appointment|Forwarded Message|Forwarded by|Begin forwarded message|Reply Message|Reply to message|Message d['’]origine|Message original|Message transféré|Ursprüngliche Nachricht|Urspr(?:ü|ue)ngliche E-?Mail|Weitergeleitete Nachricht|Anfang der weitergeleiteten Nachricht|Mensaje original|Mensaje reenviado|Mensagem original|Mensagem encaminhada|Messaggio originale|Messaggio inoltrato|Oorspronkelijk bericht|Doorgestuurd bericht|Ursprungligt meddelande|Opprinnelig melding|Oprindelig meddelelse|Oryginalna wiadomość|Исходное сообщение|Пересланное сообщение|Пересылаемое сообщение|原始邮件|转发邮件)[^\n]{0,60}?(?:-{2,}|_{2,}|={2,}|\*{2,}|:)[ \t*]*$",
    r"^[ \t>*]*Begin forwarded message[ \t]*:?[ \t]*$",
]
_EMBEDDED = [re.compile(pattern, _FLAGS) for pattern in (*_ON_WROTE, *_SOMEONE, *_MARKERS)]
_HEADER = re.compile(
    r"^[ \t*]*(?:From|Sent|To|Cc|Bcc|Reply-To|Date|Subject|Organization|Importance|Priority|De|Envoyé(?: le)?|Envoy&eacute;|À|A|Copie|Objet|Répondre à|Von|Gesendet|An|Datum|Betreff|Kopie|Antwort an|Da|Inviato|Data|Oggetto|Per|Rispondi a|Van|Verzonden|Aan|Onderwerp|Para|Enviado(?: el| em)?|Enviada em|Fecha|Asunto|Assunto|Fra|Sendt|Til|Dato|Emne|Från|Skickat|Till|Datum|Ämne|Od|Wysłano|Do|Temat|DW|От|Отправлено|Дата|Кому|Тема|Копия|发件人|发送时间|收件人|主题|抄送|日期)[ \t*\xa0]*[:：][ \t*\xa0]*\S.*$",
    _FLAGS,
)
_DELIMITER = re.compile(r"^[ \t]*[\-_,=+~#*ᐧ—]+[ \t]*$")
_SIGNATURE = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        r"^[ \t*_]*(?:Sent from|Sent via|Sent using|Get|Sent with|Posted from)[ \t]+(?:my|the|a|an)?\b[^\n]{0,60}(?:iPhone|iPad|iPod|Android|BlackBerry|Windows|Outlook|Mail|Mailbox|phone|mobile|device|tablet|Samsung|Galaxy|Yahoo|Nokia|HTC|AOL|Nexus|Pixel|Verizon|AT&T|T-Mobile|Nine|Spark|Touchpad|ProtonMail|Superhuman|handheld|machine)[^\n]{0,80}$",
        r"^[ \t*]*(?:Envoyé (?:de|depuis|avec)|Von mein\w+ \S+ gesendet|Gesendet (?:von|mit|über)|Enviado (?:desde|do|a partir)|Inviato da|Verzonden (?:vanaf|via|met)|Verstuurd (?:vanaf|via)|Skickat från|Sendt fra|Wysłan[eo] z|Отправлено (?:с|из)|Надіслано з|发自我的)[^\n]{1,80}$",
        r"^[ \t*_<(]*(?:This e-?mail was )?Sent (?:from|by|via)[ \t]+(?:my|a|an|the|\[mail\]|galaxy|mobile)[^\n]{0,120}$",
        r"^[ \t]*(?:\w+[ \t])?from (?:my )?(?:mobile|iphone|ipad|phone)[^\n]{0,20}$",
        r"^[ \t]*(?:Von meine[mr]\b[^\n]{1,60}gesendet|Diese Nachricht wurde von [^\n]{1,90}gesendet|從我的[^\n]{1,40}傳送)\.?[ \t]*$",
        r"^[ \t]*(?:Outlook for (?:iOS|Android)|<?https?://aka\.ms/\S+)[^\n]{0,60}$",
        r"^[ \t]*(?:\[image:[^\]\n]*\]|<image\d+\.\w+>)[ \t]*$",
    )
]
_QUOTE = re.compile(r"^[ \t]*>")
_EMPTY = re.compile(r"^[\s\xa0\u200b]*$")


def kind_of(line: str) -> str:
    """One letter: (e)mpty, (d)elimiter, (s)ignature, (b)egin of an embedded mail, (h)eader of one, (q)uote, (t)ext."""
    if _EMPTY.match(line):
        return "e"
    if _DELIMITER.match(line):
        return "d"
    if any(pattern.match(line) for pattern in _SIGNATURE):
        return "s"
    if any(pattern.match(line) for pattern in _EMBEDDED):
        return "b"
    if _HEADER.match(line):
        return "h"
    return "q" if _QUOTE.match(line) else "t"
