"""Lines of order 1324 that can hardly be true together: copied rows, flags, ages and years of work, scales."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from soko.analysis.rounding import format_number
from soko.self_assessment.asked import Achievers, Asked, Broken, told

_LEAST = 3  # smaller numbers are equal by chance
_OLD_SHARE = Fraction(1, 2)  # of those between 30 and 55 at most so many can have taught for more than 30 years


def copies(asked: Asked) -> Iterator[Broken]:
    """A line that repeats the one before it word for word."""
    together = [{*balance.left, *balance.right} for balance in asked.order.balances]
    codes = [item.code for item in asked.order.codes]
    for before, code in pairwise(codes):
        count, percent = asked.amount(code), asked.percent(code)
        if count is None or percent is None or count < _LEAST or percent >= 100:
            continue
        # A part may well be the whole.
        if any({before, code} <= group for group in together):
            continue
        if asked.amount(before) == count and asked.percent(before) == percent:
            message = f"{code} ({asked.table[code].cell.text.strip()}) дословно повторяет соседнюю строку {before}"
            yield Broken("neighbours_same", (before, code), message, doubt=True)


def flags(asked: Asked) -> Iterator[Broken]:
    """«Да» under a line that says «нет»."""
    for item in asked.order.codes:
        own, above = asked.table.get(item.code), asked.table.get(item.parent)
        if own and above and own.cell.flag and above.cell.flag is False:
            message = f"в строке {item.code} – «да», а в общей строке {item.parent} – «нет»"
            yield Broken("flag_without_parent", (item.parent, item.code), message)


def combinations(asked: Asked) -> Iterator[Broken]:
    """Ages and years of work; the Internet; computers."""
    old, elder, young, staff = (asked.amount(code) for code in ("1.30.2", "1.32", "1.31", "1.24"))
    if old is not None and elder is not None and staff is not None:
        between = staff - (young or 0) - elder
        if old > elder + _OLD_SHARE * between:
            message = f"стаж свыше 30 лет (1.30.2) – {told(old)} из {told(staff)}, а от 55 лет (1.32) – {told(elder)}"
            yield Broken("experience_over_age", ("1.30.2", "1.32"), f"{message}: такое почти невозможно", doubt=True)
    if old is not None and young is not None and staff is not None and old + young > staff:
        message = (
            f"моложе 30 лет (1.31) – {told(young)}, стаж свыше 30 лет (1.30.2) – {told(old)}, а всего {told(staff)}"
        )
        yield Broken("experience_and_youth", ("1.30.2", "1.31"), message)
    reader = asked.table.get("2.4.4")
    if asked.amount("2.5") == 0 and reader and reader.cell.flag:
        message = "выход в Интернет из библиотеки (2.4.4) есть, а пользоваться им (2.5) не может никто"
        yield Broken("internet_contradicts", ("2.4.4", "2.5"), message, doubt=True)
    computers = asked.amount("2.1")
    if computers is not None and computers > 1:
        message = f"2.1: {format_number(computers, 2)} компьютера на учащегося; не обратная ли это величина?"
        yield Broken("computers_inverted", ("2.1",), message, doubt=True)


def scales(asked: Asked) -> Iterator[Broken]:
    """Means: within the limits of the order; of grade 9 all on one scale, of ЕГЭ never the marks of the base level."""
    for item in asked.order.codes:
        value = asked.amount(item.code)
        if item.kind not in ("mean", "ratio") or value is None:
            continue
        if (item.least is not None and value < item.least) or (item.most is not None and value > item.most):
            most = f" до {told(item.most)}" if item.most is not None else ""
            message = f"{item.code}: {told(value)}, а может быть от {told(item.least)}{most}"
            yield Broken("out_of_range", (item.code,), message)
    nine = {code: value for code in ("1.6", "1.7") if (value := asked.amount(code)) is not None}
    if len({value <= 5 for value in nine.values()}) > 1:
        message = "1.6 и 1.7 даны в разных шкалах: одна строка – средняя отметка, другая – первичный балл"
        yield Broken("scales_mixed", ("1.6", "1.7"), message)
    profile = asked.amount("1.9")
    if profile is not None and 2 <= profile <= 5:
        message = f"1.9: {told(profile)} – это отметка базового уровня; средний балл профильного уровня – от 0 до 100"
        yield Broken("scales_mixed", ("1.9",), message, doubt=True)


def achieved(asked: Asked, achievers: Achievers | None) -> Iterator[Broken]:
    """Line 1.5 against the pupils with «5» alone and with «4» and «5»."""
    count = asked.amount("1.5")
    if achievers is None or count is None:
        return
    whole = achievers.excellent + achievers.good
    if achievers.excellent and count == achievers.good:
        message = f"1.5: {told(count)} – это только хорошисты; вместе с отличниками ({achievers.excellent}) – {whole}"
        yield Broken("excellent_left_out", ("1.5",), message)
    elif count != whole:
        message = f"1.5: {told(count)}, а отличников и хорошистов по отчёту – {whole}"
        yield Broken("achievers_differ", ("1.5",), message)
