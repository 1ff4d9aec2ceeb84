"""needs and surveys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("industry", sa.String(length=200), nullable=False),
        sa.Column("place_code", sa.String(length=64), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=64), nullable=True),
        sa.Column("posted_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("compared_at", instant, nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ending IN ('met', 'withdrawn', 'deadline')", name=op.f("ck_need_ending_known")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_need_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_need_openid"), "need", ["openid"], unique=False)
    op.create_index("ix_need_state_ends_on", "need", ["state", "ends_on"], unique=False)

    op.create_table(
        "need_reader",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_need_reader")),
    )
    op.create_table(
        "survey_answer",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("openid", "survey", name=op.f("pk_survey_answer")),
    )
    op.create_table(
        "need_match",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("thousandths", sa.Integer(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("firm_agreed_at", instant, nullable=True),
        sa.Column("holder_agreed_at", instant, nullable=True),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("introduced_at", instant, nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_match_need_id_need"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_match")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_need_match_need_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_need_match_delivery_id"), "need_match", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_need_match_number"), "need_match", ["number"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_need_match_number"), table_name="need_match")
    op.drop_index(op.f("ix_need_match_delivery_id"), table_name="need_match")

    op.drop_table("need_match")
    op.drop_table("survey_answer")
    op.drop_table("need_reader")
    op.drop_index("ix_need_state_ends_on", table_name="need")
    op.drop_index(op.f("ix_need_openid"), table_name="need")

    op.drop_table("need")
