"""TRUSTED. Terms, the table of laws, field arithmetic and the replay of proofs. Standard library only."""
