"""Codes whose titles belong to their owner and were not loaded."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ORIGINS = "title_origin IN ('official', 'composed', 'derived', 'not_held')"
ORIGINS_BEFORE = "title_origin IN ('official', 'composed', 'derived')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_nodes_title_origin"), "nodes", type_="check")
        op.create_check_constraint(op.f("ck_nodes_title_origin"), "nodes", ORIGINS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DELETE FROM nodes WHERE title_origin = 'not_held'"))
        op.drop_constraint(op.f("ck_nodes_title_origin"), "nodes", type_="check")
        op.create_check_constraint(op.f("ck_nodes_title_origin"), "nodes", ORIGINS_BEFORE)
