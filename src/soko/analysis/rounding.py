"""How a figure is shown: rounded once, at display, half away from zero, from the exact ratio of its parts.

A binary float near a half rounds either way («66,45» became «66,4»), so shares are rounded as exact fractions of
the numerator and the denominator. Published reports round, truncate and round up in turn; here there is one rule.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soko.indicators.model import Indicator

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"  # «нет данных» in tables of Russian documents

Number = int | float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """The number as a person reads it: 0.1 is one tenth, not its binary neighbour. NaN and infinity: ValueError."""
    if isinstance(number, Fraction):
        return number
    if isinstance(number, int):
        return Fraction(number)
    if not isfinite(number):
        raise ValueError("нет числа, которое можно показать")
    if number == int(number):  # nearly every part is a whole number, and this is ten times faster
        return Fraction(int(number))
    return Fraction(Decimal(repr(float(number)))) if not isinstance(number, Decimal) else Fraction(number)


def missing(*numbers: Number | None) -> bool:
    """True when a part is not there: None, NaN or pandas' NA."""
    for number in numbers:
        if number is None:
            return True
        try:
            if not isfinite(number):
                return True
        except TypeError:  # pandas.NA
            return True
    return False


def round_half_away(number: Number, digits: int = 1) -> Decimal:
    """Round half away from zero to ``digits`` decimals: 66.45 → 66.5, −2.25 → −2.3."""
    value = exact(number)
    # In whole numbers: |value|·10^digits + 1/2, cut off.
    doubled = 2 * abs(value.numerator) * 10**digits
    whole = (doubled + value.denominator) // (2 * value.denominator)
    sign = -1 if value < 0 and whole else 1
    return Decimal(sign * whole).scaleb(-digits)


def format_number(number: Number | None, digits: int = 0) -> str:
    """Decimal comma, true minus, groups of three from 10 000 on; «–» when there is no number."""
    if missing(number):
        return DASH
    assert number is not None
    rounded = round_half_away(number, digits)
    whole, _, rest = f"{abs(rounded):f}".partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", NBSP)
    return (MINUS if rounded < 0 else "") + whole + (f",{rest}" if rest else "")


def percent_value(
    numerator: Number, denominator: Number, digits: int = 1, *, scale: Number = 100
) -> tuple[Decimal, int]:
    """The percentage to print and its number of decimals.

    «100» never stands for less than everybody, nor «0» for more than nobody: such a value gets a decimal more when
    it has none, and is then held at 99.9 or 0.1. Exactly 0 and exactly 100 are printed without decimals.
    """
    share = exact(numerator) / exact(denominator) * exact(scale)
    if share in (0, 100):
        return Decimal(int(share)), 0
    rounded = round_half_away(share, digits)
    if rounded not in (0, 100):
        return rounded, digits
    digits = max(digits, 1)
    rounded, step = round_half_away(share, digits), Decimal(1).scaleb(-digits)
    if 0 < share < 100:
        rounded = min(max(rounded, step), 100 - step)
    return rounded, digits


def format_share(
    numerator: Number | None,
    denominator: Number | None,
    digits: int = 1,
    *,
    small_group: int | None = None,
    scale: Number = 100,
    sign: bool = True,
) -> str:
    """«66,5 %» from parts; «3 из 8» when the denominator is under ``small_group``; «–» without a denominator.

    ``small_group`` is thresholds.small_group of params/conventions.yaml; None never writes «3 из 8». ``scale`` is the
    indicator's (1 for СОУ, whose numerator is already in per cent; there «3 из 8» has no meaning and is not used).
    ``sign`` False leaves «%» to the head of the column.
    """
    if missing(numerator, denominator) or denominator == 0:
        return DASH
    assert numerator is not None
    assert denominator is not None
    if small_group is not None and scale == 100 and denominator < small_group:
        return f"{format_number(numerator)}{NBSP}из{NBSP}{format_number(denominator)}"
    value, shown = percent_value(numerator, denominator, digits, scale=scale)
    return format_number(value, shown) + (f"{NBSP}%" if sign else "")


def format_mean(numerator: Number | None, denominator: Number | None, digits: int = 2, *, scale: Number = 1) -> str:
    """Mean of summed parts, «3,55»; «–» without a denominator."""
    if missing(numerator, denominator) or denominator == 0:
        return DASH
    assert numerator is not None
    assert denominator is not None
    return format_number(exact(numerator) / exact(denominator) * exact(scale), digits)


def format_points(delta: Number | None, digits: int = 1, *, unit: str = "п.п.") -> str:
    """Difference with its sign: «+2,1 п.п.», «−0,4 п.п.», «0 п.п.». ``unit`` empty gives the bare number."""
    if missing(delta):
        return DASH
    assert delta is not None
    rounded = round_half_away(delta, digits)
    text = "0" if rounded == 0 else ("+" if rounded > 0 else "") + format_number(rounded, digits)
    return f"{text}{NBSP}{unit}" if unit else text


def format_value(
    indicator: Indicator, numerator: Number | None, denominator: Number | None, *, small_group: int | None = None
) -> str:
    """The figure of an indicator as its unit asks: share, mean, count, «да», «нет». Its word is left to the caller.

    A share ``with_count`` is «783/62,2 %», as the form «человек/%» of order 1324 wants.

    Only «%» is written here: «балл» or «уроков» must agree with the number, so the sentence or the head adds it.
    """
    if not indicator.denominator:
        return DASH if missing(numerator) else format_number(exact(numerator or 0) * exact(indicator.scale))
    known = not missing(numerator, denominator) and bool(denominator)
    if indicator.unit == "flag" and known and numerator in (0, denominator):
        return "да" if numerator else "нет"  # of one school; of several that differ, the share of «да» follows
    if indicator.unit in ("percent", "flag"):
        counted = indicator.with_count and known
        scale = 100 if indicator.unit == "flag" else indicator.scale
        digits = 1 if indicator.unit == "flag" else indicator.decimals
        share = format_share(numerator, denominator, digits, small_group=None if counted else small_group, scale=scale)
        return f"{format_number(exact(numerator or 0))}/{share}" if counted else share
    return format_mean(numerator, denominator, indicator.decimals, scale=indicator.scale)
