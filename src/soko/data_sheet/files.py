"""Write the sheet: csv (the data), json (a Frictionless Data Package that describes them), xlsx (for reading)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko import __version__
from soko.data_sheet import MARK, STEM
from soko.data_sheet.rows import COLUMNS, HIDDEN, KEY, SheetRow
from soko.data_sheet.total import balanced
from soko.datapackage.csvfile import cell
from soko.indicators.passport import UNITS
from soko.indicators.reasons import Reason
from soko.periods import Period
from soko.workbooks import steady

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

SUFFIXES = ("csv", "json", "xlsx")
_WIDEST = 70  # of a column of the workbook, in characters
_FIELDS: dict[str, dict[str, Any]] = {
    "school_id": {"title": "Код школы", "type": "string", "constraints": {"required": True}},
    "okpo": {"title": "ОКПО школы", "type": "string"},
    "period": {"title": "Период", "type": "string", "constraints": {"required": True}},
    "indicator": {"title": "Показатель", "type": "string", "constraints": {"required": True}},
    "level": {"title": "Уровень образования; пусто – все", "type": "string"},
    "grade": {"title": "Параллель; пусто – все", "type": "integer", "constraints": {"minimum": 1, "maximum": 12}},
    "subject": {"title": "Предмет; пусто – все", "type": "string"},
    "item": {"title": "Собственный признак показателя; пусто – все", "type": "string"},
    "numerator": {"title": "Числитель (складывается)", "type": "number"},
    "denominator": {"title": "Знаменатель (складывается); пусто – показатель-число", "type": "number"},
    "definition": {"title": "Версия определения показателя", "type": "string", "constraints": {"required": True}},
    "hidden": {"title": "Почему число не публикуется", "type": "string"},
}
_HEADS = {"id": "Код", "name": "Название", "unit": "Единица", "formula": "Формула", "clause": "Основание",
          "definition": "Версия определения", "balanced": "Разрезы, которые дают сумму по школе"}  # fmt: skip


@dataclass(frozen=True)
class Sender:
    """Who hands the sheet in: id, code and name of each school; the period with its days; the audience.

    ``why``: what the codes of hidden figures mean (``soko.indicators.reasons.public``).
    """

    schools: list[dict[str, str]]
    period: Period
    start: date
    end: date
    audience: str
    why: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the sheet is called."""
        names = ", ".join(school["name"] for school in self.schools)
        return f"{names}: лист данных за {self.period.title('accusative')}"


def write(rows: Sequence[SheetRow], catalogue: Catalogue, sender: Sender, folder: Path) -> list[Path]:
    """Write the three files into ``folder``; the same rows give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [*COLUMNS, *([HIDDEN] if sender.audience == "public" else [])]
    content = _csv(rows, columns)
    told = _told(rows, catalogue)
    package = json.dumps(_package(content, columns, told, sender), ensure_ascii=False, indent=1) + "\n"
    made = {"csv": content, "json": package.encode("utf-8"), "xlsx": _workbook(rows, columns, told, sender)}
    paths = []
    for suffix, data in made.items():
        path = folder / f"{STEM}.{suffix}"
        path.write_bytes(data)
        paths.append(path)
    return paths


def _csv(rows: Sequence[SheetRow], columns: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(getattr(row, name)) for name in columns] for row in rows)
    return buffer.getvalue().encode("utf-8")


def _told(rows: Sequence[SheetRow], catalogue: Catalogue) -> list[dict[str, Any]]:
    """The definitions of the indicators of the sheet."""
    sums, versions = balanced(rows), {row.indicator: row.definition for row in rows}
    return [
        {
            "id": name,
            "name": catalogue[name].name,
            "unit": catalogue[name].unit,
            "scale": catalogue[name].scale,
            "formula": catalogue[name].formula,
            "clause": catalogue[name].clause,
            "definition": version,
            "balanced": sums.get(name, []),
        }
        for name, version in sorted(versions.items())
    ]


def _package(content: bytes, columns: Sequence[str], told: list[dict[str, Any]], sender: Sender) -> dict[str, Any]:
    """The descriptor. Nothing in it depends on when it was written."""
    closed = sender.audience != "public"
    text = (
        "Числители и знаменатели показателей внутришкольного мониторинга: складываются по школам, доля – сумма "
        "числителей к сумме знаменателей. Строк об отдельных людях, классов, пола и учителей здесь нет."
    )
    return {
        "profile": "tabular-data-package",
        "name": f"soko-data-sheet-{sender.period.id.replace('/', '-')}",
        "title": sender.title,
        "description": f"{MARK}. {text}" if closed else f"{text} Малые числа не публикуются.",
        "version": __version__,
        "licenses": [
            {"name": "other-closed", "title": MARK} if closed else {"name": "other-open", "title": "Открытые данные"}
        ],
        "soko": {
            "audience": sender.audience,
            "mark": MARK if closed else "",
            "period": {
                "id": sender.period.id, "start": sender.start.isoformat(), "end": sender.end.isoformat(),
            },
            "schools": sender.schools,
            "definitions": told,
        },
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": STEM,
                "title": sender.title,
                "path": f"{STEM}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
                "schema": {
                    "fields": [{"name": name, **_FIELDS[name]} for name in columns],
                    "missingValues": [""],
                    "primaryKey": list(KEY),
                },
            }
        ],
    }  # fmt: skip


def _workbook(rows: Sequence[SheetRow], columns: Sequence[str], told: list[dict[str, Any]], sender: Sender) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    about = book.active
    about.title = "Сведения"
    lines = [("Что это", sender.title), ("Период", sender.period.title())]
    lines += [(f"Школа {item['id']}", f"{item['name']}, ОКПО {item['okpo'] or 'не указан'}") for item in sender.schools]
    if sender.audience != "public":
        lines.insert(0, ("Пометка", MARK))
    for told_line in lines:
        about.append(told_line)
    heads = [str(_FIELDS[name]["title"]) for name in columns]
    sheets = [
        ("Данные", heads, [[_plain(_said(name, getattr(row, name), sender)) for name in columns] for row in rows]),
        (
            "Показатели",
            list(_HEADS.values()),
            [[_listed(_said(name, item[name], sender)) for name in _HEADS] for item in told],
        ),
    ]
    for title, names, lines_of in sheets:
        sheet = book.create_sheet(title)
        sheet.append(names)
        for line in lines_of:
            sheet.append(line)
        for number, name in enumerate(names, start=1):
            head = sheet.cell(1, number)
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            longest = max((len(str(line[number - 1] or "")) for line in lines_of), default=0)
            width = max(12, min(40, len(name) * 0.8), min(_WIDEST, longest + 2))
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 90
    book.properties.creator = book.properties.lastModifiedBy = sender.schools[0]["name"] if sender.schools else ""
    book.properties.title = sender.title
    return steady(book, sender.end)


def _said(name: str, value: Any, sender: Sender) -> Any:
    """A code as the workbook says it: the reason in words, the unit in Russian. The other two files keep the codes."""
    if name == HIDDEN and value in sender.why:
        return sender.why[value].text
    return UNITS.get(value, value) if name == "unit" else value


def _plain(value: Any) -> Any:
    """A value of a cell; what a spreadsheet would take for a formula stays text."""
    if isinstance(value, str):
        return cell(value) or None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _listed(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else cell(value) or None
