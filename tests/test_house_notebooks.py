"""Committed notebooks hold no outputs and no logic; the hook that strips them has nothing to do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from tools.check_notebooks import problems

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_clean(path: Path, tmp_path: Path) -> None:
    assert problems(path) == []
    copy = Path(shutil.copy(path, tmp_path))
    subprocess.run([sys.executable, "-m", "nbstripout", "--keep-id", str(copy)], check=True)
    assert copy.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_what_is_refused(tmp_path: Path) -> None:
    source = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    code = next(cell for cell in source["cells"] if cell["cell_type"] == "code")
    code["execution_count"] = 1
    code["metadata"] = {}
    code["source"] = ["for pupil in pupils:\n", "    pass"]
    source["cells"] += [code] * 12
    path = tmp_path / "bad.ipynb"
    path.write_text(json.dumps(source), encoding="utf-8")
    found = " ".join(problems(path))
    assert "committed with outputs" in found
    assert "holds logic" in found
    assert "at most 12" in found
    assert "`parameters`" in found


def test_every_notebook_has_a_title_of_its_own() -> None:
    """It is what a run says that it makes: three notes called «Условия обучения» tell nobody which is being made."""
    titles = [
        json.loads(path.read_text(encoding="utf-8"))["metadata"].get("soko", {}).get("title") for path in NOTEBOOKS
    ]
    known = [title for title in titles if title]
    assert sorted(known) == sorted(set(known))
