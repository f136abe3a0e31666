"""The notes on conditions, additional education, parents and staff: what they say of a school, and of hardly any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from note_school import workspace
from told import as_it_was, charts_tell, displayed

from soko.analysis.narrative import Deviation, Narrative, Sentence
from soko.indicators import compute, history, load_catalogue
from soko.notes import cover, deviations, open_theme
from soko.periods import Period
from soko.publish.blocks import Prose, Table

YEAR = Period.parse("2025-2026/year")
NOTES = ("conditions", "additional_education", "parents", "staff")
TOLD_WITH_RESPONSE = ("satisfaction_value", "index_high", "index_middle", "index_low")
CLASSES = {"2А": 20, "5А": 22, "5Б": 20, "10А": 12}


def rows(names: str, *values: tuple) -> pd.DataFrame:
    return pd.DataFrame([dict(zip(names.split(), row, strict=True)) for row in values]).assign(school_id="sosh4")


def of_classes(frame: pd.DataFrame) -> pd.DataFrame:
    grade = frame["class"].str.extract(r"^(\d+)")[0].astype(int)
    return frame.assign(grade=grade, level=["НОО" if g < 5 else "ООО" if g < 10 else "СОО" for g in grade])


def school_year(worse: bool) -> dict[str, pd.DataFrame]:
    """All tables of a year; the later one (``worse``) has an expired document, an order not obeyed, a vacancy …"""
    pupils = [(f"p{name}{i}", name, "мж"[i % 2]) for name, size in CLASSES.items() for i in range(size)]
    busy = {"2А": 12, "5А": 12, "5Б": 1 if worse else 11, "10А": 6}
    first: dict[str, int] = {}
    activities = []
    for code, name, _ in pupils:
        first[name] = first.get(name, 0) + 1
        if first[name] <= busy[name]:
            kind = "дополнительное образование"
            activities.append((code, name, "Хор", kind, "художественно-эстетическое", "Д2"))
    people = [
        (f"t{i}", "педагогический", False, "учитель", "высшее педагогическое", 30 + i, i,
         "высшая" if i < 4 else "первая",
         date(2021, 2, 1) if i < (3 if worse else 0) else date(2024, 2, 1),
         date(2020, 1, 1) if worse and i < 5 else date(2024, 9, 1), True, "проект", i % 2,
         "муниципальный" if i < 2 else None, "победитель" if i == 0 else None, "жюри" if i == 1 else "нет")
        for i in range(14)
    ]  # fmt: skip
    lessons = [
        (f"t{i}", "5А", "Математика", date(2026 if worse else 2025, 3, 1 + i), what, score, 5,
         "проект" if i < 4 else None, True)
        for i in range(12)
        for what, score in (("Цель", 5), ("Итог", 3 if worse else 5))
    ]  # fmt: skip
    part = 4 if worse else 2
    families = [(name, size, size // part, 0 if name == "5Б" else 2, 3, size) for name, size in CLASSES.items()]
    answers = [
        ("Анкета", "родители", f"{name}{i}", name, theme, theme, 0.75 if i % 3 and theme != "открытость" else 0.25)
        for name, size in CLASSES.items()
        for i in range(size // 3)
        for theme in ("удовлетворённость", "открытость")
    ]
    end = date(2026, 5, 26) if worse else date(2025, 5, 26)
    return {
        "pupils": of_classes(rows("pupil_id class sex", *pupils)),
        "activities": of_classes(rows("pupil_id class activity kind direction programme_id", *activities)),
        "programmes": rows(
            "programme_id name direction places enrolled compliant",
            ("Д1", "Роботы", "техническая", 20, 9 if worse else 18, not worse),
            ("Д2", "Хор", "художественная", 30, 31 if worse else 29, True),
        ),
        "conditions": rows(
            "area item place number norm flag violations violations_fixed valid_until",
            ("безопасность", "Паспорт безопасности", None, None, None, True, None, None, end.replace(month=4)),
            ("безопасность", "Договор охраны", None, None, None, True, None, None, end.replace(month=7)),
            ("санитарные требования", "Проверка", None, None, None, True, 2, 1 if worse else 2, None),
            ("кабинеты", "Оснащённость", "физика", 84, 100, None, None, None, None),
            ("кабинеты", "Оснащённость", "химия", 100, 100, None, None, None, None),
            ("питание", "Столовая", None, None, None, True, None, None, None),
            ("лицензия и аккредитация", "Лицензия", None, None, None, True, None, None, None),
            ("информатизация", "Доступ в Интернет", None, None, None, not worse, None, None, None),
        ),
        "staffing": rows(
            "subject rates_planned rates_filled rates_qualified",
            ("Математика", 3.0, 3.0, 2.5 if worse else 3.0),
            ("Физика", 1.5, 1.0 if worse else 1.5, 1.0 if worse else 1.5),
        ),
        "expert_scores": rows(
            "object criterion expert score max_score weight",
            ("оснащённость кабинетов", "Перечень", "1", 3 if worse else 5, 5, 2),
            ("программы дополнительного образования", "Структура", "1", 3, 5, 2),
            ("методики и технологии", "Цели", "1", 2 if worse else 5, 5, 2),
        ),
        "parents": of_classes(rows("class families participating council meetings attendance", *families)),
        "surveys": of_classes(rows("survey audience respondent class question theme score", *answers)),
        "staff": rows(
            "staff_id staff_group external position education age teaching_years category category_date training_date"
            " ict technologies talks contest_level contest_result expert_role",
            *people,
        ),
        "lesson_visits": of_classes(
            rows("staff_id class subject visited_on criterion score max_score technology ict", *lessons)
        ),
    }


def put(place, period: Period, tables: dict[str, pd.DataFrame]) -> None:
    folder = place.clean(period)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    history.update(place, period, compute(place, period), load_catalogue(place))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = workspace(tmp_path_factory.mktemp("school"))
    put(place, YEAR.previous(), school_year(worse=False))
    put(place, YEAR, school_year(worse=True))
    return place


def note(place, name: str):
    return open_theme(name, str(place.root), YEAR.id)


@pytest.mark.parametrize("name", NOTES)
def test_narrative_is_as_it_was(place, name):
    as_it_was(note(place, name).narrative, name)


@pytest.mark.parametrize("name", NOTES)
def test_every_chart_tells_its_finding(place, name, monkeypatch):
    assert charts_tell(monkeypatch, note(place, name), name)


@pytest.mark.parametrize("name", NOTES)
def test_a_year_without_files_claims_nothing(tmp_path, name):
    place = workspace(tmp_path)
    put(place, YEAR, {"pupils": school_year(worse=True)["pupils"]})
    made = note(place, name)
    said = [block for block in displayed(made, name) if isinstance(block, Table)]
    assert not made.narrative.conclusions
    assert not made.narrative.recommendations
    assert {table.caption for table in said} <= {"Определения показателей, которые есть в справке"}


@pytest.mark.parametrize("name", NOTES)
def test_one_pupil_one_family_one_teacher_and_no_year_before(tmp_path, name):
    """All that is small of people is not judged; of requirements one is enough to be told."""
    place = workspace(tmp_path)
    tables = {key: frame.head(1) for key, frame in school_year(worse=True).items()}
    tables["parents"] = tables["parents"].assign(families=1, participating=0, attendance=0)
    put(place, YEAR, tables)
    made = note(place, name)
    assert displayed(made, name)
    text = " ".join(item.text for item in made.narrative.sentences)
    assert "nan" not in text.lower()
    if name == "conditions":
        assert "Истёк срок действия документа «безопасность: паспорт безопасности»" in text
    if name == "parents":
        assert not [item for item in made.narrative.sentences if item.severity != "neutral"]


def told_of(indicator, scope, name, *keys, rule="r"):
    """A deviation of page one, and a sentence of its rule about the objects ``keys``."""
    texts = {"previous": "4 из 4", "value": "3 из 4", "signed": "−1"}
    row = Deviation(rule, 1, 0, indicator, scope, name, texts, "Директор", ("worsened",))
    return row, Sentence(rule, "requirements", "concern", f"Сказано о {len(keys)}.", headline=1, subjects=keys)


def test_one_thing_under_two_names_has_one_row_on_page_one(place):
    """The share of sanitary requirements that are met, and how many of the section «санитарные требования» are not."""
    data = note(place, "conditions").data
    whole, _ = told_of("conditions.sanpin", "overall", "")
    same, _ = told_of("conditions.unmet", "item", "Санитарные требования")
    other, _ = told_of("conditions.unmet", "item", "Питание")
    found = deviations.rows(data, Narrative(deviations=[whole, same, replace(other, rule="s")]))
    assert [row[0].partition(":")[0] for row in found] == ["Санитарные требования", "Питание"]


def test_a_low_object_that_is_not_lower_is_told_beside_the_table_of_page_one(place):
    """Of two programmes that are hardly filled one fell: the table has that one, the sentence has both."""
    data = note(place, "additional_education").data
    row, of_two = told_of("conditions.programme_fill", "item", "Хор", "Хор", "Шахматы")
    _, of_one = told_of("conditions.programme_fill", "item", "Хор", "Хор")
    for said, expected in ((of_two, True), (of_one, False)):
        page = cover.main_page(data, Narrative(sentences=[said], deviations=[row]))
        assert any(said.text in getattr(block, "markdown", "") for block in page) is expected


def test_a_share_of_posts_is_in_per_cent_and_a_change_of_few_things_in_things(place):
    """One post is as good a base as 0,89 of one; «4 из 4 → 3 из 4» is one requirement less, not 25 points."""
    made = displayed(note(place, "conditions"), "conditions")
    tables = [block for block in made if isinstance(block, Table)]
    posts = next(item for item in tables if item.caption == "Укомплектованность по предметам учебного плана")
    assert not [cell for row in posts.rows for cell in row.cells if "\u00a0из" in cell]
    assert not any("меньше 10" in text for text in posts.notes)
    met = next(item for item in tables if item.caption == "Выполнение требований к условиям обучения")
    assert {row.cells[0]: row.cells[-1] for row in met.rows}["Выполнено требований"] == "−2"
    changes = next(item for item in tables if item.caption == "Изменение показателей условий")
    assert {row.cells[0]: row.cells[4] for row in changes.rows if row.kind == "body"}["Санитарные требования"] == "−1"


def test_a_conclusion_refers_to_the_table_of_its_kind(place):
    """The figure of the experts is in no table of the section; their criteria are, and lessons are another matter."""
    made = displayed(note(place, "staff"), "staff")
    experts = next(item for item in made if getattr(item, "caption", "") == "Оценка методик и технологий экспертами")
    said = " ".join(block.markdown for block in made if isinstance(block, Prose))
    line = next(line for line in said.split("\n") if "Низкая оценка методик и технологий экспертами" in line)
    assert f"{{{{table:{experts.label}}}}}" in line


def test_an_impossible_part_does_not_stop_the_note(tmp_path):
    """22 families of 20 come to meetings: the check warns, the class is in no share, the note is written."""
    place = workspace(tmp_path)
    for period, worse in ((YEAR.previous(), False), (YEAR, True)):
        tables = school_year(worse)
        of_5 = tables["parents"]["class"].eq("5А")
        tables["parents"].loc[of_5, "participating"] = 30
        put(place, period, tables)
    parts = note(place, "parents").data.current.get("parents.participation")
    assert parts.base == sum(size for name, size in CLASSES.items() if name != "5А")
    assert displayed(note(place, "parents"), "parents")


def test_satisfaction_is_never_told_without_the_response(tmp_path):
    """«Удовлетворены 93 %» of those who answered: without the families nobody knows how many did not."""
    place = workspace(tmp_path)
    put(place, YEAR, {key: frame for key, frame in school_year(worse=True).items() if key != "parents"})
    told = note(place, "parents").narrative
    assert not [
        item
        for item in told.sentences
        if item.rule in ("satisfaction_value", "index_high", "index_middle", "index_low")
    ]


def test_a_share_of_half_posts_is_no_number_of_whole_ones(place):
    table = next(
        block for block in note(place, "conditions").section("staffing")
        if isinstance(block, Table) and block.rows[0].cells[0] == "Математика"
    )  # fmt: skip
    cells = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert cells["Физика"] == ["1,5", "66,7", "1,5", "66,7", "0,5"]
    assert cells["По школе"][0] == "4,5"


def test_rows_that_begin_alike_lose_their_beginning(place):
    tables = [block for block in note(place, "staff").section("methods") if isinstance(block, Table)]
    assert [row.cells[0] for row in tables[-1].rows] == ["Цели"]


def test_a_change_that_chance_makes_is_no_conclusion(place):
    """Coverage 41 of 74 against 31 of 74: more than the threshold, less than chance."""
    told = note(place, "additional_education").narrative
    assert [item.text for item in told.sentences if item.rule == "coverage_year_chance"]
    assert not [item for item in told.conclusions if item.rule == "coverage_year_worse"]
