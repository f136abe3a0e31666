"""Every broken, hostile or odd file that we know, put where a school puts its files: one clear word each, no crash."""

from __future__ import annotations

import re
import shutil
import tracemalloc
from pathlib import Path

import pytest
from intake_school import ROOT, incoming, read, workspace

from soko.workspace import Workspace

DATA = ROOT.parent / "shared" / "data"
FILES = [
    path
    for folder in ("dirty", "ru_moscow_open_data", "uci_student")
    for path in sorted((DATA / folder).rglob("*"))
    if path.is_file() and "expected_json" not in path.parts
]


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("dirty") / "school")


@pytest.mark.skipif(not FILES, reason="no ../shared folder with hostile files here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_one_clear_finding(space: Workspace, path: Path) -> None:
    folder = incoming(space)
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / path.name).write_bytes(path.read_bytes())
    tracemalloc.start()
    try:
        intake = read(space)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [f.severity for f in intake.findings] == ["critical"]
    message = intake.findings[0].message_ru
    assert "Что сделать:" in message
    assert re.search("[а-я]", message)
    assert not re.search(r"None|nan|Error|Traceback|0x", message)
    assert intake.findings[0].file == f"2025-2026/q2/{path.name}"
    assert intake.tables == {}
    assert peak < 60 << 20


def test_there_are_files_to_try() -> None:
    if not DATA.is_dir():
        pytest.skip("no ../shared folder with hostile files here")
    assert len(FILES) > 60
