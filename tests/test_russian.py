from datetime import date

import pytest
from hypothesis import given, strategies as st

from soko import russian as ru
from soko.russian_words import CASES, forms

N = ru.NBSP


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "0 обучающихся"),
        (1, "1 обучающийся"),
        (2, "2 обучающихся"),
        (5, "5 обучающихся"),
        (11, "11 обучающихся"),
        (21, "21 обучающийся"),
        (101, "101 обучающийся"),
        (111, "111 обучающихся"),
        (1.5, "1,5 обучающегося"),
        (0.5, "0,5 обучающегося"),
    ],
)
def test_pupils_nominative(n, expected):
    assert ru.count(n, "обучающийся") == expected.replace(" ", N)


@pytest.mark.parametrize(
    ("n", "case", "expected"),
    [
        (1, "gent", "1 обучающегося"),
        (2, "gent", "2 обучающихся"),
        (21, "datv", "21 обучающемуся"),
        (5, "datv", "5 обучающимся"),
        (1, "accs", "1 обучающегося"),
        (2, "accs", "2 обучающихся"),
        (1, "ablt", "1 обучающимся"),
        (11, "ablt", "11 обучающимися"),
        (3, "loct", "3 обучающихся"),
        (1.5, "datv", "1,5 обучающегося"),
    ],
)
def test_pupils_in_cases(n, case, expected):
    assert ru.count(n, "обучающийся", case) == expected.replace(" ", N)


@pytest.mark.parametrize(
    ("n", "noun", "case", "expected"),
    [
        (2, "класс", "nomn", "2 класса"),
        (5, "класс", "nomn", "5 классов"),
        (22, "ученик", "accs", "22 ученика"),
        (2, "ученик", "accs", "2 учеников"),
        (1, "отметка", "accs", "1 отметку"),
        (3, "человек", "nomn", "3 человека"),
        (5, "человек", "nomn", "5 человек"),
        (12, "замечание", "nomn", "12 замечаний"),
        # not in the table: pymorphy3 answers
        (2, "протокол", "nomn", "2 протокола"),
        (5, "олимпиада", "nomn", "5 олимпиад"),
        (2, "слабый класс", "nomn", "2 слабых класса"),
        (1, "неуспевающий обучающийся", "gent", "1 неуспевающего обучающегося"),
        (4, "неуспевающий обучающийся", "nomn", "4 неуспевающих обучающихся"),
    ],
)
def test_other_words(n, noun, case, expected):
    assert ru.count(n, noun, case).replace(N, " ") == expected


def test_the_table_agrees_with_the_analyser():
    """A slip of the hand in the table would otherwise be printed for years."""
    from soko.russian_words import _TABLE, _pymorphy_noun

    for word, ours in _TABLE.items():
        if word in ("обучающийся", "учитель", "человек"):  # here the analyser is the one who errs
            continue
        theirs = _pymorphy_noun(word)
        for case in CASES:
            assert ours.singular[case].replace("ё", "е") == theirs.singular[case].replace("ё", "е"), (word, case)
            assert ours.plural[case].replace("ё", "е") == theirs.plural[case].replace("ё", "е"), (word, case)
        assert (ours.gender, ours.animate) == (theirs.gender, theirs.animate), word


@pytest.mark.parametrize(
    ("n", "noun", "expected"),
    [
        (1, "обучающийся", "выявлен"),
        (21, "обучающийся", "выявлен"),
        (11, "обучающийся", "выявлено"),
        (5, "обучающийся", "выявлено"),
        (0, "обучающийся", "выявлено"),
        (1, "ошибка", "выявлена"),
        (1, "замечание", "выявлено"),
    ],
)
def test_participle_agrees(n, noun, expected):
    assert ru.participle(n, "выявлен", noun) == expected


def test_verb_agrees():
    assert [ru.choose(n, "не успевает", "не успевают") for n in (0, 1, 2, 11, 21)] == [
        "не успевают",
        "не успевает",
        "не успевают",
        "не успевают",
        "не успевает",
    ]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (46.25, 1, "46,3"),
        (2.25, 1, "2,3"),  # round() would give 2,2
        (-0.04, 1, "0,0"),
        (-2.5, 0, "−3"),
        (1234, None, "1234"),
        (12345, None, "12 345"),
        (1234567.5, None, "1 234 567,5"),
        (0, None, "0"),
        (100, None, "100"),
        (3.14159, None, "3,14"),
    ],
)
def test_number(value, places, expected):
    assert ru.number(value, places) == expected.replace(" ", N)


