"""The data sheet: what goes out and what never does, its schema, what a receiver finds in a spoilt one."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from note_school import figures_of, workspace

from soko.data_sheet import MARK, check, files, rows, settings
from soko.errors import ConfigError, UsageError
from soko.indicators.model import COLUMNS
from soko.indicators.reasons import public
from soko.periods import Period

YEAR = Period.parse("2025-2026/year")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("sheet"))


@pytest.fixture(scope="module")
def catalogue(place):
    return figures_of(place)([]).catalogue


def frame(*found, school="sosh4"):
    """The tidy table of rows (indicator, dimensions, part, base)."""
    made = []
    for name, dims, part, base in found:
        row = dict.fromkeys(COLUMNS, "") | {"school_id": school, "period": YEAR.id, "indicator": name, "grade": None}
        made.append(row | dims | {"numerator": part, "denominator": base, "value": part})
    return pd.DataFrame(made, columns=COLUMNS)


FRAME = frame(
    ("outcomes.quality", {}, 206, 438),
    ("outcomes.quality", {"level": "НОО"}, 93, 143),
    ("outcomes.quality", {"level": "ООО"}, 113, 295),
    ("outcomes.quality", {"grade": 2, "level": "НОО"}, 93, 143),
    ("outcomes.quality", {"class": "2А", "grade": 2, "level": "НОО"}, 13, 25),
    ("outcomes.quality", {"sex": "ж"}, 104, 233),
    ("outcomes.quality", {"level": "НОО", "sex": "ж"}, 50, 71),
    ("subjects.quality", {"subject": "Физика"}, 3, 4),
    ("subjects.quality", {"teacher": "t_1"}, 30, 40),
    ("subjects.quality", {"subject": "Физика", "teacher": "t_1"}, 3, 4),
    ("teachers.lesson_score", {}, 70, 100),
    ("teachers.lesson_score", {"subject": "Физика"}, 7, 10),
    ("health.group_1", {}, 3, 20),
    ("health.group_1", {"level": "НОО"}, 1, 9),
    ("health.group_1", {"subject": "Физика"}, 1, 9),
    ("socialisation.any_register", {}, 8, 485),
    ("socialisation.any_register", {"level": "НОО"}, 1, 190),
    ("contingent.classes", {}, 22, None),
    ("vpr.scores_n5", {"subject": "Физика", "item": "12"}, 2, None),
    ("external.events_by_level", {"item": "муниципальный"}, 4, 438),
)


def chosen(place, catalogue, table=FRAME):
    known = {name: f"{at:012x}" for at, name in enumerate(catalogue.indicators)}
    return rows.of_period(table, catalogue, settings.read(place), known, period=YEAR.id, okpo={"sosh4": "00000004"})


def sender(audience="internal"):
    school = {"id": "sosh4", "okpo": "00000004", "name": "СОШ № 4"}
    return files.Sender([school], YEAR, date(2025, 9, 1), date(2026, 5, 26), audience)


@pytest.fixture
def sheet(place, catalogue, tmp_path):
    files.write(chosen(place, catalogue), catalogue, sender(), tmp_path)
    return tmp_path / "data_sheet.json"


def test_school_level_parallel_and_subject_go_out_and_nothing_finer(place, catalogue):
    found = {(row.indicator, row.level, row.grade, row.subject, row.item) for row in chosen(place, catalogue)}
    assert found == {
        ("outcomes.quality", "", None, "", ""),
        ("outcomes.quality", "НОО", None, "", ""),
        ("outcomes.quality", "ООО", None, "", ""),
        ("outcomes.quality", "НОО", 2, "", ""),
        ("subjects.quality", "", None, "Физика", ""),  # small, and complete: the founder's copy hides nothing
        ("teachers.lesson_score", "", None, "", ""),  # by subject it would judge one teacher
        ("health.group_1", "", None, "", ""),  # special categories: as far as the catalogue lets notes go
        ("health.group_1", "НОО", None, "", ""),
        ("socialisation.any_register", "", None, "", ""),
        ("contingent.classes", "", None, "", ""),
        ("external.events_by_level", "", None, "", "муниципальный"),
    }


@pytest.mark.parametrize("cut", ["class", "sex", "teacher"])
def test_a_cut_that_singles_people_out_is_refused(place, catalogue, tmp_path, cut):
    own = workspace(tmp_path)
    path = own.params / "reports" / "data_sheet.yaml"
    path.write_text(f"cuts: [[], [{cut}]]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="по нему узнают людей"):
        settings.read(own)


def test_the_sheet_says_whose_it_is_and_that_it_is_not_for_everybody(sheet):
    told = json.loads(sheet.read_text(encoding="utf-8"))
    assert told["soko"]["mark"] == MARK
    assert MARK in told["description"]
    assert told["soko"]["schools"] == [{"id": "sosh4", "okpo": "00000004", "name": "СОШ № 4"}]
    assert told["soko"]["period"] == {"id": YEAR.id, "start": "2025-09-01", "end": "2026-05-26"}
    schema = told["resources"][0]["schema"]
    with sheet.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [field["name"] for field in schema["fields"]] == list(lines[0])
    keys = [tuple(line[name] for name in schema["primaryKey"]) for line in lines]
    assert len(set(keys)) == len(keys) == 11
    of = {item["id"]: item for item in told["soko"]["definitions"]}
    assert of["outcomes.quality"]["balanced"] == ["level"]  # of the parallels only one is there
    assert {line["definition"] for line in lines if line["indicator"] == "outcomes.quality"} == {
        of["outcomes.quality"]["definition"]
    }


def test_the_same_rows_give_the_same_bytes(place, catalogue, tmp_path):
    first = [path.read_bytes() for path in files.write(chosen(place, catalogue), catalogue, sender(), tmp_path / "a")]
    again = FRAME.sample(frac=1, random_state=3)
    second = files.write(chosen(place, catalogue, again), catalogue, sender(), tmp_path / "b")
    assert first == [path.read_bytes() for path in second]


def test_a_right_sheet_reads_back_as_it_was_written(place, catalogue, sheet):
    for path in (sheet, sheet.with_suffix(".csv")):
        found, wrong = check.problems(path)
        assert wrong == []
        assert found == chosen(place, catalogue)


def _signed(sheet, text):
    """Write the data anew, with the hash in the descriptor: a fault of the sender's program."""
    data = text.encode("utf-8")
    sheet.with_suffix(".csv").write_bytes(data)
    told = json.loads(sheet.read_text(encoding="utf-8"))
    told["resources"][0]["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    sheet.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "outcomes.quality,НОО,,,,93,143",
            "outcomes.quality,НОО,,,,92,143",
            "сумма по уровням не равна",
        ),
        (
            "outcomes.quality,НОО,,,,93,143",
            "outcomes.quality,НОО,,,,много,143",
            "строка 7: в столбце numerator",
        ),
        ("outcomes.quality,НОО,,,,93,143", "outcomes.quality,НОО,,,,nan,143", "в столбце numerator не число"),
        ("outcomes.quality,НОО,,,,93,143", "outcomes.quality,НОО,,,,,143", "числителя нет, и не сказано почему"),
        ("outcomes.quality,НОО,,,,93,143", "outcomes.quality,НОО,,,,93,-143", "знаменатель отрицательный"),
        ("outcomes.quality,НОО,,,,93,143", "outcomes.quality,ООО,,,,93,143", "записан дважды"),
        ("2025-2026/year,outcomes.quality,НОО,,", "2024-2025/year,outcomes.quality,НОО,,", "не тот, что в описании"),
        (
            "sosh4,00000004,2025-2026/year,teachers",
            "sosh5,00000004,2025-2026/year,teachers",
            "школы «sosh5»",
        ),
        ("school_id,okpo", "okpo,school_id", "столбцы не те"),
    ],
)
def test_a_spoilt_sheet_is_refused_with_its_line(sheet, old, new, said):
    text = sheet.with_suffix(".csv").read_text(encoding="utf-8")
    assert text.count(old) == 1
    _signed(sheet, text.replace(old, new))
    _, wrong = check.problems(sheet)
    assert any(said in line for line in wrong), wrong


