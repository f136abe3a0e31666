"""A tiny invented school with one calendar year of figures: 20 pupils, 4 teachers, every line of order 1324 by hand."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conftest import ROOT

from soko.indicators import load_catalogue
from soko.indicators.absent import Missing
from soko.indicators.taken_told import COLUMNS
from soko.notes import gallery
from soko.notes.data import Figures, NoteData
from soko.params import Params
from soko.periods import Period
from soko.self_assessment.document import SelfAssessment
from soko.workspace import Workspace

YEAR = Period(2025, "calendar")
#: Code of the order → part and base; a count has no base.
FIGURES: dict[str, tuple[float, float | None]] = {
    "1.1": (20, None), "1.2": (8, None), "1.3": (9, None), "1.4": (3, None), "1.5": (7, 20),
    "1.6": (15, 4), "1.7": (14, 4), "1.8": (130, 2), "1.9": (61, 1), "1.9_base": (4, 1),
    "1.10": (0, 4), "1.11": (1, 4), "1.12": (0, 2), "1.13": (0, 2), "1.14": (0, 4), "1.15": (0, 2), "1.16": (1, 4),
    "1.17": (0, 2), "1.18": (6, 20), "1.19": (3, 20), "1.19.1": (1, 20), "1.19.2": (0, 20), "1.19.3": (0, 20),
    "1.20": (0, 20), "1.21": (3, 20), "1.22": (0, 20), "1.23": (0, 20), "1.24": (4, None), "1.25": (3, 4),
    "1.26": (2, 4), "1.27": (1, 4), "1.28": (1, 4), "1.29": (2, 4), "1.29.1": (1, 4), "1.29.2": (1, 4),
    "1.30": (2, 4), "1.30.1": (1, 4), "1.30.2": (1, 4), "1.31": (1, 4), "1.32": (1, 4), "1.33": (4, 5),
    "1.34": (3, 5), "2.1": (5, 20), "2.2": (250, 20), "2.3": (1, 1), "2.4": (1, 1), "2.4.1": (1, 1), "2.4.2": (0, 1),
    "2.4.3": (0, 1), "2.4.4": (1, 1), "2.4.5": (0, 1), "2.5": (20, 20), "2.6": (96, 20),
}  # fmt: skip
BEFORE = FIGURES | {"1.1": (22, None), "1.3": (11, None), "1.5": (8, 22), "1.25": (2, 4), "2.6": (96, 22)}
TEXTS = ("education", "management", "quality", "organisation", "demand", "evaluation", "staff", "methodical", "library",
         "material")  # fmt: skip


CATALOGUE = load_catalogue(Workspace.open(ROOT), bind=False)
_REUSE = re.compile(r"    reuse:\n(?:      .*\n)+")


def make(root: Path, *, reuse: bool = False) -> Workspace:
    """The settings of the repository; texts and decisions of the school of this file's own.

    Without ``reuse`` the sections of notes are left out: to read the rules of nine notes takes fifteen seconds.
    """
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, root / name)
    if not reuse:
        path = root / "params" / "reports" / "self_assessment.yaml"
        path.write_text(_REUSE.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    folder = root / "params" / "reports" / "self_assessment"
    shutil.rmtree(folder)
    for name in TEXTS:
        write(root, f"{name}.md", f"О разделе рассказывает школа ({name.upper()[:1]}).")
    write(root, "2025/conclusions.md", "Качество знаний – {outcomes.quality | of}; {order1324.1_1 | people} за год.")
    write(root, "school.yaml", DECIDED)
    return Workspace.open(root)


DECIDED = """
requisites: [{title: Учредитель, value: город}]
facts: {shifts: {title: Смены, value: 2 смены, source: график}}
years:
  2025:
    ordered: {number: "1", date: 2026-01-15}
    considered: [{number: "2", date: 2026-03-20}]
    approved: {number: "3", date: 2026-04-01}
"""


def write(root: Path, name: str, text: str) -> Path:
    """A file of params/reports/self_assessment."""
    path = root / "params" / "reports" / "self_assessment" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def rows(figures: dict[str, tuple[float, float | None]]) -> list[Any]:
    """The figures as rows of a tidy table; quality of the graded beside 1.5."""
    found = [(f"order1324.{code.replace('.', '_')}", {}, part, base) for code, (part, base) in figures.items()]
    return [*found, ("outcomes.quality", {}, figures["1.5"][0], 16.0)] if "1.5" in figures else found


def data_of(place: Workspace, now: Sequence[Any], before: Sequence[Any] = ()) -> NoteData:
    """What the report reads."""
    figures = [Figures(gallery.frame(list(one), when)) if one else None
               for one, when in ((now, YEAR), (before, YEAR.previous()))]  # fmt: skip
    assert figures[0] is not None
    found = NoteData(place, YEAR, Params(place), CATALOGUE, figures[0], figures[1], None)
    found.lacking = [
        Missing(item.id, item.name, (), ()) for item in CATALOGUE if item.id not in found.current.indicators
    ]
    return found


def sources(folder: Path, *given: dict[str, str]) -> Path:
    """sources.csv with ``given`` rows; the other columns are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(dict.fromkeys(COLUMNS, "") | {"rows": "1"} | row for row in given)
    return folder


def report(
    place: Workspace,
    changed: dict[str, tuple[float, float | None]] | None = None,
    before: dict[str, tuple[float, float | None]] | None = None,
    audience: str = "internal",
) -> SelfAssessment:
    """The report of the tiny school, its figures changed where asked."""
    data = data_of(place, rows(FIGURES | (changed or {})), rows(before) if before else ())
    return SelfAssessment(data, place.root / "out", audience)
