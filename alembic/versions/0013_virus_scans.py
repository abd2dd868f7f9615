"""what a virus scanner said of each Part"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "virus_scan",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_virus_scan_mail_id_mail"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_id", "sha256", name=op.f("pk_virus_scan")),
    )


def downgrade() -> None:
    op.drop_table("virus_scan")
