"""What the terminal says after a check: order of severities, a short list of what is critical, the right plural."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from soko.findings import Finding, to_frame
from soko.run import console
from soko.run.report import CriticalFindingsError
from soko.validation.run import write_findings


def critical(folder: Path, n: int, file: str = "2025-2026/q1/5А.xlsx") -> CriticalFindingsError:
    rows = [Finding("critical", "marks", "mark_unknown", file, "Лист1", f"C{i}", i, "mark", f"Отметка {i} не читается.")
            for i in range(1, n + 1)]  # fmt: skip
    rows.append(Finding("warning", "marks", "all_fives", file, message_ru="Не критично."))
    folder.mkdir(exist_ok=True)
    write_findings(to_frame(rows), folder / "findings.csv")
    return CriticalFindingsError("в данных есть критические замечания", folder, todo="исправьте ячейки")


@pytest.mark.parametrize(
    ("n", "rest"),
    [(1, ""), (10, ""), (11, "1 критическое замечание"), (13, "3 критических замечания"), (31, "21 критическое")],
)
def test_ten_lines_and_how_many_more(tmp_path, monkeypatch, capsys, n, rest):
    monkeypatch.chdir(tmp_path)
    assert console.failed(critical(tmp_path / "validation", n)) == 1
    said = capsys.readouterr().err.replace("\u00a0", " ")
    lines = [line for line in said.splitlines() if line.startswith("  2025-2026/q1/5А.xlsx, лист «Лист1», C")]
    assert len(lines) == min(n, 10)
    assert lines[0].endswith("C1: Отметка 1 не читается.")
    assert (f"… и ещё {rest}" in said) is bool(rest)
    assert "Протокол: validation/protocol.html" in said
    assert str(tmp_path) not in said
    assert "Не критично" not in said


def test_a_long_name_and_control_characters_do_not_tear_the_list(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    console.failed(critical(tmp_path / "validation", 1, "2025-2026/q1/" + "х" * 200 + "\x1b[31m\n.csv"))
    said = capsys.readouterr().err
    (line,) = [line for line in said.splitlines() if line.startswith("  2025-2026")]
    assert len(line) < 200
    assert re.search(r"х…х*.*csv, лист «Лист1», C1:", line)
    assert "\x1b" not in said


def test_severities_stand_in_their_order_whatever_that_of_the_manifest(capsys):
    console._findings({"info": 3, "warning": 12, "critical": 1})
    console._findings({"critical": 0, "info": 2, "warning": 1})
    first, second = capsys.readouterr().out.splitlines()
    assert re.search(r"критическое: 1; предупреждение: 12; к сведению: 3", first)
    assert re.search(r"\(предупреждение: 1; к сведению: 2\)", second)


def test_what_is_said_is_printed_at_once_and_remembered(capsys):
    with console.said() as words:
        console.out.print("Справки за период выпущены.")
        assert capsys.readouterr().out == "Справки за период выпущены.\n"
    console.out.print("дальше")
    with console.said() as more:
        console.out.print("ещё")
    assert (words, more) == (["Справки за период выпущены.\n"], ["ещё\n"])


def test_a_sweep_of_notes_is_told_by_its_number() -> None:
    names = ["academic_results", "class_teacher_10А", "class_teacher_7Б", "health", "subject_department_Искусство"]
    told = console.noted(names, ROOT / "notebooks")
    assert told == "academic_results, class_teacher (2), health, subject_department (1)"
    assert console.noted([], ROOT / "notebooks") == ""
