"""Between the agent and the endpoint: no call without what it may cost, and none beyond the limits of a question."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings as CallSettings

from ahead.assistant.model.spending import Cost, Spending, Stopped
from ahead.assistant.settings import ModelSettings

# A token of English is about four characters; figures and codes are less. Rather too many than too few.
_CHARACTERS_PER_TOKEN = 3
_TOOLS_TOKENS = 5_000


class Metered(WrapperModel):
    """One for each question. `spent`: what its calls cost so far."""

    def __init__(self, wrapped: Model, settings: ModelSettings, spending: Spending, subject: str) -> None:
        super().__init__(wrapped)
        self._limits = settings
        self._spending = spending
        self._subject = subject
        self._calls = 0
        self.spent = Cost(0, 0)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: CallSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        tokens_in = len(ModelMessagesTypeAdapter.dump_json(messages)) // _CHARACTERS_PER_TOKEN + _TOOLS_TOKENS
        worst = self._spending.cost(tokens_in, self._limits.tokens_out)
        self._check(worst)
        day = await self._spending.reserve(self._subject, worst)
        self._calls += 1
        stream: StreamedResponse | None = None
        try:
            async with self.wrapped.request_stream(
                messages, model_settings, model_request_parameters, run_context
            ) as stream:
                yield stream
        finally:
            real = self._real(stream, worst, tokens_in)
            self.spent = Cost(self.spent.tokens + real.tokens, self.spent.micro_usd + real.micro_usd)
            # A question that is stopped is paid for all the same.
            await asyncio.shield(self._spending.settle(self._subject, day, worst, real))

    def _check(self, worst: Cost) -> None:
        if self._calls >= self._limits.calls:
            raise Stopped("calls")
        if self.spent.tokens + worst.tokens > self._limits.tokens:
            raise Stopped("tokens")
        if self.spent.micro_usd + worst.micro_usd > self._limits.usd_per_question * 1_000_000:
            raise Stopped("money")

    def _real(self, stream: StreamedResponse | None, worst: Cost, tokens_in: int) -> Cost:
        """As the endpoint tells it; where it doesn't, or was cut off, by what was sent and got."""
        if stream is None:
            return self._spending.cost(tokens_in, 0)
        told = stream.usage
        if told.input_tokens and told.output_tokens:
            return self._spending.cost(told.input_tokens, told.output_tokens)
        got = len(ModelMessagesTypeAdapter.dump_json([stream.get()])) // _CHARACTERS_PER_TOKEN
        return self._spending.cost(max(tokens_in, told.input_tokens), max(got, told.output_tokens))
