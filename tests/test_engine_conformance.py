"""The same awkward notebooks through stock papermill and through ours: outputs, counts and errors must be equal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import awkward
import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = [pytest.mark.slow, pytest.mark.deep]

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.fixture(autouse=True)
def _as_outside_of_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    # ipykernel does not capture descriptors when it believes to be tested itself.
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def run(
    place: Path,
    engine: str,
    cells: list[str],
    tags: dict[int, list[str]] | None = None,
    metadata: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    """The executed notebook (None when nothing was written) and the error."""
    place.mkdir(parents=True)
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    notebook.metadata.update({"kernelspec": KERNELSPEC}, **(metadata or {}))
    for number, wanted in (tags or {}).items():
        notebook.cells[number].metadata["tags"] = wanted
    nbformat.write(notebook, place / "in.ipynb")
    error = None
    try:
        papermill.execute_notebook(
            place / "in.ipynb", place / "out.ipynb", engine_name=engine, progress_bar=False, cwd=place, **options
        )
    except Exception as raised:
        error = raised
    executed = nbformat.read(place / "out.ipynb", as_version=4) if (place / "out.ipynb").is_file() else None
    return executed, error


def facts(place: Path, executed: Any, error: Any) -> dict[str, Any]:
    """Everything that may not differ, without what always does."""
    nbformat.validate(executed)
    cells = [
        {
            "source": cell.source,
            "count": cell.get("execution_count"),
            "outputs": _joined(cell.get("outputs", [])),
            "status": cell.metadata.get("papermill", {}).get("status"),
            "exception": cell.metadata.get("papermill", {}).get("exception"),
        }
        for cell in executed.cells
    ]
    if type(error).__name__ == "DeadKernelError":
        # What the kernel had said before it died may have arrived or not; it is so with a stock kernel, too.
        cells[-1] |= {"count": None, "outputs": []}
    written = sorted(path.name for path in place.iterdir())
    return {
        "cells": _plain(cells, place),
        "error": _plain((type(error).__name__, str(error)), place),
        "address": getattr(error, "cell_index", None) if type(error).__name__ == "PapermillExecutionError" else None,
        "language": dict(executed.metadata.get("language_info", {})),
        "files": {name: (place / name).read_text() for name in written if name.endswith(".txt")},
        "left": [name for name in written if not name.endswith((".txt", ".ipynb"))],
    }


def _joined(outputs: list[Any]) -> list[Any]:
    """Streams in one piece each: how they are cut, and how two streams interleave, is a matter of timing."""
    streams = dict.fromkeys(("stdout", "stderr"), "")
    others = []
    for output in outputs:
        if output.output_type == "stream":
            streams[output.name] += output.text
        else:
            others.append(dict(output))
    return [streams, *others]


def _plain(value: Any, place: Path) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item, place) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, place) for item in value]
    if not isinstance(value, str):
        return value
    value = value.replace(str(place), "PLACE").replace(place.name, "PLACE")
    value = re.sub(r"0x[0-9a-f]{6,}", "0x", value)
    value = re.sub(r"ipykernel_\d+", "ipykernel_N", value)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "TIME", value)


@pytest.mark.parametrize("name", awkward.NOTEBOOKS)
def test_same_as_stock(name: str, tmp_path: Path) -> None:
    cells, options = awkward.NOTEBOOKS[name], awkward.OPTIONS.get(name, {})
    found = {}
    for engine in ("nbclient", "soko"):
        place = tmp_path / engine / "place"
        found[engine] = facts(place, *run(place, engine, cells, awkward.TAGS.get(name), **options))
    for stock, ours in zip(found["nbclient"]["cells"], found["soko"]["cells"], strict=True):
        assert ours == stock
    assert found["soko"] == found["nbclient"]


def test_two_runs_do_not_draw_the_same(tmp_path: Path) -> None:
    drawn = [run(tmp_path / str(n), "soko", [awkward.RANDOM])[0].cells[0].outputs[0].text.split() for n in range(3)]
    for values in zip(*drawn, strict=True):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("preload", ["notes", "data"])
def test_kernels_are_forked_from_one_thread(preload: str, tmp_path: Path) -> None:
    look = (
        "import os, sys, pathlib\nserver = pathlib.Path(f'/proc/{os.getppid()}')\n"
        "print('soko.run.zygote' in (server / 'cmdline').read_text(), len(os.listdir(server / 'task')))\n"
        "print(sorted({'soko.notes', 'great_expectations'} & set(sys.modules)))"
    )
    executed, error = run(tmp_path / "place", "soko", [look], metadata={"soko": {"preload": preload}})
    assert error is None
    known = {"notes": "['soko.notes']", "data": "['great_expectations']"}[preload]
    assert executed.cells[0].outputs[0].text == f"True 1\n{known}\n"


@pytest.mark.parametrize("metadata", [{"soko": "text"}, {"soko": {"preload": "неизвестно"}}, {"soko": {}}])
def test_metadata_of_others_do_no_harm(metadata: dict[str, Any], tmp_path: Path) -> None:
    executed, error = run(tmp_path / "place", "soko", ["1"], metadata=metadata)
    assert error is None
    assert executed.cells[0].execution_count == 1


def test_another_kernel_of_the_name_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data" / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-X", "utf8", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "other", "language": "python", "env": {"OF_THE_SPEC": "1"}}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    executed, error = run(
        tmp_path / "place", "soko", ["import sys, os\nsys.flags.utf8_mode, os.environ['OF_THE_SPEC']"]
    )
    assert error is None
    assert executed.cells[0].outputs[0].data["text/plain"] == "(1, '1')"


def test_command_line_of_papermill(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("x + 1")]), tmp_path / "in.ipynb")
    # A module of the folder must not be taken for one of the library.
    (tmp_path / "random.py").write_text("raise SystemExit('imported')")
    command = [
        str(Path(sys.executable).parent / "papermill"),
        "--engine",
        "soko",
        "-k",
        "python3",
        "in.ipynb",
        "out.ipynb",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[1].outputs[0].data["text/plain"] == "2"


def test_stock_kernels_give_the_same_note(reported: Path, tmp_path: Path) -> None:
    published = reported / "outputs" / "2025-2026" / "q4" / "notes"
    workspace = tmp_path / "school"
    shutil.copytree(reported, workspace)
    call = (
        "import sys\nfrom soko.run import work\n"
        "work.notebook('notes/academic_results', sys.argv[2], {'workspace': sys.argv[1], 'period': '2025-2026/q4',"
        " 'audience': 'internal', 'out': sys.argv[1] + '/outputs/2025-2026/q4'}, ['html', 'pdf', 'docx'])"
    )
    for kernels in ("stock", "fork"):
        target = tmp_path / kernels / "academic_results.ipynb"
        done = subprocess.run(
            [sys.executable, "-c", call, str(workspace), str(target)],
            env={**os.environ, "SOKO_KERNELS": kernels},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    for suffix in (".ipynb", ".html", ".pdf", ".docx"):
        fork, stock = (tmp_path / kernels / f"academic_results{suffix}" for kernels in ("fork", "stock"))
        assert stock.read_bytes() == fork.read_bytes()
        assert stock.read_bytes() == (published / stock.name).read_bytes()
