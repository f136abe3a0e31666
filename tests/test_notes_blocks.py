"""The note over a whole invented school: what it shows, what it never shows, and that it is the same twice."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from note_school import PERIOD, SUBJECTS, class_names, put, school, tables, workspace
from told import as_it_was

from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import compute, rows
from soko.notes import confirm_commentary, open_annex, open_note, open_study
from soko.notes.places import cohort

SECTIONS = ["title", "main_page", "introduction", "movement", "outcomes", "classes", "subjects", "risk"]
SECTIONS += ["attendance", "data_quality", "ending"]
# Fields of blocks that reach the reader; the others steer the renderers.
SEEN = {"markdown", "cells", "caption", "alt", "source", "notes", "title", "unit", "group", "subtitle", "school"}
SEEN |= {"considered", "mark", "post", "name", "running_head"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return school(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="module")
def note(place):
    return open_note(str(place.root))


@pytest.fixture(scope="module")
def blocks(note):
    return all_blocks(note)


def all_blocks(note):
    """What the notebook shows, the annexes apart: they repeat bases and name codes, as they should."""
    made = [block for name in SECTIONS for block in getattr(note, name)()]
    made += note.section("dynamics")
    return [block for block in made if getattr(block, "label", "") not in ("definitions", "rules")]


def words(blocks):
    """Everything that a reader sees, a line a string."""
    return "\n".join(text for block in blocks for text in seen(block.model_dump()))


def seen(value, visible=False):
    if isinstance(value, str):
        return [value] if visible else []
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in seen(item, key in SEEN)]
    if isinstance(value, list):
        return [text for item in value for text in seen(item, visible)]
    return []


def table(blocks, label):
    return next(block for block in blocks if block.type == "table" and block.label == label)


def test_narrative_is_as_it_was(note):
    as_it_was(note.narrative, "academic_results")


def test_no_code_reaches_the_reader(blocks):
    text = words(blocks)
    assert len(text) > 10_000
    plain = re.sub(r"`[^`]*`|\{\{table:\w+\}\}", "", text)  # references become numbers in the document
    assert not re.search(r"[A-Za-z]{2,}", plain), re.findall(r".*[A-Za-z]{2,}.*", plain)[:3]
    assert not re.search(r"  |\.\.|,,| ,|\{|\}", plain), re.findall(r".*(?:  |\.\.|,,| ,|\{|\}).*", plain)[:3]
    assert not re.search(r"(?<!\d)1\s(обучающихся|классов|отметок)|\d\.\d%|\d%", plain.replace("\u00a0", " "))


def test_tables_say_what_the_indicators_are(blocks, place):
    """Every figure of the class table against the tidy table, by another road."""
    frame = compute(place, PERIOD)
    shown = {row.cells[0]: row.cells for row in table(blocks, "classes").rows}
    for name in class_names():
        for column, indicator in ((2, "excellent"), (3, "good"), (4, "one_three"), (6, "failing"), (7, "not_attested")):
            part = rows(frame, f"outcomes.{indicator}", **{"class": name})["numerator"].iloc[0]
            assert shown[name][column] == str(int(part)), (name, indicator)
        quality = rows(frame, "outcomes.quality", **{"class": name}).iloc[0]
        assert sum(int(cell) for cell in shown[name][2:8]) == int(shown[name][1]) == quality["denominator"]
        exact = quality["numerator"] / quality["denominator"] * 100
        assert abs(float(shown[name][9].replace(",", ".")) - exact) <= 0.05 + 1e-9
        for column, indicator, step in ((10, "sou", 0.05), (11, "mean_mark", 0.005)):
            parts = rows(frame, f"subjects.{indicator}", **{"class": name}).iloc[0]
            exact = parts["numerator"] / parts["denominator"]
            assert abs(float(shown[name][column].replace(",", ".")) - exact) <= step + 1e-9, (name, indicator)


def test_every_table_states_its_base(blocks):
    for block in blocks:
        if block.type == "table" and block.label not in ("deviations", "recommendations", "findings"):
            assert any("База" in line for line in block.notes), block.caption
        if block.type == "table" and any("СОУ" in head.title + head.group for head in block.columns):
            assert any("«5»\u00a0–\u00a0100" in line for line in block.notes), block.caption


def test_the_base_is_defined_once_and_then_referred_to(place):
    note = open_note(str(place.root))
    blocks = all_blocks(note)
    text = words(blocks)
    definition = note.data.catalogue.base("outcomes.quality")
    assert text.count(definition) == 1
    assert any(definition in line for line in table(blocks, "outcomes").notes)
    assert any("определение – под таблицей {{table:outcomes}}" in line for line in table(blocks, "risk").notes)


def test_a_section_alone_defines_its_base(place):
    alone = open_note(str(place.root))
    shown = table(alone.risk(), "risk")
    assert any(alone.data.catalogue.base("outcomes.quality") in line for line in shown.notes)


def test_weights_absent_grades_and_comparisons_are_said(blocks):
    text = words(blocks)
    assert "«н/а»\u00a0–\u00a07" in text
    assert "10–11-е классы аттестуются по полугодиям" in text
    assert "7А – с бывшим 6А" in text


def test_the_fall_of_a_class_is_found_in_points_and_pupils(blocks, note):
    row = next(row for row in table(blocks, "class_compared").rows if row.cells[0] == "7А")
    assert row.cells[9].startswith("−")
    assert row.cells[10].startswith("−")
    said = next(s for s in note.narrative.sentences if s.rule == "class_worse")
    assert "7А" in said.subjects


def test_page_one_is_short_and_names_people(note):
    blocks = note.main_page()
    found = table(blocks, "deviations")
    assert 1 <= len(found.rows) <= 6
    assert all(row.cells[-1] for row in found.rows)
    assert blocks[-1].type == "page_break"
    lines = [line for block in blocks if block.type == "prose" for line in block.markdown.splitlines()]
    assert len([line for line in lines if line.startswith("- ")]) <= 4


def test_nothing_goes_public_that_is_no_release(place):
    with pytest.raises(UsageError, match="неизвестен"):
        open_note(str(place.root), audience="pubic")
    with pytest.raises(DataError, match="публикуемых показателей за период 2025-2026/q4 нет"):
        open_note(str(place.root), PERIOD.id, audience="public")


def test_without_earlier_periods_nothing_is_compared(tmp_path):
    alone = open_note(str(school(tmp_path, {"5А": 20, "6А": 22}, before=False).root))
    text = words(all_blocks(alone))
    assert "Разница" not in text
    assert "±" not in text
    assert "сравнение с прошлыми периодами не проводится" in text
    assert "снизилось" not in text.lower()


def test_a_class_of_eight_gets_words_not_percent(tmp_path):
    small = open_note(str(school(tmp_path, {"5А": 8, "6А": 25, "7А": 25}).root))
    row = next(row for row in table(small.classes(), "classes").rows if row.cells[0] == "5А")
    assert re.fullmatch(r"\d\u00a0из\u00a08", row.cells[9])
    sentences = [s for s in small.narrative.sentences if "5А" in s.text]
    assert sentences
    assert all(s.severity == "neutral" for s in sentences)
    assert any("вывод не делается" in s.text for s in sentences)


def test_two_schools_without_names_or_past(tmp_path):
    place = workspace(tmp_path)
    made = tables({"10А": 105, "11А": 12}, {}, 1)
    for frame in made.values():
        frame["school_id"] = ["GP" if i % 3 else "MS" for i in range(len(frame))]
    homes = made["pupils"].set_index("pupil_id")["school_id"]
    for name in ("marks", "attendance"):
        made[name]["school_id"] = made[name]["pupil_id"].map(homes)
    from soko.periods import Period

    put(place, Period.parse("2025-2026/year"), made)
    both = open_note(str(place.root), "2025-2026/year")
    blocks = all_blocks(both)
    assert [row.cells[0] for row in table(blocks, "by_school").rows] == ["GP", "MS", "По всем школам"]
    labels = [block.label for block in blocks if block.type in ("table", "figure") and block.label]
    assert len(labels) == len(set(labels))
    assert "Школа GP" in words(blocks)
    told = [item.text for item in both.narrative.sentences if item.section == "classes"]
    assert any("11А\u00a0(MS)" in text or "(школа MS)" in text for text in told), told


@pytest.mark.parametrize(("name", "earlier"), [("7А", "6А"), ("10Б", None), ("1А", None), ("11А", "10А"), ("5", "4")])
def test_cohort(name, earlier):
    assert cohort(name) == earlier


def test_a_new_school_year_compares_the_same_pupils(tmp_path):
    from soko.periods import Period

    place, first = workspace(tmp_path), Period.parse("2025-2026/q1")
    put(place, first.previous(), tables({"6А": 25, "6Б": 20, "7А": 25}, {"6А": -1.5, "7А": 1.0}, 1))
    put(place, first, tables({"7А": 25, "7Б": 20, "8А": 25}, {}, 1))
    open_school = open_note(str(place.root), first.id)
    compared = table(open_school.outcomes(), "compared")
    frame = compute(place, first.previous())
    shown = {row.cells[0].strip(): row.cells for row in compared.rows}
    for now, then in (("7", "6"), ("8", "7")):
        past = rows(frame, "outcomes.quality", grade=int(then)).iloc[0]
        assert abs(float(shown[f"{now}-е"][6].replace(",", ".")) - past["value"]) <= 0.05 + 1e-9
    assert any("7-е – с бывшими 6-ми" in line for line in compared.notes)


def test_without_marks_no_section_is_empty_and_nothing_is_concluded(tmp_path):
    place, made = workspace(tmp_path), tables({"5А": 3}, {}, 1)
    put(place, PERIOD, {**made, "marks": made["marks"].assign(mark="осв")})
    empty = open_note(str(place.root))
    for name in ("outcomes", "classes", "subjects", "risk"):
        assert "раздел не заполняется" in words(getattr(empty, name)()), name
    assert "Отметок за период нет" in words(empty.main_page())
    assert "выводы об успеваемости не делаются" in words(empty.ending())


def test_findings_are_told_as_problems_and_notes_to_know_stay_out(tmp_path):
    place = school(tmp_path, {"5А": 20}, before=False)
    folder = tmp_path / "out" / "validation"
    folder.mkdir(parents=True)
    lines = ["severity,table,rule,file,sheet,cell,row,column,message_ru"]
    lines += ["warning,marks,all_fives,a,b,C1,1,mark,Текст."] * 2
    lines += [
        "info,classes,column_unknown,a,b,,,,Столбцы не читаются.",
        "warning,marks,file_twice,a,,,,,Файл сдан дважды.",
    ]
    (folder / "findings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (found,) = [b for b in open_note(str(place.root), out=str(tmp_path / "out")).data_quality() if b.type == "table"]
    assert [row.cells[1:3] for row in found.rows] == [["Весь класс с «5» по предмету", "2"], ["Файл сдан дважды", "1"]]


# --- commentary ---------------------------------------------------------------------------------------------------


def comment(place, text, section="outcomes"):
    path = place.params / "periods" / f"{PERIOD.id}.yaml"
    path.write_text(f"commentary:\n  {section}: |\n    {text}\n", encoding="utf-8")


def test_commentary_is_kept_and_flagged_when_the_figures_change(tmp_path):
    place = school(tmp_path, {"5А": 20, "6А": 22}, before=False)
    comment(place, "Наше пояснение.")
    assert "Наше пояснение." in words(open_note(str(place.root)).outcomes())
    assert "к другим данным" not in words(open_note(str(place.root)).outcomes())

    put(place, PERIOD, tables({"5А": 20, "6А": 22}, {"5А": -1.0}, 3))
    flagged = words(open_note(str(place.root)).outcomes())
    assert "Наше пояснение." in flagged
    assert "Комментарий написан к другим данным" in flagged
    assert "soko confirm 2025-2026/q4" in flagged

    assert confirm_commentary(place, PERIOD) == ["outcomes"]
    assert "к другим данным" not in words(open_note(str(place.root)).outcomes())
    assert confirm_commentary(place, PERIOD) == []


def test_a_rewritten_commentary_is_not_flagged(tmp_path):
    place = school(tmp_path, {"5А": 20, "6А": 22}, before=False)
    comment(place, "Первое.")
    open_note(str(place.root)).outcomes()
    put(place, PERIOD, tables({"5А": 20, "6А": 22}, {"5А": -1.0}, 3))
    comment(place, "Второе.")
    assert "к другим данным" not in words(open_note(str(place.root)).outcomes())


def test_commentary_to_no_section_is_refused(tmp_path):
    place = school(tmp_path, {"5А": 20, "6А": 22}, before=False)
    comment(place, "Текст.", "outcome")
    with pytest.raises(ConfigError, match="«outcome»; возможно, имелось в виду «outcomes»"):
        open_note(str(place.root)).outcomes()


# --- charts, annex, study -----------------------------------------------------------------------------------------


def test_figures_are_the_same_twice_and_speak(note):
    from soko.notes import chart_slope, charts

    for chart in (charts.quality_by_class, charts.subjects_quality, charts.marks_by_grade, chart_slope.slope):
        first, second = chart(note.data), chart(note.data)
        assert first.svg == second.svg
        assert "<text" not in first.svg  # letters are paths: no font is needed to read them
        assert "<metadata" not in first.svg
        assert re.search(r"\d", first.alt)
        assert first.source.startswith("Источник")


def test_slope_labels_never_touch():
    from hypothesis import given, strategies as st

    from soko.notes.slope_charts import _apart

    @given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=11))
    def check(values):
        placed = sorted(_apart(values, 4.0))
        assert placed[0] >= 0
        assert all(b - a >= 4.0 - 1e-6 for a, b in pairwise(placed))

    check()


def test_annex_names_exactly_the_counted_pupils(place):
    folder = place.private_period(PERIOD)
    folder.mkdir(parents=True, exist_ok=True)
    codes = pd.read_parquet(place.clean(PERIOD) / "pupils.parquet")["pupil_id"]
    people = pd.DataFrame(
        {"kind": "pupil", "pseudonym": codes, "full_name": [f"Фамилия{i} Имя" for i in range(len(codes))]}
    )
    people.to_parquet(folder / "people.parquet")
    annex = open_annex(str(place.root))
    frame = compute(place, PERIOD)
    lists = [block for block in annex.lists() if block.type == "table"]
    for name, block in zip(("failing", "not_attested", "one_three"), lists, strict=True):
        named = [row for row in block.rows if row.kind == "body"]
        assert len(named) == rows(frame, f"outcomes.{name}", school_id="sosh4")["numerator"].iloc[0]
        assert all(row.cells[1].startswith("Фамилия") and row.cells[2] for row in named)
    assert annex.title()[1].mark == "Для служебного пользования"
    assert "Фамилия" not in words(open_note(str(place.root)).risk())


def test_annex_without_names_says_what_to_do(tmp_path):
    place = school(tmp_path, {"5А": 20}, before=False)
    with pytest.raises(DataError, match="soko validate 2025-2026/q4"):
        open_annex(str(place.root)).lists()


def test_a_study_reads_the_same_figures(place):
    study = open_study(str(place.root))
    assert set(study.table("marks")["subject"]) == set(SUBJECTS)
    assert "числу обучающихся" in study.definition("outcomes.quality").markdown
    values = study.values("outcomes.quality", "grade")
    assert study.bars(values, "grade", "value", "Качество").alt.startswith("Качество: от")


# --- what is told once, and what is in doubt --------------------------------------------------------------------------


def test_the_fall_of_one_class_is_not_told_again_of_its_parallel(tmp_path):
    place, sizes = workspace(tmp_path), {"7А": 24, "7Б": 24, "8А": 24}
    put(place, PERIOD, tables(sizes, {"7Б": -1.2}, 3))
    put(place, PERIOD.previous(), tables(sizes, {}, 3))
    told = open_note(str(place.root)).narrative
    assert {item.name for item in told.deviations if item.scope in ("grade", "class")} == {"7Б"}
    assert "снижение в\u00a07-х классах" in next(s.text for s in told.conclusions if s.rule == "class_worse")
    assert "всё снижение – в\u00a07Б классе" in next(s.text for s in told.sentences if s.rule == "grade_worse")
    assert not [item for item in told.recommendations if item.rule == "grade_worse"]


def test_subjects_in_doubt_are_named_with_their_marks(tmp_path):
    place = school(tmp_path, {"5А": 20, "6А": 22}, before=False)
    folder = tmp_path / "out" / "validation"
    folder.mkdir(parents=True)
    lines = ["severity,table,rule,file,sheet,cell,row,column,message_ru"]
    lines += ["warning,marks,all_fives,a,b,C1,1,mark,По предмету «История» у всех в 5А классе стоит «5»."]
    lines += ["warning,marks,subject_no_marks,a,b,C1,1,,В 6А классе нет отметок по предмету «Биология»."]
    (folder / "findings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    note = open_note(str(place.root), out=str(tmp_path / "out"))
    said = words(note.main_page()).replace("\u00a0", " ")
    assert "история, 5А (20 отметок)" in said
    assert "биология, 6А (22 обучающихся)" in said
    starred = [row.cells[0] for row in table(note.subjects(), "subjects").rows if row.cells[0].endswith("*")]
    assert starred == ["Биология*", "История*"]


def test_many_in_doubt_are_told_by_subject_and_counted() -> None:
    from soko.notes.doubtful import Doubt, _listed

    eight = [Doubt("Музыка", f"5{letter}", 21, True) for letter in "АБВГДЕЖЗ"]
    assert _listed(eight, "обучающийся").replace("\u00a0", " ").count("(21 обучающийся)") == 8
    nine = [*eight, Doubt("История", "6А", 25, True)]
    said = _listed(nine, "обучающийся").replace("\u00a0", " ")
    assert said == "музыка – 5А, 5Б, 5В, 5Г, 5Д и ещё 3; история – 6А"
    many = [Doubt(f"Курс {at}", "6А", 25, False) for at in range(1, 31)]
    assert _listed(many, "отметка").replace("\u00a0", " ").endswith("курс 8 – 6А; и ещё 22 предмета")


def test_the_lowest_success_is_not_that_of_one_mark(tmp_path):
    """A subject without marks has a base of one where somebody is «н/а»: others are told before it."""
    place, sizes = workspace(tmp_path), {"5А": 24, "5Б": 24}
    made = tables(sizes, {}, 3)
    marks = made["marks"]
    one = marks.iloc[[0]].assign(subject="Основы духовно-нравственной культуры народов России", mark="н/а")
    low = marks.index[marks["subject"] == "История"][:3]
    marks.loc[low, "mark"] = "2"
    made["marks"] = pd.concat([marks, one], ignore_index=True)
    put(place, PERIOD, made)
    said = next(s.text for s in open_note(str(place.root)).narrative.sentences if s.rule == "subject_success")
    assert said.replace("\u00a0", " ").index("история –") < said.replace("\u00a0", " ").index("0 из 1")


def test_page_one_keeps_what_fits() -> None:
    from soko.notes.page_one import fitting as _fitting

    def rows(count: int, who: str) -> list[list[str]]:
        return [["Качество знаний", "42,1 %", "46,5 %", "+4,4 п.п.", "50 %", "ниже цели", who]] * count

    short = ["коротко"] * 4
    assert _fitting(list(short), list(short), rows(5, "Заместитель директора по УВР Е. С. Лаптева")) == (short, short)
    lines, decisions = _fitting(["длинно " * 40] * 4, ["тоже длинно " * 30] * 4, rows(6, "Классный руководитель"))
    assert 1 <= len(lines) < 4
    assert 1 <= len(decisions) < 4
    tall = rows(5, "Руководитель школьного методического объединения учителей математики и информатики В. К. Зуева")
    middling = ["средняя строка " * 11] * 4
    high, low = (sum(map(len, _fitting(list(middling), list(middling), table))) for table in (rows(5, "Завуч"), tall))
    assert low < high
