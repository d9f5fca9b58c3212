"""What Granian serves: the only global."""

from ahead.metering.app import create_app
from ahead.metering.settings import Settings
from ahead.shared.settings import load

app = create_app(load(Settings))
