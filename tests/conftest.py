"""What every test shares: no time limit a hypothesis example, since the machines that run these differ."""

import os
import tempfile

import pytest
from hypothesis import settings

from mlp.kernel.choice import compile_now

os.environ.setdefault("MLP_DATABASE", f"sqlite:///{tempfile.mkdtemp()}/runs.db")  # nobody's own runs
settings.register_profile("app", deadline=None)
settings.load_profile("app")


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    """No test waits for the compiler in the midst of what it looks at."""
    compile_now()
