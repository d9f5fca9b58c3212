"""Makes the raw bytes of one mail from its text and the way it travelled."""

from __future__ import annotations

import base64
import hashlib
import html
import quopri
import re
import textwrap
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from .answers import ANSWERS
from .ways import WAYS

ZONES = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "UTC"]
PARAGRAPH = {
    "gmail": ('<div dir="ltr">', "<div>{}</div><div><br></div>", "</div>"),
    "word": (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0in;'
        ' font-family:"Calibri",sans-serif;} --></style></head><body lang="EN-US"><div class="WordSection1">',
        '<p class="MsoNormal">{}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>',
        "</div></body></html>",
    ),
    "outlook": (
        "<html><head></head><body>",
        '<div style="font-family: Aptos; font-size: 12pt;" class="elementToProof">{}</div>',
        '<div id="ms-outlook-mobile-signature"></div></body></html>',
    ),
    "apple": ('<html><body dir="auto">', "<div>{}</div><div><br></div>", "</body></html>"),
    "plain": ("<html><body>", "<p>{}</p>", "</body></html>"),
    "news": (
        '<!DOCTYPE html><html><body style="margin:0;background:#f4f4f4"><table role="presentation" width="100%">'
        '<tr><td align="center"><table width="600" style="background:#fff"><tr><td style="padding:24px">',
        '<p style="font:15px/22px Arial,sans-serif;color:#333">{}</p>',
        "</td></tr></table></td></tr></table></body></html>",
    ),
}


def to_html(text: str, look: str) -> str:
    before, each, after = PARAGRAPH[look]
    paragraphs = [html.escape(part).replace("\n", "<br>\n") for part in text.strip().split("\n\n")]
    linked = [re.sub(r"(https?://[^\s<]+)", r'<a href="\1">\1</a>', part) for part in paragraphs]
    return before + "\n".join(each.format(part) for part in linked) + after + "\n"


def to_text(markup: str) -> str:
    broken = re.sub(
        r"(?i)<(br|/p|/tr|/div|/h\d|/li)[^>]*>", "\n", re.sub(r"(?s)<style.*?</style>", "", markup)
    )
    return re.sub(r"\n{3,}", "\n\n", html.unescape(re.sub(r"<[^>]+>", "", broken))).strip() + "\n"


