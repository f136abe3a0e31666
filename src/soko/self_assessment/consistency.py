"""Whether a table of order 1324 agrees with itself: balances, shares, copied lines, impossible combinations.

It works on any table «code → cell», our own before it is published and one that a school has published. What is
judged comes from params/order_1324.yaml (balances, families of one base, what cannot be at once).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from soko import russian
from soko.analysis.rounding import format_number, round_half_away
from soko.order1324 import Code, Order1324
from soko.self_assessment import combinations
from soko.self_assessment.asked import Achievers, Asked, Broken, Entry, told
from soko.self_assessment.cells import read

__all__ = ["Achievers", "Broken", "Entry", "check", "published"]

#: Printed shares of other programs are taken when they are off by no more than this (per cent): both rounding and
#: cutting off are done.
_OFF = Fraction(1, 10)


def published(order: Order1324, texts: Mapping[str, str]) -> dict[str, Entry]:
    """Entries of a published table: its texts by code. A code that the order does not have is refused by ``check``."""
    kinds = {item.code: item.kind for item in order.codes}
    return {code: Entry(read(text, kinds.get(code, "ratio"))) for code, text in texts.items()}


def check(order: Order1324, table: Mapping[str, Entry], achievers: Achievers | None = None) -> list[Broken]:
    """Everything in ``table`` that does not agree, in the order of the annex; the same table gives the same list."""
    asked = Asked(order, table)
    found = [
        *_cells(asked),
        *_balances(asked),
        *_shares(asked),
        *_families(asked),
        *combinations.copies(asked),
        *combinations.flags(asked),
        *combinations.combinations(asked),
        *combinations.scales(asked),
        *combinations.achieved(asked, achievers),
    ]
    place = {item.code: at for at, item in enumerate(order.codes)}
    return sorted(found, key=lambda item: (place.get(item.codes[0], -1), item.rule, item.codes))


def _cells(asked: Asked) -> Iterator[Broken]:
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


def _balances(asked: Asked) -> Iterator[Broken]:
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


def _shares(asked: Asked) -> Iterator[Broken]:
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
                f"{item.code}: доля посчитана от {told(base)}, а в строке {item.base} на ту же дату – {told(stated)}; "
                f"сведения есть не обо всех",
            )
        if base is not None and count > base:
            named = f" ({item.base})" if item.base else ""
            yield Broken(
                "part_over_whole", (item.code,), f"{item.code}: {told(count)} – больше, чем всего{named}: {told(base)}"
            )
        if base and percent is not None:
            yield from _share(asked, item, count, percent, base)


def _share(asked: Asked, item: Code, count: Fraction, percent: Fraction, base: Fraction) -> Iterator[Broken]:
    exact, digits = count / base * 100, asked.table[item.code].cell.digits
    named = f" ({item.base})" if item.base else ""
    if (percent == 100 and count < base) or (percent == 0 and count > 0):
        message = f"{item.code}: указано {told(percent)} %, а {told(count)} из {told(base)}{named} – это "
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
        f"{item.code}: {told(count)} из {told(base)}{named} – это {format_number(exact, max(1, digits))} %, "
        f"а указано {format_number(percent, digits)} %{reason}",
    )


def _families(asked: Asked) -> Iterator[Broken]:
    """Lines that are shares of one number which the form does not print: the numbers that they imply must meet."""
    for family in asked.order.families:
        bases = {asked.table[code].base for code in family.codes if code in asked.table}
        bases.discard(None)
        if len(asked.times(family.codes)) > 1:
            continue
        if len(bases) > 1:
            listed = ", ".join(sorted(told(base) for base in bases if base is not None))
            yield Broken("family_base", tuple(family.codes), f"{_codes(family.codes)}: {family.name} – {listed}")
            continue
        spans = {code: span for code in family.codes if (span := _implied(asked, code))}
        low = max(((span[0], code) for code, span in spans.items()), default=None)
        high = min(((span[1], code) for code, span in spans.items()), default=None)
        if low and high and low[0] > high[0]:
            codes = tuple(sorted({low[1], high[1]}))
            implied = "; ".join(
                f"{code} – от {format_number(spans[code][0])} до {format_number(spans[code][1])}" for code in codes
            )
            message = f"строки {_codes(codes)} делятся на одно и то же ({family.name}), а из долей следует: {implied}"
            yield Broken("family_base", codes, message)


def _implied(asked: Asked, code: str) -> tuple[Fraction, Fraction] | None:
    """Between which numbers the base must lie, if the share was rounded or cut off at its printed decimals."""
    count, percent = asked.amount(code), asked.percent(code)
    if not count or not percent:
        return None
    step = Fraction(1, 10 ** asked.table[code].cell.digits)
    return count / (percent + step) * 100, count / max(percent - step / 2, step / 10) * 100


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))


def _told(codes: list[str], values: list[Fraction | None]) -> str:
    listed = " + ".join(codes)
    if len(codes) == 1:
        return f"{listed} ({told(_sum(values))})"
    parts = " + ".join("нет" if value is None else told(value) for value in values)
    return f"{listed} ({parts} = {told(_sum(values))})"


def _codes(codes: Iterable[str]) -> str:
    return russian.listing(codes)
