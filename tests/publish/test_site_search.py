"""The index of the search: every word can be looked up, no text becomes markup, tables give their words."""

from __future__ import annotations

import functools
import json

from hypothesis import given, settings, strategies as st

from soko.disclosure.needles import Needles, Person
from soko.disclosure.spellings import given_forms, surname_forms
from soko.site import forms, search
from soko.site.gather import Page

WORDS = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12)


def numbered(code):
    """As the page reads it: letters to the base 26."""
    assert code.isalpha()  # a figure beside a word of an indicator would pass for a share that is hidden
    return functools.reduce(lambda sum_, one: 26 * sum_ + ord(one) - 97, code, 0)


def spelled(table: dict) -> set[str]:
    """All forms that the page will know."""
    ends = [line.split(" ") for line in table["endings"]]
    return {stem + end for stem, code, *_ in table["lemmas"] for end in ends[numbered(code)]}


@given(st.lists(WORDS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_every_word_is_one_of_its_forms_or_left_out(words: list[str]) -> None:
    table = forms.table(words)
    long = {word for word in words if len(word) > 2}
    assert long <= spelled(table) | set(table["empty"])


def test_a_word_has_all_its_forms() -> None:
    known = spelled(forms.table(["справка", "посещаемость", "снизилась", "учебе"]))
    assert {"справок", "справками", "посещаемостью", "снизился", "снизиться"} <= known
    assert "учебы" in known


def test_prepositions_are_nothing_to_look_for() -> None:
    table = forms.table(["по", "в", "и", "чтобы", "алгебра"])
    assert set(table["empty"]) == {"по", "в", "и", "чтобы"}
    assert [stem for stem, *_ in table["lemmas"]] == ["алгебр"]


def test_words_that_decline_alike_share_their_endings() -> None:
    table = forms.table(["алгебра", "школа", "сумма"])
    assert len({number for _, number, *_ in table["lemmas"]}) < 3


BODY = """<header><h1>Справка</h1></header><p>Введение: 12 %</p><nav class="toc"><p>Содержание</p></nav>
<h2 id="s1">Итоги</h2><p>Первая<br>вторая</p><ul><li><p>пункт</p><p>ещё</p></li></ul>
<table><caption>Таблица 1 – Классы</caption><thead><tr><th>Класс<span class="unit">кол.</span></th>
<th>Качество</th></tr></thead><tbody><tr><th>7А</th><td>12,5</td></tr></tbody></table>
<figure><svg aria-label="Рисунок"><text>штрих</text></svg><figcaption>Рисунок 1</figcaption></figure>
<h3 id="s2">Пусто</h3>"""


def test_sections_are_what_stands_under_a_heading() -> None:
    found = search.sections(BODY)
    assert [(item.anchor, item.heading) for item in found] == [("", ""), ("s1", "Итоги"), ("s2", "Пусто")]
    assert found[0].prose == ["Введение: 12 %"]
    assert found[1].prose == ["Первая вторая", "пункт ещё", "Таблица 1 – Классы", "Рисунок 1"]


def test_of_tables_words_are_kept_and_no_numbers() -> None:
    data = json.loads(search.index([search.Source(Page("Справка", "", BODY), "a.html", "4 четверть")]))
    (cells,) = [section[4] for section in data["sections"] if section[1] == "s1"]
    assert "7а" in cells.split()
    assert {"качество", "класс", "кол"} <= set(cells.split())
    assert "12" not in cells
    assert "штрих" not in json.dumps(data, ensure_ascii=False)


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_ends_the_script_that_holds_the_index(text: str) -> None:
    title = f"</script><script>{text}"
    told = search.index([search.Source(Page(title, "", "<p>слово</p>"), "a.html", text)])
    assert "<" not in told
    assert json.loads(told)["documents"][0][0] == title.replace("\u2028", " ").replace("\u2029", " ")


def test_the_alphabet_makes_nobody_of_two_winners() -> None:
    """Two who may be named, in one table: «Артёмов» and «Артём» are neighbours in a list, and a third pupil's name."""
    named = "<tr><td>Иванова Вера, Артёмов Егор</td></tr><tr><td>Петров Артём, Веров Пётр</td></tr>"
    page = Page("Доклад", "", f'<h2 id="s1">Победители</h2><p>Назовём их.</p><table>{named}</table>')
    told = search.index([search.Source(page, "a.html", "2025/2026 учебный год")])
    pupils = [("артем", "артемов"), ("вера", "веров"), ("вера", "назов")]
    people = tuple(Person(given_forms(first), frozenset(), first[0], "обучающегося") for first, _ in pupils)
    surnames = {form: (at,) for at, (_, surname) in enumerate(pupils) for form in surname_forms(surname)}
    assert list(Needles(people=people, surnames=surnames).find("Артёмов Артём"))
    assert not list(Needles(people=people, surnames=surnames).find(told))
    data = json.loads(told)
    assert {"артемов", "артем", "вера"} <= set(forms.words(data["sections"][0][4]))
