"""Equations between amounts that every reader knows: parts of a whole, definitions, terms of a year.

Each is noted only where it holds in the data: who takes it for granted where it does not is misled, not told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from soko.calendars import Span
from soko.disclosure.amounts import Book, Row
from soko.disclosure.places import Dims, Place, all_finer, items_of_subjects, ordered, partitions
from soko.disclosure.settings import Disclosure, Identity, Term
from soko.indicators.combined_rows import BY_TERM, DATED
from soko.order1324 import Order1324
from soko.params import Params
from soko.periods import Period

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

_SAME = 2  # terms of «one is the other»


def note(
    made: Book, catalogue: Catalogue, params: Params, settings: Disclosure, order: Order1324, *, least: int
) -> None:
    """Note all equations between the amounts of ``made``; ``least``: the size of a group that may be shown."""
    nest(made, params)
    balances = [
        Identity(sum={_code(code): 1.0 for code in balance.left}, equals=_code(balance.right[0]))
        for balance in order.balances
        if balance.relation == "=" and len(balance.right) == 1
    ]
    for identity in (*settings.identities, *balances):
        for terms, whole in identity.written_out:
            _identity(made, terms, whole, params)
    over_time(made, catalogue, params, settings, least)
    _one_price(made)


def _one_price(made: Book) -> None:
    """Amounts that equations say are equal cost alike: hiding the cheap name of a dear figure would hide both."""
    lead = list(range(len(made.amounts)))

    def found(at: int) -> int:
        while lead[at] != at:
            lead[at] = lead[lead[at]]
            at = lead[at]
        return at

    for equation in made.equations.values():
        if len(equation) == _SAME and equation[0][1] == -equation[1][1]:
            lead[found(equation[0][0])] = found(equation[1][0])
    dearest: dict[int, float] = defaultdict(float)
    for at, amount in enumerate(made.amounts):
        dearest[found(at)] = max(dearest[found(at)], amount.cost)
    made.amounts[:] = [replace(amount, cost=dearest[found(at)]) for at, amount in enumerate(made.amounts)]


def _code(code: str) -> str:
    return f"order1324.{code.replace('.', '_')}"


def nest(made: Book, params: Params) -> None:
    """Finer places add up to the coarser ones that they lie in."""
    for places in made.cells.values():
        found = [
            made.equate([*((at, 1.0) for at in below), (places[whole], -1.0)])
            for whole, below in partitions(places, params.school)
        ]
        if not all(found):  # classes may make up a level whose parallels say something else
            for whole, below in all_finer(places, params.school):
                made.equate([*((at, 1.0) for at in below), (places[whole], -1.0)])
        for subject, items in items_of_subjects(places):
            made.equate([*((at, 1.0) for at in items), (places[subject], -1.0)])


def _identity(made: Book, terms: dict[Term, float | str], whole: Term, params: Params) -> None:
    """The identity at every place where all its amounts stand; a term «@level=НОО» stands at that place below it."""
    lead = made.families.get((whole.indicator, whole.base))
    if lead is None or any((one.indicator, one.base) not in made.families for one in terms):
        return
    weights: dict[str, dict[str, float]] = {}
    for place, at in list(made.cells[lead].items()):
        found = [(_at(made, one, place), _weight(w, place.period, params, weights)) for one, w in terms.items()]
        if all(position is not None and weight is not None for position, weight in found):
            made.equate([*((p, w) for p, w in found if p is not None and w is not None), (at, -1.0)])


def _at(made: Book, one: Term, place: Place) -> int | None:
    dims = ordered({**dict(place.dims), **dict(one.at)}.items()) if one.at else place.dims
    return made.cells[made.families[one.indicator, one.base]].get(place.at(dims))


def _weight(weight: float | str, period: str, params: Params, known: dict[str, dict[str, float]]) -> float | None:
    if not isinstance(weight, str):
        return float(weight)
    period = period.partition("#")[0]
    if period not in known:
        from soko.indicators.settings import read_settings

        record = read_settings(params.workspace, Period.parse(period)).record()
        known[period] = {name: float(v) for name, v in record.items() if isinstance(v, (int, float))}
    return known[period].get(weight)


def over_time(made: Book, catalogue: Catalogue, params: Params, settings: Disclosure, least: int) -> None:
    """Terms add up to half-years and years where the data are sums over time; ends of periods are starts of others.

    What a period takes over from another (``least``: the size of a group that may be shown) is the same there.
    """
    known = {place.period for places in made.cells.values() for place in places}
    spans = {name: params.dates(Period.parse(name)) for name in known if "#" not in name}
    summed = {name for name, _ in made.families if _flows(catalogue, name)}
    flows = {family for (name, _), family in made.families.items() if name in summed}
    for family, places in made.cells.items():
        by_place: dict[tuple[str, Dims], dict[str, int]] = defaultdict(dict)
        for place, at in places.items():
            period, _, release = place.period.partition("#")
            if not release:
                by_place[place.school, place.dims][period] = at
            elif (now := places.get(Place(place.school, period, place.dims))) is not None:
                made.equate([(at, 1.0), (now, -1.0)])  # not corrected since
        for periods in by_place.values():
            if len(periods) > 1:
                if family in flows:
                    _add_up(made, periods, known)
                else:
                    _same_day(made, periods, spans)
    _as_it_was(made, summed, spans, least)
    for carried in settings.carried:
        _carry(made, carried.end, carried.start)


def _flows(catalogue: Catalogue, indicator: str) -> bool:
    item = catalogue[indicator]
    tables = {table for view in catalogue.views_under(item.population) for table in (*view.tables, *view.any_of)}
    counted_once = catalogue.views[item.population].once is not None  # who took part in two terms is one in the year
    return item.accrues or (not counted_once and bool(tables & {*BY_TERM, *DATED}))


def _add_up(made: Book, periods: dict[str, int], known: set[str]) -> None:
    """A period and the terms in it; a term that is known and has no such row has nothing to add."""
    for name, at in periods.items():
        period = Period.parse(name)
        for scheme in ("quarter", "trimester", "half"):
            parts = [part.id for part in period.parts(scheme)]
            if parts != [name] and known.issuperset(parts):
                made.equate([*((periods[part], 1.0) for part in parts if part in periods), (at, -1.0)])


def _same_day(made: Book, periods: dict[str, int], spans: dict[str, Span]) -> None:
    """What two periods that end on one day say of that day; where it differs they say different things."""
    ends: dict[date, int] = {}
    for name, at in periods.items():
        end = spans[name].end
        if end in ends:
            made.equate([(at, 1.0), (ends[end], -1.0)])
        ends.setdefault(end, at)


def _as_it_was(made: Book, flows: set[str], spans: dict[str, Span], least: int) -> None:
    """What a year and a period that reaches into it say alike in all rows of an indicator is one and the same.

    A calendar year has the results of the school year that ended in it, and the municipal olympiad of its last term.
    Readers are told so («на какую дату», «за какой период»), or see it. A half-year takes over what is summed over
    time (``flows``). A few small counts agree by chance: bases of the rows (parts, where there are none) must come to
    ``least`` or more.
    """
    known: dict[tuple[str, str, Dims], dict[str, Row]] = defaultdict(dict)
    for row in made.rows:
        if "#" not in row.place.period:
            known[row.indicator, row.place.school, row.place.dims][row.place.period] = row
    alike: dict[tuple[str, str, str, frozenset[str]], list[tuple[Row, Row]]] = defaultdict(list)
    for (indicator, _, dims), rows in known.items():
        shape = frozenset(name for name, _ in dims)
        for one, other in combinations(sorted(rows), 2):
            meet = spans[one].start <= spans[other].end and spans[other].start <= spans[one].end
            if meet and (indicator in flows or _is_year(one) or _is_year(other)):
                alike[indicator, one, other, shape].append((rows[one], rows[other]))
    for found in alike.values():
        both = [pair for a, b in found for pair in ((a.part, b.part), (a.base, b.base))]
        pairs = [pair for pair in both if min(pair) >= 0]
        weighty = sum(made.amounts[row.part if row.base < 0 else row.base].value for row, _ in found) >= least
        if weighty and all(made.amounts[first].value == made.amounts[second].value for first, second in pairs):
            for first, second in pairs:
                made.equate([(first, 1.0), (second, -1.0)])


def _is_year(period: str) -> bool:
    return Period.parse(period).kind in ("year", "calendar")


def _carry(made: Book, end: str, start: str) -> None:
    if (end, False) not in made.families or (start, False) not in made.families:
        return
    ends: dict[Place, int] = made.cells[made.families[end, False]]
    starts = made.cells[made.families[start, False]]
    for place, at in list(starts.items()):
        if "#" in place.period:
            continue
        before = Period.parse(place.period).previous()
        position = ends.get(Place(place.school, before.id, place.dims))
        if position is not None:
            made.equate([(position, 1.0), (at, -1.0)])
