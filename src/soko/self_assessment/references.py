"""Figures in the texts: «{outcomes.quality}», «{order1324.1_1 | people}», «{outcomes.quality[level=НОО] | previous}».

Prose never holds a figure of its own: it names an indicator, and what is printed follows from the data. What can
stand in braces:

``{indicator}``            the value with its unit
``{indicator | people}``   how many people
``{indicator | of}``       «188 из 432»
``{indicator | both}``     «188 человек / 43,5 %», as in order 1324
``{indicator | previous}`` the value a year ago; also ``people previous`` and ``of previous``
``{indicator | change}``   «на 2,1 п.п. выше», «без изменений»
``{indicator | date}``     on what day or in what period it is taken: «на 26.05.2025», «ГИА 2025 года»
``{year}``, ``{year | previous}``, ``{year | next}``, ``{school}``, ``{director}``, ``{fact.<name>}``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from soko import russian
from soko.analysis.rounding import format_number
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators.catalogue import Catalogue
from soko.indicators.model import DIMENSIONS, Indicator
from soko.notes.data import NoteData, Parts
from soko.notes.facts import change as compared
from soko.notes.figure_words import show
from soko.reports.numbers import REFERENCE
from soko.reports.texts import Text
from soko.russian import NBSP
from soko.self_assessment.lines import hidden_why, told
from soko.self_assessment.settings import Files

FORMS = ("value", "people", "of", "both", "change", "date")
_INSIDE = re.compile(r"\s*(?P<name>[\w.]+)\s*(?:\[(?P<dims>[^\]]*)\])?\s*(?:\|\s*(?P<form>[\w ]+?)\s*)?")
Sources = Mapping[str, list[Any]]
_NO_SOURCES: Sources = {}
NOT_SHOWN = "(данные не публикуются: малая численность)"
NO_VALUE = "(нет данных)"


@dataclass(frozen=True)
class Filled:
    """A text with its figures; ``empty`` are the references that have no figure, as (line, reference)."""

    markdown: str
    empty: tuple[tuple[int, str], ...]


def fill(data: NoteData, files: Files, text: Text, sources: Sources = _NO_SOURCES) -> Filled:
    """Put the figures into a text; ``sources`` are the rows of sources.csv by indicator, for dates.

    ConfigError with file, line and the nearest name for what does not exist.
    """
    empty: list[tuple[int, str]] = []

    def put(found: re.Match[str]) -> str:
        line, where = _place(text, found)
        said = _said(data, files, asked(data.catalogue, files, found[1], where), sources)
        if said in (NO_VALUE, NOT_SHOWN):
            empty.append((line, found[0]))
        return said

    return Filled(REFERENCE.sub(put, text.markdown), tuple(empty))


def check(catalogue: Catalogue, files: Files, text: Text) -> None:
    """ConfigError for a reference to what does not exist; no figure is needed for that."""
    for found in REFERENCE.finditer(text.markdown):
        asked(catalogue, files, found[1], _place(text, found)[1])


def indicators(text: Text) -> list[str]:
    """Ids of the indicators that a text names."""
    inside = (_INSIDE.fullmatch(found[1]) for found in REFERENCE.finditer(text.markdown))
    names = [found["name"] for found in inside if found]
    return [name for name in names if name not in _WORDS and not name.startswith("fact.")]


@dataclass(frozen=True)
class Asked:
    """What a reference names: an indicator of a group in a form, of this year or of the one before; or a word."""

    name: str
    dims: dict[str, str]
    form: str
    before: bool = False


def asked(catalogue: Catalogue, files: Files, inside: str, where: str) -> Asked:
    """A reference taken apart; ConfigError at ``where`` with the nearest valid name."""
    found = _INSIDE.fullmatch(inside)
    if found is None:
        raise ConfigError(f"ссылка «{{{inside}}}» не читается", where=where, todo=_HELP)
    name, form = found["name"], (found["form"] or "value").split()
    if name in _WORDS:
        if len(form) != 1 or form[0] not in _WORDS[name][0]:
            raise ConfigError(f"вид «{' '.join(form)}» неизвестен", where=where, todo=_HELP)
        return Asked(name, {}, form[0])
    if name.startswith("fact."):
        known = files.school.facts
        if name.removeprefix("fact.") not in known:
            raise ConfigError(
                f"сведения «{name}» нет{did_you_mean(name, [f'fact.{key}' for key in known])}",
                where=where,
                todo="добавьте его в facts файла params/reports/self_assessment/school.yaml: value, title, source",
            )
        return Asked(name, {}, "value")
    if name not in catalogue:
        hint = did_you_mean(name, [*catalogue.indicators, *_WORDS])
        raise ConfigError(f"показателя «{name}» нет{hint}", where=where, todo=_HELP)
    before, kinds = "previous" in form, [word for word in form if word != "previous"]
    kind = kinds[0] if kinds else "value"
    if kind not in FORMS or len(kinds) > 1 or (before and kind in ("change", "both", "date")):
        hint = did_you_mean(kind, [*FORMS, "previous"])
        raise ConfigError(f"вид «{' '.join(form)}» неизвестен{hint}", where=where, todo=_HELP)
    if kind in ("of", "both") and not catalogue[name].denominator:
        raise ConfigError(f"показатель «{name}» – число, а не доля: вид «{kind}» не для него", where=where, todo=_HELP)
    return Asked(name, _dims(found["dims"] or "", where), kind, before)


def _place(text: Text, found: re.Match[str]) -> tuple[int, str]:
    line = text.markdown.count("\n", 0, found.start()) + 1
    return line, f"{text.place}, строка {line}"


def _said(data: NoteData, files: Files, wanted: Asked, sources: Sources) -> str:
    if wanted.name in _WORDS:
        return _WORDS[wanted.name][1](data, wanted.form)
    if wanted.name.startswith("fact."):
        return russian.bound(files.school.facts[wanted.name.removeprefix("fact.")].value)
    item, figures = data.catalogue[wanted.name], data.previous if wanted.before else data.current
    if wanted.form == "date":
        return told(sources.get(item.id, []))[0] or f"на {data.params.dates(data.period).end:%d.%m.%Y}"
    parts = figures.get(item.id, **wanted.dims) if figures is not None else None
    if parts is None:
        return NOT_SHOWN if figures is not None and hidden_why(figures, item.id, **wanted.dims) else NO_VALUE
    return _change(data, item, parts, wanted.dims) if wanted.form == "change" else _form(data, item, parts, wanted.form)


def _form(data: NoteData, item: Indicator, parts: Parts, kind: str) -> str:
    match kind:
        case "people":
            return russian.count(parts.part, "человек")
        case "of":
            return f"{format_number(parts.part)}{NBSP}из{NBSP}{format_number(parts.base)}"
        case "both":
            return f"{russian.count(parts.part, 'человек')} / {show(item, parts)}"
    return show(item, parts, data.conventions.thresholds.small_group)


def _change(data: NoteData, item: Indicator, now: Parts, dims: dict[str, str]) -> str:
    before = data.previous.get(item.id, **dims) if data.previous is not None else None
    found = compared(data, item, now, before)
    if found is None or before is None:
        return NO_VALUE
    one, other = now.exact(item.scale), before.exact(item.scale)
    if one is None or other is None or one == other:
        return "без изменений"
    size = abs(one - other)
    places = 1 if item.unit == "percent" else 0 if item.unit == "count" else item.decimals
    text = format_number(size, places)
    unit = f"{NBSP}п.п." if item.unit == "percent" else ""
    if not re.search(r"[1-9]", text):
        return "без изменений"
    return f"на {text}{unit} {'выше' if one > other else 'ниже'}"


def _dims(text: str, where: str) -> dict[str, str]:
    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        key, _, value = (word.strip() for word in part.partition("="))
        if key not in DIMENSIONS or key == "teacher" or not value:
            known = [name for name in DIMENSIONS if name != "teacher"]
            raise ConfigError(f"разрез «{part}» неизвестен{did_you_mean(key, known)}", where=where, todo=_HELP)
        found[f"{key}_" if key == "class" else key] = value
    return found


_SHIFTS = {"value": 0, "previous": -1, "next": 1}
#: Words that are no indicators: the forms that each has, and what is printed.
_WORDS: dict[str, tuple[tuple[str, ...], Callable[[NoteData, str], str]]] = {
    "year": (tuple(_SHIFTS), lambda data, form: str(data.period.year + _SHIFTS[form])),
    "school": (("value",), lambda data, _: data.school.name_short),
    "director": (("value",), lambda data, _: russian.initials_first(data.school.director.name)),
}
_HELP = (
    "пишите так: {outcomes.quality}, {outcomes.quality | of}, {outcomes.quality | previous}, {year}, {fact.имя}; "
    "коды показателей – docs/indicators.md"
)
