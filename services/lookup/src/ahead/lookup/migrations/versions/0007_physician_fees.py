"""The Physician Fee Schedule: relative values, localities, anesthesia factors, caps of imaging, ZIP codes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("pfs_rvus", "pfs_gpcis", "pfs_localities", "pfs_anesthesia", "pfs_opps_caps", "pfs_zips")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # On SQLite each release has its tables in a file of its own.
    place = (("contractor", 5), ("locality", 2))
    rvus = (
        ("code", 5), ("modifier", 2), ("status", 1), ("not_used", 1), ("work", 12), ("pe_nonfacility", 12),
        ("na_nonfacility", 0), ("pe_facility", 12), ("na_facility", 0), ("mp", 12), ("total_nonfacility", 12),
        ("total_facility", 12), ("pctc", 1), ("global_days", 3), ("preoperative", 12), ("intraoperative", 12),
        ("postoperative", 12), ("multiple", 1), ("bilateral", 1), ("assistant", 1), ("co_surgeons", 1), ("team", 1),
        ("endoscopic_base", 5), ("conversion_factor", 12), ("supervision", 2), ("calculation", 1),
        ("imaging_family", 2), ("opps_pe_nonfacility", 12), ("opps_pe_facility", 12), ("opps_mp", 12),
    )  # fmt: skip
    _table("pfs_rvus", ("code", "modifier"), *rvus)
    op.create_index("ix_pfs_rvus_base", "pfs_rvus", ["release_id", "endoscopic_base"])
    indices = (("state", 2), ("name", None), ("work", 12), ("pe", 12), ("mp", 12))
    _table("pfs_gpcis", ("contractor", "locality"), *place, *indices)
    op.create_table(
        "pfs_localities",
        *(
            sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)
            for name in ("release_id", "source_row")
        ),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in place),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "area", "counties")),
        sa.PrimaryKeyConstraint("release_id", "source_row", name=op.f("pk_pfs_localities")),
    )
    op.create_index("ix_pfs_localities_locality", "pfs_localities", ["release_id", "contractor", "locality"])
    _table("pfs_anesthesia", ("contractor", "locality"), *place, ("name", None), ("factor", 12))
    caps = (("code", 5), ("modifier", 2), *place, ("status", 1), ("facility", 12), ("nonfacility", 12))
    _table("pfs_opps_caps", ("code", "modifier", "contractor", "locality"), *caps)
    _table("pfs_zips", ("zip",), ("zip", 5), ("state", 2), *place, ("plus_four", 0), ("rural", 1))


def _table(name: str, key: tuple[str, ...], *columns: tuple[str, int | None]) -> None:
    """A column is text of that length; of any length (None); or a small number (0)."""

    def typed(length: int | None) -> sa.types.TypeEngine[object]:
        kind: object = sa.Text() if length is None else sa.String(length) if length else sa.SmallInteger()
        return kind  # pyright: ignore[reportReturnType]

    op.create_table(
        name,
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(column, typed(length), nullable=False) for column, length in columns),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", *key, name=op.f(f"pk_{name}")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in reversed(TABLES):
            op.drop_table(name)
