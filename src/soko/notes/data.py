"""What a note is written from: the period's indicators, those of the periods compared with, findings, settings."""

from __future__ import annotations

import re
from collections.abc import ItemsView
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from soko.analysis.rounding import missing
from soko.errors import DataError
from soko.params import Conventions, Params, School
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.indicators.absent import Missing
    from soko.indicators.catalogue import Catalogue

ACADEMIC = "academic_results"
DIMENSIONS = ["level", "grade", "class", "subject", "sex", "teacher", "item"]


class Parts(NamedTuple):
    """Numerator and denominator of one figure; a count has no denominator."""

    part: float
    base: float | None

    def value(self, scale: float) -> float | None:
        """The figure at full precision; None when it has no denominator to be divided by."""
        if missing(self.part) or self.base == 0:
            return None
        return self.part * scale if self.base is None else self.part / self.base * scale


class Figures:
    """Indicator values of one period, found by what they are about.

    Rows of a class may or may not repeat its grade and level; both are understood, because a key keeps only the
    finest of level, grade and class.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._found: dict[tuple[str, str, frozenset[tuple[str, str]]], Parts] = {}
        self._keys: dict[tuple[str, str, str, frozenset[str]], list[str]] = {}
        names = [name for name in DIMENSIONS if name in frame.columns and name != "teacher"]
        if "teacher" in frame.columns:  # a note names no teacher, and most rows of the table are theirs
            frame = frame[frame["teacher"].isna() | (frame["teacher"] == "")]
        parts = zip(_numbers(frame["numerator"]), _numbers(frame["denominator"]), strict=True)
        group = cache(lambda *values: _finest({n: v for n, v in zip(names, values, strict=True) if v}))
        schools, indicators = _texts(frame["school_id"]), _texts(frame["indicator"])
        values = zip(*(_texts(frame[name]) for name in names), strict=True) if names else [()] * len(frame)
        for school, indicator, own, (part, base) in zip(schools, indicators, values, parts, strict=True):
            dims, shape = group(*own)
            self._found[indicator, school, dims] = Parts(part, None if base != base else base)
            for name, value in dims:
                self._keys.setdefault((indicator, school, name, shape), []).append(value)
        self.schools: list[str] = sorted({school for school in schools if school})
        self.used: set[str] = set()  # indicators of which a figure was given: what the annex has to define

    def get(self, indicator: str, school: str = "", **dims: str | int) -> Parts | None:
        """Parts of a figure; ``school`` empty is all schools together. None when there is no such row.

        In a workspace of one school the rows «of all schools» and «of the school» are the same figure.
        """
        wanted = frozenset((name.rstrip("_"), str(value)) for name, value in dims.items())
        found = self._found.get((indicator, school, wanted))
        if found is None and len(self.schools) <= 1:
            other = "" if school else next(iter(self.schools), "")
            found = self._found.get((indicator, other, wanted))
        if found is not None:
            self.used.add(indicator)
        return found

    def keys(self, indicator: str, dimension: str, school: str = "", among: tuple[str, ...] = ()) -> list[str]:
        """Values of a dimension for which the indicator has rows of exactly this grouping, in reading order."""
        group = frozenset((dimension, *among))
        found = self._keys.get((indicator, school, dimension, group), [])
        if not found and len(self.schools) <= 1:
            other = "" if school else next(iter(self.schools), "")
            found = self._keys.get((indicator, other, dimension, group), [])
        return sorted(dict.fromkeys(found), key=natural)

    def items(self) -> ItemsView[tuple[str, str, frozenset[tuple[str, str]]], Parts]:
        """Every figure: (indicator, school, dimensions) → parts."""
        return self._found.items()

    @cached_property
    def indicators(self) -> set[str]:
        """Ids that have at least one row."""
        return {key[0] for key in self._found}


def natural(text: str) -> tuple[int, str]:
    """Order of classes: 2А before 10А."""
    match = re.match(r"\d+", text)
    return (int(match[0]) if match else 10**6, text)


@dataclass
class NoteData:
    """Everything that tables, charts and wording read; nothing here is personal."""

    workspace: Workspace
    period: Period
    params: Params
    catalogue: Catalogue
    current: Figures
    previous: Figures | None
    year_ago: Figures | None
    findings: pd.DataFrame | None = None
    corrections: pd.DataFrame | None = None  # what the ledger of corrections has changed
    earlier: Figures | None = None  # the period before the previous one: three in a row make a trend
    remarks: dict[str, Any] | None = None  # the analyst's commentary by section, once it has been read
    told: dict[str, str] = field(default_factory=dict)  # what the note explains once → label of the table under which
    note: str = ACADEMIC  # which file of params/narrative speaks
    focus: dict[str, str] = field(default_factory=dict)  # the one class or subject that the note is about
    lacking: list[Missing] | None = None  # indicators without data, once they have been looked for
    whole: Figures | None = None  # figures of the school, where ``current`` is those of the focus

    @property
    def school(self) -> School:
        """params/school.yaml."""
        return self.params.school

    @property
    def area(self) -> str:
        """The subject area that the note is about; empty for other notes."""
        areas = {subject.title: subject.area for subject in self.params.subjects.subjects}
        return self.focus.get("area") or areas.get(self.focus.get("subject", ""), "")

    @property
    def conventions(self) -> Conventions:
        """params/conventions.yaml."""
        return self.params.conventions

    @property
    def schools(self) -> list[str]:
        """Ids of the schools of the workspace; one for most."""
        return self.current.schools

    @property
    def several(self) -> bool:
        """Whether several schools report in one workspace."""
        return len(self.schools) > 1

    @property
    def unmarked(self) -> bool:
        """Nobody is in the base of outcomes.*: no marks «2»–«5» and no «н/а» in the whole period."""
        parts = self.current.get(QUALITY)
        return parts is None or not parts.base

    @property
    def absent_grades(self) -> list[int]:
        """Grades of the school that are not in the period's base because they are marked by half-years."""
        if self.period.kind != "quarter":
            return []
        taught = {grade for level in self.school.levels for grade in level.grades}
        present = {int(key) for school in ("", *self.schools) for key in self.current.keys(QUALITY, "grade", school)}
        return sorted((taught & set(self.conventions.halfyear_grades)) - present)


