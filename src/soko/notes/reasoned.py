"""Cells of tables that say why they are empty: a figure or the sign of a reason, and one legend for both.

The codes are those of every other output (``soko.indicators.reasons``); «×» is left for what a row cannot have at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from soko.analysis.rounding import format_number
from soko.cohorts import cohort
from soko.indicators import dynamics
from soko.indicators.model import Indicator
from soko.indicators.reasons import (
    DEFINITION,
    LENGTH,
    NEW_GROUP,
    NO_BEFORE,
    NO_DATA,
    NOT_APPLICABLE,
    REASONS,
    SMALL,
    Reason,
)
from soko.notes import hidden
from soko.notes.data import NoteData
from soko.notes.figure_words import counted_change, show as shown, small_limit
from soko.notes.lacking import lacking
from soko.notes.objects import apart, changed, is_share, parts_of, signed
from soko.notes.places import Place
from soko.russian import DASH

#: Of a breakdown that no release has: whether anybody is in it, the public side cannot know.
NOT_RELEASED = Reason("", DASH, "нет данных или они не публикуются")
#: Of a cell that its row has not: a mean has no part of a whole.
NO_CELL = "×"


def figure(data: NoteData, item: Indicator, place: Place, which: str = "now", *, sign: bool = True) -> str:
    """The figure of a period («now», «previous», «year_ago») as printed, or the sign of why there is none."""
    parts = parts_of(data, item.id, place, which)
    if parts is not None:
        return shown(item, parts, small_limit(data, item), sign=sign)
    return absent(data, item, place, which).sign


def absent(data: NoteData, item: Indicator, place: Place, which: str = "now") -> Reason:
    """Why there is no figure: not handed in, nobody in the base; earlier: a new group, another definition."""
    if found := hidden.reason(data, item.id, place.school, _dims(place, which), which):
        return found
    if which == "now":
        if data.public and not data.current.knows(item.id, place.now):
            return NOT_RELEASED
        return NO_DATA if item.id in {one.indicator for one in lacking(data)} else NOT_APPLICABLE
    if apart(place, which):
        # Today's second grade was there a year ago, but had no marks then: it is not new.
        return NO_BEFORE if place.scope == "class" and cohort(place.key) else NEW_GROUP
    if data.public:  # what may be compared has been settled where the release was made
        return NO_BEFORE
    return DEFINITION if item.id in data.redefined.get(which, ()) else NO_BEFORE


def _dims(place: Place, which: str) -> dict[str, str] | None:
    return {"now": place.now, "previous": place.previous, "year_ago": place.year_ago}[which]


def difference(data: NoteData, item: Indicator, place: Place, which: str, *, unit: bool = True) -> str:
    """What has changed since the period, with its sign and unit; or why nothing can be said of that.

    Shares of a small group and what accrues over periods of other lengths get no difference: it would mean nothing.
    """
    now, earlier = (parts_of(data, item.id, place, when) for when in ("now", which))
    for when, parts in (("now", now), (which, earlier)):
        if parts is None:
            return hidden.of_change(absent(data, item, place, when).sign)
    found = changed(data, item, place, which)
    if found is None:
        return NOT_APPLICABLE.sign
    if found.small and is_share(item):
        return SMALL.sign
    other = data.period.previous() if which == "previous" else data.period.year_ago()
    if item.accrues and item.id in dynamics.uneven(data.params, data.catalogue, data.period, other):
        return LENGTH.sign
    own = counted_change(data, item, now, earlier, found) if unit and now and earlier else None
    return own or signed(item, found, unit=unit)


def legend(data: NoteData, cells: Iterable[str]) -> list[str]:
    """One line that explains the signs which the cells really have; none without any."""
    found, limit = set(cells), format_number(data.conventions.thresholds.small_group)
    said = [
        f"«{reason.sign}» – {reason.text.replace('small_group', limit)}"
        for reason in REASONS.values()
        if reason.sign in found
    ]
    said += [f"«{NOT_RELEASED.sign}» – {NOT_RELEASED.text}"] if data.public and NOT_RELEASED.sign in found else []
    said += hidden.legend(data, found)
    said += ["«×» – не применяется"] if NO_CELL in found else []
    return [f"{'; '.join(said)}."] if said else []
