"""The product's look in Streamlit's words: the tokens of ``ahead.shared.web``'s style sheet, light and dark."""

import streamlit as st

SANS = "'Atkinson Hyperlegible Next', ui-sans-serif, system-ui, 'Segoe UI', Roboto, sans-serif"
MONO = "'Atkinson Hyperlegible Mono', ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

LIGHT = {
    "primaryColor": "#0b5d57",
    "backgroundColor": "#f6f5f1",
    "secondaryBackgroundColor": "#ffffff",
    "textColor": "#17211f",
    "linkColor": "#0b5d57",
    "borderColor": "#d9d7cd",
    "redColor": "#a32420",
    "greenColor": "#1d6b37",
    "orangeColor": "#7f4a00",
    "blueColor": "#1f4f86",
    "sidebar.backgroundColor": "#efeee8",
}
DARK = {
    "primaryColor": "#6fd0c3",
    "backgroundColor": "#0f1514",
    "secondaryBackgroundColor": "#171f1d",
    "textColor": "#e7ecea",
    "linkColor": "#6fd0c3",
    "borderColor": "#2d3936",
    "redColor": "#ff9d94",
    "greenColor": "#7dd69a",
    "orangeColor": "#f2bd64",
    "blueColor": "#93c0f5",
    "sidebar.backgroundColor": "#171f1d",
}
# guest, free, pro: each has the same colour in every chart, and they differ without colour vision too.
PLAN_COLOURS = {"light": ["#a3aca7", "#0b5d57", "#c77700"], "dark": ["#6c7b76", "#6fd0c3", "#ffc45c"]}


def options() -> dict[str, str]:
    """Streamlit options of the theme; which of the two is shown follows the browser."""
    shown = {
        "theme.font": SANS,
        "theme.codeFont": MONO,
        "theme.baseRadius": "0.55rem",
        "theme.showWidgetBorder": "true",
    }
    for name, value in LIGHT.items():
        shown[f"theme.light.{name}"] = value
    for name, value in DARK.items():
        shown[f"theme.dark.{name}"] = value
    return shown


def is_dark() -> bool:
    return st.context.theme.type == "dark"


def accent() -> str:
    return (DARK if is_dark() else LIGHT)["primaryColor"]


def ink() -> str:
    """The colour of text, for figures in charts: what Vega writes by itself is black in the dark too."""
    return (DARK if is_dark() else LIGHT)["textColor"]
