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
    # A story stops Case2Code for a while and looks at CasePilot waiting for it.
    patient = {"AHEAD_ASSISTANT_LOOKUP_SECONDS": "60"}
    running = PlatformProcess(tmp_path_factory.mktemp("platform") / "data", patient)
    running.start()
    failed_before = request.session.testsfailed
    yield running
    if request.session.testsfailed > failed_before:
        print(running.errors())
    running.interrupt()
