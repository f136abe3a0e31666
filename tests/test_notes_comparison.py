"""Comparisons in notes: groups, funnel, territories, the cluster of key indicators."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml
from note_school import PERIOD, put, school, tables, workspace

from soko.errors import UsageError
from soko.notes import cluster, funnel_chart, groups, open_key_indicators, references, teachers
from soko.notes.data import Parts
from soko.notes.funnel_chart import funnel
from soko.notes.references_table import conclusion, references_table

SECTIONS = ("title", "main_page", "introduction", "cluster", "cluster_groups", "classes", "grades", "subjects",
            "teachers", "territories", "ending")  # fmt: skip
CLASSES = {"5А": 30, "5Б": 28, "6А": 26, "6Б": 30, "7А": 29, "7Б": 27, "8А": 6}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Seven classes, 7Б far below the others, 8А too small to judge; no table but marks, pupils, attendance."""
    made = workspace(tmp_path_factory.mktemp("comparison") / "school")
    put(made, PERIOD, tables(CLASSES, {"7Б": -1.4}, 3))
    write_cluster(made)
    return made


def write_cluster(made, **more):
    value = {
        "least_coverage": 0.5,
        "indicators": [
            {"id": "outcomes.quality", "weight": 3, "worst": 0, "best": 100},
            {"id": "outcomes.success", "weight": 1, "worst": 50, "best": 100},
            {"id": "attendance.unexcused_share", "weight": 1, "worst": 20, "best": 0, "only_school": True},
            {"id": "vpr.quality", "weight": 1, "worst": 0, "best": 100},
            {"id": "external.gia9_quality", "weight": 1, "worst": 0, "best": 100},
        ],
        **more,
    }
    text = yaml.safe_dump(
        {"clusters": [{"since": "2025-09-01", "source": "приказ", "value": value}]}, allow_unicode=True
    ).replace("'2025-09-01'", "2025-09-01")
    (made.params / "key_indicators.yaml").write_text(text, encoding="utf-8")


def opened(made):
    return open_key_indicators(str(made.root), PERIOD.id)


def words(blocks):
    parts = []
    for block in blocks:
        parts += [getattr(block, name, "") for name in ("markdown", "caption", "alt", "source")]
        parts += getattr(block, "notes", [])
        parts += [cell for row in getattr(block, "rows", []) for cell in row.cells]
        parts += [head.title for head in getattr(block, "columns", [])]
    return "\n".join(parts).replace("\u00a0", " ")


def row(table, name):
    return next(item.cells for item in table.rows if item.cells[0] == name)


def table(blocks, label):
    return next(block for block in blocks if block.type == "table" and block.label == label)


# --- groups ------------------------------------------------------------------------------------------------------


def test_the_class_that_fell_is_told_and_no_other(place):
    note = opened(place)
    blocks = note.classes()
    found = table(blocks, "compared_class")
    assert {item.cells[0]: item.cells[6] for item in found.rows}["7Б"] == "ниже"
    assert row(found, "8А")[3:7] == ["×", "×", "×", "мало данных"]
    assert row(found, "8А")[7:] == ["×", "×"]
    text = words(note.main_page())
    assert "ниже, чем в остальных: 7Б" in text
    assert "8А" not in text
    places = [re.fullmatch(r"(\d+)(?:–(\d+))?", item.cells[8]) for item in found.rows if item.cells[0] != "8А"]
    assert all(places)  # every place comes with the range that chance leaves open


def test_difference_is_that_of_the_printed_parts(place):
    data = opened(place).data
    own = data.current.get("outcomes.quality", "", **{"class": "7Б"})
    whole = data.current.get("outcomes.quality")
    rest = (whole.part - own.part) / (whole.base - own.base)
    every = groups.compared(data, "outcomes.quality", groups.groups(data, "outcomes.quality", "class"))
    found = next(item for item in every if item.group.key == "7Б")
    assert float(found.contrast.gap) == pytest.approx((own.part / own.base - rest) * 100)


def test_subjects_have_no_test_and_say_why(place):
    found = table(opened(place).subjects(), "compared_subject")
    assert [head.title for head in found.columns].count("p") == 0
    assert any("много отметок" in note for note in found.notes)
    assert all(len(item.cells) == 7 for item in found.rows)


def test_what_is_no_share_is_not_compared(place):
    data = opened(place).data
    assert groups.compared(data, "subjects.mean_mark", groups.groups(data, "subjects.mean_mark", "class")) == []


def test_funnel_names_what_lies_outside_and_greys_small_groups(place):
    figure = funnel(opened(place).data, "outcomes.quality", "class")
    assert "ниже границ случайного: 7Б" in figure.alt
    assert "8А" not in figure.alt
    assert "Серым – менее 10" in figure.source
    assert "из 6." in figure.alt
    assert funnel(opened(place).data, "outcomes.quality", "level") is None


# --- teachers ------------------------------------------------------------------------------------------------------


