"""the mails inside a mail that several have written

Those of a mail that was read before are found when it is read again.
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mails", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.alter_column("mails", server_default=None)
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inner", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.drop_column("inner")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_column("mails")
