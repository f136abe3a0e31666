"""What ``soko explain`` prints: the definition, the query, the parts and the value of the group, the rows behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from soko import russian
from soko.analysis.dynamics import RULES, WORDS
from soko.analysis.rounding import format_value, missing
from soko.indicators.group import TITLES
from soko.indicators.passport import KINDS, UNITS
from soko.indicators.reasons import REASONS
from soko.params import PREVIOUS
from soko.run.console import out

if TYPE_CHECKING:
    from soko.indicators.explain import Explanation
    from soko.indicators.explain_before import Before

_BETTER = {"up": "больше – лучше", "down": "меньше – лучше", "none": "направления нет"}


def show(found: Explanation) -> None:
    """Print everything; bold heads on a terminal, plain text elsewhere."""
    item = found.indicator
    out.print(f"[bold]{escape(item.name)}[/bold] ({item.id})")
    _line("Основание", item.clause or "решение школы")
    _line("Формула", item.formula)
    _line("База", found.base)
    _line("Единица", f"{UNITS[item.unit]}; {_BETTER[item.better]}")
    if found.target is not None:
        _line("Цель", russian.number(found.target))
    _line("Периодичность", ", ".join(KINDS[kind] for kind in item.periodicity))
    _head("Источники")
    for source in found.sources:
        absent = " – не сдана" if source.present is False else ""
        out.print(escape(f"  {source.title} ({source.table}){absent}; отвечает: {source.owner}"))
    if found.taken:
        _head("Какие данные взяты")
        _line("Правило", found.rule)
        for line in found.taken:
            out.print(escape(f"  {line}"))
    _head("Расчёт")
    _line("Числитель", item.numerator)
    _line("Знаменатель", item.denominator or "нет: показатель – число")
    if item.scale != 1:
        _line("Множитель", russian.number(item.scale))
    _head(f"Запрос (DuckDB, таблицы {found.folder})")
    out.print(escape(found.sql))
    if found.settings:
        _head("Настройки, которые названы в запросе (settings)")
        for name, value in found.settings.items():
            _line(name, _setting(value))
    _head(f"{russian.upper_first(found.period.title())}, {_group(found.group)}")
    _figure(found)
    if found.rows is not None:
        _rows(found)


def _figure(found: Explanation) -> None:
    item = found.indicator
    if not missing(found.numerator):
        _line("Числитель", russian.number(found.numerator or 0))
    if not missing(found.denominator):
        _line("Знаменатель", russian.number(found.denominator or 0))
    if found.value is None:
        _line("Значение", f"{russian.DASH} ({found.reason})" if found.reason else russian.DASH)
        return
    shown = format_value(item, found.numerator, found.denominator)
    exact = "" if found.value == round(found.value, item.decimals) else f" (точно: {found.value!r})".replace(".", ",")
    _line("Значение", f"{shown}{exact}")
    if found.low is not None and found.high is not None:
        _line("Интервал (Уилсон)", f"от {russian.percent(found.low)} до {russian.percent(found.high)}")
    for before in found.before:
        _before(found, before)


def _before(found: Explanation, before: Before) -> None:
    """«3 четв. 2025/26 (тогда 6А): 45,2 % (14 из 31); изменение +2,1 п.п., ≈ 1 чел.; p = 0,83; вывод: стабильно»."""
    item = found.indicator
    words = "предыдущий период" if before.against == PREVIOUS else "год назад"
    name = f"Сравнение, {words} ({before.period.short()}{f', тогда {before.group}' if before.group else ''})"
    if before.value is None or before.delta is None:
        _line(name, f"{russian.DASH} ({REASONS[before.reason].text})")
        return
    parts = [format_value(item, before.numerator, before.denominator)]
    if before.denominator is not None:
        parts[0] += f" ({russian.number(before.numerator or 0)} из {russian.number(before.denominator)})"
    unit = f"{russian.NBSP}п.п." if item.unit == "percent" else ""
    change = f"изменение {russian.signed(before.delta, item.decimals)}{unit}"
    if before.people is not None:
        of = "чел." if before.p is not None else "в единицах знаменателя"
        change += f", ≈{russian.NBSP}{russian.signed(before.people, 0)}{russian.NBSP}{of}"
    parts.append(change)
    if before.p is not None:
        parts.append(f"p = {russian.number(before.p, 3)}")
    grounds = REASONS[before.reason].text if before.reason else RULES[before.rule]
    parts.append(f"вывод: {WORDS[before.verdict]} ({grounds})")
    _line(name, "; ".join(parts))


def _rows(found: Explanation) -> None:
    """Under pseudonyms; on a terminal as a table, elsewhere with tabs between the columns."""
    assert found.rows is not None
    _head("Строки, из которых сложен показатель")
    if found.rows.empty:
        out.print("  таких строк нет")
        return
    same = {*found.group, *(["school_id"] if found.rows["school_id"].nunique() == 1 else [])}
    frame = found.rows.drop(columns=[name for name in found.rows.columns if name in same])
    heads = [str(name) for name in frame.columns]
    lines = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    if out.is_terminal:
        # Not a table of rich: it shrinks columns to the terminal, and a pseudonym that is cut short finds nobody.
        widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
        padded = ["  ".join(map(str.ljust, line, widths)) for line in (heads, *lines)]
        out.print(f"[bold]{escape(padded[0])}[/bold]", *map(escape, padded[1:]), sep="\n")
    else:
        for line in (heads, *lines):
            out.print(escape("\t".join(line)))
    if found.more:
        out.print(f"  … и ещё {russian.count(found.more, 'строка')}")
    out.print("Для внутреннего пользования: обучающиеся и работники названы псевдонимами.")


def _head(text: str) -> None:
    out.print(f"\n[bold]{escape(text)}[/bold]")


def _line(name: str, text: str) -> None:
    out.print(escape(f"  {name}: {text}"))


def _group(group: dict[str, Any]) -> str:
    if not group:
        return "все обучающиеся и классы"
    return ", ".join(f"{TITLES[name]}: {value}" for name, value in group.items())


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value)):
        return f"{found[3]}.{found[2]}.{found[1]}"
    if isinstance(value, tuple):
        rows = [
            " ".join(str(cell) for cell in item if cell != "") if isinstance(item, tuple) else str(item)
            for item in value
        ]
        return ", ".join(rows) or russian.DASH
    return russian.number(value) if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, (int, float)):
        return russian.DASH if missing(value) else russian.number(value)
    text = "" if value is None or value != value else str(value)
    return " ".join(text.split()) or russian.DASH
