"""`python -m derive` is the command `derive`."""
from .cli import main

if __name__ == "__main__":
    main()
