"""A real school's published figures, entered as the tables of a workspace."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

from validation_builders import FILES, Build

from soko import clean
from soko.findings import Finding
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.validation.bench import set_up
from soko.validation.rules import run_rules
from soko.validation.verdicts import Verdicts
from soko.workspace import Workspace

Row = dict[str, str]
Counts = dict[str, tuple[int, int, int, int]]


def table(folder: Path, name: str) -> list[Row]:
    """Rows of a CSV file of the cases."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(text: str) -> float | None:
    """«37,8» and «6,9 кв. м» as numbers."""
    found = re.match(r"\d+(?:[.,]\d+)?", text)
    return float(found[0].replace(",", ".")) if found else None


def facts(rows: list[Row], year: int) -> list[dict[str, Any]]:
    """The lines of the order as a school would enter them at the end of the year."""
    return [
        {"code": row["code"], "as_of": date(year, 12, 31), "responsible": "директор", **_value(row)} for row in rows
    ]


def _value(row: Row) -> dict[str, Any]:
    text = row["published"]
    if text in ("да", "нет"):
        return {"number": None, "percent": None, "flag": text == "да"}
    percent = figure(row["pct"])
    number = figure(row["count"]) if percent is not None else figure(text)
    return {"number": number, "percent": percent, "flag": None}


def gradebook(counts: Counts, subject: str = "Математика", **printed: float) -> Build:
    """Marks of classes by counts of «5», «4», «3», «2», and the totals printed under them."""
    marks = [
        {"pupil_id": f"p_{name}{place}", "class": name, "subject": subject, "mark": mark}
        for name, numbers in counts.items()
        for place, mark in enumerate("".join(mark * n for mark, n in zip("5432", numbers, strict=True)))
    ]
    pupils = [{"pupil_id": row["pupil_id"], "class": row["class"], "sex": "м"} for row in marks]
    totals = [
        {"file": FILES["marks"], "sheet": "Лист1", "cell": "E99", "class": "", "subject": subject, "measure": measure,
         "printed": value}
        for measure, value in printed.items()
    ]  # fmt: skip
    return Build({"pupils": pupils, "marks": marks}, totals)


def judge(workspace: Workspace, period: Period, build: Build, *only: str, keep: bool = False) -> list[Finding]:
    """Findings of all rules, or of those of some tables.

    ``keep`` writes the clean tables, so that a later period is compared with this one.
    """
    tables, intake = load_tables(workspace), build.intake()
    with set_up(intake, Params(workspace), period, tables) as bench:
        if only:
            rules = {name: tables[name].rules if name in only else [] for name in tables}
            bench.tables = {name: table.model_copy(update={"rules": rules[name]}) for name, table in tables.items()}
        findings, _, _ = run_rules(bench, intake, workspace, Verdicts(None))
        if keep:
            clean.write(clean.build(bench.connection, tables, bench.present), workspace.clean(period))
    return findings


def rules_of(findings: list[Finding]) -> set[str]:
    """«table.rule» of each."""
    return {f"{item.table}.{item.rule}" for item in findings}
