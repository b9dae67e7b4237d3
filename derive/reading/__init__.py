"""Derivations as people write them, read and judged: LaTeX, Markdown, reST and notebooks. Nothing here imports SymPy."""
