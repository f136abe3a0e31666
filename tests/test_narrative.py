"""The narrative engine: conditions, templates, rules, and what it never says."""

from contextlib import suppress
from datetime import date

import pytest
import yaml
from hypothesis import given, strategies as st

from soko.analysis.narrative import Desk, Subject, tell
from soko.analysis.narrative_expr import Expression, ExpressionError
from soko.analysis.narrative_rules import load_rules
from soko.analysis.narrative_text import Template, TemplateError
from soko.errors import ConfigError

DESK = Desk(person=lambda key: f"отв. {key}", due=lambda days, start: date(2026, 9, 1 + days))
CATALOGUE = ["outcomes.quality", "outcomes.success"]


def write(folder, *rules, sections=("one",)):
    path = folder / "note.yaml"
    content = {"note": "note", "sections": [{"id": s, "title": s} for s in sections], "rules": list(rules)}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def rule(**changes):
    base = {
        "id": "r",
        "section": "one",
        "scope": "class",
        "indicator": "outcomes.quality",
        "when": "value < 30",
        "text": "{where} {value}",
    }
    return {**base, **changes}


def about(name, **facts):
    own = {"name": name, "short": name, "key": name, "where": f"в {name} классе", "level": "ООО"}
    return Subject("class", {"": own, "outcomes.quality": facts}, {"outcomes.quality": {}}, level="ООО")


def run(folder, subjects, *rules, common=None):
    return tell(load_rules(write(folder, *rules), CATALOGUE), subjects, common or {}, DESK)


# --- conditions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("value < 30 and n >= 10", True),
        ("10 < value <= 20", True),
        ("not small", True),
        ("abs(delta) > 2", True),
        ("-delta > 2 or value > 90", True),
        ("outcomes.success.value - value > 50", True),
        ("max(value, n) == 25", True),
        ("value / 0 > 1", None),
        ("previous > 1", None),
        ("previous > 1 or value < 30", True),
        ("previous > 1 and value > 30", False),
        ("nothing > 1", None),
    ],
)
def test_condition(text, expected):
    facts = {"value": 20.0, "n": 25, "small": False, "delta": -3, "outcomes.success.value": 98, "nothing": float("nan")}
    assert Expression(text)(facts) == expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "value.__class__.__mro__[0]",
        "[x for x in (1,)]",
        "(lambda: 1)()",
        "value ** 9",
        "'a' * 9 % 2",
        "value <",
        "open('x')",
        "f'{value}'",
        "value if small else 1",
    ],
)
def test_condition_refuses_what_is_not_arithmetic(text):
    with pytest.raises(ExpressionError):
        Expression(text)


def test_condition_suggests_the_nearest_name():
    with pytest.raises(ExpressionError, match=r"«valeu».*имелось в виду «value»"):
        Expression("valeu > 3").require(["value", "n"])


@given(st.text(max_size=40))
def test_condition_never_crashes(text):
    with suppress(ExpressionError, TypeError):
        Expression(text)({})


# --- templates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "n", "expected"),
    [
        ("{part|choose:не успевает:не успевают} {part|count:обучающийся}", 1, "не успевает 1 обучающийся"),
        ("{part|choose:не успевает:не успевают} {part|count:обучающийся}", 5, "не успевают 5 обучающихся"),
        ("{part|participle:выявлен:замечание} {part|count:замечание}", 21, "выявлено 21 замечание"),
        ("{part|participle:аттестован} {part|count:обучающийся}", 21, "аттестован 21 обучающийся"),
        ("нет {part|count:класс:gent}", 3, "нет 3 классов"),
        ("на {part|points} {part|sign:выше:ниже}", -2.14, "на 2,1 п.п. ниже"),
        ("{part}", 1234.5, "1234,5"),
    ],
)
def test_template_agrees(template, n, expected):
    assert Template(template)({"part": n}, {}).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{part|coutn:класс}", "«coutn»; возможно, имелось в виду «count»"),
        ("{part|count:класс:gnet}", "неизвестный падеж «gnet»"),
        ("{part|count}", "от 1 до 2"),
        ("{part|count:ъъъъ}", "не удаётся просклонять «ъъъъ»"),
        ("{part", "без пары"),
        ("качество ниже из-за болезней", "названа причина"),
        ("качество выше благодаря учителям", "названа причина"),
    ],
)
def test_template_refuses(template, message):
    with pytest.raises(TemplateError, match=message):
        Template(template)


def test_template_without_a_fact_says_nothing():
    assert Template("{value} и {delta}")({"value": 1, "delta": None}, {}) is None


