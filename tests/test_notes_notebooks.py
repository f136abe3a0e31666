"""The notebooks of the note: thin, clean, and running from top to bottom with their default parameters."""

import re

import nbformat
import pytest
from note_school import PERIOD, REPO, school

from soko.publish.blocks import MIME, parse
from soko.run.notebooks import execute
from soko.yamlio import load_raw

NOTES = sorted(path.stem for path in (REPO / "notebooks" / "notes").glob("*.ipynb"))
NOTEBOOKS = ["02_indicators", *(f"notes/{name}" for name in NOTES), "annexes/pupils", "adhoc/template"]


def read(name):
    return nbformat.read(REPO / "notebooks" / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_thin_and_clean(name):
    notebook = read(name)
    nbformat.validate(notebook)
    assert len(notebook.cells) <= 12
    assert [cell.id for cell in notebook.cells] == [f"c{i:02d}" for i in range(1, len(notebook.cells) + 1)]
    assert notebook.metadata.kernelspec.name == "python3"
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    defaults = {}
    exec(tagged[0].source, {}, defaults)
    assert {name: defaults.get(name) for name in ("workspace", "period")} == {"workspace": "", "period": ""}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count is None
            assert cell.outputs == []
            assert not any(word in cell.source for word in ("def ", "for ", "if ", "lambda", "groupby"))


@pytest.mark.parametrize("name", [name for name in NOTES if name not in ("academic_results", "key_indicators")])
def test_every_section_of_the_settings_is_shown_once_in_its_order(name):
    """A section that the notebook forgets is told on page one and nowhere else."""
    sections = [item["id"] for item in load_raw(REPO / "params" / "narrative" / f"{name}.yaml")[0]["sections"]]
    shown = re.findall(r'\.section\("(\w+)"\)', "\n".join(cell.source for cell in read(f"notes/{name}").cells))
    assert [*shown, "data"] == sections


@pytest.mark.slow
@pytest.mark.parametrize("name", ["02_indicators", "notes/academic_results", "notes/key_indicators", "adhoc/template"])
def test_notebook_runs_from_top_to_bottom(name, tmp_path):
    place = school(tmp_path / "school", {"5А": 20, "6А": 22, "7Б": 24})
    done = execute(
        REPO / "notebooks" / f"{name}.ipynb",
        tmp_path / "done.ipynb",
        {"workspace": str(place.root), "period": PERIOD.id},
        cwd=place.root,
    )
    cells = done.cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type in ("stream", "error")]
    blocks = [parse(output.data[MIME]) for output in outputs if MIME in output.get("data", {})]
    assert blocks
    if name.startswith("notes/"):
        kinds = [block.type for block in blocks]
        assert kinds[:2] == ["meta", "title"]
        last = kinds.index("signatures")
        assert set(kinds[last + 1 :]) <= {"prose", "table"}  # the annexes: rules, definitions
