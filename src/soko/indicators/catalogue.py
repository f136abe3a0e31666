"""Read params/indicators/*.yaml into one catalogue, and say where in the files each part of it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from soko.errors import ConfigError, UsageError
from soko.hints import did_you_mean
from soko.indicators.model import CatalogueFile, Indicator, View
from soko.indicators.twins import completed
from soko.params import Params
from soko.periods import Period
from soko.tables import Table, load_tables
from soko.workspace import Workspace
from soko.yamlio import Lines, check, load_raw, read


@dataclass(frozen=True)
class Catalogue:
    """All indicators and views of a workspace, in the order of the files.

    ``places`` maps (kind, id, key) to «file, строка N», kind being "view" or "indicator".
    """

    indicators: dict[str, Indicator]
    views: dict[str, View]
    tables: dict[str, Table]
    targets: dict[str, float] = field(default_factory=dict)
    places: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def __getitem__(self, indicator: str) -> Indicator:
        """The indicator by id; UsageError with the nearest id when there is none."""
        try:
            return self.indicators[indicator]
        except KeyError:
            hint = did_you_mean(indicator, sorted(self.indicators))
            raise UsageError(f"нет показателя «{indicator}»{hint}", where="params/indicators") from None

    def __contains__(self, indicator: object) -> bool:
        return indicator in self.indicators

    def __iter__(self) -> Any:
        return iter(self.indicators.values())

    def __len__(self) -> int:
        return len(self.indicators)

    def target(self, indicator: str) -> float | None:
        """The school's target (params/conventions.yaml), else the one of the definition, else None."""
        return self.targets.get(indicator, self[indicator].target)

    def base(self, indicator: str) -> str:
        """Words about the base, to be printed under a table."""
        item = self[indicator]
        return item.base or self.views[item.population].base

    def noun(self, indicator: str) -> str:
        """What the denominator counts, as a noun in the nominative: «обучающийся», «отметка», «педагог»."""
        item = self[indicator]
        return item.noun or self.views[item.population].noun

    def tables_of(self, indicator: str) -> list[str]:
        """Source tables of the indicator."""
        item = self[indicator]
        view = self.views[item.population]
        return item.tables or [*view.tables, *view.any_of]

    def counts_people(self, indicator: str, filled: Iterable[str]) -> bool:
        """Whether the figure of a group (its dimensions are ``filled``) is a share of people, each of them once."""
        item = self[indicator]
        once = self.views[item.population].once
        share = item.unit == "percent" and item.scale == 100 and item.heads
        return share and once is not None and set(once) <= set(filled)

    def counts_things(self, indicator: str) -> bool:
        """Whether the base is things all of which are looked at, so that it cannot be too small to be judged."""
        return self.views[self[indicator].population].things

    def for_period(self, period: Period) -> list[Indicator]:
        """Indicators that the programme asks for in such a period."""
        return [item for item in self.indicators.values() if item.counted_in(period)]

    def place(self, kind: str, name: str, key: str = "") -> str:
        """Where it is written: «params/indicators/own.yaml, строка 7»."""
        return self.places.get((kind, name, key)) or self.places.get((kind, name, ""), "params/indicators")

    def views_under(self, view: str) -> list[View]:
        """The view and every view that it rests on, in the order of definition."""
        return [self.views[name] for name in self.views if name in self._under[view]]

    @cached_property
    def _under(self) -> dict[str, set[str]]:
        """Every view with itself and all that it rests on; once for the catalogue, since each indicator asks."""
        under: dict[str, set[str]] = {}
        for name, view in self.views.items():
            under[name] = {name}.union(*(under[other] for other in relations(view.sql) if other in under))
        return under

    def definition(self, indicator: str) -> str:
        """Everything in the catalogue that the figures depend on: expressions, scale, views. Words do not count."""
        item = self[indicator]
        views = [view.sql for view in self.views_under(item.population)]
        return _definition(item.numerator, item.denominator, item.scale, *views)


@lru_cache(maxsize=2048, typed=True)  # every period that a note compares asks for all of them
def _definition(*parts: Any) -> str:
    return json.dumps(parts, ensure_ascii=False)


def relations(sql: str) -> set[str]:
    """What ``sql`` may take rows from: every whole word after FROM, JOIN or a comma, in lower case."""
    return {name.lower() for name in re.findall(r"(?:\bfrom\s+|\bjoin\s+|,\s*)(\w+)", sql, re.IGNORECASE)}


