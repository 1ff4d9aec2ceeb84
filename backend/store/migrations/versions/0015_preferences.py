"""preferences and subscription notices"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "preference",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("frequency", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=False),
        sa.Column("paused_until", instant, nullable=True),
        sa.Column("changed_at", instant, nullable=False),
        sa.CheckConstraint("frequency IN ('daily', 'weekly', 'monthly')", name=op.f("ck_preference_frequency_known")),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_preference")),
    )
    op.create_table(
        "subscription_credit",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("agreed_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("openid", "template_id", name=op.f("pk_subscription_credit")),
    )


def downgrade() -> None:
    op.drop_table("subscription_credit")
    op.drop_table("preference")
