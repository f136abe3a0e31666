"""Tables of contingent, movement and attendance."""

from __future__ import annotations

from soko import russian
from soko.analysis.rounding import format_mean, format_number, format_points
from soko.cohorts import cohort
from soko.indicators import dynamics
from soko.notes import hidden, legend, table_parts
from soko.notes.data import NoteData
from soko.notes.facts import change
from soko.notes.figure_words import show
from soko.notes.places import level_name, new_year
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH

MOVEMENT = (
    ("movement.at_start", "На начало периода"),
    ("movement.arrived", "Прибыло"),
    ("movement.left", "Выбыло"),
    ("movement.at_end", "На конец периода"),
)
MISSED = "attendance.lessons_missed_per_pupil"
_SHARES = (("attendance.illness_share", "По болезни"), ("attendance.unexcused_share", "Без уважительной причины"))


def movement(data: NoteData, school: str = "") -> Table | None:
    """Pupils at the start, arrived, left, at the end, and classes, by level; the whole last."""
    rows: list[Row] = []
    for level in data.school.levels:
        if data.current.has("movement.at_end", school, level=level.id):
            rows.append(Row(cells=_movement_cells(data, school, level_name(level), {"level": level.id})))
    if not data.current.has("movement.at_end", school):
        return None
    rows.append(Row(cells=_movement_cells(data, school, legend.whole(data), {}), kind="total"))
    span = data.params.dates(data.period)
    columns = [
        Head(title="Уровень образования", width=2),
        Head(title="Классов", align="decimal"),
        *(Head(title=title, unit="чел.", align="decimal") for _, title in MOVEMENT),
    ]
    return Table(
        caption="Контингент и движение обучающихся",
        columns=columns,
        rows=rows,
        notes=[
            russian.sentence(f"База: списочный состав всех классов; период {russian.day_range(span.start, span.end)}")
            + " На начало + прибыло − выбыло = на конец.",
            "Начало периода – конец прошлого периода того же учебного года (в первом периоде – первый учебный день); "
            "движение в каникулы входит.",
            *([names] if len(rows) > 1 and (names := legend.levels(data)) else []),
            *legend.codes(data, (cell for row in rows for cell in row.cells)),
        ],
        label="movement",
    )


def _movement_cells(data: NoteData, school: str, name: str, dims: dict[str, str]) -> list[str]:
    ids = ["contingent.classes", *(indicator for indicator, _ in MOVEMENT)]
    return [name, *(table_parts.count(data, indicator, school, dims) for indicator in ids)]


def attendance(data: NoteData, school: str = "") -> Table | None:
    """Lessons missed by level and grade: total, per pupil with the previous period, shares by reason."""
    if not data.current.has(MISSED, school):
        return None
    places: list[tuple[str, dict[str, str], bool]] = []
    for level in data.school.levels:
        if data.current.has(MISSED, school, level=level.id):
            places.append((level_name(level), {"level": level.id}, True))
            places += [
                (f"{table_parts.INDENT}{grade}-е", {"grade": str(grade)}, False)
                for grade in level.grades
                if data.current.has(MISSED, school, grade=str(grade))
            ]
    places.append((legend.whole(data), {}, True))
    indicator = data.catalogue[MISSED]
    rows: list[Row] = []
    for name, dims, whole in places:
        now, own = data.current.get(MISSED, school, **dims), hidden.sign(data, MISSED, school, dims)
        if now is None and not own:
            continue
        then = _before(data, dims)
        earlier = data.previous.get(MISSED, school, **then) if data.previous and then is not None else None
        found = change(data, indicator, now, earlier)
        base = data.current.base_of(MISSED, school, **dims)
        cells = [name, (own or DASH) if base is None else format_number(base)]
        cells += [format_number(now.part), format_mean(now.part, now.base, 1)] if now else [own, own]
        if data.previous:
            their = hidden.sign(data, MISSED, school, then, "previous")
            cells.append(format_mean(earlier.part, earlier.base, 1) if earlier else their or DASH)
            cells.append(hidden.of_change(own, their) or format_points(found.delta if found else None, unit=""))
        cells += [_share(data, item, school, dims) for item, _ in _SHARES]
        rows.append(Row(cells=cells, kind="total" if whole else "body"))
    columns = [
        Head(title="Уровень, параллель", width=1.6),
        Head(title="В базе", unit="чел.", align="decimal"),
        Head(title="Пропущено уроков", align="decimal"),
        Head(title=data.period.short(), unit="уроков", align="decimal", group="На одного обучающегося"),
    ]
    if data.previous:
        columns.append(
            Head(title=data.period.previous().short(), unit="уроков", align="decimal", group="На одного обучающегося")
        )
        columns.append(Head(title="Разница", unit="уроков", align="decimal", group="На одного обучающегося"))
    columns += [Head(title=title, unit="%", align="decimal", group="Доля пропусков") for _, title in _SHARES]
    return Table(
        caption="Пропуски уроков",
        columns=columns,
        rows=rows,
        notes=[
            f"База: {data.catalogue.base(MISSED)}.",
            f"База долей: {data.catalogue.base(_SHARES[0][0])}.",
            *([length] if (length := _length(data)) else []),
            *(legend.cohorts(data, "grade", ["previous"]) if data.previous else []),
            *legend.codes(data, (cell for row in rows for cell in row.cells)),
        ],
        label="attendance",
    )


def _before(data: NoteData, dims: dict[str, str]) -> dict[str, str] | None:
    """Where the same pupils stood in the previous period: today's 7th grades were the 6th of the last school year."""
    if "grade" not in dims or not new_year(data):
        return dims
    earlier = cohort(dims["grade"])
    return {"grade": earlier} if earlier else None


def _length(data: NoteData) -> str:
    if not data.previous or MISSED not in dynamics.uneven(
        data.params, data.catalogue, data.period, data.period.previous()
    ):
        return ""
    return "Периоды разной длины: разница не означает роста или снижения."


def _share(data: NoteData, indicator: str, school: str, dims: dict[str, str]) -> str:
    if indicator not in data.catalogue:
        return DASH
    parts = data.current.get(indicator, school, **dims)
    sign = hidden.sign(data, indicator, school, dims)
    return sign if parts is None and sign else show(data.catalogue[indicator], parts, sign=False)
