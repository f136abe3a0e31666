"""`make bench-reading`: workbooks of gradebooks read, normalised and checked; pandas with openpyxl reading alone.

Each way is a process of its own, so that its peak memory is its own. The school is made for the occasion: a class a
workbook, 50 pupils and 15 subjects. Writes the key «reading» of benchmarks/results.json.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from results import record, surroundings

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2025-2026/q2"
SUBJECTS = ["Русский язык", "Литература", "Родной язык", "Родная литература", "Иностранный язык (английский)",
            "Алгебра", "Геометрия", "Вероятность и статистика", "Информатика", "История", "Обществознание",
            "География", "Биология", "Физика", "Физическая культура"]  # fmt: skip
LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
PUPILS = 50


def main() -> None:
    """Make the school, measure every way, print and record."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--books", type=int, default=500)
    arguments.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    arguments.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.way:
        start = time.perf_counter()
        WAYS[options.way](options.workspace)
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_SELF)
        facts = {"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime, "memory_mb": used.ru_maxrss / 1024}
        print(json.dumps({name: round(value, 2) for name, value in facts.items()}))
        return
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "school"
        for name in ("params", "validation"):
            shutil.copytree(ROOT / name, workspace / name)
        make(workspace, options.books)
        found = {way: measured(way, workspace) for way in WAYS}
    for facts in found.values():
        facts["files_per_second"] = round(options.books / facts["seconds"], 1)
        # Of processor time: on a machine that others use too the clock says little.
        facts["times_faster"] = round(found["pandas + openpyxl, read alone"]["cpu_seconds"] / facts["cpu_seconds"], 2)
    print(f"{options.books} books of {PUPILS} pupils x {len(SUBJECTS)} subjects")
    for way, facts in found.items():
        print(
            f"{way:34}{facts['seconds']:>8.1f} s{facts['cpu_seconds']:>8.1f} s of processor"
            f"{facts['files_per_second']:>8.1f} files/s{facts['memory_mb']:>8.0f} MB"
            f"{facts['times_faster']:>8.2f} x pandas + openpyxl"
        )
    record(reading={**surroundings(), "books": options.books, "pupils": PUPILS, "subjects": len(SUBJECTS), **found})


def measured(way: str, workspace: Path) -> dict[str, float]:
    """Seconds of one way (processor time with the start of the process) and its peak memory."""
    command = [sys.executable, __file__, "--way", way, "--workspace", str(workspace)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def make(workspace: Path, books: int) -> None:
    """The list of pupils and a gradebook for each class."""
    from openpyxl import Workbook

    dice = random.Random(1)
    folder = workspace / "data" / "incoming" / PERIOD
    folder.mkdir(parents=True)
    pupils = ["№ личного дела;ФИО;Дата рождения;Пол;Класс"]
    for number in range(books):
        grade, place = 7 + number % 3, number // 3
        own = f"{grade}{LETTERS[place % len(LETTERS)]}{place // len(LETTERS) or ''}"
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Лист1")
        for line in (["МБОУ «Школа»"], ["Учебный год: 2025/2026"], [f"Класс: {own}"], ["Период: 2 четверть"], []):
            sheet.append(line)
        sheet.append(["№", "№ личного дела", "ФИО обучающегося", *SUBJECTS])
        for i in range(PUPILS):
            code, name = f"К-{number}-{i}", f"Ученик{LETTERS[i % 28].lower()}{LETTERS[i // 28].lower()} Имя Отчество"
            marks = [dice.choices((5, 4, 3, 2, "н/а", "осв"), (30, 40, 24, 2, 1, 1))[0] for _ in SUBJECTS]
            sheet.append([i + 1, code, name, *marks])
            pupils.append(f"{code};{name};{1 + i % 28:02}.03.2013;{'мж'[i % 2]};{own}")
        book.save(folder / f"{own}.xlsx")
    (folder / "pupils.csv").write_text("\n".join(pupils) + "\n", encoding="utf-8")


def with_pandas(workspace: Path) -> None:
    """What anybody would begin with: frames of cells, nothing recognised, nothing checked."""
    import pandas as pd

    for path in sorted((workspace / "data" / "incoming" / PERIOD).glob("*.xlsx")):
        pd.read_excel(path, header=None, engine="openpyxl")


def with_soko(workspace: Path) -> None:
    """Every cell read, normalised, with its address; pupils under pseudonyms."""
    from soko.intake import read_period
    from soko.periods import Period
    from soko.workspace import Workspace

    assert len(read_period(Workspace.open(workspace), Period.parse(PERIOD)).tables["marks"].frame)


def checked(workspace: Path) -> None:
    """The same, every rule of every table run, clean tables written."""
    from soko.periods import Period
    from soko.validation import validate
    from soko.workspace import Workspace

    place, period = Workspace.open(workspace), Period.parse(PERIOD)
    result = validate(place, period, workspace / "out", docs=False, returned=False, remember=False)
    assert not result.is_critical, result.findings.loc[result.findings["severity"] == "critical"].head().to_string()


WAYS: dict[str, Callable[[Path], None]] = {
    "pandas + openpyxl, read alone": with_pandas,
    "soko, read and normalised": with_soko,
    "soko, read, normalised, validated": checked,
}


if __name__ == "__main__":
    main()
