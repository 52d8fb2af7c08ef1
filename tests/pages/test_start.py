"""What a start imports: nothing that its first page can do without."""

import subprocess
import sys

from tests.paths import ROOT

FIRST_PAGE = """
import sys
from pages.ui.live import loading
loading.load()
from pages.ui.guide import panel
from pages.ui.playground import compare, luck, pins, references, verdicts, welcome
print(*sys.modules)
"""


def test_the_first_page_waits_neither_for_pandas_nor_for_the_database() -> None:
    told = subprocess.run([sys.executable, "-c", FIRST_PAGE], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(told.stdout.split())
    assert "torch" in imported
    assert not {"pandas", "sqlalchemy", "alembic", "scipy", "matplotlib"} & imported
