"""The school beside its town, region and country: values that were handed in (reference_values), matched and judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from soko.analysis.groups import Standing, fixed_p, holm, standing
from soko.analysis.rounding import exact
from soko.analysis.significance import p_value
from soko.indicators.reference import CUTS, Names, comparable_cuts, cut_of, first_year
from soko.notes.data import NoteData, Parts

SCOPES = ("муниципалитет", "регион", "страна")
TABLE = "reference_values"


@dataclass(frozen=True)
class Reference:
    """A value of a territory. ``parts`` only where the source gives counts, ``n`` where it gives their number."""

    indicator: str
    dims: tuple[tuple[str, str], ...]
    scope: str
    territory: str
    value: float
    parts: Parts | None
    n: float | None
    source: str
    published: date | None


@dataclass(frozen=True)
class Beside:
    """The school's figure beside one reference; ``p`` is corrected over all comparisons of the period."""

    reference: Reference
    gap: Fraction
    p: float | None
    standing: Standing


@dataclass(frozen=True)
class Line:
    """One figure of the school with what it is compared with, by territory."""

    indicator: str
    dims: tuple[tuple[str, str], ...]
    own: Parts
    beside: dict[str, Beside]


@dataclass(frozen=True)
class References:
    """Lines in the order of the catalogue, and how many values were left out, by reason."""

    lines: list[Line]
    left_out: dict[str, int]
    sources: list[str]


def read(data: NoteData, school: str = "") -> References:
    """Values of the period's clean table beside the school's figures of the same school year.

    Left out are values of another year, of an unknown indicator or cut, in another unit, and those for which the
    school has no figure; the rules of the table have told of each.
    """
    path = data.workspace.clean(data.period) / f"{TABLE}.parquet"
    frame = pd.read_parquet(path) if path.is_file() else pd.DataFrame()
    names, left_out = Names(data.catalogue), dict.fromkeys(("unknown", "year", "no_figure"), 0)
    found: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Reference]] = {}
    for row in frame.to_dict("records"):
        given = {str(name): None if _empty(value) else value for name, value in row.items()}
        reference = _reference(data, names, given)
        if reference is None:
            left_out["unknown"] += 1
        elif not _same_year(data, given):
            left_out["year"] += 1
        elif data.current.get(reference.indicator, school, **dict(reference.dims)) is None:
            left_out["no_figure"] += 1
        else:
            found.setdefault((reference.indicator, reference.dims), {}).setdefault(reference.scope, reference)
    order = {name: at for at, name in enumerate(data.catalogue.indicators)}
    ordered = sorted(found, key=lambda key: (order[key[0]], _cut_order(key[1])))
    lines = _judged(data, school, [(key, found[key]) for key in ordered])
    return References(lines, left_out, sources(lines))


def sources(lines: Iterable[Line]) -> list[str]:
    """Whence the values of the lines come, each source once."""
    used = [line.beside[scope].reference for line in lines for scope in SCOPES if scope in line.beside]
    return list(dict.fromkeys(_source(item) for item in used))


def _reference(data: NoteData, names: Names, row: Mapping[str, Any]) -> Reference | None:
    match = names.find(str(row.get("indicator") or ""))
    if not match.id or row.get("scope") not in SCOPES:
        return None
    item = data.catalogue[match.id]
    if cut_of(row) not in comparable_cuts(data.catalogue, match.id) or row.get("unit") not in (None, item.unit_title):
        return None
    dims = tuple((dimension, _text(row[column])) for column, dimension in CUTS.items() if row.get(column) is not None)
    part, base, value = (row.get(name) for name in ("numerator", "denominator", "value"))
    parts = None
    counted = part is not None and base is not None and base > 0 and bool(item.denominator)
    if counted and (item.unit != "percent" or 0 <= part <= base):  # type: ignore[operator]
        parts = Parts(float(part), float(base))  # type: ignore[arg-type]
        value = parts.value(float(item.scale))
    if value is None or (item.unit == "percent" and not 0 <= value <= 100):
        return None
    return Reference(
        match.id, dims, str(row["scope"]), str(row.get("territory") or ""), float(value), parts,
        None if base is None else float(base), str(row.get("source") or ""), row.get("published_on"),
    )  # fmt: skip


def _same_year(data: NoteData, row: Mapping[str, Any]) -> bool:
    given = row.get("school_year")
    return given is None or first_year(str(given)) == data.period.year


def _judged(
    data: NoteData, school: str, found: list[tuple[tuple[str, tuple[tuple[str, str], ...]], dict[str, Reference]]]
) -> list[Line]:
    """The differences with their words; chances are corrected over all of them at once."""
    thresholds = data.conventions.thresholds
    raw: dict[tuple[int, str], float] = {}
    owns: list[Parts] = []
    for at, ((indicator, dims), by_scope) in enumerate(found):
        own = data.current.get(indicator, school, **dict(dims))
        assert own is not None
        owns.append(own)
        for scope, reference in by_scope.items():
            of_people = data.catalogue.counts_people(indicator, [name for name, _ in dims])
            p = _chance(own, reference, thresholds.small_group) if of_people else None
            if p is not None:
                raw[at, scope] = p
    corrected = dict(zip(raw, holm(list(raw.values())), strict=True))
    lines = []
    for at, ((indicator, dims), by_scope) in enumerate(found):
        item, own, beside = data.catalogue[indicator], owns[at], {}
        value = own.exact(item.scale)
        for scope in SCOPES:
            if scope not in by_scope or value is None:
                continue
            reference = by_scope[scope]
            theirs = reference.parts.exact(item.scale) if reference.parts else None
            gap = value - (exact(reference.value) if theirs is None else theirs)
            word: Standing = "small"
            if own.base is None or own.base >= thresholds.small_group:
                word = standing(
                    gap, own.base or 0, corrected.get((at, scope)), stable=item.stable_within(thresholds),
                    confidence=thresholds.confidence, share=item.unit == "percent",
                )  # fmt: skip
            beside[scope] = Beside(reference, gap, corrected.get((at, scope)), word)
        lines.append(Line(indicator, dims, own, beside))
    return lines


def _chance(own: Parts, reference: Reference, small_group: int) -> float | None:
    """p of one comparison of shares of people before correction; None for too few.

    With counts both sides are samples; without them the value of the territory is taken as exact.
    """
    known = own.base is not None and own.base >= small_group and float(own.part).is_integer()
    if not known:
        return None
    parts = reference.parts
    if parts is not None and float(parts.part).is_integer():
        return p_value(own.part, own.base or 0, parts.part, parts.base or 0)
    return fixed_p(own.part, own.base or 0, reference.value / 100)


def _cut_order(dims: tuple[tuple[str, str], ...]) -> tuple[float, tuple[tuple[str, str], ...]]:
    grade = dict(dims).get("grade", "")
    return (float(grade) if grade.isdigit() else 0.0, dims)


def _source(reference: Reference) -> str:
    from soko import russian

    published = reference.published
    return reference.source + (f" ({russian.day(published)})" if published is not None else "")


def _empty(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value == "" or value != value


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and float(value).is_integer() else str(value)