def test_teachers_stand_under_codes_in_the_internal_copy_alone(tmp_path):
    made = workspace(tmp_path / "school")
    frames = tables({"5А": 30, "5Б": 30, "6А": 30}, {"5Б": -1.5}, 3)
    marks = frames["marks"]
    algebra = marks["subject"] == "Математика"
    codes = {"5А": "t_aaaa11112222", "5Б": "t_bbbb11112222", "6А": "t_aaaa22223333"}
    marks.loc[algebra, "teacher_id"] = marks.loc[algebra, "class"].map(codes)
    put(made, PERIOD, frames)
    note = opened(made)
    found = dict(teachers.by_subject(note.data, "internal"))
    assert list(found) == ["Математика"]  # every other subject has one teacher
    assert [item.group.key for item in found["Математика"]] == ["t_aaaa1", "t_aaaa2", "t_bbbb1"]
    assert [item.contrast.standing for item in found["Математика"]][2] == "below"
    text = words(note.teachers())
    assert "t_bbbb1" in text
    assert "не говорит о качестве работы" in text
    with pytest.raises(UsageError, match="внутреннем"):
        teachers.by_subject(note.data, "public")


# --- territories ---------------------------------------------------------------------------------------------------


def values(*rows):
    columns = ["school_id", "indicator", "subject", "parallel", "item", "school_year", "scope", "territory",
               "numerator", "denominator", "value", "unit", "source", "published_on"]  # fmt: skip
    return pd.DataFrame([{"school_id": "sosh4", "source": "Отчёт", **given} for given in rows], columns=columns)


def put_values(place, tmp_path, *rows):
    made = shutil.copytree(place.root, tmp_path / "copy")
    values(*rows).to_parquet(Path(made) / "data" / "clean" / PERIOD.id / "reference_values.parquet", index=False)
    return open_key_indicators(made.as_posix() if isinstance(made, Path) else str(made), PERIOD.id)


QUALITY = {"indicator": "outcomes.quality", "scope": "регион"}


def test_school_beside_the_region_by_counts_and_by_value(place, tmp_path):
    note = put_values(
        place, tmp_path,
        {**QUALITY, "numerator": 9000.0, "denominator": 10000.0, "unit": "%"},
        {**QUALITY, "scope": "страна", "value": 91.5, "school_year": "2025/2026"},
        {"indicator": "Средний балл", "scope": "регион", "value": 3.9, "unit": "балл"},
        {"indicator": "outcomes.quality", "parallel": 8, "scope": "регион", "value": 60.0},
    )  # fmt: skip
    found = note.references
    first = found.lines[0]
    assert (first.indicator, first.beside["регион"].standing, first.beside["страна"].standing) == (
        "outcomes.quality", "below", "below",
    )  # fmt: skip
    own = note.data.current.get("outcomes.quality")
    assert float(first.beside["регион"].gap) == pytest.approx(own.part / own.base * 100 - 90)
    assert conclusion(first.beside).replace("\u00a0", " ") == "ниже региона и страны"
    means = next(line for line in found.lines if line.indicator == "subjects.mean_mark")
    assert means.beside["регион"].p is None
    small = next(line for line in found.lines if line.dims == (("grade", "8"),))
    assert small.beside["регион"].standing == "small"
    made = references_table(note.data, found)
    assert row(made, "8\u2011е\u00a0классы")[-1] == "мало данных"
    assert any("принято точным" in text for text in made.notes)


def test_page_one_names_what_is_below_the_territories(place, tmp_path):
    """A head teacher asks which; two territories beside which the same differs are told of once."""
    note = put_values(
        place, tmp_path,
        {**QUALITY, "numerator": 9000.0, "denominator": 10000.0, "unit": "%"},
        {**QUALITY, "scope": "страна", "value": 91.5, "school_year": "2025/2026"},
    )  # fmt: skip
    blocks = note.main_page()
    text = words(blocks)
    assert "В сравнении с регионом и со страной (всего 1 показатель): ниже – " in text
    assert "(в целом); выше нет ни одного; по остальным" in text
    assert blocks[-1].type == "page_break"


def test_groups_at_one_point_of_the_funnel_share_a_label():
    same = [groups.Group(name, name, Parts(17, 24)) for name in ("4А", "4Б")]
    found = funnel_chart._outside([(group, "above") for group in same] + [(same[0], "inside")])
    assert found == {(24, 17 / 24 * 100): (["4А", "4Б"], True)}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({**QUALITY, "value": 60.0, "school_year": "2024/2025"}, "year"),
        ({**QUALITY, "indicator": "outcomes.qualty", "value": 60.0}, "unknown"),
        ({**QUALITY, "value": 3.6, "unit": "балл"}, "unknown"),
        ({**QUALITY, "item": "анкета", "value": 60.0}, "unknown"),
        ({**QUALITY, "value": None}, "unknown"),
        ({**QUALITY, "value": 600.0}, "unknown"),
        ({**QUALITY, "indicator": "vpr.quality", "subject": "Математика", "value": 60.0}, "no_figure"),
    ],
)
def test_what_does_not_fit_is_counted_and_said(place, tmp_path, given, reason):
    note = put_values(place, tmp_path, given)
    assert note.references.lines == []
    assert note.references.left_out[reason] == 1
    assert "ни одно из значений (1) не подошло" in words(note.territories())


