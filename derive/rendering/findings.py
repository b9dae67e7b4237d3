"""Finding codes and what they mean."""
from __future__ import annotations

FINDING_CODES = {
    "D401": "a generated file is stale: it differs from what its entry gives",
    "D402": "a generated file is missing",
    "D403": "a file under the output folder is left over: no entry gives it",
}
