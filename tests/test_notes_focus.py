"""The notes about one class and about one subject area: what they say, what they never say, what they can read."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from note_school import PERIOD, put, tables, workspace
from test_notes_blocks import words
from told import as_it_was, displayed

from soko.errors import UsageError
from soko.indicators import compute, load_catalogue
from soko.notes import focus, held, open_theme
from soko.notes.data import Figures, read
from soko.notes.fingerprint import fingerprint
from soko.notes.places import class_place
from soko.publish.blocks import Table

SIZES = {"5А": 24, "5Б": 26, "6А": 22, "6Б": 20, "7А": 25, "7Б": 23, "7В": 1}
SECTIONS = {"class_teacher": "outcomes", "subject_department": "results"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """7Б falls, 7В has one pupil, 10 are not there; the term before and the year ago are known."""
    place = workspace(tmp_path_factory.mktemp("school"))
    put(place, PERIOD, tables(SIZES, {"7Б": -0.9, "5А": 0.4, "Математика": -0.4}, 3))
    put(place, PERIOD.previous(), tables(SIZES, {"Математика": -0.2}, 3))
    earlier = {"4А": 24, "5А": 22, "5Б": 20, "6А": 25, "6Б": 23}
    put(place, PERIOD.year_ago(), tables(earlier, {}, 5))
    return place


def note(place, name, of, period=PERIOD):
    return open_theme(name, str(place.root), period.id, of=of)


@pytest.mark.parametrize(
    ("name", "of"),
    [("class_teacher", "7Б"), ("subject_department", "Математика и информатика"), ("subject_department", "История")],
)
def test_narrative_is_as_it_was(place, name, of):
    as_it_was(note(place, name, of).narrative, f"{name}_{'subject' if of == 'История' else 'one'}")


def test_every_figure_of_a_class_is_its_own_or_of_its_parallel_and_level(place):
    made = note(place, "class_teacher", "5А")
    own = {dict(key[2]).get("class") for key, _ in made.data.current.items()}
    assert own == {"5А"}
    beside = {min(key[2]) for key, _ in made.data.beside.items()}
    assert beside == {("grade", "5"), ("level", "ООО")}
    assert {key[0] for key, _ in made.data.beside.items() if ("level", "ООО") in key[2]} <= {
        "outcomes.quality",
        "outcomes.success",
        "outcomes.excellent",
        "outcomes.one_three",
    }
    assert {dict(key[2])["class"] for key, _ in made.data.year_ago.items()} == {"4А"}
    text = words(displayed(made, "class_teacher"))
    assert not re.search(r"\b(5Б|6А|7Б)\b", text.replace("бывшим 6А", ""))
    assert len(text) > 3000


def test_the_table_beside_the_parallel_by_hand(place):
    data = note(place, "class_teacher", "7Б").data
    table = next(b for b in note(place, "class_teacher", "7Б").section("outcomes") if isinstance(b, Table))
    whole = read(place, PERIOD).current
    now, grade = whole.get("outcomes.quality", **{"class": "7Б"}), whole.get("outcomes.quality", grade=7)
    level = whole.get("outcomes.quality", level="ООО")
    row = next(row.cells for row in table.rows if row.cells[0] == "Качество знаний")
    share = [round(parts.part / parts.base * 100 + 1e-9, 1) for parts in (now, grade, level)]
    said = [f"{value:.1f}".replace(".", ",").removesuffix(",0") for value in share]
    assert [cell.split("\u00a0")[0].removesuffix(",0") for cell in (row[3], row[4], row[6])] == said
    assert row[1:3] == [str(int(now.base)), str(int(now.part))]
    assert data.catalogue["outcomes.quality"].label == row[0]


def test_a_class_is_judged_against_the_others_of_its_parallel(place):
    """7Б was made much weaker than 7А; 5А differs from 5Б by less than chance."""
    told = note(place, "class_teacher", "7Б").narrative
    assert any(item.rule == "below_parallel" and item.kind == "statement" for item in told.sentences)
    assert any(item.rule == "subject_below_parallel" and item.kind == "statement" for item in told.sentences)
    other = note(place, "class_teacher", "7А").narrative
    assert not any(item.rule == "below_parallel" and item.kind == "statement" for item in other.sentences)


def test_the_only_class_of_a_parallel_has_nothing_beside_it(tmp_path):
    place = workspace(tmp_path)
    put(place, PERIOD, tables({"5А": 20, "6А": 20}, {}, 1))
    made = note(place, "class_teacher", "5А")
    assert (
        held.parallel(made.data, "outcomes.quality", replace(class_place(made.data, "", "5А"), scope="overall")) is None
    )
    table = next(block for block in made.section("outcomes") if isinstance(block, Table))
    assert "5\u2011е классы" not in [head.title for head in table.columns]
    assert not re.search("в 5-х классах", words(displayed(made, "class_teacher")))


def test_one_pupil_is_not_judged_and_not_counted_in_per_cent(place):
    made = note(place, "class_teacher", "7В")
    told = made.narrative
    assert not [
        item for item in told.sentences if item.severity != "neutral" and item.section in ("outcomes", "subjects")
    ]
    for table in (block for block in made.section("outcomes") if isinstance(block, Table)):
        row = next(row.cells for row in table.rows if row.cells[0] == "Качество знаний")
        assert "%" not in row[3]
        assert "из" in row[3]


def test_a_period_without_a_predecessor_compares_with_nothing(tmp_path):
    place = workspace(tmp_path)
    put(place, PERIOD, tables({"5А": 20, "5Б": 20}, {}, 1))
    for name, of in (("class_teacher", "5А"), ("subject_department", "Русский язык и литература")):
        text = words(displayed(note(place, name, of), name))
        assert "сравнение с прошлыми периодами не проводится" in text
        assert not re.search("стабильн|выше, чем за|ниже, чем за|Снижени|None|nan", text)


def test_all_marks_equal(tmp_path):
    place = workspace(tmp_path)
    made = tables({"5А": 20, "5Б": 20}, {}, 1)
    made["marks"]["mark"] = "4"
    put(place, PERIOD, made)
    put(place, PERIOD.previous(), made)
    told = note(place, "class_teacher", "5А").narrative
    said = [item.rule for item in told.sentences if item.kind == "statement"]
    assert "stable" in said
    assert not {"worse", "better", "below_parallel", "above_parallel", "failing", "reserve"} & set(said)
    assert words(displayed(note(place, "subject_department", "Математика"), "subject_department"))


def test_a_subject_that_nobody_took_is_refused_with_the_nearest(place):
    with pytest.raises(UsageError, match="нет предметной области «Химия»"):
        note(place, "subject_department", "Химия")
    with pytest.raises(UsageError, match="5А"):
        note(place, "class_teacher", "5а")


def test_an_area_is_told_by_subject_and_a_subject_is_not(place):
    area, one = (note(place, "subject_department", of) for of in ("Математика и информатика", "Математика"))
    assert area.section("subjects")
    assert one.section("subjects") == []
    assert not one.narrative.section("subjects")
    assert "по предметам области «Математика и информатика»" in area.title()[1].subtitle
    assert "по предмету «Математика»" in one.title()[1].subtitle
    assert one.data.current.get("subjects.quality") == read(place, PERIOD).current.get(
        "subjects.quality", subject="Математика"
    )


def test_no_teacher_and_no_pupil_is_named(place):
    for name, of in (("class_teacher", "7Б"), ("subject_department", "Математика")):
        assert not re.search(r"\b[pt]_", words(displayed(note(place, name, of), name)))


def test_only_faults_that_name_the_class_or_the_subject_are_told(place):
    columns = ["severity", "table", "rule", "file", "sheet", "cell", "row", "column", "message_ru"]
    faults = [
        (
            "warning",
            "marks",
            "all_fives",
            "Журнал.xlsx",
            "Лист1",
            "По предмету «История» у всех в 7Б классе стоит «5».",
        ),
        ("warning", "marks", "printed_total", "Ведомость 7А.xlsx", "Лист1", "В ведомости по предмету «Математика» …"),
        ("warning", "marks", "subject_no_marks", "В.xlsx", "7Б", "В 7Б классе нет отметок по предмету «Музыка»."),
        ("warning", "marks", "other", "17Б.xlsx", "Лист1", "По предмету «Всеобщая история» …"),
    ]
    out = place.outputs(PERIOD) / "validation"
    out.mkdir(parents=True)
    rows = [(*fault[:5], "", "", "", fault[5]) for fault in faults]
    pd.DataFrame(rows, columns=columns).to_csv(out / "findings.csv", index=False, encoding="utf-8-sig")
    try:
        told = {of: note(place, "class_teacher", of) for of in ("7Б", "7А", "5А")}
        area = note(place, "subject_department", "История")
        found = {of: list(made.data.findings["rule"]) for of, made in told.items()}
        assert found == {"7Б": ["all_fives", "subject_no_marks"], "7А": ["printed_total"], "5А": []}
        assert list(area.data.findings["rule"]) == ["all_fives"]
        doubts = [item.text for item in told["7Б"].narrative.section("data") if "предварительные" in item.text]
        assert len(doubts) == 2
        assert "история, 7Б (23" in doubts[0]
        assert "музыка, 7Б (23" in doubts[1]
        nothing = [item.text for item in told["5А"].narrative.section("data")]
        assert nothing == ["Предупреждений, в которых назван этот класс, нет."]
    finally:
        (out / "findings.csv").unlink()


def test_who_acts_is_the_class_teacher_or_who_is_named_for_the_class(place):
    made = note(place, "class_teacher", "7Б")
    assert {item.who for item in made.narrative.recommendations} == {"Классный руководитель 7Б класса"}
    path = place.params / "school.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(
        before.replace("responsible:\n", "responsible:\n  7Б: {post: Классный руководитель, name: Юрьева А.Б.}\n", 1),
        encoding="utf-8",
    )
    try:
        named = {item.who for item in note(place, "class_teacher", "7Б").narrative.recommendations}
    finally:
        path.write_text(before, encoding="utf-8")
    assert named == {"Классный руководитель А.\u00a0Б.\u00a0Юрьева"}


def test_the_fingerprint_changes_with_what_the_note_can_read_and_nothing_else(place):
    """One mark of 7Б: its own note, those of its parallel and of the subject's area; the others stay."""
    marks = place.clean(PERIOD) / "marks.parquet"
    before = read(place, PERIOD)
    frame = pd.read_parquet(marks)
    changed = frame.copy()
    row = _a_three(frame, "7Б")
    changed.loc[row, "mark"] = "4"
    try:
        changed.to_parquet(marks, index=False)
        after = replace(before, current=Figures(compute(place, PERIOD, load_catalogue(place))))
    finally:
        frame.to_parquet(marks, index=False)

    def prints(data, name, of):
        return fingerprint(focus.on(replace(data, note=name, lacking=None), of))

    subject = frame.loc[row, "subject"]
    areas = {item.title: item.area for item in before.params.subjects.subjects}
    same = {
        (name, of): prints(before, name, of) == prints(after, name, of)
        for name, values in (("class_teacher", [*SIZES]), ("subject_department", sorted({*areas.values()} & OWN_AREAS)))
        for of in values
    }
    changed_ones = {key for key, equal in same.items() if not equal}
    expected = {("class_teacher", of) for of in SIZES if of.startswith("7")}
    assert changed_ones == expected | {("subject_department", areas[subject])}


OWN_AREAS = {
    "Русский язык и литература",
    "Математика и информатика",
    "Иностранные языки",
    "Общественно-научные предметы",
    "Естественно-научные предметы",
}


def _a_three(frame, name):
    """A «3» of a pupil with several «3»: as a «4» it changes figures of the subject, and not who is in which group."""
    own = frame[frame["class"] == name]
    threes = own[own["mark"] == "3"].groupby("pupil_id").size()
    pupil = threes[threes >= 3].index[0]
    return own[(own["pupil_id"] == pupil) & (own["mark"] == "3")].index[0]


def test_a_note_cannot_read_beyond_its_fingerprint(place):
    data = note(place, "class_teacher", "5А").data
    assert data.current.get("subjects.quality", **{"class": "5Б"}) is None
    assert data.current.get("socialisation.offences") is None  # of its class, but not of this note
    assert data.beside.get("outcomes.quality", grade=6) is None
    assert data.beside.get("outcomes.quality") is None
