"""The figures of a workspace's releases by how they print: what is hidden, with the true counts, and what is shown.

What is hidden says the release itself: ``cells.parquet`` of the register (data/releases) and of what is prepared for
the next entry (outputs/<period>/disclosure). The true counts are those of data/history where the signature of the cell
is of them, else those that the signature recalls; a sum that neither gives is counted in ``Facts.unknown``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from soko.disclosure import register, standing
from soko.disclosure.places import Dims, dims_by_row
from soko.disclosure.register import Cell
from soko.intake.private import private_key
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

#: What of a row a number is: the value with its unit, the count, the base of the group.
VALUE, PART, BASE = "value", "part", "base"
_DECIMALS = range(5)
_DIGITS = 17  # a float that a program has written in full


class Fact(NamedTuple):
    """A figure of a row: of which indicator, group and period; ``what`` it is of it; ``base`` for «2 из 3» (or nan)."""

    indicator: str
    dims: Dims
    period: str
    what: str
    base: float


@dataclass(repr=False)
class Facts:
    """Hidden and shown figures by printed number («66.7» and «66,7»).

    ``releases``: periods that public documents are of; ``rows``: what all of it was made from, a line each.
    """

    hidden: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    releases: set[Period] = field(default_factory=set)
    rows: list[str] = field(default_factory=list)
    cells: int = 0
    unknown: int = 0

    def __repr__(self) -> str:
        """Nothing of what it holds: a traceback is printed and mailed."""
        return f"Facts({self.cells} hidden cells)"

    @property
    def every(self) -> Iterator[Fact]:
        """All of them, hidden and shown."""
        for found in (self.hidden, self.shown):
            for facts in found.values():
                yield from facts


def gather(workspace: Workspace, catalogue: Catalogue) -> Facts:
    """The facts of all releases and of what is prepared. DataError for a damaged register."""
    found, truth, secret = Facts(), _Truth(workspace), private_key(workspace)
    seen: set[tuple[str, bytes]] = set()
    for period, cells in _tables(workspace):
        found.releases.add(period)
        for key, dims, row in zip(standing.keys(cells), dims_by_row(cells), register.rows(cells), strict=True):
            if key[2] not in catalogue:
                continue
            own = (key, dims, row.part_hash, row.base_hash, row.numerator, row.denominator)
            if (mark := (key[2], repr(own).encode())) in seen:
                continue
            seen.add(mark)
            _note(found, catalogue, truth, secret, key, dims, row)
    return found


def has_releases(workspace: Workspace) -> bool:
    """Whether anything was released or is prepared."""
    return bool(register.earlier(workspace) or list(_prepared(workspace)))


def printed(number: float, *, counted: bool = False) -> set[str]:
    """Every way in which a number may print: «66.7», «66,7», «67», «66.67», «66.66666666666667».

    A count (``counted``) is a whole one: programs write «5.0», but no document says «5,0» of people.
    """
    exact = Decimal(repr(float(number)))
    ways = {str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) for places in _DECIMALS}
    ways = {way.lstrip("-") for way in (*ways, f"{exact:f}", f"{number:.{_DIGITS}g}")}
    return ways if counted and exact == exact.to_integral() else ways | {way.replace(".", ",") for way in ways}


def _tables(workspace: Workspace) -> Iterator[tuple[Period, pd.DataFrame]]:
    for entry in register.earlier(workspace):
        yield entry.period, entry.cells()
    for period, path in _prepared(workspace):
        yield period, pd.read_parquet(path)


def _prepared(workspace: Workspace) -> Iterator[tuple[Period, Path]]:
    for path in sorted(workspace.root.glob(f"outputs/**/{register.FOLDER}/{register.CELLS}")):
        parts = path.relative_to(workspace.root / "outputs").parts[:-2]
        if not any(part.startswith(".") for part in parts):  # what a run that is not finished leaves
            yield Period.parse("/".join(parts)), path


class _Truth:
    """True counts by key, read from data/history when a period is first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._folder: Path = workspace.history
        self._periods: dict[str, dict[standing.Key, tuple[float, float]]] = {}

    def of(self, key: standing.Key) -> tuple[float, float]:
        period = key[1]
        if period not in self._periods:
            path = self._folder / f"{period}.parquet"
            frame = pd.read_parquet(path) if path.is_file() else None
            if frame is not None and "item" not in frame.columns:
                frame["item"] = ""
            self._periods[period] = {} if frame is None else dict(_counts(frame))
        return self._periods[period].get(key, (float("nan"), float("nan")))


def _counts(frame: pd.DataFrame) -> Iterable[tuple[standing.Key, tuple[float, float]]]:
    counts = zip(frame["numerator"].astype(float), frame["denominator"].astype(float), strict=True)
    return zip(standing.keys(frame), counts, strict=True)


def _note(
    found: Facts, catalogue: Catalogue, truth: _Truth, secret: bytes, key: standing.Key, dims: Dims, cell: Cell
) -> None:
    """A row of a release among ``hidden`` or ``shown``."""
    now = truth.of(key)
    part = register.behind(cell.numerator, cell.part_hash, secret, (*key, PART), now[0])
    base = register.behind(cell.denominator, cell.base_hash, secret, (*key, BASE), now[1])
    to = found.hidden if cell.hidden else found.shown
    found.cells += bool(cell.hidden)
    if part != part:
        found.unknown += 1
        return
    item = catalogue[key[2]]
    value = part * item.scale if not item.denominator else part / base * item.scale if base else float("nan")
    period, indicator = key[1], key[2]
    found.rows.append(
        repr((key, part, base, cell.hidden, bool(cell.base_hash), item.scale, item.denominator, item.unit))
    )
    if value == value:
        _add(to, value, Fact(indicator, dims, period, VALUE, float("nan")), counted=not item.denominator)
    # Points of a mean are no count that anybody would know by itself.
    if item.unit not in ("mark", "points", "ratio", "lessons"):
        _add(to, part, Fact(indicator, dims, period, PART, base))
    if base == base:
        _add(found.hidden if cell.base_hash else found.shown, base, Fact(indicator, dims, period, BASE, float("nan")))


def _add(to: dict[str, list[Fact]], number: float, fact: Fact, *, counted: bool = True) -> None:
    for way in printed(number, counted=counted):
        to[way].append(fact)
