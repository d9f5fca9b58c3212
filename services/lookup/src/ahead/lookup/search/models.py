"""The table of use: how many people opened a code's page of late, as metering counts them."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from ahead.lookup.catalog.models import metadata

CODE_USES = Table(
    "code_uses",
    metadata,
    Column("system", String(16), primary_key=True),
    # Undotted, as the catalogue keeps it.
    Column("code", String(20), primary_key=True),
    # Different guests and accounts over the whole time asked about; nobody's name.
    Column("people", Integer, nullable=False),
    CheckConstraint("people > 0", name="people"),
    sqlite_with_rowid=False,
)
