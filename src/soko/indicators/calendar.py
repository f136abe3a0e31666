"""The indicators of a calendar year that is put together of two school years, and from where each was taken.

Every indicator has a rule (``Calendar`` in the catalogue, ``calendar_year`` in params/conventions.yaml). A *stand* is a
set of tables that belong together: those of one part, as its own publication has them; pupils and marks of the school
year's end; or the tables of the whole year. No figure mixes stands: computers of May are not divided by the pupils of
December.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from soko.conventions import Take
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators.absent import lacks
from soko.indicators.catalogue import Catalogue
from soko.indicators.combine import SCHOOL_YEAR, Parts, opened
from soko.indicators.model import Calendar, Indicator, View
from soko.indicators.settings import Settings, read_settings
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

_DEFAULT = Calendar(take="at_end", source="приказ Минобрнауки России от 14.06.2013 № 462, п. 7")


@dataclass(frozen=True)
class Stand:
    """Tables that belong together and the settings that go with them. ``part``: whose they are, None if several's."""

    folder: Path
    settings: Settings
    part: Period | None = None


@dataclass(frozen=True)
class Taken:
    """Where an indicator's figure comes from; ``stand`` is None when it cannot be had.

    ``lacking``: tables without which there is none, each with the periods that lack it (none: no part has it, or no
    part has it filled in). ``valued`` is false where the tables are there and no row of them is of the base.
    """

    indicator: Indicator
    rule: Calendar
    stand: Stand | None = None
    lacking: dict[str, list[Period]] | None = None
    valued: bool = True


def is_combined(workspace: Workspace, period: Period) -> bool:
    """Whether the period is a calendar year made of parts: such a one has no files of its own."""
    return bool(period.kind == "calendar" and Params(workspace).parts(period))


def rule_of(catalogue: Catalogue, item: Indicator, taken: dict[str, Take]) -> Calendar:
    """The rule of the indicator: the school's for it, its own, the school's for its population, that one's, default."""
    view = catalogue.views[item.population]
    base = item.calendar or view.calendar or _DEFAULT
    named = taken.get(item.id) or (None if item.calendar else taken.get(view.name))
    if named is None:
        return base
    return base.model_copy(update={"take": named, "source": "решение школы (params/conventions.yaml, calendar_year)"})


def rules(workspace: Workspace, period: Period, catalogue: Catalogue) -> dict[str, Calendar]:
    """The rule of every indicator that a calendar year has. ConfigError for a choice of the school that names none."""
    params = Params(workspace)
    own = params.conventions.calendar_on(params.dates(period).end).value.take
    for name in own:
        if name not in catalogue and name not in catalogue.views:
            raise ConfigError(
                f"правило календарного года для неизвестного показателя или выборки «{name}»"
                f"{did_you_mean(name, [*catalogue.indicators, *catalogue.views])}",
                where="params/conventions.yaml, calendar_year, take",
            )
    return {item.id: rule_of(catalogue, item, own) for item in catalogue.for_period(period)}


def compute(workspace: Workspace, period: Period, catalogue: Catalogue) -> tuple[pd.DataFrame, list[Taken]]:
    """The tidy table of the year (columns as ``soko.indicators.compute``), and where each indicator was taken.

    Of an indicator that is taken ``at_end`` the latest part that gives a value counts: a column which nobody filled
    in in December is that of May, and ``Taken`` says so.
    """
    import pandas as pd

    from soko.indicators.engine import compute_on

    parts = opened(workspace, period)
    by_rule = rules(workspace, period, catalogue)
    items = [_without(catalogue[name], rule) for name, rule in by_rule.items()]
    frames: list[pd.DataFrame] = []
    taken: dict[str, Taken] = {}
    fixed: dict[Take, list[Indicator]] = {}
    whole = _fixed_stand(workspace, parts, "in_year")
    stands: dict[Take, Stand] = defaultdict(lambda: whole)
    stands["school_year"] = _fixed_stand(workspace, parts, "school_year")
    for item in items:
        rule = by_rule[item.id]
        if rule.take == "at_end":
            continue
        lacking = _lacking(parts, catalogue, item, rule.take)
        taken[item.id] = Taken(item, rule, None if lacking else stands[rule.take], lacking or None)
        if not lacking:
            fixed.setdefault("school_year" if rule.take == "school_year" else "in_year", []).append(item)
    for take, group in fixed.items():
        stand = stands[take]
        frames.append(compute_on(workspace, catalogue, group, stand.folder, stand.settings, period))
    left = [item for item in items if item.id not in taken]
    for part in reversed(parts.periods):
        if not left:
            break
        stand = Stand(parts.folder(part), read_settings(workspace, part), part)
        frame = compute_on(workspace, catalogue, left, stand.folder, stand.settings, period)
        got = set(frame["indicator"])
        frames.append(frame)
        taken |= {item.id: Taken(item, by_rule[item.id], stand) for item in left if item.id in got}
        left = [item for item in left if item.id not in got]
    taken |= {item.id: Taken(item, by_rule[item.id], None, _never(parts, catalogue, item)) for item in left}
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    keys = [name for name in frame.columns if name not in ("numerator", "denominator", "value")]
    frame = frame.sort_values(keys, kind="stable", na_position="first").reset_index(drop=True)
    valued = set(frame["indicator"]) if len(frame) else set()
    return frame, [replace(taken[item.id], valued=item.id in valued) for item in items]