@given(st.floats(min_value=-1e9, max_value=1e9), st.integers(min_value=0, max_value=3))
def test_number_reads_back(value, places):
    text = ru.number(value, places)
    back = float(text.replace(N, "").replace(",", ".").replace(ru.MINUS, "-"))
    assert abs(back - value) <= 0.5 * 10**-places + 1e-6
    assert text not in ("−0", "−0,0", "−0,00", "−0,000")


def test_no_number_out_of_nothing():
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="не число"):
            ru.number(value)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from(["обучающийся", "класс", "отметка"]))
def test_number_and_word_never_disagree(n, noun):
    text = ru.count(n, noun).split(N)[-1]
    singular = n % 10 == 1 and n % 100 != 11
    assert (text == forms(noun).singular["nomn"]) == singular


def test_signed():
    assert [ru.signed(x, 1) for x in (2.14, -3, 0, -0.01)] == ["+2,1", "−3,0", "0,0", "0,0"]
    assert ru.signed(3) == "+3"


def test_listing():
    assert ru.listing([]) == ""
    assert ru.listing(["5А"]) == "5А"
    assert ru.listing(["5А", "6Б"]) == f"5А и{N}6Б"
    assert ru.listing(["5А", "6Б", "7В"]) == f"5А, 6Б и{N}7В"
    assert ru.listing(["5А", "6Б", "7В", "8А"], limit=2) == f"5А, 6Б и{N}ещё{N}2"


def test_quotes_nest():
    assert ru.quote("Лицей «Луч»") == "«Лицей „Луч“»"
    assert ru.quote('Лицей "Луч"') == "«Лицей „Луч“»"


def test_classes():
    assert ru.in_classes(["7А"]) == f"в{N}7А классе"
    assert ru.in_classes(["2А", "7Б"]) == f"во{N}2А и{N}7Б классах"
    assert ru.in_grades([7]) == f"в{N}7-х классах"
    assert ru.in_grades([2, 11]) == f"во{N}2-х и{N}11-х классах"
    assert ru.in_classes(["21"]) == f"в{N}21 классе"


def test_dates():
    assert ru.day(date(2026, 5, 26)) == f"26{N}мая 2026{N}г."
    assert ru.day_range(date(2026, 4, 6), date(2026, 5, 26)) == f"с{N}6{N}апреля по{N}26{N}мая 2026{N}г."
    assert "2025" in ru.day_range(date(2025, 9, 1), date(2026, 5, 26))


def test_sentence():
    assert ru.sentence("всего  хорошо") == "Всего хорошо."
    assert ru.sentence("Готово.") == "Готово."


def test_light_words_do_not_load_the_analyser():
    import subprocess
    import sys

    code = "import sys; from soko import russian as r; r.count(5, 'класс'); assert 'pymorphy3' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Алгебра", "алгебре"),
        ("Физическая культура", "физической культуре"),
        ("Вероятность и статистика", "вероятности и статистике"),
        ("Основы безопасности и защиты Родины", "основам безопасности и защиты Родины"),
        ("Труд (технология)", "труду (технологии)"),
        ("ОБЗР", "предмету «ОБЗР»"),
    ],
)
def test_a_subject_after_po(name, expected):
    assert ru.by_subject(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Верещагина Н.П.", "Н. П. Верещагина"), ("Ким С.", "С. Ким"), ("Иван Петров", "Иван Петров"), ("", "")],
)
def test_initials_first(name, expected):
    assert ru.initials_first(name).replace("\u00a0", " ") == expected


def test_a_number_of_an_order_is_not_torn_from_its_sign():
    assert ru.bound("приказ от 29.08.2025 № 112") == "приказ от 29.08.2025 №\u00a0112"


@pytest.mark.parametrize(
    ("values", "shortest", "text"),
    [([3, 1, 2, 8], 3, "1–3, 8"), ([1, 2, 8], 3, "1, 2, 8"), ([1, 2, 8], 2, "1–2, 8"), ([5], 2, "5"), ([], 2, "")],
)
def test_neighbours_are_one_run(values, shortest, text):
    assert ru.spans(values, shortest) == text


@given(st.floats(0, 300), st.sampled_from(["обучающийся", "класс", "отметка", "слабый класс"]))
def test_the_word_suits_the_number_that_is_printed(n: float, noun: str) -> None:
    """4.999 is printed as «5», so that it is «5 обучающихся»; 1.004 is «1 обучающийся»."""
    shown = float(ru.number(n).replace(",", "."))
    assert ru.count(n, noun) == f"{ru.number(n)}{ru.NBSP}{ru.word(shown, noun)}"
    assert ru.choose(n, "успевает", "успевают") == ru.choose(shown, "успевает", "успевают")
    assert ru.participle(n, "выявлен", noun) == ru.participle(shown, "выявлен", noun)
