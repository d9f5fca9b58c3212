"""The products' header above every page of the dashboard: the same names, ways and order as everywhere."""

from html import escape

import streamlit as st

from ahead.admin_dashboard.settings import SERVICE
from ahead.admin_dashboard.theme import accent, ink
from ahead.shared.settings import SharedSettings
from ahead.shared.web.nav import Nav, make_nav
from ahead.shared.web.service import WebService


def show(shared: SharedSettings) -> None:
    nav = make_nav(WebService.from_settings(SERVICE, "Dashboard", shared))
    st.html(_markup(nav, accent(), ink()))


def _markup(nav: Nav, link_colour: str, text_colour: str) -> str:
    """Plain links: what leaves the dashboard's own paths opens as a page of its own, in this tab."""

    def link(title: str, path: str, line: str = "") -> str:
        return (
            f'<a href="{escape(path)}" target="_self" title="{escape(line)}" '
            f'style="color:{link_colour};text-decoration:none">{escape(title)}</a>'
        )

    items = [
        link(item.title, item.path, item.line)
        if item.installed
        else f'<span style="opacity:.75">{escape(item.title)} <small>not installed here</small></span>'
        for item in nav.items
    ]
    if nav.accounts:
        items.append(link("Your account", "/account"))
    rows = "".join(f"<li>{item}</li>" for item in items)
    flow = "display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;align-items:baseline;margin:0;padding:0"
    return (
        f'<div style="{flow};color:{text_colour}"><strong>{link("Coding Ahead", "/", "Start page")}</strong>'
        f'<nav aria-label="Products"><ul style="{flow};list-style:none">{rows}</ul></nav></div>'
    )