def load_catalogue(workspace: Workspace, *, bind: bool = True) -> Catalogue:
    """The catalogue of the workspace.

    ``bind`` tries every view and expression on empty tables. ConfigError names file, line and the nearest valid
    name; ``soko.indicators.compute`` skips the trial, because its own query is one.
    """
    folder = workspace.params / "indicators"
    paths = sorted(folder.glob("*.yaml"), key=lambda path: (path.stem == "own", path.name))
    indicators, views, places = _written(tuple(_File(workspace.relative(path), read(path), path) for path in paths))
    if not indicators:
        raise ConfigError("каталог показателей пуст", where=str(folder), todo="восстановите папку командой soko init")
    targets = Params(workspace).conventions.targets
    catalogue = Catalogue(dict(indicators), dict(views), load_tables(workspace), targets, dict(places))
    _known_names(catalogue, targets)
    if bind:
        from soko.indicators.bind import check_expressions

        check_expressions(catalogue)
    return catalogue


@dataclass(frozen=True)
class _File:
    """A file of the catalogue: how messages name it, what it says, and where it is, which changes nothing."""

    shown: str
    text: str
    path: Path = field(compare=False)


# What the files say is the same in every workspace that has them, and a process asks for it again and again.
@lru_cache(maxsize=8)
def _written(
    files: tuple[_File, ...],
) -> tuple[dict[str, Indicator], dict[str, View], dict[tuple[str, str, str], str]]:
    """Indicators, views and places of the files; not to be changed."""
    indicators: dict[str, Indicator] = {}
    views: dict[str, View] = {}
    places: dict[tuple[str, str, str], str] = {}
    raw = {file: load_raw(file.path) for file in files}
    places_of = {file.shown: lines for file, (_, lines) in raw.items()}

    def line(shown: str, number: int) -> int:
        at: tuple[Any, ...] = ("indicators", number)
        return places_of[shown].get((*at, "same_as"), places_of[shown].get(at, 1))

    whole = completed({file.shown: data for file, (data, _) in raw.items()}, line)
    for file, (_, lines) in raw.items():
        shown = file.shown
        content = check(whole[shown] if whole[shown] is not None else {}, lines, CatalogueFile, file.path)
        for number, view in enumerate(content.views):
            _once("выборка", view.name, view.name in views, shown, lines, ("views", number))
            views[view.name] = view
        for number, item in enumerate(content.indicators):
            known = item.id in indicators
            _once("показатель", item.id, known and not item.replace, shown, lines, ("indicators", number))
            indicators[item.id] = item
        _places(places, content, shown, lines)
    return indicators, views, places


def _once(kind: str, name: str, taken: bool, shown: str, lines: Lines, at: tuple[Any, ...]) -> None:
    if taken:
        raise ConfigError(
            f"{kind} «{name}» описан{'а' if kind == 'выборка' else ''} второй раз",
            where=f"{shown}, строка {lines.get(at, 1)}",
            todo="выберите другое имя" + ("" if kind == "выборка" else " или напишите replace: true, чтобы заменить"),
        )


def _places(places: dict[tuple[str, str, str], str], content: CatalogueFile, shown: str, lines: Lines) -> None:
    """Add the lines of one file; what a former file said of the same indicator is forgotten."""
    named = {
        **{("views", number): ("view", view.name) for number, view in enumerate(content.views)},
        **{("indicators", number): ("indicator", item.id) for number, item in enumerate(content.indicators)},
    }
    again = {pair for pair in named.values() if (*pair, "") in places}
    for key in [key for key in places if key[:2] in again] if again else ():
        del places[key]
    for loc, line in lines.items():
        if len(loc) in (2, 3) and loc[:2] in named:
            kind, name = named[loc[0], loc[1]]
            places[kind, name, str(loc[2]) if len(loc) == 3 else ""] = f"{shown}, строка {line}"


def _known_names(catalogue: Catalogue, targets: Iterable[str]) -> None:
    """Populations, tables and targets that nothing stands behind are refused with the nearest name."""
    for item in catalogue:
        if item.population not in catalogue.views:
            raise ConfigError(
                f"нет выборки «{item.population}»{did_you_mean(item.population, list(catalogue.views))}",
                where=catalogue.place("indicator", item.id, "population"),
            )
        _tables_exist(catalogue, "indicator", item.id, item.tables)
    for view in catalogue.views.values():
        _tables_exist(catalogue, "view", view.name, [*view.tables, *view.any_of])
    for name in targets:
        if name not in catalogue:
            hint = did_you_mean(name, list(catalogue.indicators))
            raise ConfigError(
                f"цель для неизвестного показателя «{name}»{hint}", where="params/conventions.yaml, targets"
            )


def _tables_exist(catalogue: Catalogue, kind: str, name: str, tables: list[str]) -> None:
    for table in tables:
        if table not in catalogue.tables:
            raise ConfigError(
                f"нет таблицы «{table}»{did_you_mean(table, list(catalogue.tables))}",
                where=catalogue.place(kind, name, "tables"),
            )
