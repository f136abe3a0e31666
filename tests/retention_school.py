"""A small school for the tests of retention: its files, what a run leaves of them, and how to look for somebody.

Everything here reads files in another way than the program does.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import zipfile
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pyarrow.parquet as pq
from intake_school import write_book, write_list
from openpyxl import load_workbook
from pypdf import PdfReader

from soko import publish
from soko.periods import Period
from soko.run import manifest, steps
from soko.run.checking import count_findings
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
Q1, Q2 = Period.parse("2025-2026/q1"), Period.parse("2025-2026/q2")
# Two namesakes in two classes, one of them without a patronymic; everybody has a birth date of his own.
PUPILS = [
    ("К-101", "Абрамов Илья Петрович", "01.02.2014", "м", "5А"),
    ("К-102", "Белова-Круглова Анна Сергеевна", "11.12.2013", "ж", "5А"),
    ("К-103", "Волков Пётр Ильич", "05.06.2014", "м", "5А"),
    ("К-104", "Громова Ольга Олеговна", "07.08.2014", "ж", "5А"),
    ("К-105", "Волков Пётр Андреевич", "09.03.2014", "м", "5Б"),
    ("К-106", "Дёмина Алёна", "14.10.2013", "ж", "5Б"),
    ("К-107", "Ершов Глеб Павлович", "21.01.2014", "м", "5Б"),
    ("К-108", "Жук Вера Ивановна", "30.04.2014", "ж", "5Б"),
]
HEAD = ["№ личного дела", "ФИО", "Дата рождения", "Пол", "Класс"]
SUBJECTS = ["Математика", "Русский язык", "История"]


def _files(space: Workspace, period: Period, term: str) -> None:
    folder = space.incoming(period)
    (folder / "ведомости").mkdir(parents=True)
    write_list(folder / "Список.csv", [HEAD, *PUPILS], encoding="cp1251")
    for own in ("5А", "5Б"):
        rows = [[f"Класс: {own}"], [f"Период: {term}"], ["№", "ФИО обучающегося", *SUBJECTS]]
        for at, pupil in enumerate((item for item in PUPILS if item[4] == own), 1):
            rows.append([at, pupil[1], *((at + shift) % 4 + 2 for shift in range(3))])
        write_book(folder / "ведомости" / f"{own}.xlsx", {own: rows})
    missed = [["№ личного дела", "Класс", "Пропущено уроков", "из них по болезни"]]
    missed += [[code, own, at + 3, at] for at, (code, _, _, _, own) in enumerate(PUPILS)]
    write_book(folder / "Посещаемость.xlsx", {"Лист1": missed})


def set_current(space: Workspace, period: str) -> None:
    """Another current period of the school."""
    path = space.params / "school.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [f"current_period: {period}" if line.startswith("current_period:") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make(root: Path) -> Workspace:
    """The school in ``root``: its second quarter is published, the first is there for comparison."""
    for name in ("params", "validation", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    space = Workspace(root)
    set_current(space, "2026-2027/q1")
    _files(space, Q1, "1 четверть")
    _files(space, Q2, "2 четверть")
    out = space.outputs(Q2)
    steps.check(str(root), Q2.id, out=str(out / "validation"))
    steps.compute_indicators(str(root), Q2.id, out=str(out))
    facts = {"findings": count_findings(out / "validation" / "findings.csv"), "notes": {}, "steps": {"indicators": {}}}
    manifest.write(space, Q2, out, facts)
    # An annex with names, as its notebook leaves it.
    annexes = space.private_period(Q2) / "annexes"
    annexes.mkdir(parents=True)
    listed = "\n".join(f"- {name}, {born}" for _, name, born, _, _ in PUPILS)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# Приложение\n\n{listed}")])
    nbformat.write(book, annexes / "pupils.ipynb")
    publish.render(annexes / "pupils.ipynb", annexes / "pupils", ("html", "pdf", "docx"))
    return space


def everything(path: Path) -> str:
    """All that a file says, read in another way than the program reads it."""
    return _read(path.read_bytes(), path.suffix)


@cache  # most files of a copied school are those of the last one
def _read(content: bytes, suffix: str) -> str:
    if suffix == ".parquet":
        return re.sub(r"\s+", " ", pq.read_table(io.BytesIO(content)).to_pandas().astype(str).to_csv())
    if suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
        text = html.unescape(re.sub(r"<[^>]+>", " ", parts) + parts)
    elif suffix == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        text = content.decode("utf-8", "ignore") + content.decode("cp1251", "ignore")
    return re.sub(r"\s+", " ", text)


def traces(root: Path, pupil: tuple[str, ...], codes: list[str]) -> list[str]:
    """Files in which the pupil still is: by surname with name, birth date, code of the school, pseudonym."""
    code, name, born, _, _ = pupil
    surname, first = name.split()[:2]
    day, month, year = born.split(".")
    wanted = [born, f"{year}-{month}-{day}", f"{code}\\b", *codes, rf"{surname}\W+{first}", rf"{first}\W+{surname}"]
    pattern = re.compile("|".join(wanted), re.IGNORECASE)
    others = [item[1] for item in PUPILS if item[1].split()[:2] == [surname, first] and item != pupil]
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file():
            text = everything(path)
            for other in others:
                text = text.replace(other, "")
            if pattern.search(text):
                found.append(path.relative_to(root).as_posix())
    return found


def remove_from_incoming(space: Workspace, pupil: tuple[str, ...]) -> None:
    """What the analyst does: take the rows out of the school's own files."""
    code, name = pupil[0], pupil[1]
    for path in (space.root / "data" / "incoming").rglob("*"):
        if path.suffix == ".csv":
            lines = path.read_bytes().split(b"\r\n")
            path.write_bytes(b"\r\n".join(line for line in lines if name.encode("cp1251") not in line))
        elif path.suffix == ".xlsx":
            book = load_workbook(path)
            for sheet in book.worksheets:
                for row in range(sheet.max_row, 0, -1):
                    if {code, name} & {cell.value for cell in sheet[row]}:
                        sheet.delete_rows(row)
            book.save(path)


def figures(space: Workspace) -> dict[str, bytes]:
    paths = [*space.history.rglob("*.parquet"), *(space.root / "outputs").rglob("indicators.*")]
    return {path.relative_to(space.root).as_posix(): path.read_bytes() for path in paths}


def codes_of(space: Workspace, name: str) -> list[str]:
    people = pd.read_parquet(space.private_period(Q2) / "people.parquet")
    return list(people.loc[people["full_name"] == name, "pseudonym"])
