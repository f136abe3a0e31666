"""Dynamics in a note: the table says what the rule says, the run chart marks what its rules find, gaps are told."""

from __future__ import annotations

import re

import note_school
import pandas as pd
import pytest
from note_school import PERIOD

from soko.analysis.narrative_sections import Show
from soko.indicators import compute, dynamics, history, load_catalogue
from soko.indicators.model import COLUMNS
from soko.notes import definitions, dynamics as table_of, run_chart
from soko.notes.data import read
from soko.notes.note import Note
from soko.publish.blocks import Prose, Table, parse

SIZES = {"5А": 25, "5Б": 24, "7А": 22, "7Б": 23}
IDS = ["outcomes.success", "outcomes.quality", "subjects.sou", "subjects.mean_mark", "parents.council"]
TABLE = Show(kind="dynamics", caption="Динамика", indicators=IDS, label="d")
NAN = float("nan")
CHART = Show(kind="run_chart", caption="Ряд", indicators=["outcomes.quality"], label="r")


@pytest.fixture
def place(tmp_path):
    return note_school.school(tmp_path / "school", SIZES)


def store(place, period, good, of=100):
    """A period of which only the quality of the school is known."""
    row = dict.fromkeys(COLUMNS, "") | {"period": period.id, "indicator": "outcomes.quality", "grade": None}
    row |= {"school_id": "sosh4", "numerator": good, "denominator": of, "value": good / of * 100}
    frame = pd.DataFrame([row, row | {"school_id": ""}], columns=COLUMNS).astype({"grade": "Int64"})
    frame = frame.astype({name: "str" for name in COLUMNS[:-3] if name != "grade"} | dict.fromkeys(COLUMNS[-3:], float))
    history.update(place, period, frame, load_catalogue(place, bind=False))


def test_the_table_says_what_dynamics_csv_says(place):
    data = read(place, PERIOD)
    table = table_of.table(data, "", TABLE, IDS)
    assert parse(table.model_dump(mode="json")) == table
    sections = [row.cells[0].replace("\u00a0", " ") for row in table.rows if row.kind == "section"]
    assert sections == ["Сравнение: 3 четв. 2025/26", "Сравнение: 4 четв. 2024/25"]
    frame = dynamics.compute(place, PERIOD, compute(place, PERIOD))
    words = {"improved": "улучшение", "worse": "ухудшение", "stable": "стабильно", "unknown": "нельзя судить"}
    whole = frame[(frame["class"] == "") & frame["grade"].isna()
                  & (frame[["level", "subject", "sex", "item"]] == "").all(axis=1)]  # fmt: skip
    rows = [row.cells for row in table.rows if row.kind == "body"]
    assert len(rows) == 8  # the council of parents has no data, and no row
    for which, part in (("previous", rows[:4]), ("year_ago", rows[4:])):
        for name, cells in zip(IDS, part, strict=False):
            (row,) = whole[(whole["indicator"] == name) & (whole["against"] == which)].to_dict("records")
            assert cells[6].startswith(words[row["verdict"]]), cells
            assert ("(" in cells[6]) == (row["verdict"] == "unknown")
            assert cells[4][0] == ("−" if row["delta"] < -0.05 else cells[4][0])
    assert [cells[3] == "–" for cells in rows[:4]] == [False, False, True, True]


def test_another_definition_is_told_in_the_table(place):
    path = place.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    history.update(place, PERIOD, compute(place, PERIOD), load_catalogue(place))
    table = table_of.table(read(place, PERIOD), "", TABLE, IDS)
    quality = [row.cells for row in table.rows if row.cells[0] == "Качество знаний"]
    assert [(cells[1], cells[4], cells[6]) for cells in quality] == [("оп", "–", "нельзя судить (оп)")] * 2
    assert any("«оп» – определение показателя" in note for note in table.notes)


def test_without_an_earlier_period_there_is_no_table(tmp_path):
    place = note_school.school(tmp_path / "school", SIZES, before=False)
    note = Note(read(place, PERIOD))
    assert table_of.table(note.data, "", TABLE, IDS) is None
    assert run_chart.figure(note.data, "", CHART, ["outcomes.quality"]) is None
    said = [block.markdown for block in note.section("dynamics") if isinstance(block, Prose)]
    assert said[0] == "## Динамика"
    assert said[1].startswith("Значений за прежние периоды нет")


