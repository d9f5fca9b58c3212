"""The web process: the only global of the service."""

from ahead.assistant.app import create_app
from ahead.assistant.settings import Settings
from ahead.shared.settings import load
from ahead.shared.web.serving import served

app = served(create_app(load(Settings)))
