"""Notes on a theme: a file of settings is a note; what is missing is said; one note for each class or subject."""

from __future__ import annotations

from typing import get_args

import note_school
import pytest
import yaml

from soko.analysis.narrative_sections import Kind
from soko.errors import ConfigError, UsageError
from soko.indicators import compute, history, load_catalogue
from soko.notes import open_theme
from soko.notes.data import read
from soko.notes.shown import MAKERS
from soko.publish.blocks import Callout, Figure, Prose, Table

PERIOD = note_school.PERIOD


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A workspace with this term and the previous one; nobody has handed in the conditions."""
    place = note_school.workspace(tmp_path_factory.mktemp("school"))
    sizes = dict.fromkeys(note_school.class_names(range(5, 8), "АБ"), 22)
    catalogue = load_catalogue(place)
    for period, seed in ((PERIOD.previous(), 1), (PERIOD, 2)):
        folder = place.clean(period)
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in note_school.tables(sizes, {}, seed).items():
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        history.update(place, period, compute(place, period, catalogue), catalogue)
    return place


def write(school, name, **more):
    content = {
        "note": name,
        "subtitle": "о предмете «{focus}»" if more.get("focus") else "о проверке",
        "about": {"goal": "проверить", "object": "отметки", "methods": "подсчёт"},
        "sections": [
            {
                "id": "one",
                "title": "Раздел",
                "show": [
                    {"kind": "values", "caption": "Итоги", "indicators": ["subjects.quality", "subjects.mean_mark"]},
                    {"kind": "by", "dimension": "class", "caption": "Классы", "indicators": ["subjects.quality"]},
                    {"kind": "bars", "dimension": "class", "caption": "Ряд", "indicators": ["subjects.quality"]},
                    {"kind": "stacked", "dimension": "grade", "caption": "Доли", "indicators": ["subjects.n*"]},
                ],
            },
            {"id": "data", "title": "Данные"},
        ],
        "rules": [
            {
                "id": "values",
                "section": "one",
                "scope": "overall",
                "indicators": ["subjects.quality", "subjects.success"],
                "when": "n > 0",
                "item": "{label|lower} – {value}",
                "text": "{label}: {value}",
                "fold": "Посчитано: {items}",
            }
        ],
    } | more
    path = school.params / "narrative" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def note(school, name, of=""):
    return open_theme(name, str(school.root), PERIOD.id, of=of)


def test_every_kind_of_block_has_its_maker():
    assert set(get_args(Kind)) == set(MAKERS)


def test_a_file_of_settings_is_a_note(school):
    write(school, "checked")
    made = note(school, "checked")
    blocks = made.section("one")
    assert [type(block).__name__ for block in blocks] == ["Prose", "Prose", "Table", "Table", "Figure", "Figure"]
    assert blocks[1].markdown.startswith("Посчитано: качество знаний\u00a0–\u00a0")
    values = blocks[2]
    frame = compute(school, PERIOD)
    whole = frame[
        (frame["indicator"] == "subjects.quality") & (frame[["level", "class", "subject", "teacher"]] == "").all(axis=1)
    ]
    whole = whole[whole["grade"].isna()].iloc[0]
    assert values.rows[0].cells[1:3] == [
        f"{int(whole['denominator']):,}".replace(",", "\u00a0"),
        f"{int(whole['numerator']):,}".replace(",", "\u00a0"),
    ]
    by_class = blocks[3]
    assert [row.cells[0] for row in by_class.rows] == [*note_school.class_names(range(5, 8), "АБ"), "По школе"]
    assert all(isinstance(block, Figure) and block.alt for block in blocks[4:])
    assert made.title()[1].subtitle == "о проверке за 4-ю четверть 2025/2026 учебного года"


def test_missing_tables_are_named_with_their_owner_and_nothing_is_claimed(school):
    made = open_theme("conditions", str(school.root), "2025-2026/q4")
    callout = next(block for block in made.main_page() if isinstance(block, Callout))
    assert callout.title == "Данных для справки нет"
    assert not any(isinstance(block, Callout) for block in made.introduction()), "said once"
    assert "«Укомплектованность по предметам»: сдаёт" in callout.markdown
    assert not any(isinstance(block, Table) for block in made.section("staffing"))
    ending = [block.markdown for block in made.ending() if isinstance(block, Prose)]
    assert ending[0].endswith("Данных для справки нет, выводы не делаются.")


def test_a_note_for_each_subject_counts_that_subject_alone(school):
    write(school, "of_subject", focus="subject")
    made = note(school, "of_subject", "Математика")
    assert "о предмете «Математика»" in made.title()[1].subtitle
    table = next(block for block in made.section("one") if isinstance(block, Table))
    frame = compute(school, PERIOD)
    rows = frame[(frame["indicator"] == "subjects.quality") & (frame["subject"] == "Математика")]
    whole = rows[rows["grade"].isna() & (rows[["level", "class", "teacher"]] == "").all(axis=1)].iloc[0]
    assert table.rows[0].cells[1:3] == [str(int(whole["denominator"])), str(int(whole["numerator"]))]


def test_an_area_is_the_sum_of_its_subjects(school):
    write(school, "of_area", focus="area")
    made = note(school, "of_area", "Естественно-научные предметы")  # biology alone in this school
    single = note(school, "of_area", "Русский язык и литература")
    for one, subject in ((made, "Биология"), (single, "Русский язык")):
        figures = read(school, PERIOD).current
        assert one.data.current.get("subjects.quality") == figures.get("subjects.quality", subject=subject)


def test_a_note_for_each_class_is_compared_with_the_same_class(school):
    write(school, "of_class", focus="class")
    made = note(school, "of_class", "6А")
    parts = read(school, PERIOD).current.get("subjects.quality", **{"class": "6А"})
    assert made.data.current.get("subjects.quality") == parts
    assert made.data.current.keys("subjects.quality", "class") == ["6А"]
    assert made.data.current.keys("subjects.quality", "subject")


@pytest.mark.parametrize(
    ("name", "of", "said"),
    [
        ("of_class", "6Ф", "нет класса «6Ф»"),
        ("of_class", "", "не указано, для какого класса"),
        ("checked", "6А", "составляется по школе целиком"),
    ],
)
def test_a_wrong_object_is_refused_with_the_nearest(school, name, of, said):
    write(school, "of_class", focus="class")
    write(school, "checked")
    with pytest.raises(UsageError, match=said):
        note(school, name, of)


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ({"kind": "by", "caption": "К", "indicators": ["subjects.quality"]}, "нужно указать dimension"),
        ({"kind": "bars", "caption": "К", "dimension": "class", "indicators": ["a.b", "c.d"]}, "нужен один показатель"),
        ({"kind": "values", "caption": "К", "indicators": ["subjects.qualty"]}, "возможно"),
        ({"kind": "values", "caption": "К.", "indicators": ["subjects.quality"]}, "без точки"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(school, show, said):
    path = write(school, "wrong", sections=[{"id": "one", "title": "Р", "show": [show]}], rules=[])
    with pytest.raises(ConfigError) as error:
        note(school, "wrong").section("one")
    path.unlink()
    assert said in str(error.value)
    assert "wrong.yaml, строка" in str(error.value)


def test_an_unknown_section_names_the_nearest(school):
    write(school, "checked")
    with pytest.raises(UsageError, match="one"):
        note(school, "checked").section("ons")