def fill(place, shares):
    """Quality in the periods before the current one, the nearest last; None leaves a period out."""
    period = PERIOD
    for share in reversed(shares):
        period = period.previous()
        for path in place.history.glob(f"{period.id}.*"):
            path.unlink()
        if share is not None:
            store(place, period, share)


def drawn(place):
    return run_chart.figure(read(place, PERIOD), "", CHART, ["outcomes.quality"])


def test_a_shift_is_found_marked_and_told(place):
    fill(place, [90, 91, 92, 90, 91, 92, 90, 91, 5, 4, 5, 4, 5, 4, 5, 4])
    store(place, PERIOD, 5)
    made = drawn(place)
    alt = made.alt.replace("\u00a0", " ")
    assert alt.startswith("Качество знаний: 90,0 % (4 четв. 2021/22) в начале ряда, 5,0 % (4 четв. 2025/26) в конце")
    assert "сдвиг: все значения выше медианы с периода 4 четв. 2021/22 по период 3 четв. 2023/24" in alt
    assert "Сигнал: восемь значений подряд" in made.source
    assert "периодов 12" not in made.source
    plain = made.svg
    fill(place, [50, 40] * 8)
    store(place, PERIOD, 45)
    calm = drawn(place)
    assert "правила серий не находят ни сдвига, ни тренда" in calm.alt
    assert plain.count("<use") > calm.svg.count("<use")  # the squares around the points of the run


def test_few_periods_make_points_without_a_judgement(place):
    fill(place, [None, 40, 41, 42])
    store(place, PERIOD, 43)
    made = drawn(place)
    assert made.alt.endswith("периодов 4, для вывода о сдвиге нужно 12.")
    assert made.source.endswith("Медиана и сигналы показываются от 12\u00a0периодов.")
    fill(place, [None, None, 41, 42])
    assert drawn(place) is None  # three known values are no row


def test_gaps_have_their_reason(place):
    fill(place, [40, 41, 42, 43, 44, None, 45])
    path = place.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    fill(place, [41, 42, 43, 44, 46, None, 45])
    first = PERIOD
    for _ in range(8):
        first = first.previous()
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent)", "sum(is_excellent + is_good)", 1), "utf-8")
    store(place, first, 39)
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)", 1), "utf-8")
    store(place, PERIOD, 47)
    source = drawn(place).source.replace("\u00a0", " ")
    assert "определение изменилось с периода 1 четв. 2024/25" in source
    assert "«нет» – значений за период нет" in source


def test_a_row_that_another_definition_leaves_too_short_is_told(place):
    fill(place, [40, 41, 42, 43, 44])
    path = place.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    store(place, PERIOD, 45)
    said = drawn(place).markdown.replace("\u00a0", " ")
    assert "определение изменилось с периода 4 четв. 2025/26, прежние значения (5 периодов) не сопоставляются" in said


def test_the_note_ends_with_the_definitions_of_what_it_uses(place):
    note = Note(read(place, PERIOD))
    assert definitions.section(note.data) == []  # nothing has been shown yet
    note.outcomes()
    before = [row.cells[0] for row in note.definitions()[1].rows]
    assert any("(outcomes.quality)" in cell for cell in before)
    assert not any("(contingent.classes)" in cell for cell in before)
    note.movement()
    *_, heading, table = note.ending()
    assert heading.markdown == "## Приложение. Определения показателей"
    assert isinstance(table, Table)
    ids = [re.search(r"\(([a-z0-9_.]+)\)$", row.cells[0])[1] for row in table.rows]
    catalogue = load_catalogue(place, bind=False)
    assert ids == [item.id for item in catalogue if item.id in ids]
    assert "contingent.classes" in ids
    assert not any(name.startswith(("staff", "vpr", "health")) for name in ids)


@pytest.mark.parametrize(
    ("values", "place", "hollow"),
    [
        ([3, 1, 2], 1, True),
        ([3, 1], 1, True),
        ([1, 3], 1, False),
        ([3, 2, 1], 1, False),
        ([2, 2], 1, False),
        ([NAN, 1, 2], 1, True),
        ([1], 0, False),
    ],
)
def test_a_figure_stands_where_its_line_is_not(values, place, hollow):
    """Below the point where the line comes from above and goes up again."""
    assert run_chart._in_a_hollow([float(value) for value in values], place) is hollow
