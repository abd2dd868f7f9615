"""nothing changes or deletes what the audit log holds"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = "the audit log is only added to"
NAMES = {"audit_is_as_it_was": "UPDATE", "audit_stays": "DELETE"}
POSTGRESQL = """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{words}';
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, act in NAMES.items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, '{WORDS}'); END")
        return
    op.execute(POSTGRESQL.format(words=WORDS))
    for name, act in NAMES.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()")


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name != "sqlite"
    for name in NAMES:
        op.execute(f"DROP TRIGGER {name}" + (" ON audit" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION audit_stays()")
