"""derive inside other programs: Sphinx. Each integration is one module that sits on top and is imported by its host."""
