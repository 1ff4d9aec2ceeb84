"""the ledger: kinds, channels, campaigns, quotas"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = "kind IN ('late_answer', 'colleague', 'legal_notice', 'service_notice', 'reminder', 'digest', 'recommendation')"
STATUSES = "status IN ('planned', 'claimed', 'asking', 'sent', 'refused', 'unknown', 'suppressed', 'expired')"
OLD_CHANNELS = "channel IN ('customer_service', 'next_visit')"
CHANNELS = "channel IN ('open', 'customer_service', 'subscription', 'template', 'next_visit')"
STATES = "state IN ('staging', 'running', 'paused', 'cancelled', 'expired', 'done')"
ADDED = (
    "campaign_id", "kind", "rank", "notice", "fields", "text_version", "business_number", "tried", "platform_id",
    "expires_at", "lease_by", "asked_at",
)  # fmt: skip
PARTIAL = (
    ("ix_delivery_lane", ["campaign_id", "rank", "due_at", "id"], "status = 'planned' AND channel != 'next_visit'"),
    ("ix_delivery_lease", ["lease_until"], "lease_until IS NOT NULL"),
    ("ix_delivery_platform_id", ["platform_id"], "platform_id != ''"),
    ("ix_delivery_expires", ["expires_at"], "expires_at IS NOT NULL AND settled_at IS NULL"),
)


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    # The previous release may go on writing rows meanwhile: what it does not name has a default.
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_due")
        batch_op.drop_index("ix_delivery_openid")
        batch_op.add_column(sa.Column("campaign_id", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("kind", sa.String(length=64), server_default="service_notice", nullable=False))
        batch_op.add_column(sa.Column("rank", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("notice", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("fields", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("text_version", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("business_number", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("tried", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("platform_id", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("expires_at", instant, nullable=True))
        batch_op.add_column(sa.Column("lease_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("asked_at", instant, nullable=True))
        batch_op.alter_column("reply", existing_type=sa.JSON(), type_=sa.JSON(none_as_null=True), nullable=True)
        batch_op.drop_constraint(op.f("ck_delivery_channel_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_delivery_channel_known"), CHANNELS)
        batch_op.create_check_constraint(op.f("ck_delivery_kind_known"), KINDS)
    for name, columns, where in PARTIAL:
        op.create_index(name, "delivery", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_delivery_standing", "delivery", ["status", "campaign_id", "planned_at", "id"])
    for starts, kind in (("inbox:", "late_answer"), ("photo:", "late_answer"), ("handoff:", "colleague")):
        was = sa.table("delivery", sa.column("kind"), sa.column("notice_key"))
        op.execute(was.update().where(was.c.notice_key.startswith(starts)).values(kind=kind))
    op.add_column("follower", sa.Column("window_pushed", sa.Integer(), server_default="0", nullable=False))

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("notice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("starts_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minute_used", sa.Integer(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_campaign_kind_known")),
        sa.CheckConstraint(STATES, name=op.f("ck_campaign_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_state"), "campaign", ["state"], unique=False)
    op.create_table(
        "campaign_tally",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint(STATUSES, name=op.f("ck_campaign_tally_status_known")),
        sa.PrimaryKeyConstraint("campaign_id", "status", name=op.f("pk_campaign_tally")),
    )
    op.create_table(
        "api_day",
        sa.Column("api", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("rests_until", instant, nullable=True),
        sa.PrimaryKeyConstraint("api", "day", name=op.f("pk_api_day")),
    )


def downgrade() -> None:
    op.drop_table("api_day")
    op.drop_table("campaign_tally")
    op.drop_index(op.f("ix_campaign_state"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_column("follower", "window_pushed")
    op.drop_index("ix_delivery_standing", table_name="delivery")
    for name, _, _ in PARTIAL:
        op.drop_index(name, table_name="delivery")
    # What the previous release cannot hold: campaigns' recipients, and channels it does not know.
    op.execute("DELETE FROM delivery WHERE reply IS NULL")
    op.execute("UPDATE delivery SET channel = 'customer_service' WHERE channel != 'next_visit'")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for name in ("kind", "channel"):
            batch_op.drop_constraint(op.f(f"ck_delivery_{name}_known"), type_="check")
        for name in reversed(ADDED):
            batch_op.drop_column(name)
        batch_op.alter_column("reply", existing_type=sa.JSON(none_as_null=True), type_=sa.JSON(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_delivery_channel_known"), OLD_CHANNELS)
        batch_op.create_index("ix_delivery_due", ["channel", "status", "due_at"], unique=False)
        batch_op.create_index("ix_delivery_openid", ["openid"], unique=False)
