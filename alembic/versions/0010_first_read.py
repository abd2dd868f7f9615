"""when a mail was read well for the first time"""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_read", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE mail SET first_read = (SELECT read_at FROM reading WHERE reading.mail_id = mail.id)"
        " WHERE failed IS NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("first_read")
