"""an index of what is infected, which every page asks for"""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INFECTED = sa.text("verdict = 'infected'")


def upgrade() -> None:
    op.create_index("ix_virus_scan_infected", "virus_scan", ["at"], sqlite_where=INFECTED, postgresql_where=INFECTED)


def downgrade() -> None:
    op.drop_index("ix_virus_scan_infected", "virus_scan")
