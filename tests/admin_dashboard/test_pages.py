"""The dashboard's pages, drawn for real against accounts and metering over HTTP."""

import asyncio
import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from dashboard_words import no_trouble, words
from streamlit.testing.v1 import AppTest

from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions
from ahead.accounts.settings import Settings as AccountsSettings
from ahead.shared.settings import load

Opened = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("", "Please log in"),
        ("x" * 43, "Please log in"),
        ("short", "Please log in"),
        ("é" * 30, "Please log in"),
        ("expert", "This page is for operators"),
        ("half_operator", "This page is for operators"),
    ],
)
def test_nobody_but_an_operator_sees_anything(opened: Opened, platform: Any, who: str, title: str) -> None:
    at = opened(getattr(platform, who, who))
    no_trouble(at)
    assert [element.value for element in at.title] == [title]
    assert not at.metric
    assert not at.dataframe
    assert not at.button
    assert not at.sidebar.radio


def test_accounts_away_or_missing_keeps_the_dashboard_closed(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, AHEAD_URL_ACCOUNTS="http://127.0.0.1:9")
    assert at.title[0].value == "Accounts doesn't answer just now"
    at = opened(platform.operator, AHEAD_URL_ACCOUNTS=None)
    assert at.title[0].value == "Accounts is not installed here"
    assert not at.metric


def test_a_session_that_is_revoked_ends_at_the_next_click(opened: Opened, platform: Any) -> None:
    async def log_in_again() -> str:
        parts = Parts.make(load(AccountsSettings))
        try:
            current = await sessions.by_secret(parts, platform.operator)
            assert current
            async with parts.database.write() as session:
                _, secret = await sessions.start(
                    session,
                    parts,
                    current.account,
                    device="Firefox on Linux",
                    second_factor_at=parts.clock.now(),
                )
            return secret
        finally:
            await parts.close()

    async def log_out(secret: str) -> None:
        parts = Parts.make(load(AccountsSettings))
        try:
            await sessions.end(parts, secret)
        finally:
            await parts.close()

    opened()
    secret = asyncio.run(log_in_again())
    at = opened(secret)
    assert at.title[0].value == "Overview"
    asyncio.run(log_out(secret))
    at.sidebar.radio(key="range").set_value("30 days").run()
    assert at.title[0].value == "Please log in"
    assert not at.metric


def test_the_overview_shows_what_was_counted(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator)
    no_trouble(at)
    assert at.title[0].value == "Overview"
    figures = {metric.label: metric.value for metric in at.metric}
    assert figures == {"Code page views": "13", "Searches": "4", "Registrations": "1"}
    headings = [element.value for element in at.subheader]
    assert headings == [
        "Code page views by day and plan",
        "Searches by day and plan",
        "Registrations by day and plan",
        "From guest to account",
        "Most viewed codes",
        "Searches without a result",
    ]
    frames = [frame.value for frame in at.dataframe]
    funnel = next(frame for frame in frames if "Step" in frame)
    assert list(funnel["People"]) == [12, 12, 5, 1, 1]
    codes = next(frame for frame in frames if "Code" in frame)
    assert list(codes["Code"]) == ["E11.9 (ICD-10-CM)", "I10 (ICD-10-CM)", "J45.909 (ICD-10-CM)"]
    assert list(codes["Views"]) == [6, 5, 2]
    missed = next(frame for frame in frames if "Searched for" in frame)
    assert next(iter(missed["Searched for"])) == "suger diabetis"
    assert list(missed["Times"]) == [2, 1]


def test_filters_change_every_figure(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator)
    at.sidebar.multiselect(key="plans").set_value(["free"]).run()
    no_trouble(at)
    assert {metric.label: metric.value for metric in at.metric} == {
        "Code page views": "1",
        "Searches": "0",
        "Registrations": "1",
    }
    assert "plan free" in words(at)
    at.sidebar.multiselect(key="plans").set_value([]).run()
    assert at.metric[0].value == "13"
    at.sidebar.radio(key="range").set_value("Today").run()
    assert int(at.metric[0].value) < 13
    at.sidebar.radio(key="range").set_value("Other dates").run()
    no_trouble(at)
    at.sidebar.date_input(key="dates").set_value(("2026-01-01", "2026-01-31")).run()
    no_trouble(at)
    text = words(at)
    assert at.metric[0].value == "0"
    assert "Jan 1, 2026 to Jan 31, 2026" in text
    assert text.count("None in this time") == 5
    assert "No guests in this time" in text


