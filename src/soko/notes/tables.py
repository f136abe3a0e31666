"""Tables of the note: outcomes, comparisons, subjects, risk and reserve. Blocks only; wording is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from soko import russian
from soko.analysis.rounding import format_number, format_points, format_share
from soko.notes import legend
from soko.notes.data import QUALITY, NoteData, Parts
from soko.notes.facts import Place, before, change, places, show
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


def _name(data: NoteData, place: Place) -> str:
    if place.scope in ("overall", "school"):
        return f"По школе {place.school}" if data.several and place.school else legend.whole(data)
    if place.scope == "grade":
        return f"{place.key}-е"
    return place.name


def _scoped(data: NoteData, school: str, scopes: Iterable[str]) -> list[Place]:
    wanted = set(scopes)
    return [place for place in places(data, school) if place.scope in wanted]


def _count(parts: Parts | None) -> str:
    return DASH if parts is None else format_number(parts.part)


def outcomes(data: NoteData, school: str, scopes: tuple[str, ...], caption: str, label: str = "") -> Table | None:
    """Who learns how: counts by category with success and quality, for levels, grades or classes; total last."""
    rows: list[Row] = []
    small = False
    for place in _ordered(_scoped(data, school, (*scopes, "overall", "school"))):
        base = data.current.get(QUALITY, school, **place.now)
        if base is None or not base.base:
            continue
        small |= base.base < data.conventions.thresholds.small_group
        cells = [_name(data, place), format_number(base.base)]
        cells += [_count(data.current.get(indicator, school, **place.now)) for indicator, _ in COUNTS]
        cells += [_share(data, SUCCESS, school, place.now), _share(data, QUALITY, school, place.now)]
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


def _ordered(found: list[Place]) -> list[Place]:
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


def _share(data: NoteData, indicator: str, school: str, dims: dict[str, str]) -> str:
    parts = data.current.get(indicator, school, **dims)
    return show(data.catalogue[indicator], parts, data.conventions.thresholds.small_group, sign=False)


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
    for place in _ordered(_scoped(data, school, (*scopes, *(() if "subject" in scopes else ("overall", "school"))))):
        now = data.current.get(indicator_id, school, **place.now)
        if now is None or not now.base:
            continue
        whole = place.scope in ("overall", "school")
        if not full and not whole and _always_full([now, *(before(data, indicator_id, place, kind) for kind in kinds)]):
            left_out = True
            continue
        small |= now.base < small_group
        cells = [_name(data, place), format_number(now.base), show(indicator, now, small_group, sign=False)]
        for which in kinds:
            earlier = before(data, indicator_id, place, which)
            found = change(data, indicator, now, earlier)
            cells += [
                show(indicator, earlier, small_group, sign=False),
                "×" if _apart(place, which) else format_points(found.delta if found else None, unit=""),
            ]
            if in_pupils:
                pupils = found.pupils if found else None
                cells.append("×" if _apart(place, which) else _pupils(pupils))
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
        columns.append(Head(title=period.short(), unit=unit, align="decimal", group=_GROUP[which]))
        columns.append(Head(title="Разница", unit=delta_unit, align="decimal", group=_GROUP[which]))
        if in_pupils:
            columns.append(Head(title="Разница", unit="чел.", align="decimal", group=_GROUP[which]))
    notes = legend.comparison(data, school, indicator, scopes, small=small)
    notes += legend.codes(cell for row in rows for cell in row.cells)
    if left_out:
        notes.append("Классы, в которых показатель равен 100 % во всех сравниваемых периодах, не показаны.")
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)


def _always_full(found: list[Parts | None]) -> bool:
    return all(parts is None or (parts.base and parts.part == parts.base) for parts in found)


_GROUP = {"previous": "Прошлый период", "year_ago": "Год назад"}


def _apart(place: Place, which: str) -> bool:
    return (place.previous if which == "previous" else place.year_ago) is None


def _pupils(pupils: object) -> str:
    if pupils is None:
        return DASH
    value = float(pupils)  # type: ignore[arg-type]
    if abs(value) < 1:
        return "0"
    return russian.signed(value, 0)


def subject_table(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """Subjects: base, success, quality, СОУ with its change, mean mark. Quality compared has a table of its own."""
    shown = [name for name in ("subjects.success", "subjects.quality", "subjects.mean_mark") if name in data.catalogue]
    kinds = compared(data) if "subjects.sou" in data.catalogue else []
    small_group = data.conventions.thresholds.small_group
    rows: list[Row] = []
    small = False
    for place in _scoped(data, school, ("subject",)):
        base = data.current.get("subjects.quality", school, **place.now)
        if base is None or not base.base:
            continue
        small |= base.base < small_group
        cells = [place.name, format_number(base.base)]
        cells += [
            show(data.catalogue[name], data.current.get(name, school, **place.now), small_group, sign=False)
            for name in shown
        ]
        now = data.current.get("subjects.sou", school, **place.now)
        cells.append(_share(data, "subjects.sou", school, place.now))
        for which in kinds:
            found = change(data, data.catalogue["subjects.sou"], now, before(data, "subjects.sou", place, which))
            cells.append(format_points(found.delta if found else None, unit=""))
        rows.append(Row(cells=cells))
    if not rows:
        return None
    columns = [Head(title="Предмет", width=3), Head(title="Отметок в базе", align="decimal")]
    columns += [
        Head(title=data.catalogue[name].label, unit=data.catalogue[name].unit_title, align="decimal") for name in shown
    ]
    columns.append(Head(title="СОУ", unit="%", align="decimal"))
    columns += [Head(title=_GROUP[which], unit="п.п.", align="decimal", group="Разница: СОУ") for which in kinds]
    return Table(
        caption=caption, columns=columns, rows=rows, notes=legend.subjects(data, kinds, small=small), label=label
    )


def compared(data: NoteData) -> list[str]:
    """Which earlier periods there are figures of: "previous", "year_ago"."""
    return [which for which in ("previous", "year_ago") if getattr(data, which) is not None]


def sou(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """СОУ and mean mark over all subjects, by level and grade, with the previous period and a year ago."""
    chosen = [name for name in ("subjects.sou", "subjects.mean_mark") if name in data.catalogue]
    kinds = compared(data)
    rows: list[Row] = []
    for place in _ordered(_scoped(data, school, ("level", "grade", "overall", "school"))):
        base = data.current.get("subjects.sou", school, **place.now)
        if base is None or not base.base:
            continue
        cells = [_name(data, place), format_number(base.base)]
        for name in chosen:
            indicator = data.catalogue[name]
            now = data.current.get(name, school, **place.now)
            cells.append(show(indicator, now, sign=False))
            for which in kinds:
                found = change(data, indicator, now, before(data, name, place, which))
                cells.append(format_points(found.delta if found else None, indicator.decimals, unit=""))
        rows.append(Row(cells=cells, kind="total" if place.scope in ("overall", "school") else "body"))
    if not rows:
        return None
    columns = [Head(title="Уровень, параллель", width=1.6), Head(title="Отметок в базе", align="decimal")]
    for name in chosen:
        indicator = data.catalogue[name]
        columns.append(Head(title=indicator.label, unit=indicator.unit_title, align="decimal"))
        delta = "п.п." if indicator.unit == "percent" else indicator.unit_title
        columns += [
            Head(title=_GROUP[which], unit=delta, align="decimal", group=f"Разница: {indicator.label}")
            for which in kinds
        ]
    return Table(caption=caption, columns=columns, rows=rows, notes=legend.sou(data, kinds), label=label)


def by_school(data: NoteData) -> Table | None:
    """The schools of the workspace side by side, all together last."""
    rows: list[Row] = []
    for school in [*data.schools, ""]:
        base = data.current.get(QUALITY, school)
        if base is None or not base.base:
            continue
        cells = [school or legend.whole(data), format_number(base.base)]
        cells += [_count(data.current.get(indicator, school)) for indicator, _ in COUNTS]
        cells += [_share(data, SUCCESS, school, {}), _share(data, QUALITY, school, {})]
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
    for place in _ordered(_scoped(data, school, ("class", "overall", "school"))):
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
                    _name(data, place),
                    *(_count(found[name]) for name in _RISK),
                    _share(data, QUALITY, school, place.now),
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
