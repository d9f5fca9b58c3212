"""Any message is read, and none of its words is lost."""

import random
import re
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from html import unescape
from typing import Any

import fast_mail_parser
import pytest

from ahead.consultant.reading import cut_reply, read_message
from ahead.consultant.reading.charsets import decode_html, decode_text
from ahead.consultant.reading.headers import decoded
from ahead.consultant.reading.html import visible_text
from ahead.consultant.reading.part import Part

WORD = re.compile(r"[^\W_]{2,}")
SILENT = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
# Files of the corpora that are no mail.
NO_MAIL = re.compile(
    r"\.(?:ppm|sgi|bmp|webp|exr|ras|xbm|pbm|rgb|aifc|tif|hcom|8svx|sndr|sndt|voc|wav|au|aiff|py)$|url_|mailbox_|mail_outlook"
)


def independent_words(raw: bytes) -> set[str] | None:
    """What another reader, of other authors in another language, finds; None when it can't read it."""
    try:
        other = fast_mail_parser.parse_email(raw)
    except fast_mail_parser.ParseError:
        return None
    if any("\ufffd" in text for text in (*other.text_plain, *other.text_html)):
        return None  # it could not tell the charset itself
    texts = [
        *other.text_plain,
        *(unescape(re.sub("<[^>]*>", " ", SILENT.sub(" ", page))) for page in other.text_html),
    ]
    return {word for text in texts for word in WORD.findall(text)}


def readings(word: str) -> set[str]:
    """A word, and what its bytes say in UTF-8, where the other reader believed a wrong charset."""
    found = {word}
    for charset in ("cp1252", "latin-1", "gb18030", "cp950"):
        data = word.encode(charset, "ignore")
        found |= set(WORD.findall(data.decode("utf-8", "ignore")))
    return found


def test_every_public_message_is_read_with_all_its_words(real_mail: dict[str, bytes]) -> None:
    read = compared = 0
    lost: dict[str, list[str]] = {}
    for name, raw in real_mail.items():
        message = read_message(raw)
        read += 1
        words = independent_words(raw)
        if words is None or NO_MAIL.search(name):
            continue
        compared += 1
        missing = [
            word
            for word in words
            if (word.isascii() and word not in message.everything)
            or (not word.isascii() and not any(one in message.everything for one in readings(word)))
        ]  # fmt: skip
        if missing:
            lost[name] = missing
    assert read == len(real_mail) > 400
    assert compared > 380
    assert not lost


@pytest.fixture(scope="session")
def reply_cases(mail_folder: object) -> dict[str, tuple[str, str]]:
    with zipfile.ZipFile(f"{mail_folder}/email_reply_trimmer.zip") as file:
        names = [
            name.removeprefix("emails/") for name in file.namelist() if re.fullmatch(r"emails/.+\.txt", name)
        ]
        have = set(file.namelist())
        return {
            name: (
                file.read(f"emails/{name}").decode(),
                file.read(f"trimmed/{name}").decode() if f"trimmed/{name}" in have else "",
            )
            for name in names
        }


def test_replies_are_cut_as_people_would_cut_them(reply_cases: dict[str, tuple[str, str]]) -> None:
    assert len(reply_cases) == 64
    exact = [name for name, (mail, reply) in reply_cases.items() if cut_reply(mail).strip() == reply.strip()]
    assert len(exact) >= 60, sorted(set(reply_cases) - set(exact))


def test_a_mail_of_nothing_but_quotes_is_kept_whole() -> None:
    assert cut_reply("> What is M17.11?\n> Thanks") == "> What is M17.11?\n> Thanks"


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">SECRET</div>',
        '<span style="font-size:0px">SECRET</span>',
        '<p style="color:#ffffff">SECRET</p>',
        "<font color=white>SECRET</font>",
        "<div hidden>SECRET</div>",
        '<div style="visibility: hidden"><div>a</div>SECRET</div>',
        "<!-- SECRET -->",
        "<style>SECRET</style>",
    ],
)
def test_what_people_do_not_see_is_not_read(hidden: str) -> None:
    text = visible_text(f"<html><body><p>Is 99213 right?</p>{hidden}<p>Thanks</p></body></html>")
    assert "SECRET" not in text
    assert "Is 99213 right?" in text
    assert "Thanks" in text


def test_hidden_words_stay_on_record() -> None:
    raw = b'Content-Type: text/html\r\n\r\n<p>seen</p><p style="display:none">unseen</p>'
    message = read_message(raw)
    assert "unseen" in message.everything
    assert "unseen" not in message.text


def damaged(real_mail: dict[str, bytes], count: int) -> Iterator[bytes]:
    """Real messages with bytes changed and cut at random."""
    chance = random.Random(7)
    small = [raw for raw in real_mail.values() if 0 < len(raw) < 20_000]
    for _ in range(count):
        raw = bytearray(chance.choice(small))
        for _ in range(chance.randrange(1, 20)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        cut = chance.randrange(len(raw))
        yield bytes(raw[cut:] + raw[:cut]) if chance.random() < 0.3 else bytes(raw[: cut + 1])


def said_of(part: Message) -> tuple[object, ...]:
    """What the standard library says of a part; an exception is no answer."""

    def safely(ask: Callable[[], object]) -> object:
        try:
            return ask()
        except (ValueError, LookupError, IndexError, TypeError):
            return "unreadable"

    asks = (part.get_content_charset, part.get_content_disposition, part.get_filename, part.get_boundary)
    return (safely(part.get_content_type), *(safely(ask) for ask in asks), safely(part.is_multipart))


def test_each_part_is_what_the_standard_library_says_of_it(real_mail: dict[str, bytes]) -> None:
    """The quick answers to what its parser asks are the same, in broken heads too."""
    compared = 0
    for raw in (*(one for one in real_mail.values() if len(one) < 500_000), *damaged(real_mail, 400)):
        theirs, ours = message_from_bytes(raw), message_from_bytes(raw, Part)
        for their, our in zip(theirs.walk(), ours.walk(), strict=True):
            compared += 1
            assert said_of(our) == said_of(their)
            kind, charset, disposition, name, *_ = said_of(their)
            assert our.type == (kind if kind != "unreadable" else "text/plain")
            assert our.charset == (charset if charset != "unreadable" else None)
            assert our.disposition == (disposition if disposition not in (None, "unreadable") else "")
            assert our.name == ("unnamed" if name == "unreadable" else decoded(name or "")[:200])
            if not their.is_multipart() and their.get_content_maintype() == "text":
                body: Any = their.get_payload(decode=True)
                decode = decode_html if our.type == "text/html" else decode_text
                assert our.text == decode(body, our.charset)
    assert compared > 1_800


def test_damaged_mail_is_read_all_the_same(real_mail: dict[str, bytes]) -> None:
    for raw in damaged(real_mail, 600):
        read_message(raw)


def test_an_endless_subject_is_cut_where_it_was_said_to_be() -> None:
    word = "=?utf-8?q?" + "=C3=A4" * 10 + "?=\n "
    for count in (700, 900, 9_000):
        subject = read_message(f"Subject: {word * count}\n\ntext".encode()).get("subject")
        assert subject == "\u00e4" * min(8_000, 10 * count)


def test_bombs_of_parts_and_nesting_are_read_within_bounds() -> None:
    many = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nword\r\n" * 5_000 + b"--b--\r\n"
    )
    assert "too many parts" in read_message(many).defects
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)
    )
    read_message(deep + b"\r\nword\r\n")
    visible_text("<div>" * 20_000 + "word" + "</div>" * 20_000)
