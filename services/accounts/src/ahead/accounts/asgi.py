"""The web process: the only global of the service."""

from ahead.accounts.app import create_app
from ahead.accounts.settings import Settings
from ahead.shared.settings import load

app = create_app(load(Settings))
