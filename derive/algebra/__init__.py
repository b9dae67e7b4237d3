"""The SymPy bridge: statements in, expressions out, SymPy's proposal, the second opinion on explicit sizes."""
