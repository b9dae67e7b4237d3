"""Theorems as Rocq/Coq: definitions, statements and proofs that replay, step by step, what the kernel replayed."""
