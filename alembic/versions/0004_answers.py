"""what a language model is asked and answers; who read an edit"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answer")),
    )
    op.create_table(
        "question",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_question_mail_id_mail"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_id", "key", name=op.f("pk_question")),
    )
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_by", sa.String(length=10), nullable=False, server_default="rules"))
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.alter_column("read_by", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.drop_column("read_by")
    op.drop_table("question")
    op.drop_table("answer")
