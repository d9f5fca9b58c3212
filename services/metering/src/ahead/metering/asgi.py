"""What Granian serves: the only global."""

from ahead.metering.app import create_app
from ahead.metering.settings import Settings
from ahead.shared.settings import load
from ahead.shared.web.serving import served

app = served(create_app(load(Settings)))