QUALITY = "outcomes.quality"


def read(workspace: Workspace, period: Period, out: Path | None = None, note: str = ACADEMIC) -> NoteData:
    """Collect what a note needs.

    Values come from data/history, which every run brings up to date; a period computed by hand before its first run
    is computed here from data/clean. ``out`` is the folder of the run's results, for findings.csv and corrections.csv.
    """
    from soko.indicators import compute, history, load_catalogue

    params = Params(workspace)
    # The values have been computed with these expressions; ``compute`` tries them again where it has to.
    catalogue = load_catalogue(workspace, bind=False)
    frame = history.values(workspace, period, catalogue)
    if frame is None:
        if not workspace.clean(period).is_dir():
            raise DataError(
                f"за период {period.id} нет рассчитанных показателей",
                where=workspace.relative(workspace.clean(period)),
                todo=f"сначала выполните soko indicators {period.id}",
            )
        frame = compute(workspace, period)
    settings = params.period(period)

    def before(other: Period, wanted: bool) -> Figures | None:
        values = history.values(workspace, other, catalogue) if wanted else None
        return None if values is None or values.empty else Figures(values)

    return NoteData(
        workspace=workspace,
        period=period,
        params=params,
        catalogue=catalogue,
        current=Figures(frame),
        previous=before(period.previous(), settings.compare_previous),
        year_ago=before(period.year_ago(), settings.compare_year_ago),
        earlier=before(period.previous().previous(), settings.compare_previous),
        note=note,
        findings=_checked(out or workspace.outputs(period), "findings.csv"),
        corrections=_checked(out or workspace.outputs(period), "corrections.csv"),
    )


def _checked(out: Path, name: str) -> pd.DataFrame | None:
    """What the check of the data left; None when there was none."""
    path = out / "validation" / name
    if not path.is_file():
        return None
    return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)


def _finest(dims: dict[str, str]) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """The key of a row (of level, grade and class the finest alone), and which dimensions it has."""
    if "class" in dims:
        dims.pop("grade", None)
    if "class" in dims or "grade" in dims:
        dims.pop("level", None)
    return frozenset(dims.items()), frozenset(dims)


def _texts(column: pd.Series) -> list[str]:
    """A column as text, empty where it has no value; each distinct value is turned into text once."""
    codes, distinct = pd.factorize(column)
    texts = [*(_text(value) for value in distinct), ""]
    return [texts[code] for code in codes]


def _numbers(column: pd.Series) -> list[float]:
    found: list[float] = column.to_numpy("float64", na_value=float("nan")).tolist()
    return found


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a grade that became float beside empty cells
    return str(value)
