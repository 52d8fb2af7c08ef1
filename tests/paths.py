"""Where the application's files are, however deep in the house of tests a test lives."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
FRAME = str(ROOT / "pages" / "frame.py")
README = ROOT / "README.md"
