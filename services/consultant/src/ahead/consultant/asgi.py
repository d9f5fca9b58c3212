"""The web process: the only global of the service."""

from ahead.consultant.app import create_app
from ahead.consultant.settings import Settings
from ahead.shared.settings import load
from ahead.shared.web.serving import served

app = served(create_app(load(Settings)))