def leaf(text: str, kind: str, setting: str) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and bytes of one part."""
    charset = "utf-8"
    if setting == "latin":
        charset = "iso-8859-1" if not text.isascii() else "us-ascii"
        try:
            text.encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
    data = text.encode(charset)
    coding = "7bit" if text.isascii() else "8bit"
    if setting == "b64":
        data, coding = base64.encodebytes(data), "base64"
    elif setting in ("qp", "alt", "html", "mixed"):
        data, coding = quopri.encodestring(data), "quoted-printable"
    return [("Content-Type", f"{kind}; charset={charset}"), ("Content-Transfer-Encoding", coding)], data


def joined(parts: list[tuple[list[tuple[str, str]], bytes]], edge: str) -> bytes:
    made = b""
    for headers, data in parts:
        head = "".join(f"{name}: {value}\n" for name, value in headers).encode()
        made += f"--{edge}\n".encode() + head + b"\n" + data.rstrip(b"\n") + b"\n"
    return made + f"--{edge}--\n".encode()


def main_part(text: str, setting: str, look: str, edge: str) -> tuple[list[tuple[str, str]], bytes]:
    marked = text.lstrip().lower().startswith(("<html", "<!doctype", "<div", "<table", "<body"))
    if setting == "alt":
        plain, markup = (to_text(text), text) if marked else (text, to_html(text, look))
        both = [leaf(plain, "text/plain", "alt"), leaf(markup, "text/html", "alt")]
        return [("Content-Type", f'multipart/alternative; boundary="{edge}"')], joined(both, edge)
    if marked or setting == "html":
        return leaf(text if marked else to_html(text, look), "text/html", "qp")
    return leaf(text, "text/plain", setting)


def encoded(name: str, value: str) -> str:
    if value.isascii():
        return "\n ".join(textwrap.wrap(value, 200)) if len(value) > 300 else value
    if name in ("From", "To", "Reply-To", "Cc", "Sender"):
        who, _, address = value.rpartition(" <")
        return f"{Header(who.strip(chr(34)), 'utf-8').encode()} <{address}"
    return Header(value, "utf-8").encode()


def ours(number: int) -> tuple[str, str, str, str]:
    """Our answer that a mail answers: its id, subject, time and text."""
    subject, text = ANSWERS[number % len(ANSWERS)]
    when = datetime(2026, 3, 1 + number % 27, 14, number % 60, tzinfo=ZoneInfo("UTC"))
    return (
        f"<answer.{number * 7919:08x}@ahead.example>",
        subject,
        when.strftime("%a, %b %d, %Y at %H:%M"),
        text,
    )


def chosen(text: str, turn: int) -> str:
    """The wordings of this turn."""
    return re.sub(r"\[\[(.*?)\]\]", lambda m: (c := m[1].split("|"))[turn % len(c)], text, flags=re.DOTALL)


def filled(text: str, number: int, sender: str, receiver: str) -> str:
    """Our answer put where it is named."""
    ident, subject, when, answer = ours(number)
    quoted = "\n".join(f"> {line}".rstrip() for line in answer.splitlines())
    block = (
        f"From: Coding Ahead <ask@ahead.example>\nSent: {when}\nTo: {sender}\nSubject: {subject}\n\n{answer}"
    )
    original = (
        f"Return-Path: <ask@ahead.example>\nReceived: by mx.ahead.example; Mon, 02 Mar 2026 14:00:00 +0000\n"
        f"From: Coding Ahead <ask@ahead.example>\nTo: {receiver}\nSubject: {subject}\nMessage-ID: {ident}\n"
    )
    swaps = {
        "%QUOTE%": f"On {when} Coding Ahead <ask@ahead.example> wrote:\n{quoted}",
        "%BLOCK%": block,
        "%MARKS%": quoted,
        "%ORIGINAL%": f"{original}\n{answer}",
        "%HEADS%": original,
        "%SUBJECT%": subject,
        "%ID%": ident,
        "%SENT%": when,
    }
    for name, value in swaps.items():
        before = re.compile(rf"^((?:> ?)*){name}", re.MULTILINE)
        text = before.sub(lambda m, value=value: "\n".join(m[1] + line for line in value.splitlines()), text)
        text = text.replace(name, value)
    return text


def set_out(entry: str, way: str, turn: int, number: int) -> bytes:
    name, _, asked = way.partition("/")
    usual, look, templates = WAYS[name]
    setting = asked or usual
    head, _, body = entry.partition("\n\n") if not entry.startswith("\n") else ("", "", entry)
    head, body = chosen(head, turn), chosen(body, turn)
    sender = re.search(r"^From: (.*)$", head, re.MULTILINE)
    shown = sender[1] if sender else ""
    others = [found for found in re.findall(r"[\w.+-]+@[\w.-]+\w", body) if not found.startswith("ask@")]
    head, body = (filled(part, number, shown, (others or [shown])[0]) for part in (head, body))
    head = re.sub(r"^Subject: (Re|RE): Re: (?!Re)", r"Subject: \1: ", head, flags=re.MULTILINE)
    own: list[tuple[str, str]] = []
    for line in head.splitlines():
        mark = line[:1] if line[:1] in "?!" else ""
        if (mark == "?" and turn % 2) or (mark == "!" and not turn % 2):
            continue
        key, _, value = line.removeprefix(mark).partition(":")
        own.append((key, value.strip()))
    given = dict(own)
    address = (re.search(r"[\w.+'=-]+@[\w.-]+", re.sub(r'".*?"', "", given.get("From", "")) or "") or [""])[0]
    user, _, domain = (address or "mailer@mail.example").partition("@")
    digest = hashlib.sha256(f"{way}{number}".encode()).hexdigest()
    moment = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=number * 67)
    date = format_datetime(moment.astimezone(ZoneInfo(ZONES[number % 5])))
    facts = {
        "dom": domain, "user": user, "addr": address, "h": digest[:16], "h4": digest[20:24], "date": date,
        "b": base64.b64encode(digest[:21].encode()).decode(), "d": str(int(digest[24:30], 16)),
        "d2": str(10 + int(digest[30:32], 16) % 89), "subject": encoded("Subject", given.get("Subject", "")),
        "u": f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-9{digest[17:20]}-{digest[20:32]}".upper(),
    }  # fmt: skip
    edge = f"=_{digest[32:56]}"
    parts = re.split(r"^--- ([a-z]+/[a-z].*)\n", body, flags=re.MULTILINE)
    if len(parts) > 1:
        first_setting = "8bit" if setting in ("alt", "html") and "Multipart" in given else setting
        pieces = [main_part(parts[0].strip("\n") + "\n", first_setting, look, edge + "a")]
        for kind, content in zip(parts[1::2], parts[2::2], strict=True):
            pieces.append(([("Content-Type", kind)], content.lstrip("\n").encode()))
        wrapper = given.get("Multipart", "mixed")
        content_headers = [("Content-Type", f'multipart/{wrapper}; boundary="{edge}"')]
        content = joined(pieces, edge)
    elif "Content-Type" in given:
        content_headers, content = [], body.encode()
    else:
        content_headers, content = main_part(body, setting, look, edge)
    headers: list[tuple[str, str]] = [("Delivered-To", "ask@ahead.example")]
    seen = {key.lower() for key in given}
    for key, template in templates:
        if key.lower() not in seen:
            headers.append((key, re.sub(r"\{(\w+)\}", lambda m: facts[m[1]], template)))
    if "date" not in seen:
        headers.append(("Date", date))
    if "to" not in seen:
        headers.append(("To", ["ask@ahead.example", "Coding Ahead <ask@ahead.example>"][number % 2]))
    for key, value in own:
        if key == "Multipart" or (key == "To" and value == "-"):
            continue
        if key == "Ref":
            ident = ours(number)[0]
            headers += [("In-Reply-To", ident), ("References", ident)]
        else:
            headers.append((key, encoded(key, value)))
    if "mime-version" not in {key.lower() for key, _ in headers}:
        headers.append(("MIME-Version", "1.0"))
    made = "".join(f"{key}: {value}\n" for key, value in headers + content_headers).encode() + b"\n" + content
    return made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
