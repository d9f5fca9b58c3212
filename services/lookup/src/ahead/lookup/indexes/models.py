"""Bulk tables of the index books: in a release's own file on SQLite, in the service's database on PostgreSQL.

The four books have one shape: terms below terms. What a term leads to stands in `index_codes` as well, so that a
code finds the terms that lead to it.
"""

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

ENTRIES = Table(
    "index_entries",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # In the order of the book, from 1: everything below a term lies between its ordinal and its last_ordinal.
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("last_ordinal", Integer, nullable=False),
    # NULL for a main term.
    Column("parent", Integer),
    # Ordinals of the terms above, main term first, joined by "/".
    Column("path", String(80), nullable=False, server_default=""),
    # 0 for a main term.
    Column("level", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    # Nonessential modifiers, in brackets as printed; what stands after them is in `tail`.
    Column("nonessential", Text, nullable=False, server_default=""),
    Column("tail", Text, nullable=False, server_default=""),
    # The title as it is looked for: lower case, without brackets.
    Column("word", String(250), nullable=False),
    Column("see", Text, nullable=False, server_default=""),
    Column("see_also", Text, nullable=False, server_default=""),
    # As printed, with the dash that says that characters are missing.
    Column("code", String(10), nullable=False, server_default=""),
    Column("manifestation", String(10), nullable=False, server_default=""),
    Column("see_category", String(10), nullable=False, server_default=""),
    Column("see_subcategory", String(10), nullable=False, server_default=""),
    # Columns 2 to 7 of a table, as printed, joined by "|"; empty where the term has none.
    Column("cells", String(80), nullable=False, server_default=""),
    Column("source_row", Integer, nullable=False),
    Index("ix_index_entries_parent", "release_id", "parent", "ordinal"),
    Index("ix_index_entries_word", "release_id", "level", "word"),
    sqlite_with_rowid=False,
)

CODES = Table(
    "index_codes",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # Without dot and dash.
    Column("code", String(8), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    # Where in its term the code stands: "code", "manifestation", "see_category", "see_subcategory", or the number of a
    # table's column.
    Column("role", String(16), primary_key=True),
    Column("printed", String(10), nullable=False),
    sqlite_with_rowid=False,
)

TABLES = (ENTRIES, CODES)
