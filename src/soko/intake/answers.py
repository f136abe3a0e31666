"""Answers of a questionnaire: scores of a scale, several answers in one cell, a class in words, personal data."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from soko.intake.config import Surveys
from soko.intake.normalise import number
from soko.intake.words import blank, key, text

_ORDINALS = ["перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат"]
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})(?:ый|ой|ий|ом|ем|ого|его|ья|ая)?\b", re.IGNORECASE)
_ABOUT_CLASS = re.compile(r"^\W*(?:мы|я)?\s*(?:учится|учимся|учусь)?\s*(?:в|во)\s+", re.IGNORECASE)

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+?7|8)?[\s(–-]*\d{3}[\s)–-]*\d{3}[\s–-]*\d{2}[\s–-]*\d{2}(?!\d)")
_PATRONYMIC = re.compile(r"\b[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|оглы|кызы)[а-яё]{0,2}\b")
_INITIALS = re.compile(
    r"\b[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ]\.\s*(?:[А-ЯЁ]\.)?|\b[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+"
)
_IN_A_SENTENCE = re.compile(r"[а-яё,:]\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+")
_PERSON = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]+(?:\s+[А-ЯЁ][а-яё]+)?")
_MOSTLY = 0.5


def spelled_class(raw: Any) -> str:
    """«седьмой б», «учится в 7 Б» → what ``school_class`` reads; anything else stays."""
    line = _ABOUT_CLASS.sub("", text(raw)).replace("ё", "е")
    return _ORDINAL.sub(lambda match: str(_ORDINALS.index(match[1].lower()) + 1), line)


def holds_person(raw: Any) -> bool:
    """True for a text with a phone, an address of e-mail, a name with patronymic or initials."""
    line = text(raw)
    return any(pattern.search(line) for pattern in (_MAIL, _PHONE, _PATRONYMIC, _INITIALS, _IN_A_SENTENCE))


def without_names(line: str) -> str:
    """A question without whom it is about: «Довольны ли вы работой Ивановой А. П.?»."""
    for pattern in (_INITIALS, _PATRONYMIC, _MAIL, _PHONE):
        line = pattern.sub("[имя]", line)
    return line


def personal_question(title: str, values: list[Any], scale: Scale, rules: Surveys) -> bool:
    """A question about who answers, by its title or because most answers look like names, phones, e-mails."""
    filled = [value for value in values if not blank(value)]
    if filled and sum(scale.known(value) for value in filled) > _MOSTLY * len(filled):
        return False  # «Мешает ли телефон на уроках?»
    words = [word.lower() for word in re.findall(r"[\w-]+", text(title))]
    stems = [word.rstrip("*") for word in rules.personal if word.endswith("*")]
    if any(word in rules.personal or any(word.startswith(stem) for stem in stems) for word in words):
        return True
    people = sum(holds_person(value) or _whole_name(text(value)) for value in filled)
    return bool(filled) and people > _MOSTLY * len(filled)


def _whole_name(line: str) -> bool:
    """«Фамилия Имя» alone in the cell: each word begins with a capital, which answers do not do."""
    return bool(_PERSON.fullmatch(line))


class Scale:
    """Scores of one question: words by the table of sources.yaml, numbers by the shortest scale that holds them all."""

    def __init__(self, values: list[Any], rules: Surveys) -> None:
        self._words = {key(word): score for score, words in rules.scale.items() for word in words}
        self._silent = {key(word) for word in rules.unscored}
        numbers = [found for value in values if not blank(value) and (found := number(value).value) is not None]
        fits = bool(numbers) and min(numbers) >= 1
        self._most = next((n for n in sorted(rules.points) if fits and max(numbers) <= n), None)

    def score(self, raw: Any) -> float | None:
        """0…1, None for an answer that the scale does not know."""
        if (worded := self._words.get(key(raw))) is not None:
            return worded
        found = number(raw).value
        if found is None or self._most is None:
            return None
        return (float(found) - 1) / (self._most - 1)

    def known(self, raw: Any) -> bool:
        """True also for «затрудняюсь ответить», which has no score."""
        return self.score(raw) is not None or key(raw) in self._silent


def names_people(raw: Any, scale: Scale) -> bool:
    """True for an answer to hide: a person in it or as one of its parts, if it is no word of the scale."""
    parts = re.split(r"[;,\n]", str(raw))
    return not scale.known(raw) and any(holds_person(part) or _whole_name(text(part)) for part in [text(raw), *parts])


def options(values: list[Any], scale: Scale, most: int) -> tuple[str, list[str]] | None:
    """(separator, options) of a question with several answers in a cell; None for any other question.

    Form services join answers by «;» or by a comma, which answers have inside, too: a comma separates only when every
    part begins with a capital or a digit and the same part meets in different cells.
    """
    lines = [text(value) for value in values if not blank(value)]
    for mark in (";", ", "):
        parts = [[part.strip() for part in line.split(mark) if part.strip()] for line in lines]
        several = [part for part in parts if len(part) > 1]
        if not several or any(scale.known(line) for line in lines if mark in line):
            continue
        if mark == ", " and not all(item[0].isupper() or item[0].isdigit() for part in several for item in part):
            continue
        # Without sets: the order of options must not change from run to run.
        used = Counter(item for part in parts for item in dict.fromkeys(part))
        shared = Counter(item for part in {tuple(part) for part in parts} for item in set(part))
        if any(names_people(item, scale) for item in used):
            return None  # «Кто лучший учитель?»: the options would be names
        if len(used) <= most and sum(used.values()) >= 2 * len(used) and max(shared.values()) > 1:
            return mark, list(used)
    return None
