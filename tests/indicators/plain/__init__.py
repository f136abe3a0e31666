"""A second way to every figure of the catalogue: plain pandas, from the definitions in words and not from the SQL."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from plain import (
    activities,
    community,
    conditions,
    contests,
    exams,
    gia,
    graduates,
    health,
    marks,
    movement,
    order_1324,
    staff,
)
from plain.base import Parts, School, disagreements, tidy
from soko.indicators.model import Indicator
from soko.periods import Period
from soko.workspace import Workspace

__all__ = ["disagreements", "expected", "parts_of"]

WAYS = (
    marks.outcomes, marks.subjects, movement.movement, movement.classes, movement.repeaters, movement.general_number,
    movement.attendance, contests.contests, activities.activities, activities.registers, health.health, health.sport,
    exams.works, gia.gia9, gia.gia11, gia.scores, graduates.certificates, graduates.destinations, graduates.minimums,
    staff.pedagogues, staff.pedagogues_by_item, staff.training, staff.illness, staff.lessons, conditions.staffing,
    conditions.conditions, conditions.computers, conditions.programmes, community.parents, community.response,
    community.surveys, community.self_government, community.experts,
    community.diagnostics, order_1324.of_all, order_1324.facts,
)  # fmt: skip


def parts_of(workspace: Workspace, period: Period) -> Parts:
    """What each row adds to each indicator whose tables were handed in."""
    school, found = School(workspace, period), {}
    for way in WAYS:
        for name, part in way(school).items():
            assert name not in found, f"{name} is computed twice"
            found[name] = part
    return found


def expected(workspace: Workspace, period: Period, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """The tidy table of ``indicators`` (columns: KEYS of plain.base, top, bottom, value).

    Only the sets of dimensions are taken from the catalogue. Shares are in per cent; СОУ has its weights in per cent.
    """
    items = {item.id: item for item in indicators}
    parts = {name: part for name, part in parts_of(workspace, period).items() if name in items}
    sets = {name: items[name].dimensions for name in parts}
    scales = {name: 100.0 if items[name].unit == "percent" and name != "subjects.sou" else 1.0 for name in parts}
    return tidy(parts, sets, scales)
