"""An index for whose delivery was some days ago: campaigns look for them each hour.

Revision: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DELIVERED = sa.text("delivered_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_purchase_delivered", "purchase", ["delivered_at"], postgresql_where=DELIVERED, sqlite_where=DELIVERED
    )


def downgrade() -> None:
    op.drop_index("ix_purchase_delivered", table_name="purchase")
