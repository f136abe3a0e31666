"""What the tables of the note share: names and order of rows, cells, heads of the compared periods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from soko import russian
from soko.analysis.rounding import format_number
from soko.notes import hidden, legend
from soko.notes.data import NoteData
from soko.notes.figure_words import show
from soko.notes.places import Place, places
from soko.russian import DASH

INDENT = f"{russian.NBSP}{russian.NBSP}"  # a parallel under its level


def row_kind(place: Place) -> str:
    """Levels stand out as the totals of their parallels."""
    return "total" if place.scope in ("overall", "school", "level") else "body"


def row_name(data: NoteData, place: Place) -> str:
    """Name of a row; the total is the school, or the schools together."""
    if place.scope in ("overall", "school"):
        return f"По школе {place.school}" if data.several and place.school else legend.whole(data)
    if place.scope == "grade":
        return f"{INDENT}{place.key}-е"
    return place.name


def scoped(data: NoteData, school: str, scopes: Iterable[str]) -> list[Place]:
    """Objects of the scopes, in reading order."""
    wanted = set(scopes)
    return [place for place in places(data, school) if place.scope in wanted]


def with_base(
    data: NoteData, school: str, scopes: Iterable[str], shown: Sequence[str]
) -> Iterator[tuple[Place, float | None]]:
    """What a table has rows of: objects of the scopes and the whole, each with the base of ``shown``.

    Objects without anybody in the base are left out; the base is None where it is hidden.
    """
    for place in ordered(scoped(data, school, (*scopes, "overall", "school"))):
        base = hidden.base(data, shown, school, place.now)
        if base or hidden.first_sign(data, shown, school, place.now):
            yield place, base


def is_small(data: NoteData, base: float | None) -> bool:
    """Whether so few are in the base that nothing is judged by them."""
    return base is not None and base < data.conventions.thresholds.small_group


def count(data: NoteData, indicator: str, school: str, dims: dict[str, str]) -> str:
    """A number of pupils; the sign of a hidden one, «–» when there is none."""
    parts = data.current.get(indicator, school, **dims)
    if parts is None:
        return hidden.sign(data, indicator, school, dims) or DASH
    return format_number(parts.part)


def ordered(found: list[Place]) -> list[Place]:
    """Totals of the school at the end; a level right above its grades."""
    whole = [place for place in found if place.scope in ("overall", "school")]
    rest = [place for place in found if place.scope not in ("overall", "school")]
    levels = [place for place in rest if place.scope == "level"]
    if not levels:
        return rest + whole
    result: list[Place] = []
    for level in levels:
        result += [level, *(place for place in rest if place.scope != "level" and place.level == level.key)]
    result += [place for place in rest if place not in result]
    return result + whole


def share(data: NoteData, indicator: str, school: str, dims: dict[str, str]) -> str:
    """A figure without its «%», «3 из 8» in a small group; the sign of a hidden one."""
    parts = data.current.get(indicator, school, **dims)
    if parts is None and (sign := hidden.sign(data, indicator, school, dims)):
        return sign
    return show(data.catalogue[indicator], parts, data.conventions.thresholds.small_group, sign=False)


def pupils_cell(pupils: object) -> str:
    """A difference in pupils with its sign; less than one pupil is 0."""
    if pupils is None:
        return DASH
    value = float(pupils)  # type: ignore[arg-type]
    if abs(value) < 1:
        return "0"
    return russian.signed(value, 0)


def compared(data: NoteData, chosen: Collection[str] = ()) -> list[str]:
    """Which earlier periods there are figures of: "previous", "year_ago"; once where both are the same period.

    ``chosen`` are those that a table asks for; empty asks for both, «none» for neither.
    """
    if "none" in chosen:
        return []
    kinds = [which for which in ("previous", "year_ago") if getattr(data, which) is not None]
    if data.period.previous() == data.period.year_ago():
        return kinds[:1]
    return [which for which in kinds if not chosen or which in chosen]


def heading(data: NoteData, which: str) -> str:
    """Head of a column of one period («now», «previous», «year_ago»), short as the columns are many."""
    if which == "year_ago" and data.period.previous() != data.period.year_ago():
        return "год назад"
    period = data.period if which == "now" else data.period.previous()
    if period.year == data.period.year and period.kind not in ("year", "calendar"):
        return " ".join(period.short().split()[:2])
    return period.short().replace("уч. год", f"уч.{russian.NBSP}год")
