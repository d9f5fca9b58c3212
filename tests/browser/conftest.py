"""One platform for all stories of this folder; its visitors are guests of its own."""

from collections.abc import Generator

import pytest
from platform_process import PlatformProcess

from ahead.shared.testing.browser import BrowserUnavailable, chromium_path
from ahead.shared.testing.plugin import missing


@pytest.fixture(scope="session")
def platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[PlatformProcess]:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    running = PlatformProcess(tmp_path_factory.mktemp("platform") / "data")
    running.start()
    failed_before = request.session.testsfailed
    yield running
    if request.session.testsfailed > failed_before:
        print(running.errors())
    running.interrupt()
