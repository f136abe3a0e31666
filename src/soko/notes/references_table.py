"""The table of the school beside town, region and country."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.analysis.rounding import format_number, format_points
from soko.notes import references
from soko.notes.data import NoteData
from soko.notes.figure_words import show as figure
from soko.notes.references import SCOPES, Beside, Line, References
from soko.publish.blocks import Head, Row, Table
from soko.russian import NBSP

_FORMS = {"муниципалитет": "муниципалитета", "регион": "региона", "страна": "страны"}


def references_table(data: NoteData, found: References, label: str = "references") -> Table | None:
    """A line a figure, a section an indicator; columns only for the territories there are. None without any value."""
    if not found.lines:
        return None
    scopes = [scope for scope in SCOPES if any(scope in line.beside for line in found.lines)]
    rows: list[Row] = []
    last = ""
    for line in found.lines:
        item = data.catalogue[line.indicator]
        if line.indicator != last:
            unit = f", {item.unit_title}" if item.unit_title else ""
            rows.append(Row(cells=[f"{item.name}{unit}"], kind="section"))
            last = line.indicator
        rows.append(Row(cells=_cells(data, line, scopes)))
    columns = [
        Head(title="Что сравнивается", width=3.2),
        Head(title="В базе", unit="чел.", align="decimal"),
        Head(title="Школа", align="decimal"),
    ]
    for scope in scopes:
        columns.append(Head(title="значение", align="decimal", group=russian.upper_first(scope)))
        columns.append(Head(title="±", align="decimal", group=russian.upper_first(scope)))
    columns.append(Head(title="Вывод", width=2.2))
    return Table(
        caption=f"Показатели школы и территорий, {data.period.title('ordinal')}",
        columns=columns, rows=rows, notes=_notes(data, found), label=label,
    )  # fmt: skip


def shown(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    """The same table for the indicators that a section names, under its caption; ``only`` chooses among subjects.

    Chances stay corrected over all comparisons of the period, not over those of the section alone.
    """
    found = references.read(data, school)
    lines = [line for line in found.lines if line.indicator in ids]
    if show.only:
        lines = [line for line in lines if dict(line.dims).get("subject", dict(line.dims).get("item")) in show.only]
    sources = references.sources(lines)
    table = references_table(data, References(lines, dict.fromkeys(found.left_out, 0), sources), show.label)
    if table is None:
        return None
    for row in table.rows:  # «Математика, 5-е»: the words of every line would take a second one
        row.cells[0] = row.cells[0].removesuffix(f"{NBSP}классы")
    return table.model_copy(update={"caption": show.caption, "notes": [*show.notes, *table.notes]})


def _cells(data: NoteData, line: Line, scopes: list[str]) -> list[str]:
    item = data.catalogue[line.indicator]
    cells = [
        cut_name(line.dims),
        format_number(line.own.base) if line.own.base is not None else russian.DASH,
        figure(item, line.own, data.conventions.thresholds.small_group, sign=False),
    ]
    for scope in scopes:
        beside = line.beside.get(scope)
        if beside is None:
            cells += [russian.DASH, russian.DASH]
            continue
        digits = item.decimals
        cells.append(format_number(beside.reference.value, digits))
        cells.append("×" if beside.standing == "small" else format_points(beside.gap, digits, unit=""))
    return [*cells, conclusion(line.beside)]


def conclusion(beside: dict[str, Beside]) -> str:
    """«ниже региона и страны»; what is not proven is said only where nothing is."""
    said = []
    for word, title in (("below", "ниже"), ("above", "выше")):
        of = [_FORMS[scope] for scope in SCOPES if scope in beside and beside[scope].standing == word]
        if of:
            said.append(f"{title} {russian.listing(of)}")
    if said:
        return "; ".join(said)
    standings = {item.standing for item in beside.values()}
    if standings == {"small"}:
        return "мало данных"
    return "не отличается" if standings == {"same"} else "различие не доказано"


def cut_name(dims: tuple[tuple[str, str], ...]) -> str:
    """«Математика, 5-е классы»; «в целом» without dimensions."""
    known = dict(dims)
    words = [known[name] for name in ("subject", "item") if name in known]
    words += [f"{known['grade']}\u2011е{NBSP}классы"] if "grade" in known else []
    return ", ".join(words) or "в целом"


def _notes(data: NoteData, found: References) -> list[str]:
    bases = dict.fromkeys(data.catalogue.base(line.indicator) for line in found.lines)
    sure = russian.number(1 - data.conventions.thresholds.confidence)
    notes = [
        f"База: {'; '.join(bases)}. Значения территорий: {'; '.join(found.sources)}.",
        "± – школа минус территория, из неокруглённых величин. «Выше» и «ниже» – когда разность больше порога и "
        f"точный тест с поправкой Холма на все сравнения периода даёт p{NBSP}<{NBSP}{sure}; у средних отметок и баллов "
        "теста нет, вывод – по порогу.",
    ]
    if any(item.reference.parts is None for line in found.lines for item in line.beside.values()):
        notes.append("Где источник не даёт чисел участников, значение территории принято точным.")
    if any(item.standing == "small" for line in found.lines for item in line.beside.values()):
        limit = format_number(data.conventions.thresholds.small_group)
        notes.append(f"«×» – меньше {limit} участников: не судим.")
    left = [
        f"{words} – {found.left_out[reason]}"
        for reason, words in (
            ("no_figure", "у школы нет такого результата"),
            ("year", "другой учебный год"),
            ("unknown", "показатель, разрез или единица не сопоставлены"),
        )
        if found.left_out[reason]
    ]
    return notes + ([f"Не сравнены значения: {'; '.join(left)}."] if left else [])
