"""A workspace with clean tables for tests of the note: an invented school without names, made of seeded dice.

Clean tables are the contract between validation and indicators, so nothing is replaced by a stand-in: the indicators
are computed by the real engine from them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from soko.indicators import compute, history, load_catalogue
from soko.notes import gallery
from soko.notes.data import Figures, NoteData
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

REPO = Path(__file__).resolve().parents[1]
SUBJECTS = ["Русский язык", "Математика", "История", "Физическая культура", "Иностранный язык (английский)", "Биология"]
PERIOD = Period.parse("2025-2026/q4")


def workspace(folder: Path) -> Workspace:
    """An empty workspace with the settings of the repository."""
    for name in ("params", "validation"):
        shutil.copytree(REPO / name, folder / name)
    return Workspace.open(folder)


def figures_of(place: Workspace) -> Callable[..., NoteData]:
    """A maker of data for one table or chart: rows (indicator, dimensions, part, base) of PERIOD and those before."""
    catalogue, params = load_catalogue(place, bind=False), Params(place)

    def of(now: Sequence, previous: Sequence = (), year_ago: Sequence = ()) -> NoteData:
        figures = [
            Figures(gallery.frame(list(rows), when)) if rows else None
            for rows, when in ((now, PERIOD), (previous, PERIOD.previous()), (year_ago, PERIOD.year_ago()))
        ]
        return NoteData(place, PERIOD, params, catalogue, *figures)

    return of


def class_names(grades: range = range(2, 10), letters: str = "АБВ") -> list[str]:
    return [f"{grade}{letter}" for grade in grades for letter in letters]


def tables(classes: dict[str, int], shift: dict[str, float], seed: int) -> dict[str, pd.DataFrame]:
    """Clean tables: ``classes`` class → size; ``shift``: class or subject → easier or harder term."""
    dice = np.random.default_rng(seed)
    pupils, marks, missed = [], [], []
    for name, size in classes.items():
        grade = int(name[:-1])
        level = "НОО" if grade < 5 else "ООО" if grade < 10 else "СОО"
        for i in range(size):
            code = f"p_{name}{i:03d}"
            pupils.append(
                {
                    "school_id": "sosh4",
                    "pupil_id": code,
                    "class": name,
                    "grade": grade,
                    "level": level,
                    "sex": "мж"[i % 2],
                }
            )
            lessons = int(dice.poisson(18))
            missed.append(
                {
                    "school_id": "sosh4",
                    "pupil_id": code,
                    "class": name,
                    "lessons_missed": lessons,
                    "lessons_missed_illness": lessons * 2 // 3,
                    "lessons_missed_unexcused": lessons // 10,
                }
            )
            talent = dice.normal(0.2, 0.6)
            for subject in SUBJECTS:
                score = talent + shift.get(name, 0) + shift.get(subject, 0) + dice.normal(0, 0.35)
                mark = "5" if score > 0.7 else "4" if score > -0.35 else "3" if score > -1.6 else "2"
                mark = "н/а" if dice.random() < 0.0006 else mark
                marks.append(
                    {
                        "school_id": "sosh4",
                        "pupil_id": code,
                        "class": name,
                        "grade": grade,
                        "level": level,
                        "subject": subject,
                        "mark": mark,
                        "teacher_id": f"t_{subject[:3]}",
                    }
                )
    return {"pupils": pd.DataFrame(pupils), "marks": pd.DataFrame(marks), "attendance": pd.DataFrame(missed)}


def put(place: Workspace, period: Period, made: dict[str, pd.DataFrame]) -> None:
    """Write clean tables and bring history up to date."""
    folder = place.clean(period)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in made.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    history.update(place, period, compute(place, period), load_catalogue(place))


def school(folder: Path, classes: dict[str, int] | None = None, *, before: bool = True) -> Workspace:
    """A school with the current period and, with ``before``, the previous one and the one a year ago."""
    place = workspace(folder)
    sizes = classes or {name: 21 + (i * 5) % 9 for i, name in enumerate(class_names())}
    put(place, PERIOD, tables(sizes, {"7А": -0.55, "7Б": -0.4, "Физическая культура": 1.2, "Математика": -0.35}, 3))
    if before:
        put(place, PERIOD.previous(), tables(sizes, {"3В": -0.5, "Физическая культура": 1.2}, 3))
        earlier = {name: 20 + i % 7 for i, name in enumerate(class_names(range(1, 10)))}
        put(place, PERIOD.year_ago(), tables(earlier, {"Физическая культура": 1.0}, 5))
    assert Params(place).school.id == "sosh4"
    return place
