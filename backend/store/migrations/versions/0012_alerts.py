"""saved queries and alerts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "alert_seen",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert_seen")),
    )
    op.create_index(op.f("ix_alert_seen_ends_on"), "alert_seen", ["ends_on"], unique=False)

    op.create_index(op.f("ix_favourite_number"), "favourite", ["number"], unique=False)

    op.create_table(
        "saved_query",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cadence", sa.String(length=64), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("keyed", sa.String(length=64), nullable=False),
        sa.CheckConstraint("cadence IN ('daily', 'weekly')", name=op.f("ck_saved_query_cadence_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_query")),
        sa.UniqueConstraint("openid", "digest", name=op.f("uq_saved_query_openid_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_query_keyed"), "saved_query", ["keyed"], unique=False)
    op.create_index(op.f("ix_saved_query_openid"), "saved_query", ["openid"], unique=False)

    op.create_table(
        "saved_query_key",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("saved_query_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rest_1", sa.BigInteger(), nullable=False),
        sa.Column("rest_2", sa.BigInteger(), nullable=False),
        sa.Column("rest_3", sa.BigInteger(), nullable=False),
        sa.Column("rest_4", sa.BigInteger(), nullable=False),
        sa.Column("bar", sa.BigInteger(), nullable=False),
        sa.Column("least_fen", sa.BigInteger(), nullable=False),
        sa.Column("most_fen", sa.BigInteger(), nullable=False),
        sa.Column("beyond", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("term", "saved_query_id", name=op.f("pk_saved_query_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_saved_query_key_saved_query_id"), "saved_query_key", ["saved_query_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("saved_query_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "change IN ('new', 'repriced', 'withdrawn', 'lapsed', 'standing')", name=op.f("ck_alert_change_known")
        ),
        sa.ForeignKeyConstraint(
            ["saved_query_id"], ["saved_query.id"], name=op.f("fk_alert_saved_query_id_saved_query"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "saved_query_id", "listing_id", "change", name=op.f("uq_alert_saved_query_id_listing_id_change")
        ),
    )
    op.create_index("ix_alert_due", "alert", ["delivery_id", "due_at"], unique=False)
    op.create_index("ix_alert_openid_delivery_id", "alert", ["openid", "delivery_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_alert_openid_delivery_id", table_name="alert")
    op.drop_index("ix_alert_due", table_name="alert")

    op.drop_table("alert")
    op.drop_index(op.f("ix_saved_query_key_saved_query_id"), table_name="saved_query_key")

    op.drop_table("saved_query_key")
    op.drop_index(op.f("ix_saved_query_openid"), table_name="saved_query")
    op.drop_index(op.f("ix_saved_query_keyed"), table_name="saved_query")

    op.drop_table("saved_query")
    op.drop_index(op.f("ix_favourite_number"), table_name="favourite")
    op.drop_index(op.f("ix_alert_seen_ends_on"), table_name="alert_seen")

    op.drop_table("alert_seen")
