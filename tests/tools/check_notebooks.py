"""Refuse notebooks with outputs, with more than a dozen cells, or with logic that a test could not reach.

Run by `make lint`, by the pre-commit hook and by a test.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_CELLS = 12
MAX_LINES = 12
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)


def problems(path: Path) -> list[str]:
    """What is wrong with the committed notebook; empty when nothing is."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    found = []
    if len(cells) > MAX_CELLS:
        found.append(f"{len(cells)} cells, at most {MAX_CELLS}")
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"cell {number} is committed with outputs")
        source = "".join(cell["source"])
        if len(source.splitlines()) > MAX_LINES:
            found.append(f"cell {number} has more than {MAX_LINES} lines")
        # Adhoc notebooks investigate; the published ones only tell.
        if "adhoc" not in path.parts and any(isinstance(node, LOGIC) for node in ast.walk(ast.parse(source))):
            found.append(f"cell {number} holds logic; move it into src/soko")
    if not any("parameters" in cell["metadata"].get("tags", []) for cell in cells):
        found.append("no cell is tagged `parameters`")
    return [f"{path.name}: {text}" for text in found]


def main() -> int:
    """Check every notebook of the repository."""
    found = [line for path in sorted((ROOT / "notebooks").rglob("*.ipynb")) for line in problems(path)]
    print("\n".join(found) or "notebooks: clean")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
