"""The tables that the kernel applies: operators (with their sign and smoothness laws) and equations. Data, no code."""
