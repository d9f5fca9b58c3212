"""Tables of what accounts keep for themselves, in the service's database.

Every key begins with the account (its subject, "a:<id>", as in the ledger of grants): no statement can reach a row
without saying whose it is.
"""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from ahead.lookup.catalog.models import metadata
from ahead.shared.db.base import UtcDateTime


def _account() -> Column[str]:
    return Column("account", String(80), primary_key=True)


def _code() -> tuple[Column[str], Column[str]]:
    """The system, and the code as it is printed."""
    return Column("system", String(16), primary_key=True), Column("code", String(20), primary_key=True)


def codes_table(metadata: MetaData) -> Table:
    """A code that is starred, has a note, or both."""
    return Table(
        "personal_codes",
        metadata,
        _account(),
        *_code(),
        Column("starred_at", UtcDateTime, nullable=True),
        # Plain text; "" is none.
        Column("note", Text, nullable=False, server_default=""),
        Column("noted_at", UtcDateTime, nullable=True),
        sqlite_with_rowid=False,
    )


def keywords_table(metadata: MetaData) -> Table:
    return Table(
        "personal_keywords",
        metadata,
        _account(),
        # As `service.keyword_of` makes it: folded, one blank between words.
        Column("keyword", String(60), primary_key=True),
        *_code(),
        Column("added_at", UtcDateTime, nullable=False),
        Index("ix_personal_keywords_code", "account", "system", "code"),
        sqlite_with_rowid=False,
    )


def lists_table(metadata: MetaData) -> Table:
    return Table(
        "personal_lists",
        metadata,
        _account(),
        Column("id", String(36), primary_key=True),
        Column("name", String(80), nullable=False),
        Column("position", Integer, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )


def list_codes_table(metadata: MetaData) -> Table:
    return Table(
        "personal_list_codes",
        metadata,
        _account(),
        Column("list_id", String(36), primary_key=True),
        *_code(),
        Column("position", Integer, nullable=False),
        Index("ix_personal_list_codes_code", "account", "system", "code"),
        sqlite_with_rowid=False,
    )


CODES = codes_table(metadata)
KEYWORDS = keywords_table(metadata)
LISTS = lists_table(metadata)
LIST_CODES = list_codes_table(metadata)
TABLES = (CODES, KEYWORDS, LISTS, LIST_CODES)
