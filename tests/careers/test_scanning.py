"""The scan port: a daemon that speaks ClamAV's protocol over a real socket."""

import asyncio
import io
import struct
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
from careers_world import PDF, Person, World, living
from pypdf import PdfWriter
from signed_tokens import Signer

from ahead.careers.app import create_app
from ahead.careers.applications.scanning import Clamd, NoScanner, make_scanner
from ahead.careers.settings import Settings
from ahead.shared.errors import Unavailable
from ahead.shared.settings import SettingsError, load

People = Callable[..., Person]
SIGN = b"MadeUpSignOfAVirus"


@asynccontextmanager
async def daemon(*, answer: bytes = b"") -> AsyncGenerator[int]:
    """Finds SIGN in what it is sent, or always says ``answer``; yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        body = b""
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            body += await reader.readexactly(size)
        writer.write(answer or (b"stream: Made-Up-Virus FOUND\0" if SIGN in body else b"stream: OK\0"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_file_is_sent_in_chunks_and_what_is_found_is_named() -> None:
    async with daemon() as port:
        assert await Clamd("127.0.0.1", port).finds(b"x" * 200_000) == ""
        assert await Clamd("127.0.0.1", port).finds(b"x" * 70_000 + SIGN) == "Made-Up-Virus"
    async with daemon(answer=b"INSTREAM size limit exceeded. ERROR\0") as port:
        with pytest.raises(Unavailable):
            await Clamd("127.0.0.1", port).finds(b"x")
    with pytest.raises(Unavailable):
        await Clamd("127.0.0.1", port).finds(b"x")


def test_an_address_that_is_none_is_said_at_the_start() -> None:
    assert isinstance(make_scanner(""), NoScanner)
    for wrong in ("127.0.0.1:3310", "http://x", "clamd://"):
        with pytest.raises(SettingsError):
            make_scanner(wrong)


async def test_an_application_with_an_infected_file_is_refused_and_nothing_is_kept(
    world: World, keys: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await world.job(await world.company())
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": SIGN.decode()})
    writer.write(out)
    infected = out.getvalue()
    assert SIGN in infected
    fields = {"name": "Ann", "email": "ann@example.org", "letter": ""}
    async with daemon() as port:
        monkeypatch.setenv("AHEAD_CAREERS_SCANNER", f"clamd://127.0.0.1:{port}")
        async with living(create_app(load(Settings), clock=world.clock)) as app:
            ann = Person(app, {})
            await ann.get(f"/careers/jobs/{job}/apply")
            files = {"resume": ("cv.pdf", infected, "application/pdf")}
            refused = await ann.post(f"/careers/jobs/{job}/apply", fields, files=files)
            assert refused.status_code == 422
            assert "virus scanner" in refused.text
            assert not world.settings.files.exists() or not list(world.settings.files.iterdir())
            files = {"resume": ("cv.pdf", PDF, "application/pdf")}
            assert (await ann.post(f"/careers/jobs/{job}/apply", fields, files=files)).status_code in (
                200,
                201,
            )
            await ann.client.aclose()
