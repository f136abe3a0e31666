"""The table of pupils at risk and of the reserve of quality: counts by class, the names are in the annex only."""

from __future__ import annotations

from soko.analysis.rounding import format_share
from soko.notes import legend
from soko.notes.data import QUALITY, NoteData
from soko.notes.table_parts import count, ordered, row_name, scoped, share
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH

_RISK = ("failing", "not_attested", "one_three")


def risk(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """Failing, not attested, with one «3», and the quality that the last would give; classes without any left out."""
    rows: list[Row] = []
    small_group = data.conventions.thresholds.small_group
    small = left_out = False
    for place in ordered(scoped(data, school, ("class", "overall", "school"))):
        base = data.current.get(QUALITY, school, **place.now)
        if base is None or not base.base:
            continue
        found = {name: data.current.get(f"outcomes.{name}", school, **place.now) for name in _RISK}
        whole = place.scope in ("overall", "school")
        if not whole and not any(parts and parts.part for parts in found.values()):
            left_out = True
            continue
        small |= base.base < small_group
        reserve = found["one_three"]
        possible = DASH
        if reserve:
            possible = format_share(base.part + reserve.part, base.base, sign=False, small_group=small_group)
        cells = [row_name(data, place), *(count(data, f"outcomes.{name}", school, place.now) for name in _RISK)]
        cells += [share(data, QUALITY, school, place.now), possible]
        rows.append(Row(cells=cells, kind="total" if whole else "body"))
    if not rows:
        return None
    columns = [
        Head(title="Класс", width=1.4),
        Head(title="Не успевают", unit="чел.", align="decimal", group="Группа риска"),
        Head(title="Не аттестованы", unit="чел.", align="decimal", group="Группа риска"),
        Head(title="С одной «3»", unit="чел.", align="decimal", group="Резерв"),
        Head(title="Качество сейчас", unit="%", align="decimal", group="Резерв"),
        Head(title="Качество, если резерв реализован", unit="%", align="decimal", group="Резерв"),
    ]
    notes = legend.risk(data, school, label, small=small, left_out=left_out)
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)
