"""Of what a number is, by the words beside it: which indicators, which group, which period they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from soko.cohorts import LETTERS, NUMBERED, spelled
from soko.disclosure.needles import normal
from soko.disclosure.places import Dims, finest
from soko.indicators.catalogue import Catalogue
from soko.periods import Kind, Period
from soko.school import School

_WORD = re.compile(r"[а-яёa-z]{3,}")
#: What tells labels of the same words apart: «IV группа», «от 81 балла», «с одной «3»»; a parallel is a group.
_NUMERAL = re.compile(r"(?<![\w-])(?:[ivx]+|\d+(?!\s*класс))(?![\w-])")
#: Words of labels that say nothing of what is counted.
_EMPTY = {"доля", "число", "для", "что", "или", "при", "как", "которые", "обучающихся", "обучающиеся", "общей", "класс",
          "уровень", "уровням", "видам"}  # fmt: skip
_CLASS = re.compile(r"(?<!\d)(\d{1,2})\s?[-«\"„“]?(" + LETTERS + r")[»\"“”]?(?![А-Яа-яё\d])")
_GRADE = re.compile(
    r"(?<![\d–-])(\d{1,2})(?:\s?-?(?:е|х|й|м|го|му|ми|ые|ых|ым|ом|ого)\b)?\s+(?:класс|параллел)"
    r"|(?<![\d–-])(\d{1,2})-(?:е|х)\b(?!\s*(?:четв|трим|полуг))"
)
_NUMBERED = re.compile(NUMBERED)
_RANGE = re.compile(r"(?<!\d)(\d{1,2})\s?[–-]\s?(\d{1,2})(?:-[а-я]{1,2})?\s+класс(?P<many>ы|ов|ах|ам)?")
_TERM = re.compile(
    r"(?<!\d)([1-4])(?:-[а-я]{1,2})?\s*(четв|трим|полуг)[а-я]*\.?(?:\s*(\d{4})[/–-](\d{2,4}))?", re.IGNORECASE
)
_ID = re.compile(r"\d{4}-\d{4}/(?:year|[qth]\d)")
_YEAR = re.compile(r"(\d{4})[/–-](?:\d{2,4})\s*(?:уч|$)")
# «2024 г.», and a cell that holds nothing but the year.
_CALENDAR = re.compile(r"(?<!\d)(\d{4})\s*(?:г\.|год(?!а? назад))|(?:^|\|)\s*(\d{4})\s*(?=\||$)")
_KINDS: dict[str, Kind] = {"четв": "quarter", "трим": "trimester", "полуг": "half"}
_AGO, _BEFORE = re.compile(r"год назад|прошл\w+ год|прошлого учебного"), re.compile(r"\bбыло\b|прежн|прошл|предыдущ")
_NOW = re.compile(r"\bстало\b")  # the head of a column beside one that names what is compared with

_CODE = re.compile(r"\b[a-z][a-z_0-9]*\.[a-z_0-9]+\b")


def plain(text: str) -> str:
    """``text`` as words are compared: no invisible marks, single spaces, Е for Ё; capitals stay."""
    text = normal(text).replace("\x01", " ").replace("\u2010", "-")  # what «7‑е» of a Word file becomes
    return re.sub(r"\s+", " ", text).replace("ё", "е").replace("Ё", "Е").strip()


def stems(label: str) -> tuple[re.Pattern[str], ...]:
    """Patterns, one a word or numeral of ``label``, each of which finds the word in any form; none without a word."""
    text = _joined(plain(label).lower())
    words = list(dict.fromkeys(word for word in _WORD.findall(text) if word not in _EMPTY and not _roman(word)))
    # Several words of one root each are enough; a label of one word («Работают») is not meant by another of its root.
    found = [_stem(word, 0.6 if len(words) > 1 else 0.75) for word in words]
    numerals = list(dict.fromkeys(_NUMERAL.findall(text))) if found else []
    return (*found, *(re.compile(rf"(?<!\w){one}(?!\w)") for one in numerals))


def _roman(word: str) -> bool:
    return _NUMERAL.fullmatch(word) is not None


def _stem(word: str, part: float) -> re.Pattern[str]:
    kept = word if len(word) < 5 else word[: max(5, round(len(word) * part))]
    return re.compile(rf"(?<![а-яa-z]){re.escape(kept)}" + (r"\b" if len(word) < 5 else ""))


def _joined(text: str) -> str:
    """«не успевают» is «неуспевающие»."""
    return re.sub(r"\bне\s+", "не", text)


@dataclass(frozen=True)
class Words:
    """What people call the indicators, groups and periods of a school; ``releases`` are the periods of documents."""

    catalogue: Catalogue
    school: School
    labels: Mapping[str, Iterable[str]]
    classes: frozenset[str]
    subjects: tuple[str, ...]
    releases: frozenset[Period]
    _indicators: dict[str, list[tuple[re.Pattern[str], ...]]] = field(default_factory=dict, compare=False, repr=False)
    _items: dict[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict, compare=False, repr=False)

    # -- indicators --------------------------------------------------------------------------------------------------

    def names(self, indicator: str, text: str) -> bool:
        """Whether ``text`` speaks of the indicator: its code, or all the words of one of its labels."""
        small = _joined(text.lower())
        if told := {code for code in _CODE.findall(small) if code in self.catalogue}:
            return indicator in told  # who gives codes gives all: «Ниже минимума» of one examination is not another's
        return any(all(word.search(small) for word in words) for words in self._of(indicator))

    def _of(self, indicator: str) -> list[tuple[re.Pattern[str], ...]]:
        if indicator not in self._indicators:
            item = self.catalogue[indicator]
            labels = [item.short, item.name, *self.labels.get(indicator, ())]
            self._indicators[indicator] = [found for found in map(stems, labels) if found]
        return self._indicators[indicator]

    def has_item(self, item: str, text: str) -> bool:
        """Whether ``text`` has all the words of an item («школьный», «родители, удовлетворённость»)."""
        if item not in self._items:
            self._items[item] = stems(item)
        small = text.lower()
        own = self._items[item]
        return bool(own) and all(word.search(small) for word in own)

    # -- groups ------------------------------------------------------------------------------------------------------

    def groups(self, text: str) -> list[tuple[int, str, str]]:
        """(position, dimension, value) of the classes, parallels, levels and subjects that ``text`` names."""
        found: list[tuple[int, str, str]] = []
        rest = text

        def cut(start: int, end: int) -> None:
            nonlocal rest
            rest = rest[:start] + " " * (end - start) + rest[end:]

        for name, pattern in self._subjects:  # the longest first, so that «Литературное чтение» is no «Литература»
            for match in list(pattern.finditer(rest.lower())):
                found.append((match.start(), "subject", name))
                cut(match.start(), match.end())
        for match in list(_RANGE.finditer(rest)):
            if match["many"] is None and f"{match[1]}-{match[2]}" in self.classes:
                continue  # «в 7-1 классе»
            span = (int(match[1]), int(match[2]))
            level = next((one.id for one in self.school.levels if (one.grades[0], one.grades[-1]) == span), "?")
            found.append((match.start(), "level", level))
            cut(*match.span())
        named = [(match.start(), spelled(match[1], match[2])) for match in _CLASS.finditer(rest)]
        named += [(match.start(), match[0]) for match in _NUMBERED.finditer(rest)]
        found += [(at, "class", name) for at, name in named if name in self.classes]
        found += [(match.start(), "grade", match[1] or match[2]) for match in _GRADE.finditer(rest)]
        for level, pattern in self._levels:
            found += [(match.start(), "level", level) for match in pattern.finditer(rest)]
        return sorted(found)

    @cached_property
    def _subjects(self) -> list[tuple[str, re.Pattern[str]]]:
        made = []
        for name in sorted(self.subjects, key=len, reverse=True):
            words = re.findall(r"[а-яa-z]+", plain(name).lower())
            parts = [word if len(word) < 5 else re.escape(word[:-2]) + r"[а-я]{0,4}" for word in words]
            made.append((name, re.compile(r"(?<![а-я])" + r"[^а-яa-z]{1,3}".join(parts) + r"(?![а-я])")))
        return made

    @cached_property
    def _levels(self) -> list[tuple[str, re.Pattern[str]]]:
        made = []
        for level in self.school.levels:
            title = r"\s+".join(re.escape(word[:-2]) + r"\w{0,4}" for word in plain(level.title).split())
            made.append((level.id, re.compile(rf"(?<!\w){re.escape(plain(level.id))}(?!\w)|(?i:{title})")))
        return made

    # -- periods -----------------------------------------------------------------------------------------------------

    def periods(self, text: str) -> set[Period]:
        """Periods that ``text`` names or may mean; empty where it names none."""
        found = {Period.parse(match[0]) for match in _ID.finditer(text)}
        near = self.releases | {one.previous() for one in self.releases}
        for match in _TERM.finditer(text):
            kind, index = _KINDS[match[2].lower()], int(match[1])
            if match[3]:
                found.add(Period(int(match[3]), kind, index))
            else:
                found |= {one for one in near if (one.kind, one.index) == (kind, index)}
        if not found:
            found = {Period(int(match[1]), "year") for match in _YEAR.finditer(text)}
        if not found:
            found = {Period(int(match[1] or match[2]), "calendar") for match in _CALENDAR.finditer(text)} & near
        small = text.lower()
        if _AGO.search(small):
            found |= {one.year_ago() for one in self.releases}
        elif _BEFORE.search(small):
            found |= {other for one in self.releases for other in (one.previous(), one.year_ago())}
        return found | self.releases if _NOW.search(small) else found

    def ago(self, text: str) -> bool:
        """Whether ``text`` compares with a year ago: there a class is the class that its pupils were in."""
        return _AGO.search(text.lower()) is not None


def as_dims(found: Iterable[tuple[int, str, str]]) -> Dims:
    """The finest group of what was found, the first value of each dimension."""
    first: dict[str, str] = {}
    for _, name, value in found:
        first.setdefault(name, value)
    return finest(first.items())
