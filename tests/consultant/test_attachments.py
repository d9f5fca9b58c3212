"""Files that come with a question: read apart, masked, and shown to the coder who answers."""

import base64
import io
from collections.abc import Callable

from careers_world import Person
from consultant_world import World, question
from docx import Document
from sqlalchemy import select

from ahead.consultant.inquiries.attached import decode
from ahead.consultant.models import Entry


def note() -> bytes:
    document = Document()
    document.add_paragraph("Operative note. Patient: John Smith, MRN 4471902. 20610 on the left knee.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mail(text: str, *files: tuple[str, bytes], number: int = 1) -> bytes:
    parts = [f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"]
    for name, body in files:
        parts.append(
            f'--b\r\nContent-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f"Content-Disposition: attachment\r\n\r\n{base64.encodebytes(body).decode()}\r\n"
        )
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n'
    return question("".join(parts) + "--b--", number=number, head=head)


async def first_entry(world: World) -> Entry:
    async with world.parts.database.read() as session:
        return (await session.execute(select(Entry).where(Entry.author == "you").limit(1))).scalars().one()  # type: ignore[arg-type]


async def test_a_question_about_a_file_goes_to_a_coder_with_its_text_masked(
    world: World, person: Callable[..., Person]
) -> None:
    await world.link("jane@clinic.example")
    sent = mail(
        "Which code for the attached note?", ("Smith_John.docx", note()), ("x.png", b"\x89PNG\r\n\x1a\n")
    )
    assert await world.take(sent) == "taken"
    assert len(world.mails()) == 1, "told that a coder looks at it"
    entry = await first_entry(world)
    assert entry.attached is not None
    assert b"Smith" not in entry.attached
    files = decode(world.parts.unseal(entry.attached))
    assert [(one.kind, one.why) for one in files] == [("docx", ""), ("image", "not read")]
    assert "20610 on the left knee" in files[0].text
    assert "Smith" not in files[0].text
    assert "4471902" not in files[0].text
    assert entry.masked >= 2
    expert = person("a:expert", roles=["expert"])
    page = (await expert.get(f"/consultant/desk/{entry.inquiry}")).text
    assert "20610 on the left knee" in page
    assert "Picture, 1 KB: not read" in page
    assert "Smith" not in page


async def test_a_question_that_does_not_need_the_file_is_answered_at_once(world: World) -> None:
    await world.link("jane@clinic.example")
    await world.take(mail("Can I bill 20610-LT with 99213-25?", ("logo.png", b"\x89PNG\r\n\x1a\n")))
    assert "20610" in str(world.mails()[0])
    assert len(world.assistant.asked) == 1


async def test_nothing_but_a_file_goes_to_a_coder(world: World) -> None:
    await world.link("jane@clinic.example")
    assert await world.take(mail("", ("note.docx", note()))) == "taken"
    assert world.assistant.asked == []
    assert len(world.mails()) == 1


async def test_the_same_words_with_another_file_are_another_question(world: World) -> None:
    await world.link("jane@clinic.example")
    assert await world.take(mail("Which code for the attached note?", ("a.txt", b"left knee"))) == "taken"
    assert (
        await world.take(mail("Which code for the attached note?", ("a.txt", b"right"), number=2)) == "taken"
    )
    again = mail("Which code for the attached note?", ("a.txt", b"right"), number=3)
    assert await world.take(again) == "duplicate"


async def test_files_of_strangers_are_not_opened(world: World) -> None:
    assert await world.take(mail("Which code for the attached note, 20610?", ("n.docx", note()))) == "invited"
    assert (await first_entry(world)).attached is None
