"""Alembic's entry: the migrations run on the connection that `mlp.store.schema` hands over."""

from alembic import context

from mlp.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
