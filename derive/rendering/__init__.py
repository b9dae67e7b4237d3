"""Theorems and chains as people read them: text, LaTeX, Markdown. Prints what was proved and nothing else."""
