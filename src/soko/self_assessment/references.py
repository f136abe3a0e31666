"""Figures in the texts: «{outcomes.quality}», «{order1324.1_1 | people}», «{outcomes.quality[level=НОО] | previous}».

Prose never holds a figure of its own: it names an indicator, and what is printed follows from the data. What can
stand in braces:

``{indicator}``            the value with its unit
``{indicator | people}``   how many people
``{indicator | of}``       «188 из 432»
``{indicator | both}``     «188 человек / 43,5 %», as in order 1324
``{indicator | previous}`` the value a year ago; also ``people previous`` and ``of previous``
``{indicator | change}``   «на 2,1 п.п. выше», «без изменений»
``{year}``, ``{year | previous}``, ``{year | next}``, ``{school}``, ``{director}``, ``{fact.<name>}``
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from soko import russian
from soko.analysis.rounding import format_number
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators.model import DIMENSIONS, Indicator
from soko.notes.data import NoteData, Parts
from soko.notes.facts import change as compared, show
from soko.russian import NBSP
from soko.self_assessment.lines import hidden_why
from soko.self_assessment.settings import Files
from soko.self_assessment.texts import Text

FORMS = ("value", "people", "of", "both", "change")
REFERENCE = re.compile(r"\{([^{}]*)\}")
_INSIDE = re.compile(r"\s*(?P<name>[\w.]+)\s*(?:\[(?P<dims>[^\]]*)\])?\s*(?:\|\s*(?P<form>[\w ]+?)\s*)?")
NOT_SHOWN = "(данные не публикуются: малая численность)"
NO_VALUE = "(нет данных)"


@dataclass(frozen=True)
class Filled:
    """A text with its figures; ``empty`` are the references that have no figure, as (line, reference)."""

    markdown: str
    empty: tuple[tuple[int, str], ...]


def fill(data: NoteData, files: Files, text: Text) -> Filled:
    """Put the figures into a text; ConfigError with file, line and the nearest name for what does not exist."""
    empty: list[tuple[int, str]] = []

    def put(found: re.Match[str]) -> str:
        line = text.markdown.count("\n", 0, found.start()) + 1
        said = _said(data, files, found[1], f"{text.place}, строка {line}")
        if said in (NO_VALUE, NOT_SHOWN):
            empty.append((line, found[0]))
        return said

    return Filled(REFERENCE.sub(put, text.markdown), tuple(empty))


def _said(data: NoteData, files: Files, inside: str, where: str) -> str:
    found = _INSIDE.fullmatch(inside)
    if found is None:
        raise ConfigError(f"ссылка «{{{inside}}}» не читается", where=where, todo=_HELP)
    name, form = found["name"], (found["form"] or "value").split()
    if name in _WORDS:
        return _WORDS[name](data, form, where)
    if name.startswith("fact."):
        return _fact(files, name.removeprefix("fact."), where)
    return _figure(data, name, _dims(found["dims"] or "", where), form, where)


def _figure(data: NoteData, name: str, dims: dict[str, str], form: list[str], where: str) -> str:
    if name not in data.catalogue:
        known = [*data.catalogue.indicators, *_WORDS]
        raise ConfigError(f"показателя «{name}» нет{did_you_mean(name, known)}", where=where, todo=_HELP)
    before, kinds = "previous" in form, [word for word in form if word != "previous"]
    kind = kinds[0] if kinds else "value"
    if kind not in FORMS or len(kinds) > 1 or (before and kind in ("change", "both")):
        raise ConfigError(
            f"вид «{' '.join(form)}» неизвестен{did_you_mean(kind, [*FORMS, 'previous'])}", where=where, todo=_HELP
        )
    item = data.catalogue[name]
    figures = data.previous if before else data.current
    parts = figures.get(name, **dims) if figures is not None else None
    if parts is None:
        return NOT_SHOWN if figures is not None and hidden_why(figures, name, **dims) else NO_VALUE
    if kind == "change":
        return _change(data, item, parts, dims)
    if kind != "value" and parts.base is None and kind != "people":
        raise ConfigError(f"показатель «{name}» – число, а не доля: вид «{kind}» не для него", where=where, todo=_HELP)
    return _form(data, item, parts, kind)


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


def _fact(files: Files, name: str, where: str) -> str:
    known = files.school.facts
    if name not in known:
        raise ConfigError(
            f"сведения «{name}» нет{did_you_mean(name, list(known))}",
            where=where,
            todo="добавьте его в facts файла params/reports/self_assessment/school.yaml: value, title, source",
        )
    return russian.bound(known[name].value)


def _year(data: NoteData, form: list[str], where: str) -> str:
    shifts = {"value": 0, "previous": -1, "next": 1}
    if len(form) != 1 or form[0] not in shifts:
        raise ConfigError(f"вид «{' '.join(form)}» неизвестен", where=where, todo=_HELP)
    return str(data.period.year + shifts[form[0]])


_WORDS: dict[str, Callable[[NoteData, list[str], str], str]] = {
    "year": _year,
    "school": lambda data, _form, _where: data.school.name_short,
    "director": lambda data, _form, _where: russian.initials_first(data.school.director.name),
}
_HELP = (
    "пишите так: {outcomes.quality}, {outcomes.quality | of}, {outcomes.quality | previous}, {year}, {fact.имя}; "
    "коды показателей – docs/indicators.md"
)
