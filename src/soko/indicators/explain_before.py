"""The figure that ``soko explain`` explains, beside those of the periods compared: the same rule as dynamics.csv."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from soko.cohorts import compared_class, compared_grade
from soko.indicators import dynamics, history
from soko.indicators.absent import lacks
from soko.indicators.catalogue import Catalogue
from soko.indicators.model import Indicator
from soko.indicators.population import opened
from soko.indicators.reasons import DEFINITION, LENGTH, NEW_GROUP, NO_BEFORE
from soko.indicators.select import one
from soko.indicators.statement import statement, tables_under
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace


@dataclass(frozen=True)
class Before:
    """One comparison. ``group`` is what the class or grade was called then, empty where the same.

    Numbers and words are those of dynamics.csv: None where there is none, ``reason`` a code of ``reasons``.
    """

    period: Period
    against: str
    group: str
    numerator: float | None
    denominator: float | None
    value: float | None
    delta: float | None
    people: float | None
    p: float | None
    verdict: str
    rule: str
    reason: str


def compared(
    workspace: Workspace, period: Period, catalogue: Catalogue, item: Indicator, group: dict[str, Any],
    parts: tuple[float | None, float | None],
) -> tuple[tuple[float | None, float | None], list[Before]]:  # fmt: skip
    """Bounds of the share (per cent; None for what is no share of people) and the comparisons, nearest first."""
    from soko.analysis.dynamics import judged, traits

    thresholds = Params(workspace).conventions.thresholds
    dims = _finest({name: value for name, value in group.items() if name != "school_id"})
    of = traits(catalogue, thresholds, [(item.id, list(dims))])
    now = [[float("nan") if part is None else part] for part in parts]
    alone = judged([*now, [float("nan")], [float("nan")]], of, thresholds)
    found = []
    for against, other in Params(workspace).compared(period).items():
        then, called, reason = _then(dims, period, other), "", ""
        row: Any = None
        if then is None:
            reason = NEW_GROUP.code
        else:
            frame, state = history.load_with_state(workspace, other, catalogue)
            called = ", ".join(str(then[name]) for name in then if then[name] != dims[name])
            if frame is not None and item.id not in state.changed:
                row = one(frame, item.id, school_id=group.get("school_id", ""), **then)
            if row is None and item.id not in state.changed:
                row = _counted(workspace, other, catalogue, item, then | _school(group))
            if row is not None and item.id in dynamics.uneven(Params(workspace), catalogue, period, other):
                reason = LENGTH.code
            if row is None:
                reason = DEFINITION.code if item.id in state.changed else NO_BEFORE.code
        before = [[float("nan") if row is None else float(row[name])] for name in ("numerator", "denominator")]
        told = judged([*now, *before], of, thresholds, [reason])
        found.append(
            Before(
                period=other,
                against=against,
                group=called,
                numerator=_known(before[0][0]),
                denominator=_known(before[1][0]),
                value=_known(told.before[0]),
                delta=_known(told.delta[0]),
                people=_known(told.people[0]),
                p=_known(told.p[0]),
                verdict=str(told.verdict[0]),
                rule=str(told.rule[0]),
                reason=str(told.reason[0]),
            )
        )
    return (_known(alone.low[0]), _known(alone.high[0])), found


def _school(group: dict[str, Any]) -> dict[str, Any]:
    return {"school_id": group["school_id"]} if "school_id" in group else {}


def _counted(
    workspace: Workspace, period: Period, catalogue: Catalogue, item: Indicator, group: dict[str, Any]
) -> dict[str, float] | None:
    """Parts of a group that the tidy table has no row of (marks of girls), from the checked data; None without them."""
    tables = tables_under(catalogue, item)
    if not item.counted_in(period) or not (workspace.clean(period) / "pupils.parquet").is_file():
        return None
    with opened(workspace, period, catalogue, tables) as (connection, found):
        if lacks(catalogue, item, found):
            return None
        parts = connection.execute(statement(catalogue, item, group)).fetchone() or (None,)
    if parts[0] is None or (item.denominator and not parts[1]):
        return None
    return {"numerator": float(parts[0]), "denominator": float(parts[1]) if item.denominator else float("nan")}


def _known(number: float) -> float | None:
    return None if number != number else float(number)


def _finest(dims: dict[str, Any]) -> dict[str, Any]:
    """As the tidy table keys it: a row of a class names no grade and no level."""
    coarser = {"grade", "level"} if "class" in dims else {"level"} if "grade" in dims else set()
    return {name: value for name, value in dims.items() if name not in coarser}


def _then(dims: dict[str, Any], period: Period, other: Period) -> dict[str, Any] | None:
    """The group as ``other`` knows it; None where it did not exist."""
    then = dict(dims)
    if "class" in then:
        then["class"] = compared_class(then["class"], period, other)
    if "grade" in then:
        then["grade"] = compared_grade(then["grade"], period, other)
    return None if None in then.values() else then