# --- rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message", "key"),
    [
        ({"when": "worsend"}, "«worsend»; возможно, имелось в виду «worsened»", "when"),
        ({"when": "outcomes.sucess.value > 1"}, "outcomes.success.value", "when"),
        ({"text": "{vaule}"}, "имелось в виду «value»", "text"),
        ({"section": "ones"}, "нет раздела «ones»; возможно, имелось в виду «one»", "section"),
        ({"indicator": "outcomes.qualty"}, "имелось в виду «outcomes.quality»", "indicator"),
        ({"rank": "valu"}, "имелось в виду «value»", "rank"),
        ({"action": {"who": "x", "what": "{nmaes}", "days": 1}}, "имелось в виду «names»", "action"),
    ],
)
def test_wrong_rule_is_refused_with_its_line(tmp_path, changes, message, key):
    path = write(tmp_path, rule(id="fine"), rule(**changes))
    with pytest.raises(ConfigError, match=message) as caught:
        load_rules(path, CATALOGUE)
    line = int(caught.value.where.rsplit(" ", 1)[1])
    assert path.read_text(encoding="utf-8").splitlines()[line - 1].lstrip("- ").startswith(f"{key}:")


def test_unknown_key_and_double_id_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"severty.*severity"):
        load_rules(write(tmp_path, rule(severty="concern")), CATALOGUE)
    with pytest.raises(ConfigError, match="записано дважды"):
        load_rules(write(tmp_path, rule(), rule()), CATALOGUE)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("положительная динамика качества", "improved"),
        ("тенденция к росту", "improved"),
        ("положительная динамика качества", "monotone_up or improved"),
        ("положительная динамика качества", "not monotone_up"),
        ("качество стабильно", "value < 30"),
        ("показатель стабилен", "worsened"),
        ("качество стабильно", "stable or delta > 3"),
        ("качество стабильно", "not stable"),
    ],
)
def test_strong_words_need_their_rule(tmp_path, text, when):
    with pytest.raises(ConfigError, match="требует условия"):
        load_rules(write(tmp_path, rule(text=text, when=when)), CATALOGUE)
    with pytest.raises(ConfigError, match="требует условия"):
        load_rules(write(tmp_path, rule(item=text, when=when)), CATALOGUE)


def test_nothing_found_is_not_called_stable(tmp_path):
    with pytest.raises(ConfigError, match="nothing"):
        load_rules(write(tmp_path, rule(when="stable", nothing="качество стабильно")), CATALOGUE)


def test_strong_words_with_their_rule_are_read(tmp_path):
    load_rules(
        write(tmp_path, rule(text="динамика", when="monotone_up"), rule(id="s", text="стабильно", when="stable")),
        CATALOGUE,
    )


# --- what is said -------------------------------------------------------------------------------------------------


def test_one_object_a_sentence_several_a_fold(tmp_path):
    made = rule(fold="Ниже порога ({count|count:класс}): {items}", item="{name} – {value}", rank="0 - value", limit=2)
    one = run(tmp_path, [about("7А", value=20.0), about("7Б", value=50.0)], made)
    assert [s.text for s in one.sentences] == ["В 7А классе 20."]
    many = run(tmp_path, [about(name, value=v) for name, v in (("7А", 20.0), ("7Б", 10.0), ("7В", 15.0))], made)
    assert [s.text.replace("\u00a0", " ") for s in many.sentences] == [
        "Ниже порога (3 класса): 7Б – 10, 7В – 15 и ещё 1."
    ]


def test_checked_and_nothing_found_is_said_only_when_checked(tmp_path):
    made = rule(nothing="Ниже порога классов нет")
    assert [s.text for s in run(tmp_path, [about("7А", value=50.0)], made).sentences] == ["Ниже порога классов нет."]
    assert run(tmp_path, [about("7А")], made).sentences == []
    assert run(tmp_path, [], made).sentences == []


@pytest.mark.parametrize("severity", ["concern", "strength"])
def test_a_small_group_is_never_judged(tmp_path, severity):
    made = rule(
        severity=severity,
        small="{where} обучающихся мало",
        conclusion="плохо: {items}",
        headline=1,
        action={"who": "level", "what": "разобрать", "days": 1},
    )
    told = run(tmp_path, [about("7А", value=20.0, small=True, worsened=True)], made)
    assert [(s.kind, s.severity, s.text) for s in told.sentences] == [
        ("careful", "neutral", "В 7А классе обучающихся мало.")
    ]
    assert not told.conclusions
    assert not told.recommendations
    assert not told.deviations


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ("improved", [{"improved": True, "by_chance": True}], True),
        ("improved", [{"improved": True, "by_chance": False}], False),
        ("improved", [{"improved": True}], False),  # a mean: there is nothing to test
        ("improved", [{"improved": True, "by_chance": True}, {"improved": True, "by_chance": False}], False),
        ("year_improved", [{"year_improved": True, "by_chance": True, "year_by_chance": False}], False),
        ("year_improved", [{"year_improved": True, "by_chance": False, "year_by_chance": True}], True),
        ("value < 30", [{"by_chance": True, "year_by_chance": True}], False),  # it tells no change
    ],
)
def test_whether_a_told_change_may_be_chance_is_a_value(tmp_path, when, facts, expected):
    """Whatever the words of the rule are: they never say «случайным» here."""
    some = [about(name, value=20.0, **own) for name, own in zip(("7А", "7Б"), facts, strict=False)]
    told = run(tmp_path, some, rule(when=when, fold="{items}", item="{name}", conclusion="выросло: {items}"))
    assert [item.by_chance for item in (*told.sentences, *told.conclusions)] == [expected, expected]


