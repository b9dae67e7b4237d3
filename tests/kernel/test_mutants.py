"""Each check of the kernel is needed: a kernel without it lets an attack through. The table names the check that is removed."""
from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import derive.kernel

ROOT = Path(derive.kernel.__file__).parent
ATTACKS = Path(__file__).with_name("attacks.py")

# (what is broken, file, found exactly once, put in its place)
MUTANTS: list[tuple[str, str, str, str]] = []
