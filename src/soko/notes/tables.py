"""Tables of the note: outcomes, comparisons, subjects, risk and reserve. Blocks only; wording is elsewhere."""

from __future__ import annotations

from soko.analysis.rounding import format_number, format_points, format_share
from soko.notes import legend
from soko.notes.data import QUALITY, NoteData, Parts
from soko.notes.facts import before, change, show
from soko.notes.places import Place
from soko.notes.table_parts import GROUP, compared, count, ordered, pupils_cell, row_name, scoped, share
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH

SUCCESS = "outcomes.success"
#: Counts of the outcomes table: indicator, head of the column.
COUNTS = (
    ("outcomes.excellent", "на «5»"),
    ("outcomes.good", "на «4» и «5»"),
    ("outcomes.one_three", "с одной «3»"),
    ("outcomes.failing", "не успевают"),
    ("outcomes.not_attested", "не аттестованы"),
)
_TITLES = {"level": "Уровень", "grade": "Параллель", "class": "Класс", "subject": "Предмет"}


def outcomes(data: NoteData, school: str, scopes: tuple[str, ...], caption: str, label: str = "") -> Table | None:
    """Who learns how: counts by category with success and quality, for levels, grades or classes; total last."""
    rows: list[Row] = []
    small = False
    for place in ordered(scoped(data, school, (*scopes, "overall", "school"))):
        base = data.current.get(QUALITY, school, **place.now)
        if base is None or not base.base:
            continue
        small |= base.base < data.conventions.thresholds.small_group
        cells = [row_name(data, place), format_number(base.base)]
        cells += [count(data.current.get(indicator, school, **place.now)) for indicator, _ in COUNTS]
        cells += [share(data, SUCCESS, school, place.now), share(data, QUALITY, school, place.now)]
        rows.append(Row(cells=cells, kind="total" if place.scope in ("overall", "school") else "body"))
    if not rows:
        return None
    columns = _outcome_columns("Класс" if scopes == ("class",) else "Уровень, параллель")
    return Table(
        caption=caption, columns=columns, rows=rows, notes=legend.outcomes(data, school, small=small), label=label
    )


def _outcome_columns(first: str) -> list[Head]:
    return [
        Head(title=first, width=1.6),
        Head(title="В базе", unit="чел.", align="decimal"),
        *(Head(title=title, unit="чел.", align="decimal", group="Учатся") for _, title in COUNTS[:3]),
        *(Head(title=title, unit="чел.", align="decimal") for _, title in COUNTS[3:]),
        Head(title="Успеваемость", unit="%", align="decimal"),
        Head(title="Качество знаний", unit="%", align="decimal"),
    ]


