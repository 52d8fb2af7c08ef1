"""The package from a terminal: `python -m mlp train|sample|sweep|export`. Results go to stdout, all else to stderr."""
