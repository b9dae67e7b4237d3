"""Benchmarks: each prints a table with ratios against a peer measured in the same run. No test asserts a time."""
