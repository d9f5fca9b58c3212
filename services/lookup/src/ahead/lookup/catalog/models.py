"""Tables of the catalogue.

`releases` lives in the service's database. The bulk tables live, on SQLite, in a file per release (so that a
load never holds the lock that a grant needs, and dropping a release is dropping a file), and on PostgreSQL in
the service's database, told apart by `release_id`. `BULK` names them for both.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from ahead.shared.db.base import NAMING, UtcDateTime

RELEASE_FILE_SCHEMA = 1
"""Version of the tables in a release's file. A file of another version is loaded again, never migrated."""

TITLE_ORIGINS = ("official", "composed", "derived", "not_held")
"""As printed; composed from a base code and its 7th character; derived from the codes below a new header; a text
that is its owner's and was not loaded."""

KINDS = ("chapter", "section", "category", "subcategory", "code", "extension")
NOTE_KINDS = (
    "includes",
    "inclusion_term",
    "excludes1",
    "excludes2",
    "code_first",
    "use_additional",
    "code_also",
    "seventh_character_note",
    "seventh_character_value",
    "note",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def releases_table(metadata: MetaData) -> Table:
    """Bookkeeping: one row per load, `loading` until the publishing transaction."""
    return Table(
        "releases",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("system", String(20), nullable=False),
        Column("kind", String(40), nullable=False),
        Column("edition", String(80), nullable=False),
        Column("source", String(120), nullable=False),
        # [[name, sha256, edition, from, to], ...] as JSON, the last three only where a file is another
        # edition's; a node's `source_file` counts into it.
        Column("files", Text, nullable=False),
        # One hash over all its files: what "the same file again" means.
        Column("sha256", String(64), nullable=False),
        Column("loader", String(60), nullable=False),
        Column("window_from", Date, nullable=False),
        Column("window_to", Date),
        Column("window_origin", String(10), nullable=False),
        Column("rows", Integer, nullable=False, server_default="0"),
        Column("nodes", Integer, nullable=False, server_default="0"),
        Column("billable", Integer, nullable=False, server_default="0"),
        Column("remark", String(300), nullable=False, server_default=""),
        Column("status", String(10), nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("loaded_at", UtcDateTime),
        CheckConstraint(_one_of("status", ("loading", "published")), name="status"),
        CheckConstraint(_one_of("window_origin", ("file", "calendar", "option")), name="window_origin"),
        CheckConstraint("window_to IS NULL OR window_to >= window_from", name="window"),
        Index("ix_releases_system_status", "system", "status", "window_from"),
        # An id is never given twice: processes cache by it.
        sqlite_autoincrement=True,
    )


def bulk_tables(metadata: MetaData) -> tuple[Table, Table]:
    """`nodes` and `notes`, the same in a release's file and in PostgreSQL."""
    nodes = Table(
        "nodes",
        metadata,
        Column("release_id", Integer, primary_key=True, autoincrement=False),
        Column("code", String(20), primary_key=True),
        Column("system", String(20), nullable=False),
        Column("dotted", String(20), nullable=False),
        Column("kind", String(12), nullable=False),
        Column("parent", String(20)),
        # Keys of the places above, chapter first, joined by "/".
        Column("path", String(160), nullable=False, server_default=""),
        Column("ordinal", Integer, nullable=False),
        Column("last_ordinal", Integer, nullable=False),
        Column("depth", SmallInteger, nullable=False),
        Column("title", Text, nullable=False),
        Column("title_origin", String(10), nullable=False),
        Column("short_title", Text, nullable=False, server_default=""),
        Column("billable", Boolean, nullable=False),
        Column("children", Integer, nullable=False),
        Column("codes_below", Integer, nullable=False),
        Column("source_file", SmallInteger, nullable=False),
        Column("source_row", Integer, nullable=False),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("title_origin", TITLE_ORIGINS), name="title_origin"),
        # Depth-first order: everything below a node lies between its ordinal and its last_ordinal.
        Index("ix_nodes_ordinal", "release_id", "ordinal", unique=True),
        Index("ix_nodes_parent", "release_id", "parent", "ordinal"),
        sqlite_with_rowid=False,
    )
    notes = Table(
        "notes",
        metadata,
        Column("release_id", Integer, primary_key=True, autoincrement=False),
        Column("code", String(20), primary_key=True),
        Column("ordinal", Integer, primary_key=True, autoincrement=False),
        Column("kind", String(24), nullable=False),
        Column("key", String(4), nullable=False, server_default=""),
        Column("text", Text, nullable=False),
        # The codes that the note names, as JSON: [[text, first, last, below], ...].
        Column("refs", Text, nullable=False, server_default="[]"),
        Column("source_row", Integer, nullable=False),
        CheckConstraint(_one_of("kind", NOTE_KINDS), name="kind"),
        sqlite_with_rowid=False,
    )
    return nodes, notes


def small_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The lists that come with ICD-10-CM: exempt from present-on-admission reporting, and conversions."""
    poa_exempt = Table(
        "poa_exempt",
        metadata,
        Column("release_id", Integer, primary_key=True, autoincrement=False),
        Column("code", String(20), primary_key=True),
        Column("title", Text, nullable=False),
        Column("source_file", SmallInteger, nullable=False),
        Column("source_row", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    conversions = Table(
        "conversions",
        metadata,
        Column("release_id", Integer, primary_key=True, autoincrement=False),
        # A row names several previous codes or ranges: one line each, or one that is empty where it says "None".
        # The same code may stand in several rows.
        Column("source_row", Integer, primary_key=True, autoincrement=False),
        Column("previous", String(20), primary_key=True),
        # The code itself, or the end of a range.
        Column("previous_last", String(20), nullable=False),
        Column("code", String(20), nullable=False),
        Column("effective", Date, nullable=False),
        # The previous codes as printed: "C79.61 and C79.62".
        Column("printed", Text, nullable=False),
        Index("ix_conversions_code", "release_id", "code"),
        Index("ix_conversions_previous", "release_id", "previous"),
        sqlite_with_rowid=False,
    )
    return poa_exempt, conversions


def code_dates_table(metadata: MetaData) -> Table:
    """Days of codes whose lists name codes that have ended, or that come later: numbers such as 20240930."""
    return Table(
        "code_dates",
        metadata,
        Column("release_id", Integer, primary_key=True, autoincrement=False),
        Column("code", String(20), primary_key=True),
        Column("first_day", Integer),
        # Inclusive; NULL is no end.
        Column("last_day", Integer),
        sqlite_with_rowid=False,
    )


def release_info_table(metadata: MetaData) -> Table:
    """One row in a release's own file: which schema it has and which release it is."""
    return Table(
        "release_info",
        metadata,
        Column("schema_version", Integer, nullable=False),
        Column("release_id", Integer, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("loader", String(60), nullable=False),
    )


metadata = MetaData(naming_convention=NAMING)
"""Tables of the service's database that belong to the catalogue."""
RELEASES = releases_table(metadata)

bulk_metadata = MetaData(naming_convention=NAMING)
"""What PostgreSQL has besides; SQLite has it in each release's file."""
NODES, NOTES = bulk_tables(bulk_metadata)
POA_EXEMPT, CONVERSIONS = small_tables(bulk_metadata)
CODE_DATES = code_dates_table(bulk_metadata)
DATED_SYSTEMS = frozenset({"hcpcs"})
"""Code systems whose every release has `code_dates`."""
FLAT_SYSTEMS = frozenset({"hcpcs", "cpt"})
"""Code systems whose codes are no beginnings of each other."""

file_metadata = MetaData(naming_convention=NAMING)
"""What a release's own file has besides its bulk tables; these have the same names there, so that one query
serves both."""
RELEASE_INFO = release_info_table(file_metadata)
