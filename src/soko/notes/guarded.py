"""Special categories of data in notes: health, diagnostics and registers are told of no class and of no small group.

Law 152-FZ, article 10: what is known of one child may not be read from a figure. A view of the catalogue says with
``finest`` how far its figures may be broken down; here they are withheld before any note reads them, so that no table,
chart or sentence has to remember it. outputs/…/indicators.csv keeps everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from soko.notes.figures import Figures, Key

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

#: Dimensions of the groups that ``finest: grade`` leaves. ``item`` says what was studied there; where ``finest`` is
#: «school» it is a group of people, of which only the size is asked.
_GROUPS = {"level", "grade", "sex"}
_ITEM = "item"


def guard(figures: Figures, catalogue: Catalogue, limit: int, level_of: Callable[[int], str]) -> Figures:
    """``figures`` without those of guarded views that are finer than they may be, or of fewer than ``limit`` pupils.

    Where one group alone of a whole would be withheld, the smallest of the others goes with it: otherwise the
    difference from the whole would tell it. ``level_of`` gives the level of a grade, which is the grades' whole.
    ``withheld`` of the result names the indicators of which a small group was left out.
    """
    finest = {item.id: catalogue.views[item.population].finest for item in catalogue}
    hidden: set[Key] = set()
    small: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    shown: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    few: set[Key] = set()
    for key, parts in figures.items():
        how = finest.get(key[0], "")
        groups = dict(key[2])
        item = groups.pop(_ITEM, "")
        if not how or not key[2]:
            continue  # not guarded, or the whole school
        if how == "grade" and not groups:
            # A study has those whom it was about: of one parallel of seven it tells as much as the parallel.
            if parts.base is None or parts.base < limit:
                few.add(key)
            continue
        if (groups and how == "school") or set(groups) - _GROUPS or parts.base is None:
            hidden.add(key)
            continue
        of = level_of(int(groups["grade"])) if groups.get("grade", "").isdigit() else ""
        family = (key[0], key[1], *sorted(groups), item if groups else "", of)
        (small if parts.base < limit else shown)[family].append(key)
    for family, keys in small.items():
        hidden.update(keys)
        if len(keys) == 1 and shown[family]:
            hidden.add(min(shown[family], key=lambda key: (figures.base(key), sorted(key[2]))))
    withheld = {family[0] for family in small} | {key[0] for key in few}
    return figures.without(hidden | few, withheld) if hidden or few else figures
