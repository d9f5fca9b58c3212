"""Who only looks takes nothing."""

from types import SimpleNamespace

import pytest

from ahead.shared.auth.visitors import takes_nothing


def visit(method: str = "GET", **headers: str) -> SimpleNamespace:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return SimpleNamespace(scope={"type": "http", "method": method, "headers": raw})


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
        "curl/8.5.0",
        # Tests drive a real browser this way; who means harm names itself as they like.
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0 Safari/537.36",
        "python-httpx/0.28",
        "",
    ],
)
def test_people_and_their_tools_take(agent: str) -> None:
    assert takes_nothing(visit(user_agent=agent)) is None


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bot"),
        ("Mozilla/5.0 (compatible; YandexBot/3.0)", "bot"),
        ("DuckDuckBot/1.1", "bot"),
        ("Mozilla/5.0 AppleWebKit/537.36; compatible; GPTBot/1.2", "bot"),
        ("ClaudeBot/1.0", "bot"),
        ("CCBot/2.0 (https://commoncrawl.org/faq/)", "bot"),
        ("facebookexternalhit/1.1", "preview"),
        ("Twitterbot/1.0", "preview"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview"),
        ("WhatsApp/2.23.20.0", "preview"),
        ("LinkedInBot/1.0", "preview"),
        ("TelegramBot (like TwitterBot)", "preview"),
        ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "preview"),
    ],
)
def test_crawlers_and_previews_take_nothing(agent: str, reason: str) -> None:
    assert takes_nothing(visit(user_agent=agent)) == reason


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_moz": "prefetch"},
    ],
)
def test_prefetching_takes_nothing(headers: dict[str, str]) -> None:
    assert takes_nothing(visit(user_agent="Mozilla/5.0 Chrome/142.0", **headers)) == "prefetch"


def test_asking_for_the_head_takes_nothing() -> None:
    assert takes_nothing(visit("HEAD", user_agent="curl/8.5.0")) == "head"


def test_odd_agents_are_judged_without_harm() -> None:
    assert takes_nothing(visit(user_agent="\xff" * 10_000)) is None
