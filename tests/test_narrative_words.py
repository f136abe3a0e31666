"""Conditions of rules in words, and the annex of rules that is made of them."""

from __future__ import annotations

import ast
from pathlib import Path

import note_school
import pytest
import yaml
from tools import sentences

from soko.analysis.narrative_expr import Expression
from soko.analysis.narrative_vocabulary import FLAGS, NUMBERS
from soko.analysis.narrative_words import Measure, describe
from soko.notes import open_note, rules_docs
from soko.notes.rules_annex import LABEL
from soko.publish.blocks import Table
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
QUALITY = Measure("Качество знаний", "percent")
MEASURES = {"outcomes.success": Measure("Успеваемость", "percent"), "movement.left": Measure("Выбыло", "count")}
KNOWN = {"stable_points": 2.0, "small_group": 10.0, "fall": 12.5, "longer": 1.15}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delta < 0 - stable_points", "снижение больше чем на 2 п.п."),
        ("delta > fall", "рост больше чем на 12,5 п.п."),
        ("year_delta <= -fall", "снижение за год не меньше чем на 12,5 п.п."),
        ("delta_pupils <= 0 - 1", "снижение в единицах базы не меньше чем на 1"),
        ("value < 30", "показатель меньше 30 %"),
        ("10 < value <= 20", "10 меньше показателя и показатель не больше 20 %"),
        ("n < small_group", "база меньше 10"),
        ("n > 0", "есть данные"),
        ("not worsened", "не хуже прошлого периода"),
        ("worsened and n > 0", "хуже прошлого периода и есть данные"),
        ("year_improved or year_worsened", "лучше, чем год назад, или хуже, чем год назад"),
        ("small and (improved or worsened)", "малая группа и (лучше прошлого периода или хуже прошлого периода)"),
        ("improved and certain and n > 0", "лучше прошлого периода; " + FLAGS["certain"][0] + "; есть данные"),
        ("outcomes.success.value - value > fall", "«Успеваемость» минус показатель больше 12,5"),
        ("movement.left.value > 0", "«Выбыло» больше 0"),
        ("outcomes.success.n > 0", "«Успеваемость»: есть данные"),
        ("value > 1.25 * parent_value", "показатель больше 1,25 × среднего по школе или уровню"),
        ("abs(delta) > fall", "размер (изменение) больше 12,5"),
        ('key == "питание"', "строка – «питание»"),
        ('key == "питание" or key == "охрана"', "строка – «питание» или «охрана»"),
        (
            "weeks <= longer * previous_weeks and previous_weeks <= longer * weeks",
            "длина периодов отличается не больше чем в 1,15 раза",
        ),
        # Half of the pair alone is another condition.
        ("weeks <= longer * previous_weeks", "число недель в периоде не больше 1,15 × числа недель в прошлом периоде"),
    ],
)
def test_a_condition_in_words(text, words):
    assert describe(Expression(text), QUALITY, MEASURES, KNOWN).replace("\u00a0", " ") == words


def test_units_are_those_of_the_indicator():
    mark = Measure("Средний балл", "mark")
    assert describe(Expression("value < 30"), mark, MEASURES, KNOWN) == "показатель меньше\u00a030".replace(
        "\u00a0", " "
    )
    assert describe(Expression("value < 30"), None, MEASURES, KNOWN) == "показатель меньше 30"


@pytest.mark.parametrize("note", sentences.notes())
def test_every_fact_of_every_condition_has_words(note):
    texts = {"key", "name", "level", "school", "previous_period", "year_ago_period"}
    for compiled in sentences.rules(note):
        for name in compiled.when.names:
            fact = name.rpartition(".")[2]
            assert fact in FLAGS or fact in NUMBERS or fact in texts or fact in compiled.rule.thresholds, (
                f"{note}, {compiled.rule.id}: дайте слова факту «{fact}» в soko.analysis.narrative_vocabulary"
            )


@pytest.mark.parametrize("note", sentences.notes())
def test_no_word_of_a_condition_is_code(note):
    data = sentences.data(note)
    known = {"stable_points": 2.0, "small_group": 10.0}
    for compiled in sentences.rules(note):
        said = rules_docs.of_rule(compiled, data.catalogue, known)
        assert "_" not in said, said
        assert not {node.id for node in ast.walk(compiled.when.tree) if isinstance(node, ast.Name)} & set(said.split())


def test_the_page_of_all_rules_is_up_to_date():
    made = rules_docs.text(Workspace.open(ROOT))
    assert made == (ROOT / "docs" / "narrative.md").read_text(encoding="utf-8"), "выполните make docs"


# --- the annex of a note ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return note_school.school(tmp_path_factory.mktemp("rules"), {"5А": 24, "5Б": 24, "6А": 24, "6Б": 4})


def annex(place):
    note = open_note(str(place.root))
    (table,) = [item for item in note.rules() if isinstance(item, Table)]
    return note, table, {row.cells[0]: row.cells for row in table.rows}


def test_the_annex_has_the_rules_that_were_met_and_names_the_others(place):
    note, table, rows = annex(place)
    assert table.label == LABEL
    concluded = {item.rule for item in note.narrative.conclusions}
    assert concluded <= set(rows)
    checks = {item.rule: item for item in note.narrative.checks}
    for rule in rows:
        assert checks[rule].met or checks[rule].small
    unmet = table.notes[-1].removeprefix("Проверено, условие не выполнено: ").rstrip(".").split(", ")
    assert unmet
    assert all(not checks[rule].met and not checks[rule].small for rule in unmet)
    assert not set(unmet) & set(rows)


def test_grounds_are_the_figures_and_the_counts(place):
    note, _, rows = annex(place)
    success = note.data.current.get("outcomes.success")
    below = rows["success_below_target"][3].replace("\u00a0", " ")
    assert f"({success.part:.0f} из {success.base:.0f})" in below
    assert "; было " in below
    checks = {item.rule: item for item in note.narrative.checks}
    for rule, cells in rows.items():
        if checks[rule].decided > 1:
            assert (
                f"выполнено для {checks[rule].met} из {checks[rule].decided}" in cells[3].replace("\u00a0", " ").lower()
            )


def test_the_analysts_edits_are_told(place):
    path = place.params / "periods" / f"{note_school.PERIOD.id}.yaml"
    before = path.read_text(encoding="utf-8")
    edits = [
        {"rule": "success_below_target", "drop": "conclusion", "reason": "цель пересмотрена."},
        {"rule": "reserve", "conclusion": "Резерв есть", "action": {"basis": "списки"}},
    ]
    path.write_text(yaml.safe_dump({"edits": {"academic_results": edits}}, allow_unicode=True), encoding="utf-8")
    try:
        _, _, rows = annex(place)
    finally:
        path.write_text(before, encoding="utf-8")
    assert rows["success_below_target"][3].endswith("снято составителем: цель пересмотрена")
    assert rows["reserve"][3].endswith("вывод изменён составителем; рекомендация изменена составителем")
