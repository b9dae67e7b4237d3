"""The tables that the kernel applies: operators (with their sign and smoothness laws), equations, meanings on numbers."""
