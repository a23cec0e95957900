"""How Alembic sees our tables. The caller gives an open connection that holds the write lock already, so two
processes that start at once on an empty database take turns."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

from storage import tables


def ours(item: Any, _name: str | None, kind: str, reflected: bool, twin: Any) -> bool:
    """The durable queue keeps its tables in the same file; they are not ours to compare or to drop."""
    return not (kind == "table" and reflected and twin is None)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=ours,
    render_as_batch=True,
    user_module_prefix=f"{tables.__name__}.",
)
with context.begin_transaction():
    context.run_migrations()
