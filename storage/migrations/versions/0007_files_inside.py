"""Files that people of the shop show each other inside a case.

Revision: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("files", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("note", "files")
