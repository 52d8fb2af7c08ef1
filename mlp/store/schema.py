"""The one table of saved runs, and how a database comes to have it as this version of the package wants it.

Every change of the table is a migration in `migrations/versions` (Alembic), so that a database made by an older version
is brought up to date, and one made by a newer version is left alone.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mlp.store.faults import NewerSchema

METADATA = sa.MetaData()

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),  # unguessable
    sa.Column("owner", sa.String(64), nullable=False, index=True),  # whose list it is in; "" for everybody's
    sa.Column("kind", sa.String(8), nullable=False),  # "saved" by hand, or "auto"
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),  # a list of texts
    sa.Column("created", sa.DateTime, nullable=False),  # UTC, as all times here
    sa.Column("changed", sa.DateTime, nullable=False),
    sa.Column("deleted", sa.DateTime, nullable=True),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("epoch", sa.Float, nullable=False),
    sa.Column("train", sa.Float, nullable=True),  # nats; none where not known
    sa.Column("dev", sa.Float, nullable=True),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),  # what a page wants to find again beside the run
    sa.Column("check", sa.String(64), nullable=False),  # SHA-256 of `data`
    sa.Column("data", sa.LargeBinary, nullable=False),  # the run's file (`mlp.training.checkpoint`), safetensors
)


def configuration(connection: sa.Connection) -> Config:
    """Alembic, told where the migrations are and which database they are for."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(connection: sa.Connection) -> None:
    """Make the table, or change an older one.

    Raises:
        NewerSchema: a newer version of the package has made it.
    """
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    now = MigrationContext.configure(connection).get_current_revision()
    if now is not None and now not in known:
        raise NewerSchema(now)
    command.upgrade(config, "head")
