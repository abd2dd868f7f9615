"""what was erased, when, by whom and why; the backups that were made; and that nothing else deletes raw mail"""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WORDS = "mail is deleted by kunming erase alone"
SQLITE = {
    "raw_stays": "BEFORE DELETE ON raw WHEN (SELECT erased_at FROM mail WHERE id = OLD.mail_id) IS NULL",
    "raw_is_as_it_came": "BEFORE UPDATE ON raw",
    "mail_stays": "BEFORE DELETE ON mail",
    "arrival_stays": "BEFORE DELETE ON arrival",
}
POSTGRESQL = """
CREATE FUNCTION mail_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'raw' AND TG_OP = 'DELETE' THEN
    IF (SELECT erased_at FROM mail WHERE id = OLD.mail_id) IS NOT NULL THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '{words}';
END $$
"""


def upgrade() -> None:
    for column in (
        sa.Column("erased_at", TIME, nullable=True),
        sa.Column("erased_by", sa.Text(), nullable=True),
        sa.Column("erased_why", sa.Text(), nullable=True),
    ):
        op.add_column("mail", column)
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("last_mail", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, when in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END")
        return
    op.execute(POSTGRESQL.format(words=WORDS))
    for name, when in SQLITE.items():
        event = when.partition(" WHEN ")[0]
        op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION mail_stays()")


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name != "sqlite"
    for name, when in SQLITE.items():
        table = when.partition(" ON ")[2].split()[0]
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION mail_stays()")
    op.drop_table("backup")
    for column in ("erased_why", "erased_by", "erased_at"):
        op.drop_column("mail", column)
