"""classes decided by staff, grades, reference figures, prices looked at"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "class_override",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("cluster", sa.String(length=64), nullable=False),
        sa.Column("division", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_class_override")),
    )
    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.String(length=64), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
    )
    op.create_index(op.f("ix_grade_letter"), "grade", ["letter"], unique=False)
    op.create_index("ix_grade_number_id", "grade", ["number", "id"], unique=False)
    op.create_table(
        "industry_rate",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("industry", sa.String(length=64), nullable=False),
        sa.Column("year", sa.String(length=64), nullable=False),
        sa.Column("contracts", sa.Integer(), nullable=False),
        sa.Column("mean_fen", sa.BigInteger(), nullable=True),
        sa.Column("median_fen", sa.BigInteger(), nullable=True),
        sa.Column("mean_rate_hundredths", sa.Integer(), nullable=True),
        sa.Column("median_rate_hundredths", sa.Integer(), nullable=True),
        sa.Column("rate_basis", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_rate")),
        sa.UniqueConstraint("industry", "year", "source", name=op.f("uq_industry_rate_industry_year_source")),
    )
    op.create_table(
        "price_review",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("quiet_until", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_price_review")),
    )


def downgrade() -> None:
    op.drop_table("price_review")
    op.drop_table("industry_rate")
    op.drop_index("ix_grade_number_id", table_name="grade")
    op.drop_index(op.f("ix_grade_letter"), table_name="grade")
    op.drop_table("grade")
    op.drop_table("class_override")
