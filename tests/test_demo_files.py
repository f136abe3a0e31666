"""The demo school's files: always the same, of the described layouts, with the planted errors where the docs say."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import given, strategies as st

from soko import scaffold
from soko.conventions import SouWeights
from soko.demo.gradebook import Totals
from soko.demo.write_xlsx import write_zip
from soko.params import Params
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
INCOMING = ROOT / "data" / "incoming"
CURRENT = INCOMING / "2025-2026" / "q4"
WEIGHTS = SouWeights(five=100, four=64, three=36, two=16, na=7)
ALWAYS = {"Список обучающихся.csv", "Посещаемость.xlsx", "Движение.xlsx", "Кадры.xlsx", "Профилактический учёт.csv"}
LISTS = {
    "q1": {"Диагностика.xlsx", "Занятость.ods", "Программы ДО.csv", "Укомплектованность.xlsx"},
    "q2": {"Здоровье.ods", "Олимпиады и конкурсы, 2 четверть.xlsx", "Посещение уроков.xlsx"},
    "q3": {"Олимпиады и конкурсы, 3 четверть.csv", "Родители.ods"},
    "q4": {
        "Анкеты.ods", "ВПР.xlsx", "Диагностика.xlsx", "Занятость.xlsx", "Здоровье.xlsx", "Мониторинг 4 класс.xlsx",
        "Олимпиады и конкурсы, 4 четверть.xlsx", "Программы ДО.xlsx", "Родители.ods", "Самоуправление.xlsx",
        "Сведения 1324.csv", "Сведения о школе.csv", "Условия.xlsx", "Экспертные оценки.xlsx",
        "Значения для сравнения.csv",
    },
}  # fmt: skip
LABELS = ["Средний балл", '"5"', '"4"', '"3"', '"2"', "н/а", "осв", "% усп.", "% кач.", "СОУ"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("demo") / "школа"
    scaffold.demo(target, 2025)
    return target


@pytest.fixture(scope="module")
def made(workspace: Path) -> Path:
    return workspace / "data" / "incoming"


def files(folder: Path) -> dict[str, Path]:
    return {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}


def contents(path: Path) -> object:
    """Bytes; of a zip the names, dates and bytes of its members, because zlib builds compress differently."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]


def rows(path: Path, sheet: int = 0) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


@pytest.mark.deep
def test_committed_files_are_the_output_of_the_generator(made: Path) -> None:
    fresh, committed = files(made), files(INCOMING)
    assert fresh.keys() == committed.keys()
    different = [name for name in fresh if contents(fresh[name]) != contents(committed[name])]
    assert different == []


@pytest.mark.deep
def test_demo_workspace_has_its_settings_and_may_be_made_again(workspace: Path) -> None:
    assert Params(Workspace.open(workspace)).school == Params(Workspace(ROOT)).school
    # Its own settings are not in its way; only those of another school are.
    assert scaffold._is_demo(workspace)


def test_committed_files_carry_no_time_of_writing() -> None:
    for path in files(CURRENT).values():
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
                if "docProps/core.xml" in archive.namelist():
                    stamps = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode())
                    assert set(stamps) == {"2026-05-26T15:00:00Z"}


def test_committed_data_is_small() -> None:
    assert sum(path.stat().st_size for path in files(INCOMING).values()) < 3_200_000


def test_zip_depends_on_members_alone(tmp_path: Path) -> None:
    members = {"mimetype": b"x", "content.xml": "данные".encode() * 50}
    for name in ("a.zip", "b.zip"):
        write_zip(tmp_path / name, members, stored=frozenset({"mimetype"}))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED


@pytest.mark.parametrize("year", ["2024-2025", "2025-2026"])
def test_every_folder_has_its_files(year: str) -> None:
    for term in ("q1", "q2", "q3", "q4"):
        folder = INCOMING / year / term
        books = {path.stem.rsplit(" ", 1)[1] for path in (folder / "gradebooks").iterdir()}
        assert books == {f"{grade}{letter}" for grade in range(1, 10) for letter in "АБ"}
        lists = {path.name for path in folder.iterdir() if path.is_file()}
        left = {f"Трудоустройство выпускников {year[:4]}.csv"} if term == "q1" else set()
        assert lists == ALWAYS | LISTS[term] | left
    final = {f"Сводная ведомость {grade}{letter}.xlsx" for grade in range(1, 12) for letter in "АБ"}
    final ^= {f"Сводная ведомость {name}" for name in ("3Б.xlsx", "3Б.ods", "6Б.xlsx", "6Б.xls")}
    names = {path.name for path in (INCOMING / year / "year").rglob("*") if path.is_file()}
    assert names == final | {
        "Список обучающихся.csv", "Кадры.xlsx", "Выпускники.xlsx", "ГИА по выбору и пересдачи.xlsx",
        "ОГЭ 01 Русский язык.xlsx", "ОГЭ 02 Математика.xlsx", "ЕГЭ 01 Русский язык.xlsx",
        "Значения для сравнения, ГИА.csv", "Региональное исследование.xlsx",
    }  # fmt: skip
    for term in ("h1", "h2"):
        names = {path.name for path in (INCOMING / year / term).rglob("*") if path.is_file()}
        assert names == {f"Сводная ведомость {name}.xlsx" for name in ("10А", "10Б", "11А", "11Б")}


