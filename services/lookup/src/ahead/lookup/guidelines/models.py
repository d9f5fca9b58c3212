"""Bulk tables of the guidelines: in a release's own file on SQLite, in the service's database on PostgreSQL."""

from sqlalchemy import Boolean, Column, Integer, SmallInteger, String, Table, Text

from ahead.lookup.catalog.models import bulk_metadata

SECTIONS = Table(
    "guideline_sections",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # In the order of the book, from 1.
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    # "I.C.4.a.3", as the guidelines cite themselves; "Appendix I".
    Column("number", String(40), nullable=False),
    Column("parent", String(40), nullable=False, server_default=""),
    Column("depth", SmallInteger, nullable=False),
    # Of the classification, for the chapter-specific sections.
    Column("chapter", SmallInteger),
    Column("heading", Text, nullable=False),
    # Its own, without that of the sections below it. Paragraphs are parted by an empty line.
    Column("text", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("last_page", Integer, nullable=False),
    sqlite_with_rowid=False,
)

REFERENCES = Table(
    "guideline_references",
    bulk_metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    # Of the section.
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("first", String(8), primary_key=True),
    # The code itself, or the end of a range.
    Column("last", String(8), primary_key=True),
    # Whether the dash after it says that everything below is meant.
    Column("below", Boolean, nullable=False),
    Column("in_heading", Boolean, nullable=False),
    Column("printed", String(40), nullable=False),
    sqlite_with_rowid=False,
)

TABLES = (SECTIONS, REFERENCES)