def of_indicator(workspace: Workspace, period: Period, catalogue: Catalogue, indicator: str) -> Taken:
    """Where one indicator of the year is taken; the other indicators are not computed."""
    only = Catalogue(
        {indicator: catalogue[indicator]}, catalogue.views, catalogue.tables, catalogue.targets, catalogue.places
    )
    known = rules(workspace, period, catalogue)
    if indicator not in known:
        return Taken(catalogue[indicator], _DEFAULT)
    return compute(workspace, period, only)[1][0]


def of_view(workspace: Workspace, period: Period, catalogue: Catalogue, view: View) -> Stand | None:
    """The stand of a population itself: of the latest part that has its tables where it is taken ``at_end``."""
    params, parts = Params(workspace), opened(workspace, period)
    own = params.conventions.calendar_on(params.dates(period).end).value.take
    take = own.get(view.name) or (view.calendar or _DEFAULT).take
    if take != "at_end":
        return _fixed_stand(workspace, parts, take)
    for part in reversed(parts.periods):
        if all(parts.has(part, name) for name in view.tables):
            return Stand(parts.folder(part), read_settings(workspace, part), part)
    return None


def _never(parts: Parts, catalogue: Catalogue, item: Indicator) -> dict[str, list[Period]]:
    """Tables of an indicator that no part gives a value of: those that nobody handed in, else all of them."""
    tables = catalogue.tables_of(item.id)
    return {name: [] for name in [name for name in tables if not parts.having(name)] or tables}


def _fixed_stand(workspace: Workspace, parts: Parts, take: Take) -> Stand:
    if take == "school_year":
        settings = read_settings(workspace, Period(parts.year.year - 1, "year"))
        return Stand(parts.root / SCHOOL_YEAR, settings)
    return Stand(parts.root, read_settings(workspace, parts.year))


def _lacking(parts: Parts, catalogue: Catalogue, item: Indicator, take: Take) -> dict[str, list[Period]]:
    """Tables without which the rule cannot be kept, and the periods or halves where they lack."""
    first, second = parts.of_year(parts.year.year - 1), parts.of_year(parts.year.year)
    tables = catalogue.tables_of(item.id)
    found: dict[str, list[Period]] = {}
    if take == "school_year":
        folder = parts.root / SCHOOL_YEAR
        there = {path.stem for path in folder.glob("*.parquet")}
        return {name: [Period(parts.year.year - 1, "year")] for name in lacks(catalogue, item, there)}
    for name in tables:
        having = parts.having(name)
        if take == "terms":
            wanted = [term for term in parts.terms if term not in having]
        elif take == "summer":
            wanted = [] if set(first) & set(having) else [Period(parts.year.year - 1, "year")]
        elif take == "both_halves":
            wanted = [] if set(first) & set(having) else [Period(parts.year.year - 1, "half", 2)]
            wanted += [] if set(second) & set(having) else [Period(parts.year.year, "half", 1)]
        else:
            wanted = []
        if wanted:
            found[name] = wanted
    if not found:
        there = {path.stem for path in parts.root.glob("*.parquet")}
        found = {name: [] for name in lacks(catalogue, item, there)}
    return found


def _without(item: Indicator, rule: Calendar) -> Indicator:
    """The indicator without the dimensions that mean nothing over two school years."""
    if not rule.without:
        return item
    return item.model_copy(
        update={"dimensions": [names for names in item.dimensions if not set(names) & set(rule.without)]}
    )
