"""Whatever lies in a period's folder: one clear word for each file, the right exit code, nothing lost, no name told."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from conftest import PERIOD, ROOT, soko
from intake_school import PUPILS, gradebook, incoming, workspace, write_book, write_list
from openpyxl import load_workbook

from soko.errors import DataError
from soko.intake import read_period
from soko.periods import Period
from soko.validation import validate
from soko.workspace import Workspace

pytestmark = pytest.mark.slow
Q2 = "2025-2026/q2"
SUBJECTS = ["Математика", "История", "Литература"]
MARKS = {"Абрамов Илья": [5, 4, 4], "Белова Анна": [4, 5, 3], "Волков Пётр": [4, 3, 5]}
NAMES = ("Абрамов", "Белова", "Волков", "Громова", "Тайнов")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONG = "Отметки класса " + "х" * 111 + ".csv"  # 254 bytes, as much as a file system takes


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def check(space: Workspace, period: str = Q2) -> pd.DataFrame:
    return validate(space, Period.parse(period), space.root / "check", docs=False).findings


def of_file(findings: pd.DataFrame, name: str, period: str = Q2) -> pd.DataFrame:
    return findings[findings["file"] == f"{period}/{name}"]


def clear(message: str) -> bool:
    """Russian, a whole sentence, without code or names."""
    return bool(
        re.match("[А-ЯЁ]", message)
        and message.endswith(".")
        and not re.search(r"None|nan|Error|Traceback|0x|/tmp|\bline \d", message)
        and not any(name in message for name in NAMES)
    )


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    place = workspace(tmp_path_factory.mktemp("bad") / "school")
    incoming(place, Q2)
    return place


@pytest.fixture
def folder(space: Workspace) -> Iterator[Path]:
    """A small period in order, checked, so that its clean tables stand; ``data/clean`` must outlive what comes."""
    place = space.incoming(Period.parse(Q2))
    shutil.rmtree(place)
    place.mkdir()
    write_list(place / "Список.csv", PUPILS)
    write_book(place / "5А.xlsx", {"5А": gradebook(MARKS, SUBJECTS)})
    if not space.clean(Period.parse(Q2)).is_dir():
        assert not (check(space)["severity"] == "critical").any()
    before = digest(space.root / "data" / "clean")
    yield place
    assert digest(space.root / "data" / "clean") == before


def _docx(path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("Тайнов Тихон")
    document.save(path)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Тайнов.txt", "Тайнов Тихон")


def _zeros(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(200 << 20)


def _text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode(encoding)) and None


ROWS = "ФИО;Предмет;Отметка\r\nТайнов Тихон;Математика;5\r\n"
REFUSED: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty file": ("marks.csv", lambda path: path.write_bytes(b""), "file_empty"),
    "only spaces": ("marks.csv", lambda path: path.write_bytes(b" \r\n\r\n"), "file_empty"),
    "password": ("5Б.xlsx", lambda path: path.write_bytes(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
                 "file_password"),
    "UTF-8 read as cp1251 and saved": ("marks.csv", _text(ROWS.encode().decode("cp1251", "replace")), "file_encoding"),
    "cp1251 read as Latin and saved": ("marks.csv", _text(ROWS.encode("cp1251").decode("latin-1")), "file_encoding"),
    "letters lost": ("marks.csv", _text(re.sub("[а-яА-Я]", "?", ROWS)), "file_unknown"),
    "docx": ("5Б.xlsx", _docx, "file_kind"),
    "pdf": ("5Б.xls", lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj"), "file_kind"),
    "zip": ("5Б.xlsx", _zip, "file_kind"),
    "truncated": ("5Б.xlsx", lambda path: path.write_bytes((path.parent / "5А.xlsx").read_bytes()[:3000]),
                  "file_damaged"),
    "folder": ("marks.csv", lambda path: (path / "xl").mkdir(parents=True) or (path / "xl" / "a.csv").touch(),
               "file_kind"),
    "link to nowhere": ("marks.csv", lambda path: path.symlink_to(path.parent / "нет"), "file_unreadable"),
    "zero bytes": ("marks.csv", _text(ROWS.replace("Тихон", "Ти\0хон")), "file_kind"),
    "200 MB of zeros": ("marks.csv", _zeros, "file_too_big"),
    "a row of millions of cells": ("marks.csv", lambda path: path.write_bytes(b"0," * (6 << 20)), "file_too_big"),
    "another table": (LONG, _text("a;b\r\n1;2\r\n"), "file_unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_one_critical_finding(space: Workspace, folder: Path, name: str) -> None:
    file, make, rule = REFUSED[name]
    make(folder / file)
    findings = check(space)
    found = of_file(findings, file)
    assert list(zip(found["severity"], found["rule"], strict=True)) == [("critical", rule)]
    assert clear(found["message_ru"].iloc[0]), found["message_ru"].iloc[0]
    assert "Что сделать:" in found["message_ru"].iloc[0]
    # The rest of the folder is checked all the same, and nothing else becomes critical.
    assert (findings["severity"] == "critical").sum() == 1
    assert not findings["message_ru"].str.contains("|".join(NAMES)).any()


@pytest.mark.parametrize("name", ["200 MB of zeros", "a row of millions of cells"])
def test_a_huge_file_takes_no_memory_worth_speaking_of(space: Workspace, folder: Path, name: str) -> None:
    file, make, _ = REFUSED[name]
    make(folder / file)
    tracemalloc.start()
    try:
        read_period(space, Period.parse(Q2))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 80 << 20


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_the_right_to_read_it(space: Workspace, folder: Path) -> None:
    path = folder / "Движение.xlsx"
    shutil.copy(folder / "5А.xlsx", path)
    path.chmod(0)
    found = of_file(check(space), path.name)
    assert list(found["rule"]) == ["file_unreadable"]


@pytest.mark.parametrize("name", ["~$5А.xlsx", "Thumbs.db", ".DS_Store"])
def test_service_files_are_passed_over(space: Workspace, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x05Tainov")
    assert of_file(check(space), name).empty


@pytest.mark.parametrize(
    ("marks", "severity", "rule"), [([4, 3, 5], "warning", "file_twice"), ([4, 3, 2], "critical", "class_twice")]
)
def test_two_files_for_one_class(space: Workspace, folder: Path, marks: list[int], severity: str, rule: str) -> None:
    write_book(folder / "5А копия.xlsx", {"5А": gradebook({**MARKS, "Волков Пётр": marks}, SUBJECTS)})
    if severity == "warning":
        shutil.copy(folder / "5А.xlsx", folder / "5А копия.xlsx")
    findings = check(space)
    found = findings[findings["rule"].str.contains("twice")]
    assert list(zip(found["severity"], found["rule"], strict=True)) == [(severity, rule)]
    assert clear(found["message_ru"].iloc[0])
    assert "5А копия.xlsx" in found["message_ru"].iloc[0]


def test_files_of_another_period_are_named_one_by_one(tmp_path: Path) -> None:
    place = workspace(tmp_path / "school")
    shutil.copytree(ROOT / "data" / "incoming" / "2025-2026" / "q3", place.incoming(Period.parse(Q2)))
    findings = check(place)
    critical = findings[findings["severity"] == "critical"]
    assert set(critical["rule"]) == {"wrong_period"}
    assert not critical["file"].duplicated().any()
    assert len(critical) == 20  # eighteen gradebooks, attendance, movement
    assert all(clear(message) for message in critical["message_ru"])
    assert not place.clean(Period.parse(Q2)).exists()


def test_every_hostile_file_at_once(shared: Path, tmp_path: Path) -> None:
    place = workspace(tmp_path / "school")
    folder = incoming(place, Q2)
    files = {}
    for path in sorted((shared / "data" / "dirty").rglob("*")):
        if path.is_file() and "expected_json" not in path.parts:
            copy = folder / f"{path.parent.name} {path.name}"
            shutil.copyfile(path, copy)
            files[copy.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(files) > 60
    findings = check(place)
    for name in files:
        found = of_file(findings, name)
        assert list(found["severity"]) == ["critical"], name
        assert re.search("Что сделать:", found["message_ru"].iloc[0]), name
    assert not place.clean(Period.parse(Q2)).exists()


def test_formulas_in_names_come_back_as_text(shared: Path, space: Workspace, folder: Path) -> None:
    lines = (shared / "data" / "dirty" / "csv_injection" / "csv-payload.txt").read_text(encoding="utf-8").splitlines()
    payloads = [line for line in lines if line.strip()] + ["=1+1", "+7 999", "-1", "@SUM(A1)", "\t=1"]
    book = gradebook({**MARKS, **{name: [7, 4, 3] for name in payloads}}, SUBJECTS)
    path = write_book(folder / "5А.xlsx", {"5А": book})
    # openpyxl itself writes «=…» as a formula: here it is text, as a journal exports it.
    edited = load_workbook(path)
    for row in edited["5А"].iter_rows(min_col=2, max_col=2):
        row[0].data_type = "s" if isinstance(row[0].value, str) else row[0].data_type
    edited.save(path)
    write_list(
        folder / LONG,
        [["ФИО", "Класс", "Предмет", "Отметка"], *([name, "5А", "=1+1", "7"] for name in payloads)],
    )
    findings = check(space)
    assert (findings["severity"] == "critical").any()
    assert not findings["message_ru"].str.contains("cmd|SUM", regex=True).any()
    returned = space.private_period(Period.parse(Q2)) / "returned"
    copies = [path for path in returned.rglob("*.xlsx") if not path.name.startswith("Список")]
    assert len(copies) == 2
    for copy in copies:
        cells = [cell for sheet in load_workbook(copy).worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.value for cell in cells} & set(payloads), copy.name
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"], copy.name
    text = (space.root / "check" / "findings.csv").read_text(encoding="utf-8")
    assert not re.search(r'(?:^|,)"?[=+@\t-](?!\d)', text, re.M)


# --- the command line ---------------------------------------------------------------------------------------------


@pytest.mark.deep
def test_one_call_names_every_bad_file_and_leaves_the_last_outputs(reported: Path, tmp_path: Path) -> None:
    place = tmp_path / "school"
    shutil.copytree(reported, place)
    folder = place / "data" / "incoming" / PERIOD
    files = [file for file, _, _ in REFUSED.values()]
    chosen = {name: item for name, item in REFUSED.items() if files.count(item[0]) == 1 or name in ("docx", "folder")}
    shutil.copy(folder / "gradebooks" / "Сводная ведомость 5А.xlsx", folder / "5А.xlsx")
    for file, make, _ in chosen.values():
        make(folder / file)
    outputs = place / "outputs" / PERIOD
    before = {name: value for name, value in digest(outputs).items() if not name.startswith("validation/")}
    done = soko("report", PERIOD, workspace=place)
    assert done.code == 1, done.out + done.err
    assert "Traceback" not in done.out + done.err
    for file, _, _ in chosen.values():
        assert file[:20] in done.err, file
    assert "протокол" in done.err.lower()
    assert not any(name in done.out + done.err for name in NAMES)
    after = digest(outputs)
    # The list of contents is renewed: the protocol that it leads to is a new one.
    assert [name for name in before if after.get(name) != before[name]] == []


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(parents=True)], ids=["missing", "empty"])
def test_no_files_at_all(tmp_path: Path, make: Callable[[Path], None]) -> None:
    place = workspace(tmp_path / "school")
    make(place.incoming(Period.parse(Q2)))
    done = soko("report", Q2, workspace=place.root)
    assert done.code == DataError.exit_code
    assert "нет файлов" in done.err
    assert f"data/incoming/{Q2}" in done.err
    assert "Что сделать" in done.err
    assert "Traceback" not in done.err
    assert not (place.outputs(Period.parse(Q2))).exists()