def test_a_sheet_changed_on_its_way_is_found(sheet):
    data = sheet.with_suffix(".csv")
    data.write_text(data.read_text(encoding="utf-8").replace(",3,4,", ",4,4,"), encoding="utf-8")
    _, wrong = check.problems(sheet)
    assert any("контрольная сумма" in line for line in wrong)


def test_a_file_that_is_no_sheet_is_refused(tmp_path):
    other = tmp_path / "другой.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="не описание листа данных"):
        check.problems(other)
    with pytest.raises(UsageError, match="нужен файл листа данных"):
        check.problems(tmp_path / "нет.json")


def test_a_masked_table_gives_a_sheet_without_small_numbers(place, catalogue, tmp_path):
    masked = FRAME.assign(hidden="")
    small = masked["subject"] == "Физика"
    masked.loc[small, ["numerator", "denominator", "value"]] = float("nan")
    masked.loc[small, "hidden"] = "few"
    found = chosen(place, catalogue, masked)
    files.write(found, catalogue, replace(sender("public"), why=public(10, 5)), tmp_path)
    told = openpyxl.load_workbook(tmp_path / "data_sheet.xlsx")
    assert public(10, 5)["few"].text in {row[-1].value for row in told["Данные"].iter_rows()}
    assert "%" in {row[2].value for row in told["Показатели"].iter_rows()}
    told = json.loads((tmp_path / "data_sheet.json").read_text(encoding="utf-8"))
    assert told["soko"]["mark"] == ""
    assert MARK not in told["description"]
    back, wrong = check.problems(tmp_path / "data_sheet.json")
    assert wrong == []
    assert back == found
    hidden = [row for row in back if row.hidden]
    assert [(row.subject, row.numerator, row.denominator) for row in hidden] == [("Физика", None, None)]
