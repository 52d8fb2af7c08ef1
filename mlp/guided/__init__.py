"""Guided lessons as data: what is said, done, waited for and asked, step by step. `reading` makes them from YAML."""
