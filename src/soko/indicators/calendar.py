"""The indicators of a year that is put together of parts, and from where each was taken.

Every indicator has a rule: in a calendar year that of ``Calendar`` in the catalogue and of ``calendar_year`` in
params/conventions.yaml, in a school year what follows from it (``soko.indicators.school_year``). A *stand* is a
set of tables that belong together: those of one part, as its own publication has them; pupils and marks of the school
year's end; or the tables of the whole year. No figure mixes stands: computers of May are not divided by the pupils of
December.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from soko.conventions import Take
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators import school_year
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
    """Whether the period is a year made of parts."""
    return bool(Params(workspace).parts(period))


def rule_of(catalogue: Catalogue, item: Indicator, taken: dict[str, Take]) -> Calendar:
    """The rule of the indicator: the school's for it, its own, the school's for its population, that one's, default."""
    view = catalogue.views[item.population]
    base = item.calendar or view.calendar or _DEFAULT
    named = taken.get(item.id) or (None if item.calendar else taken.get(view.name))
    if named is None:
        return base
    return base.model_copy(update={"take": named, "source": "решение школы (params/conventions.yaml, calendar_year)"})


def rules(workspace: Workspace, period: Period, catalogue: Catalogue) -> dict[str, Calendar]:
    """The rule of every indicator that the year has. ConfigError for a choice of the school that names none."""
    if period.kind == "year":
        return {item.id: school_year.rule(catalogue, item) for item in catalogue.for_period(period)}
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

    Of an indicator that is asked of one part after another (``at_end``) the latest that gives a value counts: a column
    which nobody filled in in December is that of May, and ``Taken`` says so.
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
        if _is_asked(parts, rule.take):
            continue
        lacking = _lacking(parts, catalogue, item, rule.take)
        taken[item.id] = Taken(item, rule, None if lacking else stands[rule.take], lacking or None)
        if not lacking:
            fixed.setdefault("school_year" if rule.take == "school_year" else "in_year", []).append(item)
    for take, group in fixed.items():
        stand = stands[take]
        frames.append(compute_on(workspace, catalogue, group, stand.folder, stand.settings, period))
    for take in school_year.ASKED:
        left = [item for item in items if by_rule[item.id].take == take and item.id not in taken]
        for stand in _asked(workspace, parts, take):
            if not left:
                break
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
    """The stand of a population itself: of the latest part that has its tables where one after another is asked."""
    params, parts = Params(workspace), opened(workspace, period)
    if period.kind == "year":
        item = next((item for item in catalogue.for_period(period) if item.population == view.name), None)
        take = school_year.rule(catalogue, item).take if item else "in_year"
    else:
        own = params.conventions.calendar_on(params.dates(period).end).value.take
        take = own.get(view.name) or (view.calendar or _DEFAULT).take
    if not _is_asked(parts, take):
        return _fixed_stand(workspace, parts, take)
    for stand in _asked(workspace, parts, take):
        if all((stand.folder / f"{name}.parquet").is_file() for name in view.tables):
            return stand
    return None


def _is_asked(parts: Parts, take: Take) -> bool:
    return take == "at_end" or (parts.year.kind == "year" and take in school_year.ASKED)


def _asked(workspace: Workspace, parts: Parts, take: Take) -> Iterator[Stand]:
    """The stands to ask, the latest first; of a school year first its own tables with everybody of the year."""
    periods = list(reversed(parts.periods))
    if parts.year.kind == "year":
        periods = school_year.asked(parts, take)
        if (parts.root / SCHOOL_YEAR).is_dir():
            yield _fixed_stand(workspace, parts, "school_year")
    for part in periods:
        yield Stand(parts.folder(part), read_settings(workspace, part), part)


def _never(parts: Parts, catalogue: Catalogue, item: Indicator) -> dict[str, list[Period]]:
    """Tables of an indicator that no part gives a value of: those that nobody handed in, else all of them."""
    tables = catalogue.tables_of(item.id)
    return {name: [] for name in [name for name in tables if not parts.having(name)] or tables}


def _fixed_stand(workspace: Workspace, parts: Parts, take: Take) -> Stand:
    if take == "school_year":
        settings = read_settings(workspace, Period(parts.school_year, "year"))
        return Stand(parts.root / SCHOOL_YEAR, settings)
    return Stand(parts.root, read_settings(workspace, parts.year))


def _lacking(parts: Parts, catalogue: Catalogue, item: Indicator, take: Take) -> dict[str, list[Period]]:
    """Tables without which the rule cannot be kept, and the periods or halves where they lack."""
    if parts.year.kind == "year":
        folder = parts.root / SCHOOL_YEAR if take == "school_year" else parts.root
        there = {path.stem for path in folder.glob("*.parquet")}
        return school_year.lacking(parts, catalogue, item, take, there)
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
