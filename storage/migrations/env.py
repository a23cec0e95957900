"""How Alembic sees our tables. The caller gives an open connection that holds the write lock already, so two
processes that start at once on an empty database take turns.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage.tables import Row


def ours(_item: Any, _name: str | None, kind: str, reflected: bool, twin: Any) -> bool:
    """The durable queue keeps its tables in the same file; they are not ours to compare or to drop."""
    return not (kind == "table" and reflected and twin is None)


def plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain column types: an old one must not change its meaning when our code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    include_object=ours,
    render_item=plainly,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
