"""claims of a listed patent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing") as batch:
        batch.add_column(sa.Column("claims", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("listing") as batch:
        batch.drop_column("claims")
