"""One platform for all stories of this folder: its first start loads a catalogue."""

from collections.abc import Generator

import pytest
from platform_process import PlatformProcess


@pytest.fixture(scope="session")
def one_platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[PlatformProcess]:
    running = PlatformProcess(tmp_path_factory.mktemp("platform") / "data")
    running.start()
    failed_before = request.session.testsfailed
    yield running
    if request.session.testsfailed > failed_before:
        print(running.errors())
    running.interrupt()


@pytest.fixture
def platform(one_platform: PlatformProcess) -> PlatformProcess:
    """It runs: the story before may have been about its end."""
    if not one_platform.runs:
        one_platform.start()
    return one_platform
