"""Figures and differences as they are printed: «46,2 %», «3 из 8», «на 2,1 п.п. (3 обучающихся) ниже»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soko import russian
from soko.analysis.compare import Change
from soko.analysis.rounding import format_mean, format_number, format_share, round_half_away
from soko.notes.data import NoteData, Parts
from soko.russian import NBSP

_POST = "ставка"

if TYPE_CHECKING:
    from soko.indicators.model import Indicator


def show(indicator: Indicator, parts: Parts | None, small_group: int | None = None, sign: bool = True) -> str:
    """A figure as printed: «46,2 %», «3 из 8» in a small group, «3,55», «12»; «–» when there is none."""
    if parts is None:
        return russian.DASH
    if indicator.unit == "flag" and parts.base == 1:
        return "да" if parts.part else "нет"
    if parts.base is None:
        return format_number(parts.value(float(indicator.scale)), digits(parts.value(float(indicator.scale))))
    if indicator.unit != "percent":
        return format_mean(parts.part, parts.base, indicator.decimals, scale=indicator.scale)
    if not float(parts.base).is_integer() or not float(parts.part).is_integer():
        small_group = None  # «0 из 1» of a half would be wrong
    return format_share(parts.part, parts.base, small_group=small_group, scale=indicator.scale, sign=sign)


def small_limit(data: NoteData, indicator: Indicator) -> int | None:
    """The base under which a share is told as «3 из 8»; None where posts are counted: 0,89 of one is as good a base."""
    return None if data.catalogue.noun(indicator.id) == _POST else data.conventions.thresholds.small_group


def counted_change(data: NoteData, indicator: Indicator, now: Parts, earlier: Parts, found: Change) -> str | None:
    """«−1» between «4 из 4» and «3 из 4» of things, where points would say «−25,0»; None where points it is."""
    limit = small_limit(data, indicator)
    if limit is None or now.base is None or now.base != earlier.base or now.base >= limit or found.pupils is None:
        return None
    return russian.signed(float(found.pupils), 0) if data.catalogue.counts_things(indicator.id) else None


def gap_words(indicator: Indicator, delta: float) -> str:
    """An unsigned difference with its unit: «2,1 п.п.», «0,12 балла»."""
    if indicator.unit == "percent":
        return russian.points(delta)
    if indicator.unit == "mark":
        return f"{russian.number(delta, 2)}{NBSP}балла"
    return russian.number(delta, digits(delta) if indicator.unit == "count" else indicator.decimals)


def change_words(indicator: Indicator, found: Change, noun: str = "") -> str:
    """«на 2,1 п.п. (3 обучающихся) ниже», with a ``noun``; «на том же уровне» for less than one pupil."""
    if found.under_one or found.delta == 0:
        return "на том же уровне"
    words = "выше" if found.delta > 0 else "ниже"
    people = ""
    if noun and found.pupils is not None and indicator.scale == 100:
        people = f" ({russian.count(whole(found.pupils), noun)})"
    return f"на{NBSP}{gap_words(indicator, abs(float(found.delta)))}{people} {words}"


def digits(value: float | None) -> int:
    """Digits after the comma of a number: none of a whole one."""
    return 0 if value is None or float(value).is_integer() else 1


def whole(pupils: Any) -> int:
    """A number of pupils without sign, rounded."""
    return abs(int(round_half_away(pupils, 0)))


def unit(indicator: Indicator, value: float) -> str:
    """A value with its sign of per cent, where it is one."""
    return f"{russian.number(value)}{NBSP}%" if indicator.unit == "percent" else russian.number(value)
