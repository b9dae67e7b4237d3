"""NumPy functions run on symbolic arrays: what they return, as kernel terms, for every size.

An array's entry is a term in the letters of its axes; nothing here decides whether two terms are equal.
"""