def comparison(
    data: NoteData,
    school: str,
    indicator_id: str,
    scopes: tuple[str, ...],
    caption: str,
    label: str = "",
    *,
    full: bool = True,
) -> Table | None:
    """One indicator now, in the previous period and a year ago, with Δ in points and in pupils.

    None when there is nothing to compare with. Without ``full``, rows that are 100 % in every period compared are
    left out, and a line under the table says so.
    """
    kinds = compared(data)
    if indicator_id not in data.catalogue or not kinds:
        return None
    indicator = data.catalogue[indicator_id]
    small_group = data.conventions.thresholds.small_group
    in_pupils = indicator.unit == "percent" and indicator.scale == 100
    rows: list[Row] = []
    small = left_out = False
    for place in ordered(scoped(data, school, (*scopes, *(() if "subject" in scopes else ("overall", "school"))))):
        now = data.current.get(indicator_id, school, **place.now)
        if now is None or not now.base:
            continue
        whole = place.scope in ("overall", "school")
        if not full and not whole and _always_full([now, *(before(data, indicator_id, place, kind) for kind in kinds)]):
            left_out = True
            continue
        small |= now.base < small_group
        cells = [row_name(data, place), format_number(now.base), show(indicator, now, small_group, sign=False)]
        for which in kinds:
            earlier = before(data, indicator_id, place, which)
            found = change(data, indicator, now, earlier)
            cells += [
                show(indicator, earlier, small_group, sign=False),
                "×" if _apart(place, which) else format_points(found.delta if found else None, unit=""),
            ]
            if in_pupils:
                pupils = found.pupils if found else None
                cells.append("×" if _apart(place, which) else pupils_cell(pupils))
        rows.append(Row(cells=cells, kind="total" if place.scope in ("overall", "school") else "body"))
    if not rows:
        return None
    unit = indicator.unit_title
    delta_unit = "п.п." if indicator.unit == "percent" else unit
    columns = [
        Head(
            title=_TITLES[scopes[-1]] if len(scopes) == 1 else "Уровень, параллель",
            width=2.4 if scopes == ("subject",) else 1.6,
        ),
        Head(title="В базе", unit="" if scopes == ("subject",) else "чел.", align="decimal"),
        Head(title=data.period.short(), unit=unit, align="decimal"),
    ]
    for which in kinds:
        period = data.period.previous() if which == "previous" else data.period.year_ago()
        columns.append(Head(title=period.short(), unit=unit, align="decimal", group=GROUP[which]))
        columns.append(Head(title="Разница", unit=delta_unit, align="decimal", group=GROUP[which]))
        if in_pupils:
            columns.append(Head(title="Разница", unit="чел.", align="decimal", group=GROUP[which]))
    notes = legend.comparison(data, school, indicator, scopes, small=small)
    notes += legend.codes(cell for row in rows for cell in row.cells)
    if left_out:
        notes.append("Классы, в которых показатель равен 100 % во всех сравниваемых периодах, не показаны.")
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)


def _always_full(found: list[Parts | None]) -> bool:
    return all(parts is None or (parts.base and parts.part == parts.base) for parts in found)


def _apart(place: Place, which: str) -> bool:
    return (place.previous if which == "previous" else place.year_ago) is None


def by_school(data: NoteData) -> Table | None:
    """The schools of the workspace side by side, all together last."""
    rows: list[Row] = []
    for school in [*data.schools, ""]:
        base = data.current.get(QUALITY, school)
        if base is None or not base.base:
            continue
        cells = [school or legend.whole(data), format_number(base.base)]
        cells += [count(data.current.get(indicator, school)) for indicator, _ in COUNTS]
        cells += [share(data, SUCCESS, school, {}), share(data, QUALITY, school, {})]
        rows.append(Row(cells=cells, kind="body" if school else "total"))
    if not rows:
        return None
    columns = _outcome_columns("Школа")
    return Table(
        caption="Итоги по школам",
        columns=columns,
        rows=rows,
        notes=legend.outcomes(data, "", small=False),
        label="by_school",
    )


def risk(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """Pupils at risk and the reserve of quality by class, as counts: the names are in the annex only."""
    rows: list[Row] = []
    for place in ordered(scoped(data, school, ("class", "overall", "school"))):
        base = data.current.get(QUALITY, school, **place.now)
        if base is None or not base.base:
            continue
        found = {name: data.current.get(f"outcomes.{name}", school, **place.now) for name in _RISK}
        whole = place.scope in ("overall", "school")
        if not whole and not any(parts and parts.part for parts in found.values()):
            continue
        reserve = found["one_three"]
        possible = (
            format_share(
                base.part + reserve.part, base.base, sign=False, small_group=data.conventions.thresholds.small_group
            )
            if reserve
            else DASH
        )
        rows.append(
            Row(
                cells=[
                    row_name(data, place),
                    *(count(found[name]) for name in _RISK),
                    share(data, QUALITY, school, place.now),
                    possible,
                ],
                kind="total" if whole else "body",
            )
        )
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
    return Table(caption=caption, columns=columns, rows=rows, notes=legend.risk(data, school), label=label)


_RISK = ("failing", "not_attested", "one_three")
