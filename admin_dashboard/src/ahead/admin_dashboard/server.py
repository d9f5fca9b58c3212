"""Starts Streamlit as the gateway needs it: ``python -m ahead.admin_dashboard.server --host H --port P``.

Options are given here rather than in a file, so that they hold whatever the working directory is.
"""

import argparse
import os
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

from ahead.admin_dashboard import theme
from ahead.admin_dashboard.settings import Settings
from ahead.shared.settings import load

APP = Path(__file__).parent / "app.py"
BASE = "admin"


def options(settings: Settings, host: str, port: int) -> dict[str, str]:
    """Streamlit's options. Only pages of our own origin may open its socket."""
    public = urlsplit(settings.shared.public_url)
    return {
        "server.address": host,
        "server.port": str(port),
        "server.baseUrlPath": BASE,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.enableCORS": "true",
        "server.corsAllowedOrigins": settings.shared.public_url,
        "server.enableXsrfProtection": "true",
        "server.enableAgentApi": "false",
        "server.maxUploadSize": "1",
        # Set by hand, so that Streamlit doesn't ask a stranger's server which address we have.
        "browser.serverAddress": public.hostname or host,
        "browser.serverPort": str(public.port or (443 if public.scheme == "https" else 80)),
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        # A traceback belongs into the log, not onto the page.
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
    } | theme.options()


def end_when_told() -> None:
    """End at SIGTERM, at once. Called before there is another thread.

    Streamlit takes the signal, stops serving, and at times waits for ever for what it still has open. Nothing is
    lost here: pages are drawn anew, and whoever looks at one is connected again by its script.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def wait() -> None:
        signal.sigwait({signal.SIGTERM})
        os._exit(0)

    threading.Thread(target=wait, name="end when told", daemon=True).start()


def main() -> None:
    end_when_told()
    parser = argparse.ArgumentParser(description="The operators' dashboard.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8106)
    given = parser.parse_args()
    settings = load(Settings)

    from streamlit import net_util
    from streamlit.web import cli

    # Asked for when a page of another origin knocks; what isn't listed above is simply not allowed.
    net_util._external_ip = net_util._internal_ip = given.host
    arguments = [f"--{name}={value}" for name, value in options(settings, given.host, given.port).items()]
    cli.main(["run", str(APP), *arguments], prog_name="streamlit")


if __name__ == "__main__":
    main()
