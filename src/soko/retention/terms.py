"""params/retention.yaml: how long personal data are kept, and of which years they are overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from soko.dated import Dated, held
from soko.errors import UsageError
from soko.periods import Period
from soko.workspace import Workspace
from soko.yamlio import Strict, load

Part = Literal["people", "clean", "incoming"]
#: The folders below data/ that hold the part, each with a folder a period; beside them outputs/<period>/internal.
FOLDERS: dict[Part, tuple[str, ...]] = {"people": ("private",), "clean": ("clean", "export"), "incoming": ("incoming",)}
_LAST = (
    8,
    31,
)  # a school year ends with August (273-ФЗ knows no date; the calendar of the school has the lessons only)


class Years(Dated[int]):
    """Whole years after the end of the year that the data are of."""

    @model_validator(mode="after")
    def _sensible(self) -> Years:
        if not 0 <= self.value <= 75:
            raise ValueError("срок хранения – от 0 до 75 лет")
        return self


class Term(Strict):
    """How long one kind of data is kept, on what ground."""

    part: Part
    title: str
    ground: str
    keep: list[Years] = Field(min_length=1)


class Terms(Strict):
    """The whole file."""

    terms: list[Term]

    @model_validator(mode="after")
    def _each_once(self) -> Terms:
        parts = [term.part for term in self.terms]
        if sorted(parts) != sorted(FOLDERS):
            raise ValueError(f"нужны сроки для {', '.join(FOLDERS)}, каждый один раз")
        return self


@dataclass(frozen=True)
class Overdue:
    """Data of a school (calendar) year whose term is over since ``until``."""

    year: str
    term: Term
    until: date
    folders: list[str]


def load_terms(workspace: Workspace) -> Terms:
    """The terms; ConfigError for a wrong file. A workspace made before there were any has none."""
    path = workspace.params / "retention.yaml"
    return load(path, Terms) if path.is_file() else Terms.model_construct(terms=[])


def overdue(workspace: Workspace, today: date) -> list[Overdue]:
    """What should have been removed by ``today``, the oldest year first."""
    found: dict[tuple[int, str, Part], list[str]] = {}
    terms = {term.part: term for term in load_terms(workspace).terms}
    for part in terms:
        for period, path in held_periods(workspace, part):
            folders = found.setdefault((period.year, period.school_year, part), [])
            folders.append(workspace.relative(path))
    told = []
    for (year, shown, part), folders in sorted(found.items()):
        is_calendar = "-" not in shown
        end = date(year, 12, 31) if is_calendar else date(year + 1, *_LAST)
        chosen = held(terms[part].keep, today)
        if chosen is None:
            continue
        until = end.replace(year=end.year + chosen.value)
        if today > until:
            told.append(Overdue(shown, terms[part], until, sorted(folders)))
    return told


def held_periods(workspace: Workspace, part: Part) -> Iterator[tuple[Period, Path]]:
    """Periods of which data of that kind are there, with the folder."""
    for name in FOLDERS[part]:
        root = workspace.root / "data" / name
        for path in sorted([*root.glob("*/*"), *root.glob("*")]):
            try:
                period = Period.parse(path.relative_to(root).as_posix())
            except UsageError:
                continue
            if path.is_dir() and any(item.is_file() for item in path.rglob("*")):
                yield period, path
    if part == "people":
        for path in sorted((workspace.root / "outputs").rglob("internal")):
            try:
                yield Period.parse(path.parent.relative_to(workspace.root / "outputs").as_posix()), path
            except UsageError:
                continue
