"""Visits that only look: they get the teaser, take no allowance and are given no guest identity."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, Protocol

Reason = Literal["head", "prefetch", "preview", "bot"]

# Fetchers that draw a card for a link somebody has pasted; some name themselves bots, so they are first.
_PREVIEWS = re.compile(
    r"facebookexternalhit|facebot|twitterbot|slackbot|slack-imgproxy|discordbot|telegrambot|whatsapp|"
    r"linkedinbot|skypeuripreview|microsoftpreview|bingpreview|embedly|iframely|pinterest(bot)?/|"
    r"redditbot|vkshare|viber|line-poker|outbrain|quora link preview|nuzzel|bitlybot|"
    r"tumblr|google-pagerenderer|snap url preview|mastodon/|bluesky|cardyb|applebot-preview|msteams|"
    r"synology chat|mattermost-bot",
    re.IGNORECASE,
)
_CRAWLERS = re.compile(
    r"bot\b|bot[/;_-]|crawler|crawl[/;\s_-]|spider|slurp|archiver|ia_archiver|scrapy|lighthouse|pagespeed|"
    r"gptbot|chatgpt-user|claudebot|claude-web|anthropic-ai|perplexity|ccbot|google-extended|bytespider|"
    r"mediapartners-google|adsbot|apis-google|feedfetcher|google-inspectiontool|googleother|"
    r"yandex(images|video)|baiduspider|duckduckgo-favicons|uptimerobot|pingdom|statuscake|site24x7|monitoring|validator|w3c_|"
    r"feedburner|feedly|newsblur|preview|fetcher|linkcheck|siteaudit|screaming frog|nutch|heritrix",
    re.IGNORECASE,
)
# Ordinary agents that contain a crawler's word.
_HARMLESS = re.compile(r"cubot", re.IGNORECASE)


class HasScope(Protocol):
    @property
    def scope(self) -> Any: ...


def takes_nothing(request: HasScope) -> Reason | None:
    """Why this request must not use up an allowance, or None for a person who opens a page.

    Accepts a Litestar request or connection (anything with an ASGI ``scope``).
    """
    return takes_nothing_in(request.scope)


def takes_nothing_in(scope: Mapping[str, Any]) -> Reason | None:
    return reason_for(str(scope.get("method", "GET")), scope.get("headers", ()))


def reason_for(method: str, headers: Iterable[tuple[bytes, bytes]]) -> Reason | None:
    """The same, from the request's method and its raw headers (lower-case names)."""
    if method == "HEAD":
        return "head"
    agent = b""
    for name, value in headers:
        if name in (b"sec-purpose", b"purpose", b"x-moz", b"x-purpose"):
            words = value.lower()
            if b"prefetch" in words or b"prerender" in words or b"preview" in words:
                return "prefetch"
        elif name == b"user-agent":
            agent = value
    return _judge_agent(agent[:512])


@lru_cache(maxsize=2048)
def _judge_agent(agent: bytes) -> Reason | None:
    text = agent.decode("latin-1")
    if _PREVIEWS.search(text):
        return "preview"
    if _CRAWLERS.search(text) and not _HARMLESS.search(text):
        return "bot"
    return None