def test_recommendations_go_to_each_person_with_their_own_classes(tmp_path):
    made = rule(severity="concern", action={"who": "level", "what": "разобрать {names}", "days": 3, "basis": "{items}"})
    primary = about("3А", value=10.0)
    primary.level = "НОО"
    told = run(tmp_path, [about("7А", value=20.0), primary, about("8А", value=20.0)], made)
    assert [(r.who, r.what.replace("\u00a0", " "), r.due) for r in told.recommendations] == [
        ("отв. ООО", "Разобрать 7А и 8А", date(2026, 9, 4)),
        ("отв. НОО", "Разобрать 3А", date(2026, 9, 4)),
    ]


def test_page_one_lists_only_what_is_worse_or_short_of_a_target(tmp_path):
    made = rule(severity="concern", headline=1, when="value < 90")
    told = run(tmp_path, [about("7А", value=20.0), about("7Б", value=20.0, worsened=True)], made)
    assert [(item.name, item.by_chance) for item in told.deviations] == [("7Б", False)]
    told = run(tmp_path, [about("7Б", value=20.0, worsened=True, by_chance=True)], made)
    assert [(item.name, item.by_chance) for item in told.deviations] == [("7Б", True)]


# --- the end of the school year ------------------------------------------------------------------------------------

LATER = {"what": "в новом году: {names}", "days": 1, "basis": "{items}"}


def advice(folder, closes_year, *names, **year_end):
    action = {"who": "level", "what": "сейчас: {names}", "days": 5, "year_end": {**LATER, **year_end}}
    path = write(folder, rule(action=action))
    path.write_text("leaving_grades: [9, 11]\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    subjects = [about(name, value=20.0, part=3) for name in names]
    for subject in subjects:
        subject.facts[""]["grade"] = int(subject.facts[""]["name"][:-1])
    desk = Desk(DESK.person, lambda days, start: date(2026, 9, 1) if start == "next_start" else date(2026, 8, 31))
    desk = Desk(desk.person, desk.due, closes_year)
    told = tell(load_rules(path, CATALOGUE), subjects, {}, desk)
    return [(item.what, item.due) for item in told.recommendations]


def test_after_the_last_period_next_years_work_names_no_class_that_leaves(tmp_path):
    assert advice(tmp_path, False, "7А", "9Б") == [("Сейчас: 7А и\u00a09Б", date(2026, 9, 1))]
    assert advice(tmp_path, True, "7А", "9Б") == [("В новом году: 7А", date(2026, 8, 31))]
    assert advice(tmp_path, True, "9Б", "11А") == []


def test_what_is_due_before_the_holidays_names_every_class(tmp_path):
    assert [what for what, _ in advice(tmp_path, True, "7А", "9Б", counted_from="end")] == [
        "В новом году: 7А и\u00a09Б"
    ]


def test_year_end_advice_may_be_held_back(tmp_path):
    assert advice(tmp_path, True, "7А", when="part > 3") == []
    assert len(advice(tmp_path, True, "7А", when="part > 2")) == 1


# --- names of studies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        ("bare", "Адаптация, 5 класс (Анкета адаптации)", "адаптация, 5 класс"),
        ("bare", "Мотивация, входная (Методика (5 класс))", "мотивация, входная"),
        ("bare", "Хор", "хор"),
        ("tail", "план: Сроки: все", "все"),
        ("tail", "план", "план"),
    ],
)
def test_a_name_is_shortened_in_a_sentence(form, name, said):
    assert Template(f"{{name|{form}}}")({"name": name}, {}) == said


def test_a_rule_may_speak_of_some_objects_only(tmp_path):
    found = [about(name, value=10.0, n=20) for name in ("5А", "5Б", "6А")]
    told = run(tmp_path, found, rule(only=["5*"], fold="ниже: {items}"))
    assert [item.text for item in told.sentences] == ["Ниже: 5А и\u00a05Б."]
    told = run(tmp_path, found, rule(only=["6А", "7А"], when="value > 30", nothing="нет"))
    assert [item.kind for item in told.sentences] == ["nothing"]
    assert not run(tmp_path, found, rule(only=["7*"], nothing="нет")).sentences


def test_nothing_is_not_said_where_a_small_group_meets_the_condition(tmp_path):
    few = about("5А", value=10.0, n=3, small=True)
    told = run(tmp_path, [few], rule(severity="concern", small="мало: {name}", nothing="таких нет"))
    assert [item.text for item in told.sentences] == ["Мало: 5А."]
