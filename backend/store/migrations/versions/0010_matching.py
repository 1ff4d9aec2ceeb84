"""companies, verdicts, what was shown, labels of institutions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=64), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("division", sa.String(length=64), nullable=False),
        sa.Column("clusters", sa.JSON(), nullable=False),
        sa.Column("place_code", sa.String(length=64), nullable=False),
        sa.Column("size", sa.String(length=64), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.CheckConstraint("size IN ('micro', 'small', 'medium', 'large')", name=op.f("ck_company_size_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("openid", name=op.f("uq_company_openid")),
    )
    op.create_index(op.f("ix_company_name"), "company", ["name"], unique=False)
    op.create_table(
        "match_verdict",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.CheckConstraint("verdict IN ('not_relevant', 'interested')", name=op.f("ck_match_verdict_verdict_known")),
        sa.PrimaryKeyConstraint("openid", "number", name=op.f("pk_match_verdict")),
    )
    op.create_table(
        "match_shown",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("openid", "number", name=op.f("pk_match_shown")),
    )
    op.create_index("ix_match_shown_at_number", "match_shown", ["at", "number"], unique=False)
    op.create_table(
        "institution_label",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.CheckConstraint(
            "label IN ('model_university', 'project_holder', 'key_city')",
            name=op.f("ck_institution_label_label_known"),
        ),
        sa.PrimaryKeyConstraint("name", "label", name=op.f("pk_institution_label")),
    )


def downgrade() -> None:
    op.drop_table("institution_label")
    op.drop_index("ix_match_shown_at_number", table_name="match_shown")
    op.drop_table("match_shown")
    op.drop_table("match_verdict")
    op.drop_index(op.f("ix_company_name"), table_name="company")
    op.drop_table("company")
