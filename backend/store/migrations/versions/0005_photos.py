"""photos of certificates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("media_id", sa.String(length=200), nullable=False),
        sa.Column("flow", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("arrived_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("lease_until", instant, nullable=True),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'reading', 'read', 'taken', 'failed', 'suppressed')",
            name=op.f("ck_photo_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_photo_key")),
    )
    op.create_index("ix_photo_due", "photo", ["status", "due_at"], unique=False)
    op.create_index(op.f("ix_photo_openid"), "photo", ["openid"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_photo_openid"), table_name="photo")
    op.drop_index("ix_photo_due", table_name="photo")
    op.drop_table("photo")
