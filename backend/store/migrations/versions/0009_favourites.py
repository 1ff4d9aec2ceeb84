"""patents that followers keep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "favourite",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fee", sa.JSON(), nullable=False),
        sa.Column("standing", sa.String(length=64), nullable=False),
        sa.Column("kept_at", backend.store.tables.base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("openid", "number", name=op.f("pk_favourite")),
    )


def downgrade() -> None:
    op.drop_table("favourite")
