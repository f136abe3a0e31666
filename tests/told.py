"""What a note tells and shows, for tests: its narrative against a golden file, the blocks of its notebook."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from note_school import REPO

GOLDEN = Path(__file__).parent / "golden"


def as_it_was(told, name: str) -> None:
    """Golden file: delete it and run again when the wording changes on purpose, then read the difference."""
    lines = [f"[{s.section}] {s.severity} {s.kind}: {s.text}" for s in told.sentences]
    lines += [f"вывод: {s.text}" for s in told.conclusions]
    lines += [f"рекомендация: {r.what} | {r.who} | {r.due} | {r.basis}" for r in told.recommendations]
    text = "\n".join(lines).replace("\u00a0", " ") + "\n"
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.write_text(text, encoding="utf-8")
        pytest.fail(f"создан {golden.name}: прочитайте его и запустите снова")
    assert text == golden.read_text(encoding="utf-8")


def displayed(note, name: str) -> list:
    """All that the notebook of the note displays, cell by cell."""
    cells = nbformat.read(REPO / "notebooks" / "notes" / f"{name}.ipynb", as_version=4).cells
    return [block for cell in cells[1:] for block in eval(cell.source.splitlines()[-1], {"note": note})]
