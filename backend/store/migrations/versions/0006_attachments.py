"""files that followers hand in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("media_id", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("added_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('certificate', 'evaluation_report', 'co_holders', 'pledgee', 'price_publicity', 'institution', 'other')",
            name=op.f("ck_attachment_kind_known"),
        ),
        sa.CheckConstraint("status IN ('waiting', 'kept', 'failed')", name=op.f("ck_attachment_status_known")),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_attachment_declaration_id_declaration")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_attachment_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    op.create_index("ix_attachment_due", "attachment", ["status", "due_at"], unique=False)
    op.create_index("ix_attachment_openid_number", "attachment", ["openid", "number"], unique=False)
    for column in ("digest", "declaration_id", "institution_id"):
        op.create_index(op.f(f"ix_attachment_{column}"), "attachment", [column], unique=False)


def downgrade() -> None:
    op.drop_table("attachment")