def test_html_under_the_name_xls_and_ods_hold_a_gradebook() -> None:
    page = (CURRENT / "gradebooks" / "Сводная ведомость 6Б.xls").read_bytes()
    assert page.startswith(b"<html")
    text = page.decode("cp1251")
    assert "Сводная ведомость учёта успеваемости обучающихся" in text
    assert "charset=windows-1251" in text
    table = rows(CURRENT / "gradebooks" / "Сводная ведомость 3Б.ods")
    assert [row[1] for row in table[-13:-3]] == LABELS


def test_pupils_list_is_cp1251_with_semicolons() -> None:
    text = (CURRENT / "Список обучающихся.csv").read_bytes().decode("cp1251")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert lines[0][:5] == ["№ личного дела", "Фамилия Имя Отчество", "Дата рождения", "Пол", "Класс"]
    assert {len(line) for line in lines} == {10}
    with pytest.raises(UnicodeDecodeError):
        text.encode("cp1251").decode("utf-8")


def gradebooks(folder: Path) -> Iterator[tuple[str, list[list[object]]]]:
    for path in sorted((folder / "gradebooks").glob("*.xlsx")):
        yield path.name, rows(path)


def wrong_totals(table: list[list[object]]) -> list[str]:
    """Addresses of printed totals that do not follow from the marks above them, recomputed here independently."""
    first = next(i for i, row in enumerate(table) if row[1] == "Средний балл")
    wrong = []
    for j in range(2, len(table[8])):
        marks = [str(row[j]).strip().removesuffix(".0").casefold() for row in table[10:first]]
        marks = ["н/а" if mark in ("н/a", "н\\а") else mark.rstrip(".") for mark in marks]
        n = {mark: marks.count(mark) for mark in ("5", "4", "3", "2", "н/а", "осв")}
        marked = sum(n[mark] for mark in "5432")
        base = marked + n["н/а"]
        points = 100 * n["5"] + 64 * n["4"] + 36 * n["3"] + 16 * n["2"] + 7 * n["н/а"]
        expected: list[Fraction | int | None] = [
            Fraction(sum(int(mark) * n[mark] for mark in "5432"), marked) if marked else None,
            *n.values(),
            *(Fraction(100 * part, base) if base else None for part in (n["5"] + n["4"] + n["3"], n["5"] + n["4"])),
            Fraction(points, base) if base else None,
        ]
        for k, value in enumerate(expected):
            printed = str(table[first + k][j]).replace(",", ".")
            if value is None:
                fits = printed == ""
            else:
                step = Decimal("0.01") if k == 0 else Decimal("0.1")
                exact = Decimal(Fraction(value).numerator) / Fraction(value).denominator
                fits = printed != "" and Decimal(printed) == exact.quantize(step, rounding=ROUND_HALF_UP)
            if not fits:
                wrong.append(f"{openpyxl.utils.get_column_letter(j + 1)}{first + k + 1}")
    return wrong


@pytest.mark.deep
@pytest.mark.parametrize("folder", ["2024-2025/q1", "2025-2026/q3", "2025-2026/h2"])
def test_printed_totals_follow_from_the_marks(folder: str) -> None:
    assert {name: wrong for name, table in gradebooks(INCOMING / folder) if (wrong := wrong_totals(table))} == {}


def test_only_the_planted_total_of_the_current_period_is_wrong() -> None:
    found = {name: wrong for name, table in gradebooks(CURRENT) if (wrong := wrong_totals(table))}
    assert found == {"Сводная ведомость 5А.xlsx": ["G39", "G40", "G45"]}


@given(st.lists(st.sampled_from(["5", "4", "3", "2", "н/а", "осв", "зач", ""]), max_size=40))
def test_totals_keep_their_bounds(marks: list[str]) -> None:
    values = Totals.of(marks).values(WEIGHTS)
    if values["% усп."] is None:
        assert not set(marks) & {"5", "4", "3", "2", "н/а"}
        return
    quality, success, sou = (float(str(values[label])) for label in ("% кач.", "% усп.", "СОУ"))
    assert 0 <= quality <= success <= 100
    assert 7 <= sou <= 100


def test_no_class_is_all_fives_but_the_planted_one() -> None:
    found = []
    for folder in (CURRENT, INCOMING / "2025-2026/q3", INCOMING / "2024-2025/q4"):
        for name, table in gradebooks(folder):
            for j in range(2, len(table[8])):
                counts = {str(row[1]): row[j] for row in table if row[1] in LABELS[1:6]}
                others = sum(float(str(counts[label])) for label in LABELS[2:6])
                if table[8][j] != "Поведение" and float(str(counts['"5"'])) >= 5 and others == 0:
                    found.append((folder.name, name, table[8][j]))
    assert found == [("q4", "Сводная ведомость 9Б.xlsx", "История России. Всеобщая история")]


def test_headers_are_titles_or_synonyms_of_the_curriculum() -> None:
    subjects = Params(Workspace(ROOT)).subjects.subjects
    known = {name for subject in subjects for name in (subject.title, *subject.synonyms)}
    for _, table in gradebooks(CURRENT):
        headers = {re.sub(r" \((?:гр\.\d|\d гр\.)\)$", "", str(cell)) for cell in table[8][2:]}
        assert headers <= known
