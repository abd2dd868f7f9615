"""the outcome of each sentence; whether a mail needs review"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sentence",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["reading.mail_id"], name=op.f("fk_sentence_mail_id_reading"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_id", "n", name=op.f("pk_sentence")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needs_review", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.alter_column("needs_review", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_column("needs_review")
    op.drop_table("sentence")
