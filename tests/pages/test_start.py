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


DRAWN_MEANWHILE = """
import sys, threading
import pages.ui.live.loading as loading
loading.load()
from mlp.plots import letters
ended, drawn = threading.Event(), []

def draw():
    while not ended.is_set():
        with loading.drawing():
            letters.figure()
        drawn.append("pandas" in sys.modules)

threads = [threading.Thread(target=draw) for _ in range(2)]
for thread in threads:
    thread.start()
while len(drawn) < 5:
    pass
loading.load_rest()
before = len(drawn)
while len(drawn) < before + 5 and all(thread.is_alive() for thread in threads):
    pass
ended.set()
for thread in threads:
    thread.join()
print(drawn[0], drawn[-1], len(drawn) >= before + 5)
"""


def test_pages_are_drawn_while_pandas_comes() -> None:
    told = subprocess.run([sys.executable, "-c", DRAWN_MEANWHILE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", "True"], told.stderr
    assert "Error" not in told.stderr
