"""``/casepilot/quality``."""

from litestar import Controller, get

from ahead.assistant.quality.service import published
from ahead.shared.web.templating import Page


class QualityPages(Controller):
    include_in_schema = False

    @get("/casepilot/quality", sync_to_thread=False)
    def page(self) -> Page:
        return Page("quality/quality.html", {"report": published()})