def test_chances_are_corrected_over_the_whole_table(place, tmp_path):
    """One comparison at p = 0.03 is a difference; among twelve it is none."""
    data = opened(place).data
    own = data.current.get("outcomes.quality", "", grade="5")
    share = next(share for share in range(1, 100)
                 if 0.005 < references.fixed_p(own.part, own.base, share / 100) < 0.04
                 and abs(share - own.part / own.base * 100) > 4)  # fmt: skip
    one = {**QUALITY, "parallel": 5, "value": float(share)}
    assert put_values(place, tmp_path / "one", one).references.lines[0].beside["регион"].standing != "unproven"
    others = [{**QUALITY, "indicator": name, "parallel": grade, "scope": scope, "value": value}
              for name, value in (("outcomes.quality", 50.0), ("outcomes.success", 95.0))
              for grade in (5, 6, 7) for scope in ("муниципалитет", "страна")]  # fmt: skip
    lines = put_values(place, tmp_path / "many", one, *others).references.lines
    alone = next(line for line in lines if line.indicator == "outcomes.quality" and line.dims == (("grade", "5"),))
    assert alone.beside["регион"].standing == "unproven"


# --- the cluster -----------------------------------------------------------------------------------------------------


def test_index_by_hand(place):
    note = opened(place)
    data, found = note.data, note.index
    quality, success = (data.current.get(f"outcomes.{name}") for name in ("quality", "success"))
    missed = data.current.get("attendance.unexcused_share")
    scores = [
        quality.part / quality.base * 100,
        (success.part / success.base * 100 - 50) * 2,
        (20 - missed.part / missed.base * 100) * 5,
    ]
    assert found.total.value == pytest.approx((3 * scores[0] + scores[1] + scores[2]) / 5)
    assert found.total.coverage == pytest.approx(5 / 7)
    assert [part.why for part in found.parts] == ["", "", "", "absent", "period"]
    assert found.range.low <= found.total.value <= found.range.high


def test_index_never_stands_without_its_range(place):
    note = opened(place)
    text = words(note.main_page())
    assert re.search(r"– \d+,\d из 100; при других весах – \d+,\d–\d+,\d\.", text)
    assert "3 из 5 показателей (71 % весов)" in text
    made = table(note.cluster(), "cluster")
    assert made.rows[-1].cells[5].count("–") == 1
    assert row(made, note.data.catalogue["vpr.quality"].name)[1:3] == ["0 (14\u00a0%)", "–"]
    assert any("за такой период не считается" in note for note in made.notes)


def test_groups_are_compared_by_the_same_indicators(place):
    found = cluster.by_group(opened(place).data, "class")
    assert found.by == ("outcomes.quality", "outcomes.success")  # missed lessons are told of the school alone
    assert "8А" not in [item.name for item in found.groups]  # six pupils: its chief figure is not counted
    last = next(item for item in found.groups if item.name == "7Б")
    assert (last.places.first, last.places.worst) == (6, 6)
    assert all(item.places.best <= item.places.first <= item.places.last <= item.places.worst for item in found.groups)
    assert cluster.by_group(opened(place).data, "level") is None  # one level


def test_too_few_indicators_give_no_index_but_a_reason(place, tmp_path):
    made = workspace(tmp_path / "school")
    put(made, PERIOD, tables(CLASSES, {}, 3))
    write_cluster(made, least_coverage=0.9)
    note = opened(made)
    assert note.index.total.value is None
    assert "не рассчитан: есть 3 из 5 показателей" in words(note.main_page())
    assert any("меньше 90\u00a0% всех весов" in text for text in table(note.cluster(), "cluster").notes)
    assert "индекс не рассчитан" in words(note.cluster_groups())


# --- the whole -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [{"5А": 1}, {"5А": 20}, {"5А": 20, "6А": 20}])
def test_tiny_schools_crash_nothing_and_claim_nothing(tmp_path, classes):
    note = opened(school(tmp_path / "school", classes, before=False))
    text = "\n".join(words(getattr(note, name)()) for name in SECTIONS)
    assert "nan" not in text
    assert "None" not in text
    assert "выше, чем в остальных" not in text


def test_no_name_of_a_teacher_or_code_of_a_pupil(place):
    note = opened(place)
    text = "\n".join(words(getattr(note, name)()) for name in SECTIONS)
    assert not re.search(r"\bp_", text)


@cache
def _twice(root):
    note = open_key_indicators(root, PERIOD.id)
    return [block.model_dump_json() for name in SECTIONS for block in getattr(note, name)()]


def test_the_same_data_give_the_same_note(place):
    first = _twice(str(place.root))
    _twice.cache_clear()
    assert _twice(str(place.root)) == first