def test_every_table_can_be_downloaded_and_runs_nothing_in_a_spreadsheet(
    opened: Opened, platform: Any
) -> None:
    at = opened(platform.operator)
    buttons = at.get("download_button")
    assert len(buttons) == len(at.dataframe)
    from ahead.admin_dashboard.tables import as_csv

    rows = [{"q": "=cmd|' /C calc'!A0", "n": 3}, {"q": 'a "quoted", line', "n": -1}, {"q": "@x", "n": 0}]
    read = list(csv.reader(io.StringIO(as_csv(rows, ["q", "n"]).decode("utf-8-sig"))))
    assert read == [["q", "n"], ["'=cmd|' /C calc'!A0", "3"], ['a "quoted", line', "-1"], ["'@x", "0"]]


def test_pipeline_health_shows_services_and_decides_about_dead_letters(
    opened: Opened, platform: Any, count_events: Callable[..., None]
) -> None:
    opened()
    count_events([b"{broken **bold** <script>", b"{second"], first=9_000)
    at = opened(platform.operator, "pipeline")
    no_trouble(at)
    assert at.title[0].value == "Pipeline health"
    states = at.dataframe[0].value
    assert list(states["Service"]) == ["Accounts", "Metering"]
    text = words(at)
    assert "2 dead letters to decide about" in text
    assert "{broken **bold** <script>" in text
    assert len([button for button in at.button if button.key and button.key.startswith("retry-")]) == 2
    retry = next(button for button in at.button if button.key and button.key.startswith("retry-"))
    retry.click().run()
    assert "still can't be counted" in words(at)
    discard = next(button for button in at.button if button.key and button.key.startswith("discard-"))
    discard.click().run()
    no_trouble(at)
    text = words(at)
    assert "Metering: discarded." in text
    assert "1 dead letter to decide about" in text
    next(button for button in at.button if button.key and button.key.startswith("discard-")).click().run()
    assert "None. What can't be dealt with will wait here." in words(at)


def test_a_service_that_is_away_is_shown_as_such(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, "pipeline", AHEAD_URL_LOOKUP="http://127.0.0.1:9")
    no_trouble(at)
    assert "Not reached: Case2Code." in words(at)
    states = at.dataframe[0].value.set_index("Service")
    assert states.loc["Case2Code", "State"] == "Case2Code doesn't answer."
    at = opened(platform.operator, AHEAD_URL_METERING="http://127.0.0.1:9", AHEAD_URL_LOOKUP=None)
    no_trouble(at)
    assert "Metering doesn't answer." in words(at)


def test_a_wrong_service_key_is_said_not_hidden(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, AHEAD_ADMIN_DASHBOARD_SERVICE_KEY="wrong" * 9)
    no_trouble(at)
    assert "AHEAD_ADMIN_DASHBOARD_SERVICE_KEY" in words(at)


def test_an_operator_changes_a_plan(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, "accounts")
    no_trouble(at)
    at.text_input(key="email").set_value("nobody@example.com")
    at.button[0].click().run()
    assert "no account" in words(at).lower()
    at.text_input(key="email").set_value("expert@example.com")
    at.button[0].click().run()
    no_trouble(at)
    assert "Plan: free" in words(at)
    at.selectbox(key="plan").set_value("pro")
    at.button[1].click().run()
    no_trouble(at)
    assert "The plan is pro now" in words(at)
    assert "Plan: pro" in words(at)


def test_metering_is_asked_with_the_dashboards_own_scope(platform: Any) -> None:
    answer = httpx.get(platform.metering.url + "/api/metering/v1/usage")
    assert answer.status_code == 401
