"""What the analyst writes: edits of conclusions and recommendations, supposed causes, commentary of every note."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import yaml
from note_school import PERIOD, put, school, tables

from soko.errors import ConfigError
from soko.notes import confirm_commentary, open_note, open_theme
from soko.publish.blocks import Callout, Prose, Table
from soko.workspace import Workspace

SIZES = {"5А": 24, "5Б": 24, "6А": 24, "6Б": 24}
FALL = {"5А": -0.9, "5Б": -0.9, "6А": -0.9, "6Б": -0.9}
STALE, IDLE = "сделаны к другим данным", "не применены"
LINE = "заполняет заместитель директора"


@pytest.fixture(scope="module")
def fallen(tmp_path_factory):
    """A school whose classes have all fallen since the previous term."""
    made = school(tmp_path_factory.mktemp("fallen") / "school", SIZES, before=False)
    put(made, PERIOD.previous(), tables(SIZES, {}, 3))
    put(made, PERIOD, tables(SIZES, FALL, 3))
    return made


@pytest.fixture
def place(fallen, tmp_path):
    shutil.copytree(fallen.root, tmp_path / "school")
    return Workspace.open(tmp_path / "school")


def settle(place, **settings):
    path = place.params / "periods" / f"{PERIOD.id}.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")


def note(place):
    return open_note(str(place.root))


def words(blocks):
    return "\n".join(f"{getattr(b, 'title', '')} {b.markdown}" for b in blocks if isinstance(b, Prose | Callout))


def proposed(place, rule):
    told = note(place).narrative
    return [item for item in told.conclusions if item.rule == rule], [
        item for item in told.recommendations if item.rule == rule
    ]


def test_a_conclusion_is_reworded_and_keeps_its_place_and_table(place):
    before = [item.rule for item in note(place).narrative.conclusions]
    settle(place, edits={"academic_results": [{"rule": "quality_worse", "conclusion": "Снижение подтверждено"}]})
    made = note(place)
    assert [item.rule for item in made.narrative.conclusions] == before
    made.outcomes()
    assert "Снижение подтверждено (таблица\u00a0{{table:compared}})." in words(made.conclusions())


def test_a_conclusion_is_dropped_only_with_a_reason(place):
    drop = {"rule": "quality_worse", "drop": "conclusion"}
    settle(place, edits={"academic_results": [drop]})
    with pytest.raises(ConfigError, match="нужны rule и reason"):
        note(place)
    settle(place, edits={"academic_results": [{**drop, "reason": "рассмотрено раньше"}]})
    conclusions, actions = proposed(place, "quality_worse")
    assert not conclusions
    assert actions  # the recommendation of the rule was not dropped
    settle(place, edits={"academic_results": [{**drop, "drop": "both", "reason": "рассмотрено раньше"}]})
    assert proposed(place, "quality_worse") == ([], [])


def test_a_recommendation_changes_its_person_and_date_and_keeps_its_words(place):
    _, (was,) = proposed(place, "quality_worse")
    change = {"rule": "quality_worse", "action": {"who": "data", "due": date(2026, 8, 28)}}
    settle(place, edits={"academic_results": [change]})
    _, (now,) = proposed(place, "quality_worse")
    assert (now.what, now.basis, now.due) == (was.what, was.basis, date(2026, 8, 28))
    assert now.who != was.who
    assert now.edited


def test_one_persons_recommendation_is_changed_alone(place):
    _, rows = proposed(place, "class_worse")
    assert len({item.who for item in rows}) == len(rows)
    drop = {"rule": "class_worse", "drop": "action", "reason": "нет"}
    settle(place, edits={"academic_results": [{**drop, "whose": "НОО"}]})
    _, now = proposed(place, "class_worse")
    assert now == rows  # none of her classes fell
    settle(place, edits={"academic_results": [{**drop, "whose": "ООО"}]})
    assert len(proposed(place, "class_worse")[1]) == len(rows) - 1


def test_own_conclusions_and_recommendations_come_last(place):
    own = [
        {"conclusion": "работа признана удовлетворительной"},
        {"action": {"what": "провести собрание", "who": "Классный руководитель 5А", "due": date(2026, 6, 5)}},
    ]
    settle(place, edits={"academic_results": own})
    made = note(place)
    lines = words(made.conclusions()).strip().splitlines()
    assert lines[-1].endswith("Работа признана удовлетворительной.")
    (table,) = [item for item in made.recommendations() if isinstance(item, Table)]
    assert ["Провести собрание", "Классный руководитель 5А", "5\u00a0июня 2026\u00a0г."] in [
        row.cells[1:4] for row in table.rows
    ]
    settle(place, edits={"academic_results": [{"action": {"what": "провести собрание"}}]})
    with pytest.raises(ConfigError, match="нужны what, who и due"):
        note(place)
    settle(place, edits={"academic_results": [{"rule": "failing"}]})
    with pytest.raises(ConfigError, match="ни conclusion, ни action, ни drop"):
        note(place)


def test_an_edit_is_flagged_when_the_figures_of_its_rule_change_and_not_before(place):
    settle(place, edits={"academic_results": [{"rule": "quality_worse", "conclusion": "Снижение подтверждено"}]})
    assert STALE not in words(note(place).conclusions())
    assert STALE not in words(note(place).conclusions())
    put(place, PERIOD, tables(SIZES, {**FALL, "5А": -1.2}, 3))
    flagged = words(note(place).conclusions())
    assert STALE in flagged
    assert "правило quality_worse" in flagged
    assert "Снижение подтверждено" in flagged  # it is kept
    assert confirm_commentary(place, PERIOD) == ["правка – правило quality_worse"]
    assert STALE not in words(note(place).conclusions())
    assert confirm_commentary(place, PERIOD) == []


def test_other_figures_do_not_flag_an_edit(place):
    settle(place, edits={"academic_results": [{"rule": "failing", "conclusion": "Список согласован"}]})
    _ = note(place).conclusions()
    changed = tables(SIZES, FALL, 3)
    marks = changed["marks"]
    better = marks.index[marks["mark"] == "4"][:1]
    changed["marks"].loc[better, "mark"] = "5"  # nobody fails or stops failing by that
    put(place, PERIOD, changed)
    assert STALE not in words(note(place).conclusions())


def test_an_edit_whose_rule_no_longer_speaks_is_told(place):
    settle(place, edits={"academic_results": [{"rule": "quality_worse", "conclusion": "Снижение подтверждено"}]})
    put(place, PERIOD, tables(SIZES, {}, 3))
    said = words(note(place).conclusions())
    assert IDLE in said
    assert "Снижение подтверждено" not in said


def test_an_edit_of_no_rule_is_refused_with_its_line(place):
    settle(place, notes=["academic_results"], edits={"academic_results": [{"rule": "quality_wors", "conclusion": "Х"}]})
    with pytest.raises(ConfigError, match="имелось в виду «quality_worse»") as caught:
        _ = note(place).narrative
    path, line = caught.value.where.rsplit(", строка ", 1)
    assert "quality_wors" in (place.root / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"edits": {"academic_result": []}}, "справки «academic_result» нет; возможно, имелось в виду"),
        ({"commentary": {"condition": {"staffing": "Х"}}}, "имелось в виду «conditions»"),
        ({"commentary": {"class_teacher": {"outcomes": "Х"}}}, "укажите, какая"),
        ({"commentary": {"academic_results:5А": {"outcomes": "Х"}}}, "по школе целиком"),
        ({"causes": {"outcome": ["illness"]}}, "«outcome»; возможно, имелось в виду «outcomes»"),
        ({"causes": {"outcomes": ["ilness"]}}, "причины «ilness» нет.*имелось в виду «illness»"),
        ({"causes": {"outcomes": ["no_money"]}}, "не для раздела «outcomes»"),
        ({"edits": {"academic_results": [{"rule": "failing", "whose": "ООП", "conclusion": "Х"}]}}, "«ООП»"),
    ],
)
def test_wrong_names_are_refused(place, settings, message):
    settle(place, **settings)
    made = note(place)
    with pytest.raises(ConfigError, match=message):
        made.outcomes()


# --- commentary and causes of other notes ---------------------------------------------------------------------------


def test_every_note_has_its_commentary_and_its_memory(place):
    written = {
        "classes": "О классах.",
        "class_teacher:5А": {"outcomes": "О классе 5А."},
        "class_teacher:5Б": {"outcomes": "О классе 5Б."},
    }
    settle(place, commentary=written)
    assert "О классах." in words(note(place).classes())

    def of(name):
        return words(open_theme("class_teacher", str(place.root), of=name).section("outcomes"))

    assert "О классе 5А." in of("5А")
    assert "О классе 5Б." in of("5Б")
    assert "Комментарий" not in of("6А")
    changed = tables(SIZES, {**FALL, "5А": 0.9}, 3)
    put(place, PERIOD, changed)
    assert "к другим данным" in of("5А")
    assert "к другим данным" not in of("5Б")  # nothing has changed there
    assert "class_teacher:5А: outcomes" in confirm_commentary(place, PERIOD)
    assert "к другим данным" not in of("5А")


def test_a_cause_is_a_supposition_and_fills_the_line(place):
    assert LINE in words(note(place).outcomes())
    settle(place, causes={"outcomes": ["illness", {"id": "teacher_changed", "about": "алгебра, 5 класс"}]})
    said = words(note(place).outcomes())
    assert (
        "**Предположение составителя:** сказались болезни и карантин; сменился учитель (алгебра, 5\u00a0класс)." in said
    )
    assert LINE not in said
    put(place, PERIOD, tables(SIZES, {**FALL, "5А": -1.2}, 3))
    assert "Причина названа к другим данным" in words(note(place).outcomes())
    assert confirm_commentary(place, PERIOD) == ["outcomes: предположение"]
    assert "Причина названа к другим данным" not in words(note(place).outcomes())


def test_without_a_major_concern_there_is_no_line(place):
    put(place, PERIOD, tables(SIZES, dict.fromkeys(SIZES, 1.6), 3))
    assert LINE not in words(note(place).outcomes())


def test_a_commentary_that_supposes_leaves_no_line(place):
    settle(place, commentary={"outcomes": "Предположение: сказалась болезнь учителя."})
    assert LINE not in words(note(place).outcomes())


def test_the_program_has_no_cause_of_its_own(place):
    said = words([*note(place).outcomes(), *note(place).classes(), *note(place).subjects()])
    assert "Предположение составителя" not in said
