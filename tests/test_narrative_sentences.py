"""Every sentence of every note with 0, 1, 2, 5, 21 and a fraction: the golden text, and what rules of grammar say.

A new file of params/narrative gets its golden text by `make sentences`.
"""

from __future__ import annotations

import re

import pytest
import yaml
from tools import sentences
from tools.grammar import faults

from soko.russian import NBSP, bound, sentence

TEXTS = ("text", "fold", "every", "small", "small_fold", "nothing", "conclusion")


@pytest.mark.parametrize("note", sentences.notes())
def test_sentences_are_those_that_were_read(note):
    golden = sentences.GOLDEN / f"{note}.txt"
    made = sentences.render(note)
    assert golden.is_file(), f"нет {golden.name}: выполните make sentences и прочитайте, что получилось"
    assert made == golden.read_text(encoding="utf-8"), "сверьте предложения: make sentences, git diff"


def test_no_golden_text_is_left_of_a_note_that_is_gone():
    assert {path.stem for path in sentences.GOLDEN.glob("*.txt")} == set(sentences.notes())


@pytest.mark.deep
@pytest.mark.parametrize("note", sentences.notes())
def test_sentences_are_correct_russian(note):
    wrong = []
    for compiled in sentences.rules(note):
        for what, number, text in sentences.said(note, compiled):
            finished = what in TEXTS
            parts = [text] if finished else text.split(" ← ")
            wrong += [
                f"{compiled.rule.id}, {what} ({number}): {fault} | {part.replace(NBSP, '·')}"
                for part in parts
                for fault in faults(part, finished=finished)
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("note", sentences.notes())
def test_every_wording_is_said(note):
    """A wording that none of the figures makes a sentence of names a fact that its objects do not have."""
    silent = []
    for compiled in sentences.rules(note):
        rule = compiled.rule
        kinds = {what for what, _, _ in sentences.said(note, compiled)}
        wanted = {kind for kind in TEXTS if getattr(rule, kind)} | ({"action"} if rule.action else set())
        if rule.severity == "neutral":
            wanted.discard("small")  # such a rule judges nobody, and says its text of a small group too
        silent += [f"{rule.id}: {kind}" for kind in sorted(wanted - kinds)]
    assert not silent


# --- the rules of grammar themselves --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Не успевают 1 обучающихся.",
        "Не успевает 2 обучающийся.",
        "Прибыл 5 обучающихся.",
        "Прибыло 21 обучающийся.",
        "Не успевают 21 обучающийся.",
        "Нет 5 класс.",
        "Не хватает 1 обучающийся.",
        "Не хватает 21 обучающийся.",
        "По 5 предмета ниже.",
        "Снижение в 2 класса.",
        "Снижение в 21 классах.",
        "Всего 1,5 класс.",
        "Всего 22 классов.",
        "Есть 2 слабый класс.",
        "График работы с 5 неуспевающих обучающихся.",
        "После уроков заняты 1 из 21.",
        "По алгебре 21 из 25 успевают.",
        "Доля 3 из 8 (3 из 8).",
    ],
)
def test_disagreement_is_found(text):
    assert faults(re.sub(r"(?<=\d) (?=[а-яё])|(?<=из) (?=\d)", NBSP, text))


@pytest.mark.parametrize(
    "text",
    [
        "Доля  выросла.",
        "Доля выросла .",
        "Доля выросла,, но мало.",
        "Доля – {value}.",
        "Доля – None.",
        "Доля – nan.",
        "Доля – 46.2\u00a0%.",
        "Доля – 46,2 %.",
        "Доля на 2 п.п. выше.",
        'Предмет "алгебра".',
        "Доля - 3.",
        "Доля выросла",
        "доля выросла.",
        "Доля (выросла.",
        "Ниже цели: .",
        "Ниже цели ().",
        "Доля доля выросла.",
    ],
)
def test_faults_of_print_are_found(text):
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "Не успевает 1 обучающийся.",
        "Не успевают 2 обучающихся.",
        "Прибыло 5 обучающихся.",
        "Прибыл 21 обучающийся.",
        "Не хватает 21 обучающегося, 2 обучающихся.",
        "По 5 предметам и 1 предмету ниже.",
        "Снижение в 21 классе и в 2 классах.",
        "Всего 1,5 класса, 22 класса, 11 классов.",
        "Есть 2 слабых класса и 1 слабый класс.",
        "График работы с 5 неуспевающими обучающимися.",
        "За 4-ю четверть 2025/2026 учебного года (до 26 мая 2026 г.) – 46,2 % (24 из 52).",
        "Доля 3 из 8 (3 из 9).",
        "План на 2026/27 учебный год.",
        "После уроков занят 1 из 21.",
    ],
)
def test_correct_sentences_pass(text):
    assert not faults(bound(text))


def test_numbers_are_bound_and_not_said_twice():
    assert sentence("успевают 5 из 8 (5 из 8) – 20 %") == "Успевают 5·из·8·–·20·%.".replace("·", NBSP)


def test_notes_under_tables_are_whole_sentences():
    """YAML takes «[Одно, которое…]» without quotes for two texts: the second would begin in the middle."""
    from conftest import ROOT

    found = []
    for path in sorted((ROOT / "params" / "narrative").glob("*.yaml")):
        for section in yaml.safe_load(path.read_text(encoding="utf-8")).get("sections") or []:
            for show in section.get("show") or []:
                found += [(path.stem, note) for note in show.get("notes") or []]
    assert len(found) > 10
    assert [item for item in found if not re.match(r"[А-ЯЁ«\d]", item[1])] == []
