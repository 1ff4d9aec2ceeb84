"""events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("begins_at", instant, nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("sign_up_from", instant, nullable=False),
        sa.Column("sign_up_until", instant, nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("invited", sa.String(length=200), nullable=False),
        sa.Column("materials", sa.String(length=500), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.CheckConstraint("kind IN ('matching', 'auction', 'tour', 'training')", name=op.f("ck_event_kind_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'closed', 'cancelled', 'held')", name=op.f("ck_event_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_begins_at"), ["begins_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_state"), ["state"], unique=False)

    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("signed_up_at", instant, nullable=False),
        sa.Column("waiting_since", instant, nullable=True),
        sa.Column("offered_until", instant, nullable=True),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("checked_in_at", instant, nullable=True),
        sa.Column("checked_in_by", sa.String(length=64), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("told_revision", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.SmallInteger(), nullable=False),
        sa.Column("thanked", sa.SmallInteger(), nullable=False),
        sa.Column("feedback", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("feedback_at", instant, nullable=True),
        sa.CheckConstraint(
            "state IN ('confirmed', 'waiting', 'offered', 'cancelled', 'attended', 'no_show')",
            name=op.f("ck_sign_up_state_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sign_up_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("event_id", "openid", name=op.f("uq_sign_up_event_id_openid")),
    )
    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        batch_op.create_index("ix_sign_up_openid", ["openid"], unique=False)
        batch_op.create_index("ix_sign_up_queue", ["event_id", "state", "waiting_since", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_up_queue")
        batch_op.drop_index("ix_sign_up_openid")

    op.drop_table("sign_up")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_state"))
        batch_op.drop_index(batch_op.f("ix_event_begins_at"))

    op.drop_table("event")
