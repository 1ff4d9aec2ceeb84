"""information tables that officers upload"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_upload",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("uploaded_at", backend.store.tables.base.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('checked', 'confirmed', 'submitted', 'verified', 'dropped')",
            name=op.f("ck_table_upload_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_table_upload_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_upload")),
    )
    for column in ("openid", "status"):
        op.create_index(op.f(f"ix_table_upload_{column}"), "table_upload", [column], unique=False)
    # No foreign key: SQLite cannot add one to a table that is there, and a table may be forgotten before its declarations.
    op.add_column("declaration", sa.Column("table_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_declaration_table_id"), "declaration", ["table_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_declaration_table_id"), table_name="declaration")
    op.drop_column("declaration", "table_id")
    op.drop_table("table_upload")
