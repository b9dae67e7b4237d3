"""Functions computed straight from the theorems of an entry: stable forms, array programs with named axes, three backends."""
