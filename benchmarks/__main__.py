"""`python -m benchmarks [proving] [certifying] [code]`: run a benchmark and print its table."""
import sys

from . import certifying, generated, proving

TABLES = {"proving": proving.table, "certifying": certifying.table, "code": generated.table}


def main() -> None:
    names = sys.argv[1:] or list(TABLES)
    unknown = [n for n in names if n not in TABLES]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; accepted: {', '.join(TABLES)}")
    for name in names:
        print(TABLES[name]())


if __name__ == "__main__":
    main()
