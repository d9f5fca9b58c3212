"""The headers by which most machines say that they are machines; about a fifth of them say nothing."""

from __future__ import annotations

import re

ANSWERING = (
    "away",
    "left",
    "ticket",
    "challenge",
    "storm",
    "acknowledged",
    "assistant",
    "wrapper",
    "moderation",
)
RETURNED = ("undelivered", "receipt", "delayed", "relayed", "complaint", "recall", "reaction")
TO_MANY = ("newsletter", "marketing", "social", "survey", "petition", "job", "list", "renewal", "school")

ANSWERS = [
    "Auto-Submitted: auto-replied\nReturn-Path: <>\n",
    "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n",
    "Precedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied\n",
    "Precedence: auto_reply\nX-Autorespond: yes\n",
    "Auto-Submitted: auto-replied (vacation)\n",
    "X-Autoreply: yes\n",
]
RETURNS = [
    "Return-Path: <>\nAuto-Submitted: auto-generated\n",
    "Return-Path: <>\n",
    "Auto-Submitted: auto-generated (failure)\nX-Auto-Response-Suppress: All\n",
]
MAILINGS = [
    "List-Unsubscribe: <https://mail.example/leave/7f1>\nPrecedence: bulk\n",
    "Precedence: bulk\n",
    "List-Unsubscribe: <mailto:leave@mail.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
    "Feedback-ID: 77:12:mailing\n",
    "List-Id: <all.mail.example>\nX-Auto-Response-Suppress: OOF, AutoReply\n",
]
NOTICES = [
    "Auto-Submitted: auto-generated\n",
    "X-Auto-Response-Suppress: OOF, AutoReply\nAuto-Submitted: auto-generated\n",
    "Precedence: bulk\n",
    "Auto-Submitted: auto-generated\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n",
    "Feedback-ID: 12:notices:transactional\nAuto-Submitted: auto-generated\n",
]

MARKED = re.compile(
    rb"(?im)^(auto-submitted: auto|precedence: (bulk|junk|list|auto)|list-|x-auto|return-path: <>|feedback-id|x-loop|"
    rb"x-(jira|servicenow|zendesk|freshdesk|qualtrics|sg|ses|campaign|php|otrs|linkedin|facebook|jenkins|asana|sfdc)|"
    rb"x-(hubspot|tmda|spamblocker|cron|helpscout|sentry|bugzilla|github)|from: .*(no-?_?reply|daemon|postmaster)|"
    rb"content-type: (multipart/report|text/calendar))"
)


def marks(kind: str, number: int) -> str:
    """Headers for a machine's mail that has none of its own."""
    if number % 5 in (0, 1):
        return ""
    first = kind.split()[0]
    for kinds, sets in ((ANSWERING, ANSWERS), (RETURNED, RETURNS), (TO_MANY, MAILINGS)):
        if first in kinds:
            return sets[number // 2 % len(sets)]
    return NOTICES[number // 2 % len(NOTICES)]
