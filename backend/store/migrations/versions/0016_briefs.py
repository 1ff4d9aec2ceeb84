"""briefs, templates, what recipients made of campaigns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.store.tables.base


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNTOLD = "told_at IS NULL AND number != ''"
KEPT = "status = 'planned' AND channel = 'next_visit' AND campaign_id != 0"


def upgrade() -> None:
    instant = backend.store.tables.base.Instant(timezone=True)
    op.create_table(
        "brief",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("starts_at", instant, nullable=True),
        sa.Column("lasts_days", sa.Integer(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("lease_until", instant, nullable=True),
        sa.CheckConstraint(
            "kind IN ('matches', 'one_patent', 'news', 'case', 'mobilisation', 'notice')",
            name=op.f("ck_brief_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'approved', 'planning', 'planned', 'dropped')",
            name=op.f("ck_brief_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
    )
    op.create_index("ix_brief_campaign_id", "brief", ["campaign_id"], unique=False)
    op.create_index("ix_brief_state_id", "brief", ["state", "id"], unique=False)
    op.create_table(
        "campaign_interest",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("told_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", "openid", "number", name=op.f("pk_campaign_interest")),
    )
    op.create_index("ix_campaign_interest_openid", "campaign_interest", ["openid"], unique=False)
    op.create_index(
        "ix_campaign_interest_untold",
        "campaign_interest",
        ["number"],
        unique=False,
        sqlite_where=sa.text(UNTOLD),
        postgresql_where=sa.text(UNTOLD),
    )
    op.create_table(
        "campaign_opening",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "openid", name=op.f("pk_campaign_opening")),
    )
    op.create_index("ix_campaign_opening_openid", "campaign_opening", ["openid"], unique=False)
    op.create_table(
        "campaign_pace",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "at", name=op.f("pk_campaign_pace")),
    )
    op.create_table(
        "campaign_template",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.CheckConstraint(
            "kind IN ('matches', 'one_patent', 'news', 'case', 'mobilisation', 'notice')",
            name=op.f("ck_campaign_template_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_template")),
        sa.UniqueConstraint("kind", "name", "version", name=op.f("uq_campaign_template_kind_name_version")),
    )
    op.create_table(
        "brief_member",
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_brief_member_brief_id_brief")),
        sa.PrimaryKeyConstraint("brief_id", "openid", name=op.f("pk_brief_member")),
    )
    op.create_index("ix_brief_member_openid", "brief_member", ["openid"], unique=False)
    op.create_table(
        "staff_phone",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("code_until", instant, nullable=True),
        sa.Column("bound_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_phone_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_phone")),
    )
    op.create_index("ix_staff_phone_openid", "staff_phone", ["openid"], unique=False)
    op.create_index(
        "ix_delivery_kept",
        "delivery",
        ["campaign_id", "id"],
        unique=False,
        sqlite_where=sa.text(KEPT),
        postgresql_where=sa.text(KEPT),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_kept", table_name="delivery")
    op.drop_index("ix_staff_phone_openid", table_name="staff_phone")
    op.drop_table("staff_phone")
    op.drop_index("ix_brief_member_openid", table_name="brief_member")
    op.drop_table("brief_member")
    op.drop_table("campaign_template")
    op.drop_table("campaign_pace")
    op.drop_index("ix_campaign_opening_openid", table_name="campaign_opening")
    op.drop_table("campaign_opening")
    op.drop_index("ix_campaign_interest_untold", table_name="campaign_interest")
    op.drop_index("ix_campaign_interest_openid", table_name="campaign_interest")
    op.drop_table("campaign_interest")
    op.drop_index("ix_brief_state_id", table_name="brief")
    op.drop_index("ix_brief_campaign_id", table_name="brief")
    op.drop_table("brief")
