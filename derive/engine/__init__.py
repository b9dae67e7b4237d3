"""Finds proofs: conversions, differentiation, normal form, equality, counterexamples. May be wrong; never trusted."""
