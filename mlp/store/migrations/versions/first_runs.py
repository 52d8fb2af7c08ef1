"""The table of saved runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.Column("deleted", sa.DateTime, nullable=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.Float, nullable=False),
        sa.Column("train", sa.Float, nullable=True),
        sa.Column("dev", sa.Float, nullable=True),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("check", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_runs_owner", "runs", ["owner"])


def downgrade() -> None:
    """Take the table away, with every run in it."""
    op.drop_table("runs")
