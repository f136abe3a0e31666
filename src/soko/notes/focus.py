"""A note about one class, one subject or one subject area: every figure in it is theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, ItemsView
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from soko.analysis.narrative_rules import RuleBook
from soko.analysis.narrative_sections import Beside
from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.notes import telling, themed
from soko.notes.data import ACADEMIC, QUALITY, Figures, NoteData, Parts
from soko.notes.figures import Key
from soko.notes.places import Place, class_place, keys

if TYPE_CHECKING:
    import pandas as pd

#: Indicators whose rows say which classes and subjects there are.
_BASIS = {"class": (QUALITY, "movement.at_end"), "subject": ("subjects.quality",)}
_WORD = {"class": "класса", "subject": "предмета", "area": "предметной области"}


class Focused(Figures):
    """Figures of one class, one subject or the subjects of an area: ``get`` and ``keys`` answer within it.

    Figures of several subjects together are the sums of their parts, as everywhere.
    """

    def __init__(self, whole: Figures, dimension: str, values: Collection[str]) -> None:
        self._whole, self._dimension, self._values = whole, dimension, sorted(values)
        self.schools, self.used, self.withheld = whole.schools, whole.used, whole.withheld
        self.hidden, self._bases = {}, {}  # a note about one class has no public edition

    def get(self, indicator: str, school: str = "", **dims: str | int) -> Parts | None:
        """Parts of a figure within the focus."""
        wanted = {name.rstrip("_"): value for name, value in dims.items()}
        chosen = [wanted[self._dimension]] if self._dimension in wanted else self._values
        rows = [
            self._whole.get(indicator, school, **(wanted | {self._dimension: value}))
            for value in chosen
            if str(value) in self._values
        ]
        return _sum([parts for parts in rows if parts is not None])

    def keys(self, indicator: str, dimension: str, school: str = "", among: tuple[str, ...] = ()) -> list[str]:
        """Values of a dimension for which there are rows within the focus."""
        if dimension == self._dimension:
            return [key for key in self._whole.keys(indicator, dimension, school, among) if key in self._values]
        found = self._whole.keys(indicator, dimension, school, (*among, self._dimension))
        return [key for key in found if self.get(indicator, school, **{dimension: key}) is not None]

    def items(self) -> ItemsView[Key, Parts]:
        """Every figure within the focus."""
        return {
            key: parts for key, parts in self._whole.items() if dict(key[2]).get(self._dimension) in self._values
        }.items()

    @cached_property
    def indicators(self) -> set[str]:
        """Ids that have at least one row within the focus."""
        return {key[0] for key, _ in self.items()}


def _sum(rows: list[Parts]) -> Parts | None:
    if not rows:
        return None
    bases = [parts.base for parts in rows]
    base = None if None in bases else sum(base for base in bases if base is not None)
    return Parts(sum(parts.part for parts in rows), base)


def on(data: NoteData, of: str) -> NoteData:
    """``data`` narrowed to the class, subject or area ``of``, as the note's file asks, or to the note's theme.

    What is given back holds the figures of the focus and those beside it that the note's file names, and no others: so
    ``soko.notes.fingerprint`` knows whatever the note can read. The note on academic results gets everything, and so
    does a public edition, whose table holds nothing else anyway. A note about an area is written for one of its
    subjects, too. UsageError, with the nearest name, for one without data, for none where the note needs one, and for
    one where it needs none.
    """
    book = telling.book(data)
    focus = book.file.focus
    if not focus:
        if of:
            raise UsageError(f"справка «{data.note}» составляется по школе целиком, а указано «{of}»")
        return data if data.public or data.note == ACADEMIC else themed.narrowed(data, book)
    dimension = "subject" if focus == "area" else focus
    present = keys(data.current, _BASIS[dimension], dimension, "")
    groups = {name: [name] for name in present} | (_areas(data, present) if focus == "area" else {})
    if of not in groups:
        hint = f"нет {_WORD[focus]} «{of}»{did_you_mean(of, list(groups))}"
        said = hint if of else f"не указано, для какого {_WORD[focus]} она составляется"
        raise UsageError(f"справка «{data.note}»: {said}", todo=f"есть данные: {', '.join(groups)}" if groups else "")
    if focus == "area" and of not in _areas(data, present):
        focus = "subject"
    used = frozenset(book.used())
    place = class_place(data, "", of) if focus == "class" else None
    earlier: list[list[str] | None] = [groups[of], groups[of]]
    if place is not None:
        earlier = [list(dims.values()) if dims else None for dims in (place.previous, place.year_ago)]
    return replace(
        data,
        focus={focus: of},
        beside=_beside(data.current, book, place) if place is not None else None,
        current=Focused(_of(data.current, dimension, groups[of], used), dimension, groups[of]),
        previous=_narrowed(data.previous, dimension, earlier[0], used),
        year_ago=_narrowed(data.year_ago, dimension, earlier[1], used),
        earlier=None,
        findings=themed.findings(book, _naming(data.findings, groups[of], exact=focus != "class")),
        corrections=_naming(data.corrections, groups[of], exact=focus != "class"),
    )


def _naming(frame: pd.DataFrame | None, names: Collection[str], *, exact: bool) -> pd.DataFrame | None:
    """Findings (or corrections) whose message, file or sheet names the class or one of the subjects.

    The others belong to other notes: a fault in 7Б is not told in the note about 5А. A subject is named in «» only, a
    class anywhere as a word of its own.
    """
    if frame is None or frame.empty:
        return frame
    ends = ("«", "»") if exact else (r"(?<!\w)", r"(?!\w)")
    pattern = re.compile("|".join(f"{ends[0]}{re.escape(name)}{ends[1]}" for name in names))
    columns = [name for name in ("message_ru", "file", "sheet", "class", "subject") if name in frame]
    named = [any(pattern.search(str(text)) for text in row) for row in frame[columns].itertuples(index=False)]
    return frame[named]


def _of(figures: Figures, dimension: str, values: Collection[str], used: Collection[str]) -> Figures:
    """The figures of these values of a dimension, of the indicators that the note reads."""
    return figures.only(
        dict.fromkeys(key for value in values for key in figures.by_value.get((dimension, value), []) if key[0] in used)
    )


def _beside(figures: Figures, book: RuleBook, place: Place) -> Figures:
    """The parallel's and the level's figures of the indicators that the note holds its class against."""
    chosen: list[Key] = []
    values: dict[Beside, str] = {"grade": str(place.grade), "level": place.level}
    for what, value in values.items():
        named = book.beside(what)
        chosen += [key for key in figures.by_value.get((what, value), []) if key[0] in named]
    return figures.only(chosen)


def _areas(data: NoteData, present: list[str]) -> dict[str, list[str]]:
    areas = {subject.title: subject.area for subject in data.params.subjects.subjects}
    result: dict[str, list[str]] = {}
    for name in present:
        if areas.get(name):
            result.setdefault(areas[name], []).append(name)
    return dict(sorted(result.items()))


def _narrowed(
    figures: Figures | None, dimension: str, values: list[str] | None, used: Collection[str]
) -> Figures | None:
    if figures is None or values is None:
        return None
    narrowed = Focused(_of(figures, dimension, values, used), dimension, values)
    return narrowed if narrowed.indicators else None
