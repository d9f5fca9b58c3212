"""What every web process is built from. Start with README.md."""

from ahead.shared.web.allowance import CODE_VIEWS, INQUIRIES, QUESTIONS, Allowance, Unit
from ahead.shared.web.app import create_web_app
from ahead.shared.web.context import AllowanceProvider, principal_of
from ahead.shared.web.csrf import CSRF
from ahead.shared.web.fragments import Fragments, fragments_of
from ahead.shared.web.hostile_input import clean_text
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.service import WebService
from ahead.shared.web.templating import Page

__all__ = [
    "CODE_VIEWS",
    "CSRF",
    "INQUIRIES",
    "QUESTIONS",
    "RATE_LIMIT",
    "Allowance",
    "AllowanceProvider",
    "Fragments",
    "Page",
    "RateLimit",
    "Unit",
    "WebService",
    "clean_text",
    "create_web_app",
    "fragments_of",
    "principal_of",
]
