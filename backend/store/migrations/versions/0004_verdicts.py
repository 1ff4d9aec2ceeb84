"""whether an answer was of use"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_verdict",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("at", backend.store.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_verdict")),
    )
    op.create_index(op.f("ix_knowledge_verdict_at"), "knowledge_verdict", ["at"], unique=False)
    op.create_index(op.f("ix_knowledge_verdict_openid"), "knowledge_verdict", ["openid"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_knowledge_verdict_openid"), table_name="knowledge_verdict")
    op.drop_index(op.f("ix_knowledge_verdict_at"), table_name="knowledge_verdict")
    op.drop_table("knowledge_verdict")
