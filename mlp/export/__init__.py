"""What a user takes home of a run: a script, a notebook, weights, a table, and pages that need no server.

Each is imported by its module, since some need Plotly or nbformat, which `import mlp` does not load.
"""
