"""`ahead up`: checks what can be checked, starts the platform, waits for the end, stops all of it."""

import asyncio
import signal
import time

from ahead.local import configuration, datafolder, installed, place, ports, spawn
from ahead.local.failure import from_os_error
from ahead.local.platform import Platform
from ahead.local.screen import Screen
from ahead.local.searchserver import Search


def up(port: int, search: Search | None) -> int:
    """Run until it is told to stop. Returns the exit status."""
    began = time.monotonic()
    data = place.data()
    screen = Screen()
    datafolder.prepare(data)
    with datafolder.lock(data):
        left = spawn.end_leftovers(spawn.Records(data / "run" / "processes.json").read())
        if left:
            screen.say(f"Ended what an earlier start left running: {', '.join(left)}")
        ports.require_free(port)
        try:
            held = configuration.secrets_held(data, installed.services())
            platform = Platform(data, port, held, screen, search)
            return asyncio.run(_run(platform, screen, began))
        except OSError as error:
            raise from_os_error(error, data) from error
        finally:
            screen.close()


async def _run(platform: Platform, screen: Screen, began: float) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(platform.start())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            starting.cancel()
            await asyncio.wait([starting])
            return 130
        _raise_first(starting)
        screen.close()
        _tell(platform, screen, time.monotonic() - began)
        await stop.wait()
        return 0
    finally:
        screen.close()
        screen.say("Stopping")
        await platform.stop()
        screen.say("Stopped")


def _raise_first(task: asyncio.Task[None]) -> None:
    """Several may fail at once; the first one is what the others are about."""
    error = task.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:
        raise error


def _tell(platform: Platform, screen: Screen, took: float) -> None:
    titles = ", ".join(service.title for service in platform.services if service.title)
    screen.say(f"Running after {took:.1f} s: {titles}")
    screen.say(f"Mail that is sent lies in {platform.data / 'mail' / 'out'}")
    screen.say(f"Logs lie in {platform.data / 'logs'}")
    screen.say("Ctrl-C stops all of it")
    screen.answer(platform.public_url)
