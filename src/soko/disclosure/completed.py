"""Rows that a table lacks because nothing is in their base, put back where other rows tell so.

A subject with one mark «н/а» has a share of «4» and «5» and no mean mark. The public table hides the share, as of a
group of one; that there is no row of the mean mark, hidden or shown, would say that nobody got a mark.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import pandas as pd

from soko.disclosure.places import Place, column, dims_by_row
from soko.disclosure.settings import Disclosure, Term


class _Row(NamedTuple):
    number: int
    part: float
    base: float


def completed(frame: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """``frame`` (the tidy columns) and, below, rows of base 0: of an indicator that an identity of the settings needs.

    Added is the one indicator of an identity that is missing at a place, if the identity holds with nought in its base
    and the indicator stands at other places of the kind in that period.
    """
    found, shapes = _read(frame)
    added: list[tuple[str, int]] = []
    more = True
    while more:  # a row that one identity gives may be what another lacks
        more = False
        for identity in settings.identities:
            for terms, whole in identity.written_out:
                weights = {one: weight for one, weight in terms.items() if isinstance(weight, float | int)}
                if len(weights) < len(terms) or any(one.at for one in terms):
                    continue
                for name, place, like in _missing(weights, whole, found, shapes):
                    added.append((name, like))
                    found[name][place] = _Row(like, 0.0, 0.0)
                    more = True
    if not added:
        return frame
    rows = frame.iloc[[like for _, like in added]].assign(
        indicator=[name for name, _ in added], numerator=0.0, denominator=0.0, value=float("nan")
    )
    return pd.concat([frame, rows.astype(frame.dtypes)], ignore_index=True)


def _read(frame: pd.DataFrame) -> tuple[dict[str, dict[Place, _Row]], set[tuple[str, str, str, frozenset[str]]]]:
    """Rows by indicator and place, and where (school, period, names of dimensions) each indicator stands at all."""
    found: dict[str, dict[Place, _Row]] = defaultdict(dict)
    shapes = set()
    about = (column(frame, name) for name in ("indicator", "school_id", "period"))
    figures = (frame[name].astype(float).tolist() for name in ("numerator", "denominator"))
    for number, (name, school, period, dims, part, base) in enumerate(
        zip(*about, dims_by_row(frame), *figures, strict=True)
    ):
        place = Place(str(school or ""), str(period), dims)
        found[str(name)][place] = _Row(number, part, base)
        shapes.add((str(name), place.school, place.period, place.shape))
    return found, shapes


def _missing(
    terms: dict[Term, float],
    whole: Term,
    found: dict[str, dict[Place, _Row]],
    shapes: set[tuple[str, str, str, frozenset[str]]],
) -> list[tuple[str, Place, int]]:
    """(indicator, place, number of a row of that place) of the rows that an identity lacks."""
    signed = {**terms, whole: terms.get(whole, 0.0) - 1.0}
    names = {one.indicator for one in signed}
    if not names <= found.keys():
        return []
    result = []
    for name in sorted({one.indicator for one in signed if one.base}):
        others = names - {name}
        if any(one.indicator == name and not one.base for one in signed) or not others:
            continue
        places = set.intersection(*(set(found[other]) for other in others)) - found[name].keys()
        for place in sorted(places):
            if (name, place.school, place.period, place.shape) not in shapes:
                continue
            rows = {one: found[one.indicator][place] for one in signed if one.indicator != name}
            total = sum(signed[one] * (row.base if one.base else row.part) for one, row in rows.items())
            if abs(total) < 1e-6:
                result.append((name, place, next(iter(rows.values())).number))
    return result
