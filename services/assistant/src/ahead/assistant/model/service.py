"""The answerer that the settings ask for."""

from collections.abc import Awaitable, Callable

from ahead.assistant.answers.port import Answerer
from ahead.assistant.settings import ModelSettings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database


def answerer_of(
    settings: ModelSettings, database: Database, clock: Clock, builtin: Answerer
) -> tuple[Answerer, Callable[[], Awaitable[None]] | None]:
    """The answerer, and what closes it. Without a model it is the built-in one, and nothing of a model is imported."""
    if not settings.is_set:
        return builtin, None
    from ahead.assistant.model.answerer import LanguageModel
    from ahead.assistant.model.endpoint import Endpoint
    from ahead.assistant.model.spending import Spending

    endpoint = Endpoint(settings)
    spending = Spending(database, settings, clock)
    return LanguageModel(endpoint.model, settings, spending, builtin), endpoint.aclose
