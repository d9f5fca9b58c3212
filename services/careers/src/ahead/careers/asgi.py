"""The web process: the only global of the service."""

from ahead.careers.app import create_app
from ahead.careers.settings import Settings
from ahead.shared.settings import load
from ahead.shared.web.serving import served

app = served(create_app(load(Settings)))
