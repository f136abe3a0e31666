"""Values as people write them, and the laws that every normaliser keeps."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from soko.cohorts import grade_of
from soko.intake import Context
from soko.intake.classname import school_class
from soko.intake.columns import Normaliser
from soko.intake.names import choose, compatible, parse_name
from soko.intake.normalise import Value, day, integer, number
from soko.intake.terms import allowed, date_range, parse_term, school_year
from soko.intake.words import column_index, column_letter, key, plural, text
from soko.periods import Period
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
CONTEXT = Context.open(Workspace(ROOT), Period.parse("2025-2026/q2"))
READ = Normaliser(CONTEXT)
COLUMNS = {
    kind: next(c for t in CONTEXT.tables.values() for c in t.columns if c.type == kind)
    for kind in ("mark", "class", "subject", "date", "number", "integer", "sex", "boolean")
}


def read(kind: str, raw: Any) -> Value:
    return READ.reader(COLUMNS[kind])(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("5А", "5А"), ("5 «а»", "5А"), ("5-А", "5А"), ("9»А»", "9А"), ("8    «В»", "8В"), ("5\xa0А", "5А"),
        ("5A", "5А"), ("7B", "7В"), ("11 K", "11К"), ("5а кл.", "5А"), ("5 класс", "5"), ("10", "10"), (10.0, "10"),
        (11, "11"), ("10-й класс", "10"), ("05б", "5Б"), ("1 «Г» класс", "1Г"), ("10ФМ", "10ФМ"),
        ("5К1", "5К1"), ("10М-1", "10М1"), ("10 «м-1»", "10М1"),
    ],
)  # fmt: skip
def test_class(raw: Any, expected: str) -> None:
    assert school_class(raw).value == expected


@pytest.mark.parametrize("raw", ["Итого", "13А", "0А", "А5", "пятый", "5G", "1–4 классы", "7 8"])
def test_what_is_no_class(raw: str) -> None:
    found = school_class(raw)
    assert found.value is None
    assert found.problem


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("5", "5"), (5.0, "5"), (4, "4"), ("'5", "5"), ("4 ", "4"), ("3.0", "3"), ("2,0", "2"), ("Н/A", "н/а"),
        ("н\\а", "н/а"), ("Н/А", "н/а"), ("осв.", "осв"), ("Осв", "осв"), ("зч", "зач"), ("Зачёт", "зач"),
        ("нз", "незач"), ("не аттестован", "н/а"), ("нпа", "н/а"),
    ],
)  # fmt: skip
def test_mark(raw: Any, expected: str) -> None:
    assert read("mark", raw).value == expected


@pytest.mark.parametrize("raw", ["-", "–", "—", "--", ".", "", "  ", None])
def test_no_mark(raw: Any) -> None:
    assert read("mark", raw) == Value(why="прочерк вместо отметки") or read("mark", raw) == Value()


@pytest.mark.parametrize(
    "raw", ["6", "1", 55, "5+", "н", "б", "Х", "X", "Иванов", True, date(2025, 4, 5), "4.5", "5/4", "5 4"]
)
def test_unknown_mark_is_told(raw: Any) -> None:
    found = read("mark", raw)
    assert found.value is None
    assert found.problem


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("20.04.2026", date(2026, 4, 20)), ("2025.05.30", date(2025, 5, 30)), (45402, date(2024, 4, 20)),
        ("45402", date(2024, 4, 20)), ("1.9.24", date(2024, 9, 1)), ("2025-09-01", date(2025, 9, 1)),
        ("2025-09-01T00:00:00", date(2025, 9, 1)), (datetime(2025, 9, 1, 8), date(2025, 9, 1)),
        ("12/03/2021", date(2021, 3, 12)),
        ("01.09.2025 г.", date(2025, 9, 1)), ("14.06.80", date(1980, 6, 14)), (date(2020, 1, 2), date(2020, 1, 2)),
    ],
)  # fmt: skip
def test_date(raw: Any, expected: date) -> None:
    assert day(raw, 2027).value == expected


@pytest.mark.parametrize("raw", ["31.02.2025", "вчера", "5", 5, "2025", "13.13.2013", True])
def test_what_is_no_date(raw: Any) -> None:
    found = day(raw)
    assert found.value is None
    assert found.problem


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("93,75", 93.75), ("93.75", 93.75), ("1 234,5", 1234.5), ("1\xa0234", 1234.0), ("12л 4м", 12 + 4 / 12),
     ("12 л. 4 мес.", 12 + 4 / 12), ("7 лет", 7.0), ("8 мес", 8 / 12), ("18 час.", 18.0), (18, 18.0), ("20%", 20.0)],
)  # fmt: skip
def test_number(raw: Any, expected: float) -> None:
    assert number(raw).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("raw", ["15?8%", "3чел./5,5%", "10 / 48%", "много", "1,2,3", True, "--5"])
def test_what_is_no_number(raw: Any) -> None:
    found = number(raw)
    assert found.value is None
    assert found.problem


def test_whole_numbers() -> None:
    assert integer("12 уроков").value == 12
    assert integer("-") == Value(0, why="прочерк в столбце количества – ноль")
    assert integer("2,5").problem
    assert integer("").value is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("Рус.яз", "Русский язык"), ("РУССКИЙ  ЯЗЫК", "Русский язык"),
     ("Англ.яз. (гр.1)", "Иностранный язык (английский)"),
     ("Англ.яз. (2 гр.)", "Иностранный язык (английский)"), ("Информатика подгруппа 2", "Информатика"),
     ("Робототехника", "Робототехника"), ("Робототехника (1 группа)", "Робототехника"),
     ("  Астро\nномия ", "Астро номия")],
)  # fmt: skip
def test_subject(raw: str, expected: str) -> None:
    assert read("subject", raw).value == expected


def test_words_of_a_list() -> None:
    assert read("sex", "Жен.").value == "ж"
    assert read("sex", "?").problem
    assert read("boolean", "+").value is True
    assert read("boolean", "0").value is False
    category = READ.reader(CONTEXT.tables["staff"].column("category"))
    assert [category(raw).value for raw in ("в/к", "1КК", "I", "СЗД", "б/к", "", "иная")] == [
        "высшая", "первая", "первая", "СЗД", "нет", None, "иная",
    ]  # fmt: skip


ANYTHING = st.one_of(
    st.none(), st.text(max_size=30), st.integers(-10, 80000), st.floats(allow_nan=True), st.booleans(), st.dates(),
    st.sampled_from(["5 «а»", "Н/A", "осв.", "1.9.24", "12л 4м", "Англ.яз. (гр.1)", "45402", "'5", "—"]),
)  # fmt: skip


@given(raw=ANYTHING, kind=st.sampled_from(sorted(COLUMNS)))
def test_normalisers_never_raise_and_are_idempotent(raw: Any, kind: str) -> None:
    first = read(kind, raw)
    assert not (first.value is not None and first.problem)
    if first.value is not None:
        again = read(kind, first.value)
        assert again.value == first.value
        assert not again.problem


@given(
    st.integers(1, 11),
    st.sampled_from("АБВГДЕЖЗИК"),
    st.sampled_from(["{}{}", "{} «{}»", "{}-{}", "{} {} класс", " {}{} кл."]),
)
def test_every_way_to_write_a_class(grade: int, letter: str, way: str) -> None:
    for written in (letter, letter.lower()):
        value = school_class(way.format(grade, written)).value
        assert value == f"{grade}{letter}"
        assert grade_of(value) == grade


@given(st.integers(0, 20000))
def test_column_letters_go_both_ways(index: int) -> None:
    assert column_index(column_letter(index)) == index


@given(st.text(max_size=40))
def test_text_and_key_are_idempotent(line: str) -> None:
    assert text(text(line)) == text(line)
    assert key(key(line)) == key(line)


def test_keys_forgive_what_people_vary() -> None:
    assert key("Ф.И.О.") == key("фио") == key("ФИО ")
    assert key("Кол-во \n учащихся") == key("КОЛВО УЧАЩИХСЯ")
    assert key("Зачётная") == key("зачетная")
    assert key("Kласс") == key("Класс")  # the first K is Latin


@pytest.mark.parametrize(
    ("raw", "kind", "index"),
    [("2 четверть", "quarter", 2), ("IV четверть", "quarter", 4), ("4-я четверть", "quarter", 4), ("q2", "quarter", 2),
     ("2", None, 2), ("2025-2026/q2", "quarter", 2), ("I полугодие", "half", 1), ("3 триместр", "trimester", 3),
     ("год", "year", 1), ("year", "year", 1), ("1 четверть 2025/2026 учебного года", "quarter", 1),
     ("t3", "trimester", 3)],
)  # fmt: skip
def test_terms(raw: str, kind: str | None, index: int) -> None:
    term = parse_term(raw, CONTEXT.sources)
    assert term is not None
    assert (term.kind, term.index) == (kind, index)


@pytest.mark.parametrize("raw", ["", "осень", "12", "экзамен", "четверть"])
def test_what_is_no_term(raw: str) -> None:
    assert parse_term(raw, CONTEXT.sources) is None


def test_a_half_year_goes_with_the_quarter_that_ends_it() -> None:
    half = parse_term("1 полугодие", CONTEXT.sources)
    assert half is not None
    assert allowed(half, Period.parse("2025-2026/q2"), 10, [10, 11])
    assert not allowed(half, Period.parse("2025-2026/q1"), 10, [10, 11])
    assert not allowed(half, Period.parse("2025-2026/q2"), 7, [10, 11])
    other_year = parse_term("2 четверть 2024/2025", CONTEXT.sources)
    assert other_year is not None
    assert not allowed(other_year, Period.parse("2025-2026/q2"), 7, [])


def test_years_and_dates_over_a_table() -> None:
    assert school_year("2024/2025") == school_year("2024-25 учебный год") == 2024
    assert school_year("2024/2027") is None
    assert date_range("с 24.03.25 по 24.05.25") == (date(2025, 3, 24), date(2025, 5, 24))


NAMES = ["Иванов Иван Иванович", "ИВАНОВ  Иван", "Иванов И.И.", "Иванов И. И.", "Иванов И"]


@pytest.mark.parametrize("written", NAMES)
def test_ways_to_write_a_name(written: str) -> None:
    listed = {"a": parse_name("Иванов Иван Иванович"), "b": parse_name("Петров Иван Иванович")}
    parts = parse_name(written)
    assert parts is not None
    assert choose(parts, {code: name for code, name in listed.items() if name}) == ["a"]


def test_names_yo_dashes_and_oglu() -> None:
    one, other = parse_name("Семёнова – Тян  Алёна"), parse_name("СЕМЕНОВА-ТЯН АЛЕНА")
    assert one == other
    first, second = parse_name("Мамедов Али Вагиф оглы"), parse_name("Мамедов А.")
    assert first is not None
    assert second is not None
    assert compatible(second, first)
    assert not compatible(first, parse_name("Мамедов Азер Вагиф оглы") or first)


def test_two_candidates_are_never_chosen_from() -> None:
    listed = {c: n for c, n in (("a", parse_name("Иванов Иван Ильич")), ("b", parse_name("Иванов Игорь"))) if n}
    short = parse_name("Иванов И.")
    assert short is not None
    assert choose(short, listed) == ["a", "b"]


@pytest.mark.parametrize(
    ("number_", "said"), [(1, "1 строка"), (2, "2 строки"), (5, "5 строк"), (11, "11 строк"), (21, "21 строка")]
)
def test_plural(number_: int, said: str) -> None:
    assert plural(number_, "строка", "строки", "строк") == said
