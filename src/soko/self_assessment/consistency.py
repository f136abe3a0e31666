"""Whether a table of order 1324 agrees with itself: balances, shares, copied lines, impossible combinations.

It works on any table «code → cell», our own before it is published and one that a school has published. What is
judged comes from params/order_1324.yaml (balances, families of one base, what cannot be at once).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from soko import russian
from soko.analysis.rounding import format_number, round_half_away
from soko.order1324 import Code, Order1324
from soko.self_assessment.cells import Cell, read

#: Printed shares of other programs are taken when they are off by no more than this (per cent): both rounding and
#: cutting off are done.
_OFF = Fraction(1, 10)
_LEAST = 3  # smaller numbers are equal by chance
_OLD_SHARE = Fraction(1, 2)  # of those between 30 and 55 at most so many can have taught for more than 30 years


@dataclass(frozen=True)
class Entry:
    """A line of a table. ``base`` is the base that the share was counted over, ``when`` the day or period of it.

    Of a published table neither is known: the base is then the line that the order names.
    """

    cell: Cell
    base: Fraction | None = None
    when: str = ""


@dataclass(frozen=True)
class Broken:
    """Something that does not agree. ``doubt`` may be true and has to be confirmed, the rest is an error."""

    rule: str
    codes: tuple[str, ...]
    message: str
    doubt: bool = False


@dataclass(frozen=True)
class Achievers:
    """Pupils with «5» alone, and with «4» and «5», as the report tells them beside line 1.5."""

    excellent: int
    good: int


def published(order: Order1324, texts: Mapping[str, str]) -> dict[str, Entry]:
    """Entries of a published table: its texts by code. A code that the order does not have is refused by ``check``."""
    kinds = {item.code: item.kind for item in order.codes}
    return {code: Entry(read(text, kinds.get(code, "ratio"))) for code, text in texts.items()}


def check(order: Order1324, table: Mapping[str, Entry], achievers: Achievers | None = None) -> list[Broken]:
    """Everything in ``table`` that does not agree, in the order of the annex; the same table gives the same list."""
    asked = _Asked(order, table)
    found = [
        *_cells(asked),
        *_balances(asked),
        *_shares(asked),
        *_families(asked),
        *_copies(asked),
        *_flags(asked),
        *_combinations(asked),
        *_scales(asked),
        *_achievers(asked, achievers),
    ]
    place = {item.code: at for at, item in enumerate(order.codes)}
    return sorted(found, key=lambda item: (place.get(item.codes[0], -1), item.rule, item.codes))


@dataclass(frozen=True)
class _Asked:
    order: Order1324
    table: Mapping[str, Entry]

    def amount(self, code: str) -> Fraction | None:
        entry = self.table.get(code)
        return entry.cell.amount if entry else None

    def percent(self, code: str) -> Fraction | None:
        entry = self.table.get(code)
        return entry.cell.percent if entry else None

    def times(self, codes: Iterable[str]) -> set[str]:
        """Days and periods of lines, as far as they are known: numbers of different days need not agree."""
        found = {self.table[code].when for code in codes if code in self.table}
        return found - {""}

    def base(self, item: Code) -> Fraction | None:
        entry = self.table.get(item.code)
        if entry and entry.base is not None:
            return entry.base
        return self.amount(item.base) if item.base else None


def _cells(asked: _Asked) -> Iterator[Broken]:
    known = {item.code for item in asked.order.codes}
    for code in asked.table:
        if code not in known:
            yield Broken("unknown_code", (code,), f"показателя с кодом {code} в приказе № 1324 нет")
    for item in asked.order.codes:
        entry = asked.table.get(item.code)
        if entry is None or not entry.cell.filled:
            written = russian.quote(entry.cell.text.strip()) if entry and entry.cell.text.strip() else "строка пуста"
            yield Broken("unfilled", (item.code,), f"{item.code} не заполнен ({written})", doubt=item.heading)
        elif entry.cell.fault:
            message = f"{item.code}: «{entry.cell.text.strip()}» – {entry.cell.fault}"
            yield Broken("unreadable", (item.code,), message)


def _balances(asked: _Asked) -> Iterator[Broken]:
    for balance in asked.order.balances:
        left = [asked.amount(code) for code in balance.left]
        right = [asked.amount(code) for code in balance.right]
        if any(value is None for value in right) or (balance.relation == "=" and None in left):
            continue
        parts, whole = _sum(left), _sum(right)
        if parts == whole if balance.relation == "=" else parts <= whole:
            continue
        must = "должно быть равно" if balance.relation == "=" else "не может быть больше, чем"
        message = f"{_told(balance.left, left)} {must} {_told(balance.right, right)}"
        codes = (*balance.left, *balance.right)
        times = asked.times(codes)
        if len(times) > 1:
            message += f"; строки взяты на разное время ({', '.join(sorted(times))})"
        yield Broken("balance", codes, message, doubt=len(times) > 1)


def _shares(asked: _Asked) -> Iterator[Broken]:
    for item in asked.order.codes:
        count, percent, base = asked.amount(item.code), asked.percent(item.code), asked.base(item)
        if item.kind != "share" or count is None:
            continue
        stated = asked.amount(item.base) if item.base else None
        when = asked.table[item.code].when
        same = not when or when == asked.table[item.base].when if item.base in asked.table else False
        if base is not None and stated is not None and same and base != stated:
            yield Broken(
                "base_differs",
                (item.code, item.base),
                f"{item.code}: доля посчитана от {_n(base)}, а в строке {item.base} на ту же дату – {_n(stated)}; "
                f"сведения есть не обо всех",
            )
        if base is not None and count > base:
            named = f" ({item.base})" if item.base else ""
            yield Broken(
                "part_over_whole", (item.code,), f"{item.code}: {_n(count)} – больше, чем всего{named}: {_n(base)}"
            )
        if base and percent is not None:
            yield from _share(asked, item, count, percent, base)


def _share(asked: _Asked, item: Code, count: Fraction, percent: Fraction, base: Fraction) -> Iterator[Broken]:
    exact, digits = count / base * 100, asked.table[item.code].cell.digits
    named = f" ({item.base})" if item.base else ""
    if (percent == 100 and count < base) or (percent == 0 and count > 0):
        message = f"{item.code}: указано {_n(percent)} %, а {_n(count)} из {_n(base)}{named} – это "
        yield Broken("rounded_to_whole", (item.code,), message + f"{format_number(exact, 2)} %")
        return
    step = Fraction(1, 10**digits)
    cut = Fraction(exact.numerator * 10**digits // exact.denominator, 10**digits)
    if Fraction(round_half_away(exact, digits)) == percent or cut == percent or abs(exact - percent) <= _OFF:
        return
    implied = count / percent * 100 if percent else None
    near = round(implied) if implied is not None else 0
    reason = ""
    if near and near != base and abs(count / Fraction(near) * 100 - percent) < step:
        reason = f" (столько вышло бы от {near})"
    yield Broken(
        "percent_differs",
        (item.code,),
        f"{item.code}: {_n(count)} из {_n(base)}{named} – это {format_number(exact, max(1, digits))} %, "
        f"а указано {format_number(percent, digits)} %{reason}",
    )


def _families(asked: _Asked) -> Iterator[Broken]:
    """Lines that are shares of one number which the form does not print: the numbers that they imply must meet."""
    for family in asked.order.families:
        bases = {asked.table[code].base for code in family.codes if code in asked.table}
        bases.discard(None)
        if len(asked.times(family.codes)) > 1:
            continue
        if len(bases) > 1:
            listed = ", ".join(sorted(_n(base) for base in bases if base is not None))
            yield Broken("family_base", tuple(family.codes), f"{_codes(family.codes)}: {family.name} – {listed}")
            continue
        spans = {code: span for code in family.codes if (span := _implied(asked, code))}
        low = max(((span[0], code) for code, span in spans.items()), default=None)
        high = min(((span[1], code) for code, span in spans.items()), default=None)
        if low and high and low[0] > high[0]:
            codes = tuple(sorted({low[1], high[1]}))
            told = "; ".join(
                f"{code} – от {format_number(spans[code][0])} до {format_number(spans[code][1])}" for code in codes
            )
            message = f"строки {_codes(codes)} делятся на одно и то же ({family.name}), а из долей следует: {told}"
            yield Broken("family_base", codes, message)


def _implied(asked: _Asked, code: str) -> tuple[Fraction, Fraction] | None:
    """Between which numbers the base must lie, if the share was rounded or cut off at its printed decimals."""
    count, percent = asked.amount(code), asked.percent(code)
    if not count or not percent:
        return None
    step = Fraction(1, 10 ** asked.table[code].cell.digits)
    return count / (percent + step) * 100, count / max(percent - step / 2, step / 10) * 100


def _copies(asked: _Asked) -> Iterator[Broken]:
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


def _flags(asked: _Asked) -> Iterator[Broken]:
    for item in asked.order.codes:
        own, above = asked.table.get(item.code), asked.table.get(item.parent)
        if own and above and own.cell.flag and above.cell.flag is False:
            message = f"в строке {item.code} – «да», а в общей строке {item.parent} – «нет»"
            yield Broken("flag_without_parent", (item.parent, item.code), message)


def _combinations(asked: _Asked) -> Iterator[Broken]:
    old, elder, young, staff = (asked.amount(code) for code in ("1.30.2", "1.32", "1.31", "1.24"))
    if old is not None and elder is not None and staff is not None:
        between = staff - (young or 0) - elder
        if old > elder + _OLD_SHARE * between:
            message = f"стаж свыше 30 лет (1.30.2) – {_n(old)} из {_n(staff)}, а от 55 лет (1.32) – {_n(elder)}"
            yield Broken("experience_over_age", ("1.30.2", "1.32"), f"{message}: такое почти невозможно", doubt=True)
    if old is not None and young is not None and staff is not None and old + young > staff:
        message = f"моложе 30 лет (1.31) – {_n(young)}, стаж свыше 30 лет (1.30.2) – {_n(old)}, а всего {_n(staff)}"
        yield Broken("experience_and_youth", ("1.30.2", "1.31"), message)
    reader = asked.table.get("2.4.4")
    if asked.amount("2.5") == 0 and reader and reader.cell.flag:
        message = "выход в Интернет из библиотеки (2.4.4) есть, а пользоваться им (2.5) не может никто"
        yield Broken("internet_contradicts", ("2.4.4", "2.5"), message, doubt=True)
    computers = asked.amount("2.1")
    if computers is not None and computers > 1:
        message = f"2.1: {format_number(computers, 2)} компьютера на учащегося; не обратная ли это величина?"
        yield Broken("computers_inverted", ("2.1",), message, doubt=True)


def _scales(asked: _Asked) -> Iterator[Broken]:
    """Means: within the limits of the order; of grade 9 all on one scale, of ЕГЭ never the marks of the base level."""
    for item in asked.order.codes:
        value = asked.amount(item.code)
        if item.kind not in ("mean", "ratio") or value is None:
            continue
        if (item.least is not None and value < item.least) or (item.most is not None and value > item.most):
            most = f" до {_n(item.most)}" if item.most is not None else ""
            message = f"{item.code}: {_n(value)}, а может быть от {_n(item.least)}{most}"
            yield Broken("out_of_range", (item.code,), message)
    nine = {code: value for code in ("1.6", "1.7") if (value := asked.amount(code)) is not None}
    if len({value <= 5 for value in nine.values()}) > 1:
        message = "1.6 и 1.7 даны в разных шкалах: одна строка – средняя отметка, другая – первичный балл"
        yield Broken("scales_mixed", ("1.6", "1.7"), message)
    profile = asked.amount("1.9")
    if profile is not None and 2 <= profile <= 5:
        message = f"1.9: {_n(profile)} – это отметка базового уровня; средний балл профильного уровня – от 0 до 100"
        yield Broken("scales_mixed", ("1.9",), message, doubt=True)


def _achievers(asked: _Asked, achievers: Achievers | None) -> Iterator[Broken]:
    count = asked.amount("1.5")
    if achievers is None or count is None:
        return
    whole = achievers.excellent + achievers.good
    if achievers.excellent and count == achievers.good:
        message = f"1.5: {_n(count)} – это только хорошисты; вместе с отличниками ({achievers.excellent}) – {whole}"
        yield Broken("excellent_left_out", ("1.5",), message)
    elif count != whole:
        message = f"1.5: {_n(count)}, а отличников и хорошистов по отчёту – {whole}"
        yield Broken("achievers_differ", ("1.5",), message)


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))


def _told(codes: list[str], values: list[Fraction | None]) -> str:
    listed = " + ".join(codes)
    if len(codes) == 1:
        return f"{listed} ({_n(_sum(values))})"
    parts = " + ".join("нет" if value is None else _n(value) for value in values)
    return f"{listed} ({parts} = {_n(_sum(values))})"


def _codes(codes: Iterable[str]) -> str:
    return russian.listing(codes)


def _n(value: Fraction | float | None) -> str:
    return russian.number(float(value)) if value is not None else russian.DASH
