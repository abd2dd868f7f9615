"""search over mails, edits and comments"""

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FTS5 = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 0')"
    ),
    (
        "CREATE TRIGGER search_kept AFTER INSERT ON search BEGIN"
        " INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END"
    ),
    (
        "CREATE TRIGGER search_gone AFTER DELETE ON search BEGIN"
        " INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); END"
    ),
)


def upgrade() -> None:
    op.create_table(
        "search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["reading.mail_id"], name=op.f("fk_search_mail_id_reading"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search")),
    )
    op.create_index(op.f("ix_search_mail_id"), "search", ["mail_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX search_index ON search USING gin (to_tsvector('simple', words))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search")
