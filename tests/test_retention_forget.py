"""``soko forget``: no trace of the pupil is left in any file, figures are what they were, a crash is made good."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings, strategies as st
from intake_school import write_book, write_list
from openpyxl import load_workbook

from soko import publish
from soko.errors import DataError, UsageError
from soko.indicators import history, load_catalogue
from soko.periods import Period
from soko.retention import forget, guard, marks, removal, told
from soko.run import manifest, report, status, steps
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


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school of eight pupils; its second quarter is published, the first is there for comparison."""
    root = tmp_path_factory.mktemp("forget") / "school"
    for name in ("params", "validation", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    space = Workspace(root)
    _files(space, Q1, "1 четверть")
    _files(space, Q2, "2 четверть")
    report.compute(space, Q2)
    # What a school's analyst writes, and an annex with names as the annex notebook leaves it.
    text = (root / "params" / "periods" / "2025-2026" / "q2.yaml").read_text(encoding="utf-8")
    assert "Волков" not in text
    annexes = space.private_period(Q2) / "annexes"
    annexes.mkdir(parents=True)
    listed = "\n".join(f"- {name}, {born}" for _, name, born, _, _ in PUPILS)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# Приложение\n\n{listed}")])
    nbformat.write(book, annexes / "pupils.ipynb")
    publish.render(annexes / "pupils.ipynb", annexes / "pupils", ("html", "pdf", "docx"))
    return root


@pytest.fixture
def place(school: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(school, tmp_path / "school")
    return Workspace(tmp_path / "school")


def _everything(path: Path) -> str:
    """All that a file says, read in another way than the program reads it."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pandas().astype(str).to_csv()
    if path.suffix in (".xlsx", ".docx", ".zip"):
        with zipfile.ZipFile(path) as archive:
            parts = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
        return html.unescape(re.sub(r"<[^>]+>", " ", parts) + parts)
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    content = path.read_bytes()
    return content.decode("utf-8", "ignore") + content.decode("cp1251", "ignore")


def _traces(root: Path, pupil: tuple[str, ...], codes: list[str]) -> list[str]:
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
            text = re.sub(r"\s+", " ", _everything(path))
            for other in others:
                text = text.replace(other, "")
            if pattern.search(text):
                found.append(path.relative_to(root).as_posix())
    return found


def _remove_from_incoming(space: Workspace, pupil: tuple[str, ...]) -> None:
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


def _figures(space: Workspace) -> dict[str, bytes]:
    paths = [*space.history.rglob("*.parquet"), *(space.root / "outputs").rglob("indicators.*")]
    return {path.relative_to(space.root).as_posix(): path.read_bytes() for path in paths}


def _codes(space: Workspace, name: str) -> list[str]:
    people = pd.read_parquet(space.private_period(Q2) / "people.parquet")
    return list(people.loc[people["full_name"] == name, "pseudonym"])


@settings(max_examples=8, deadline=None, phases=[Phase.generate])  # there is nothing to make smaller
@given(pupil=st.sampled_from(PUPILS), by=st.sampled_from(["name", "code", "initials"]))
def test_no_trace_is_left_and_figures_stay(
    school: Path, tmp_path_factory: pytest.TempPathFactory, pupil: tuple[str, ...], by: str
) -> None:
    root = tmp_path_factory.mktemp("one") / "school"
    shutil.copytree(school, root)
    space, codes = Workspace(root), _codes(Workspace(root), pupil[1])
    before = _figures(space)
    surname, *rest = pupil[1].split()
    asked = {"name": pupil[1], "code": codes[0], "initials": f"{surname} {' '.join(part[0] + '.' for part in rest)}"}[
        by
    ]
    assert len(_traces(root, pupil, codes)) > 8
    found = forget.plan(space, asked, day="2026-06-01")
    assert found.sealed == [Q1.id, Q2.id]
    removal.carry_out(space, found.removal)
    own = _traces(root, pupil, codes)
    assert all(name.startswith("data/incoming/") for name in own)
    assert {name for name in own} == {item.file for item in found.left}
    _remove_from_incoming(space, pupil)
    assert _traces(root, pupil, codes) == []
    assert _figures(space) == before
    again = forget.plan(space, pupil[1])
    assert again.before
    assert again.nothing
    assert again.places == []
    # The others are all there: nobody goes with him.
    people = pd.read_parquet(space.private_period(Q2) / "people.parquet")
    assert len(people[people["kind"] == "pupil"]) == len(PUPILS) - 1
    assert len(pd.read_parquet(space.clean(Q2) / "pupils.parquet")) == len(PUPILS) - 1


def test_what_was_published_is_kept_and_says_so(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    pupil = PUPILS[0]
    assert told.forgotten(place, forget.plan(place, pupil[1], day="2026-06-01"), yes=True) is False
    assert "Не закончено" in capsys.readouterr().out
    _remove_from_incoming(place, pupil)
    assert told.forgotten(place, forget.plan(place, pupil[1]), yes=True) is True
    assert "уже удалены" in capsys.readouterr().out
    assert not manifest.verify(place, Q2).changed
    outcome = report.report(place, Q2)
    assert outcome.unchanged
    assert "сохранены такими, как были рассчитаны" in outcome.kept
    for again in (report.compute, report.validate):
        with pytest.raises(DataError, match="удалены сведения"):
            again(place, Q2)
    [row] = status.overview(place, [Q2])
    assert row.state == "показатели сохранены, удалены сведения: 1\u00a0человек"
    # The figures of the first quarter stay good for comparison though its clean tables are others now.
    assert steps.is_fresh(place, Q1)
    assert history.state(place, Q1, load_catalogue(place, bind=False)).current
    lines = (place.private / "removed.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "operation,date,what,periods,kind,count"
    assert all(",2026-06-01,forget,2025-2026/q1 2025-2026/q2," in line for line in lines[1:])
    kinds = {line.split(",")[4]: int(line.split(",")[5]) for line in lines[1:]}
    assert kinds["names"] == 2
    assert kinds["annexes"] == 4
    assert kinds["clean"] >= 2 * (1 + len(SUBJECTS) + 1)


def test_forced_run_is_without_him_and_says_so(place: Workspace) -> None:
    pupil = PUPILS[0]
    removal.carry_out(place, forget.plan(place, pupil[1]).removal)
    # Still in the files: a check finds him, names the cell and never the person.
    with pytest.raises(DataError, match="удалены сведения"):
        steps.check(str(place.root), Q2.id)
    result = _checked(place)
    again = result[result["rule"] == "pupil_forgotten"]
    assert set(again["severity"]) == {"critical"}
    assert {"Список.csv", "5А.xlsx", "Посещаемость.xlsx"} == {Path(name).name for name in again["file"]}
    assert not again["message_ru"].str.contains("Абрамов").any()
    _remove_from_incoming(place, pupil)
    result = _checked(place)
    assert list(result[result["rule"].str.startswith("pupil")]["rule"]) == ["pupils_forgotten"]
    marks.unseal(place, Q2)
    assert not marks.kept(place, Q2)
    assert guard.why_kept(place, Q2) == ""


def _checked(place: Workspace) -> pd.DataFrame:
    from soko.validation import validate

    return validate(place, Q2, place.root / "scratch", docs=False, returned=False).findings


def test_a_year_of_sealed_parts_says_so(place: Workspace) -> None:
    removal.carry_out(place, forget.plan(place, PUPILS[0][1]).removal)
    removal.carry_out(place, forget.plan(place, PUPILS[1][1]).removal)
    rows = pd.read_csv(steps.findings_of(place, Q2))
    [message] = rows[rows["rule"] == "pupils_forgotten"]["message_ru"]
    assert "2\u00a0человека" in message


@pytest.mark.parametrize("after", range(1, 16))
def test_crash_in_the_middle_is_finished(place: Workspace, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    pupil, codes = PUPILS[1], _codes(place, PUPILS[1][1])
    found = forget.plan(place, pupil[1], day="2026-06-01")
    calls = {"left": after}

    def breaking(path: Path, *arguments: object, real: object, **more: object) -> object:
        if path.is_relative_to(place.root):
            calls["left"] -= 1
            if calls["left"] == 0:
                raise KeyboardInterrupt
        return real(path, *arguments, **more)  # type: ignore[operator]

    for name in ("unlink", "replace"):
        real = getattr(Path, name)
        monkeypatch.setattr(Path, name, lambda path, *a, _real=real, **k: breaking(path, *a, real=_real, **k))
    with pytest.raises(KeyboardInterrupt):
        removal.carry_out(place, found.removal)
    monkeypatch.undo()
    if removal.begun(place) is None:  # it broke off before anything was begun: nothing has changed
        assert (place.private_period(Q2) / "annexes" / "pupils.pdf").is_file()
        assert not marks.marks(place)
        return
    with pytest.raises(UsageError, match="не закончено"):
        report.report(place, Q2)
    assert told.settle(place)
    assert removal.begun(place) is None
    assert all(name.startswith("data/incoming/") for name in _traces(place.root, pupil, codes))
    lines = (place.private / "removed.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(found.removal.counts)
    assert marks.mark(place, Q2).forgotten == 1


def test_who_is_meant(place: Workspace) -> None:
    with pytest.raises(UsageError, match="подходят несколько") as error:
        forget.plan(place, "Волков Пётр")
    assert "--class" in error.value.todo
    assert "5А" in error.value.message
    assert "5Б" in error.value.message
    one = forget.plan(place, "Волков Пётр", "5Б")
    assert one.removal.names == ["Волков Пётр Андреевич"]
    assert forget.plan(place, "ВОЛКОВ  Петр", birth="2014-06-05").removal.names == ["Волков Пётр Ильич"]
    with pytest.raises(UsageError, match="возможно, имелось в виду «Ершов Глеб Павлович»"):
        forget.plan(place, "Ершев Глеб Павлович")
    with pytest.raises(UsageError, match="класс 5А не подходит"):
        forget.plan(place, "Ершов Глеб", "5А")
    with pytest.raises(UsageError, match="нет ни в одном списке"):
        forget.plan(place, "p_000000000000")


def test_words_of_the_analyst_are_named_by_line(place: Workspace) -> None:
    path = place.params / "periods" / "2025-2026" / "q2.yaml"
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    lines += ["commentary:", "  classes: Беседа с родителями Ершова Глеба проведена."]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ledger = 'corrections:\n  - {table: marks, key: {pupil_id: "К-107", subject: История}, column: mark}\n'
    place.corrections.write_text(ledger, encoding="utf-8")
    found = {item.file: item.at for item in forget.plan(place, "Ершов Глеб Павлович").left}
    assert found["params/periods/2025-2026/q2.yaml"] == (f"строка {len(lines)}",)
    assert found["data/corrections.yaml"] == ("строка 2",)
    other = {item.file for item in forget.plan(place, PUPILS[0][1]).left}
    assert not other & {"params/periods/2025-2026/q2.yaml", "data/corrections.yaml"}
