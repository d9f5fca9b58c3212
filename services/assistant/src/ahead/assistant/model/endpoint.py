"""The model's endpoint as settings name it: OpenAI's protocol or Anthropic's, over one bounded client.

Its libraries take seconds to import, so this module is imported only where a model is set.
"""

from collections.abc import AsyncIterator

import anthropic
import httpx2
import openai
import pydantic_ai
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from ahead.assistant.settings import ModelSettings

MOST_BYTES = 2_000_000
_CONNECT_SECONDS = 5.0

pydantic_ai.BANNER_ENABLED = False


class TooLong(httpx2.TransportError):
    """The endpoint sends without end."""


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        got = 0
        async for chunk in self._inner:
            got += len(chunk)
            if got > MOST_BYTES:
                raise TooLong(f"more than {MOST_BYTES:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bounded(httpx2.AsyncBaseTransport):
    """Ends an answer that grows beyond all use, a line without end too."""

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class Endpoint:
    """One client for all questions. The address is the operator's own setting, loopback allowed; redirects and the
    machine's proxies are not followed. Nothing is tried again: the built-in answerer is quicker than a second try."""

    def __init__(self, settings: ModelSettings) -> None:
        self._client = httpx2.AsyncClient(
            transport=_Bounded(),
            timeout=httpx2.Timeout(settings.silent_seconds, connect=_CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )
        # A local server may ask for no key; the libraries insist on one.
        key = settings.key or "none"
        self.model: Model
        if settings.protocol == "anthropic":
            claude = anthropic.AsyncAnthropic(
                base_url=settings.url, api_key=key, http_client=self._client, max_retries=0
            )
            self.model = AnthropicModel(settings.model, provider=AnthropicProvider(anthropic_client=claude))
        else:
            client = openai.AsyncOpenAI(
                base_url=settings.url, api_key=key, http_client=self._client, max_retries=0
            )
            self.model = OpenAIChatModel(settings.model, provider=OpenAIProvider(openai_client=client))

    async def aclose(self) -> None:
        await self._client.aclose()
