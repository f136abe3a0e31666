"""What the sheets of indicators.xlsx share: titles of dimensions, order of groups, how a number is put in a cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from soko import cohorts
from soko.indicators.model import DIMENSIONS as _ALL, Indicator
from soko.indicators.reasons import REASONS
from soko.indicators.sheets import Value

ALL, NONE = "все", "–"
_TITLES = {"level": "Уровень", "grade": "Параллель", "class": "Класс", "subject": "Предмет", "sex": "Пол"}
#: Dimensions with the head of their column; figures by teacher are nobody's business but the internal notes'.
DIMENSIONS = {name: _TITLES.get(name, "Признак") for name in _ALL if name != "teacher"}
WIDTHS = {"level": 10, "grade": 11, "class": 8, "sex": 12}
_SIGNS_OF_REASONS: list[list[Value]] = [[reason.sign, reason.text] for reason in REASONS.values()]
SIGNS: list[list[Value]] = [
    *_SIGNS_OF_REASONS,
    [NONE, "знаменателя нет: показатель – число, а не доля; или такой величины у показателя не бывает"],
    [ALL, "строка обо всех значениях этой графы вместе"],
    ["не указано", "строка о тех, у кого значение этой графы в данных не заполнено"],
]


@cache
def cut(dimensions: tuple[int, ...]) -> str:
    """What the row is about: «вся школа», «класс × предмет»."""
    names = list(DIMENSIONS.values())
    return " × ".join(names[at].lower() for at in dimensions) or "вся школа"


def complete(group: dict[str, object], level_of: Callable[[int], str]) -> None:
    """Give a class its grade and level, a grade its level, so that a filter by level finds them."""
    digits = natural(group["class"])[0]
    if group["grade"] == "" and digits:
        group["grade"] = digits
    if group["level"] == "" and group["grade"] != "":
        group["level"] = level_of(int(str(group["grade"])))


@cache
def natural(value: object) -> tuple[int, str]:
    """Order of names: 2А before 10А, 7-2 before 7-10."""
    return cohorts.natural(str(value))


def whole(number: float, none: Value = NONE) -> Value:
    """Whole numbers as such; ``none`` for one that there is not."""
    if number != number:
        return none
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def parts_format(value: Value) -> str:
    """Number format of a numerator or denominator."""
    return "#,##0" if value is None or isinstance(value, (int, str)) else "#,##0.00"


def value_format(item: Indicator) -> str:
    """Number format of the indicator's value."""
    return "0" + ("." + "0" * item.decimals if item.decimals else "")
