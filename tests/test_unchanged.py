"""The kept answer of a run without changes: given while nothing at all has changed, and never otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soko.run import unchanged

CALL = ["report", "2025-2026/q1"]
SAID = "Изменений нет: справки за период 2025-2026/q1 актуальны.\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    files = {
        "params/school.yaml": "a", "params/periods/q1.yaml": "b", "validation/tables/marks.yaml": "c",
        "notebooks/notes/x.ipynb": "d", "data/incoming/2025-2026/q1/m.csv": "5;4", "data/history/h.json": "{}",
        "data/private/key": "k", "outputs/2025-2026/q1/manifest.json": "{}", "outputs/2025-2026/q1/notes/x.pdf": "p",
        "requirements.txt": "r",
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOKO_WORKSPACE", raising=False)
    monkeypatch.setattr(unchanged, "_TICK", 0.0)
    monkeypatch.setattr(unchanged, "_COARSE_TICK", 0.0)
    return tmp_path


def _keep(call=CALL, said=SAID):
    unchanged.Watch(call).keep(said)


def test_the_same_call_gets_the_same_answer(root):
    assert unchanged.answer(CALL) is None
    _keep()
    assert unchanged.answer(CALL) == SAID
    _keep([*CALL, "--why"], "шаги\n")
    assert (unchanged.answer(CALL), unchanged.answer([*CALL, "--why"])) == (SAID, "шаги\n")


FILES = [
    "params/school.yaml", "params/periods/q1.yaml", "validation/tables/marks.yaml", "notebooks/notes/x.ipynb",
    "data/incoming/2025-2026/q1/m.csv", "data/history/h.json", "data/private/key", "outputs/2025-2026/q1/manifest.json",
    "outputs/2025-2026/q1/notes/x.pdf", "requirements.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_noticed_though_it_keeps_its_size_and_time(root, name):
    path = root / name
    _keep()
    before = path.stat()
    path.write_text("z" * before.st_size, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert unchanged.answer(CALL) is None


@pytest.mark.parametrize("name", FILES[1:])
def test_a_file_that_is_gone_or_replaced_is_noticed(root, name):
    path = root / name
    _keep()
    path.rename(root / "elsewhere")
    assert unchanged.answer(CALL) is None
    (root / "elsewhere").rename(path)
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)
    assert unchanged.answer(CALL) is None


@pytest.mark.parametrize("name", ["data/incoming/2025-2026/q1/n.csv", "data/private/2025-2026/q1/ledger", "outputs/x"])
def test_a_new_file_is_noticed(root, name):
    _keep()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    assert unchanged.answer(CALL) == SAID
    (root / name).write_text("")
    assert unchanged.answer(CALL) is None


@pytest.mark.parametrize(
    "call",
    [[], ["--help"], ["validate", "2025-2026/q1"], *([*CALL, *more] for more in (["--force"], ["-w", "."]))],
)
def test_other_commands_and_options_are_never_answered(root, call):
    _keep(call)
    assert unchanged.answer(call) is None


@pytest.mark.parametrize("call", [["report"], ["report", "2025-2026/q2"], [*CALL, "--why"]])
def test_a_call_that_was_not_made_is_not_answered(root, call):
    _keep()
    assert unchanged.answer(call) is None


def test_another_folder_day_or_setting_is_another_call(root, monkeypatch):
    _keep()
    monkeypatch.chdir(root / "data")
    assert unchanged.answer(CALL) is None
    monkeypatch.chdir(root)
    monkeypatch.setenv("SOKO_KERNELS", "stock")
    assert unchanged.answer(CALL) is None
    monkeypatch.delenv("SOKO_KERNELS")
    assert unchanged.answer(CALL) == SAID
    monkeypatch.setattr(time, "strftime", lambda _: "2030-01-01")
    assert unchanged.answer(CALL) is None


def test_what_changes_while_the_run_looks_is_not_believed(root):
    watch = unchanged.Watch(CALL)
    (root / "params/school.yaml").write_text("другое", encoding="utf-8")
    watch.keep(SAID)
    assert unchanged.answer(CALL) is None


def test_a_file_so_young_that_it_could_change_unseen_is_not_believed(root, monkeypatch):
    monkeypatch.setattr(unchanged, "_TICK", 60.0)
    monkeypatch.setattr(unchanged, "_COARSE_TICK", 60.0)
    _keep()
    assert unchanged.answer(CALL) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stamp": 1, "said": []}', '{"said": null}', "\x00"])
def test_a_spoilt_memory_is_no_answer_and_is_written_anew(root, text):
    (root / unchanged._KEPT).write_text(text, encoding="utf-8")
    assert unchanged.answer(CALL) is None
    _keep()
    assert unchanged.answer(CALL) == SAID


def test_no_workspace_no_answer(root, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    _keep()
    assert unchanged.answer(CALL) is None
    monkeypatch.setenv("SOKO_WORKSPACE", str(root))
    _keep()
    assert unchanged.answer(CALL) == SAID


def test_a_known_answer_imports_nothing_but_the_standard_library(root):
    code = "import sys; from soko.run import unchanged; unchanged.answer(['report', '2025-2026/q1'])\n"
    code += "print([m for m in ('typer', 'rich', 'yaml', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_memory_holds_words_and_hashes_alone(root):
    _keep()
    kept = json.loads(Path(unchanged._KEPT).read_text(encoding="utf-8"))
    assert set(kept) == {"stamp", "said"}
