"""Runs the migrations on the store that KUNMING_DATABASE_URL, or the caller, names."""

import os
from typing import Any, Literal

from alembic import context
from store.session import open_store
from store.tables import Base, Instant

url = context.config.attributes.get("url") or os.environ.get("KUNMING_DATABASE_URL") or "sqlite:///data/kunming.sqlite"


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration stands on its own: it names no type of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """What SQLite makes for its full-text search is not described in store/tables.py."""
    return not (kind == "table" and str(name).startswith("search_index"))


engine = open_store(url)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
