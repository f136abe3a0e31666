"""A note about one class, one subject or one subject area: every figure in it is theirs."""

from __future__ import annotations

from collections.abc import Collection, ItemsView
from dataclasses import replace
from functools import cached_property

from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.notes import telling
from soko.notes.data import QUALITY, Figures, NoteData, Parts
from soko.notes.places import class_place, keys

#: Indicators whose rows say which classes and subjects there are.
_BASIS = {"class": (QUALITY, "movement.at_end"), "subject": ("subjects.quality",)}
_WORD = {"class": "класса", "subject": "предмета", "area": "предметной области"}


class Focused(Figures):
    """Figures of one class, one subject or the subjects of an area: ``get`` and ``keys`` answer within it.

    Figures of several subjects together are the sums of their parts, as everywhere.
    """

    def __init__(self, whole: Figures, dimension: str, values: Collection[str]) -> None:
        self._whole, self._dimension, self._values = whole, dimension, sorted(values)
        self.schools, self.used = whole.schools, whole.used

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

    def items(self) -> ItemsView[tuple[str, str, frozenset[tuple[str, str]]], Parts]:
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
    """``data`` narrowed to the class, subject or area ``of``, as the note's file asks; unchanged for other notes.

    UsageError, with the nearest name, for one without data, for none where the note needs one, and for one where it
    needs none.
    """
    focus = telling.book(data).file.focus
    if not focus:
        if of:
            raise UsageError(f"справка «{data.note}» составляется по школе целиком, а указано «{of}»")
        return data
    dimension = "subject" if focus == "area" else focus
    present = keys(data.current, _BASIS[dimension], dimension, "")
    groups = {name: [name] for name in present} if focus != "area" else _areas(data, present)
    if of not in groups:
        hint = f"нет {_WORD[focus]} «{of}»{did_you_mean(of, list(groups))}"
        said = hint if of else f"не указано, для какого {_WORD[focus]} она составляется"
        raise UsageError(f"справка «{data.note}»: {said}", todo=f"есть данные: {', '.join(groups)}" if groups else "")
    earlier: list[list[str] | None] = [groups[of], groups[of]]
    if focus == "class":
        place = class_place(data, "", of)
        earlier = [list(dims.values()) if dims else None for dims in (place.previous, place.year_ago)]
    return replace(
        data,
        focus={focus: of},
        whole=data.current,
        current=Focused(data.current, dimension, groups[of]),
        previous=_narrowed(data.previous, dimension, earlier[0]),
        year_ago=_narrowed(data.year_ago, dimension, earlier[1]),
        earlier=None,
    )


def _areas(data: NoteData, present: list[str]) -> dict[str, list[str]]:
    areas = {subject.title: subject.area for subject in data.params.subjects.subjects}
    result: dict[str, list[str]] = {}
    for name in present:
        if areas.get(name):
            result.setdefault(areas[name], []).append(name)
    return dict(sorted(result.items()))


def _narrowed(figures: Figures | None, dimension: str, values: list[str] | None) -> Figures | None:
    if figures is None or values is None:
        return None
    narrowed = Focused(figures, dimension, values)
    return narrowed if narrowed.indicators else None
